//! Tells clients what changes of what they may see. Known is what this process changes; what other instances or
//! programs change is not told, which is why results may not be kept long.

use super::asked::{self, Asked};
use super::followers::Follower;
use super::handler::Handler;
use super::resources::Address;
use super::sessions::Callers;
use crate::engine::Engine;
use crate::engine::gateway::Change;
use rmcp::model::{ResourceUpdatedNotificationParam, SubscriptionFilter};
use rmcp::service::SubscriptionContext;
use rmcp::{ErrorData, Peer, RoleServer};
use serde_json::Value;
use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;

/// The most things that one client may follow.
const MOST: usize = 1_000;

/// The most things of which a client is told that they may have changed, when it is not known what has: the
/// connections of all clients are full then.
const MOST_MISSED: usize = 50;

/// For how long it is believed that whoever listens may still, in the newer era; in the older one they come again.
const BELIEVED: Duration = Duration::from_mins(1);

/// What a client of the newer era may follow: things, the list of things, and the list of tools, which
/// changes with what third parties offer and admins approve. Prompts never change while a process runs.
pub(super) fn accepted(requested: &SubscriptionFilter) -> SubscriptionFilter {
    let mut accepted = SubscriptionFilter::new();
    accepted.resources_list_changed = requested.resources_list_changed;
    accepted.tools_list_changed = requested.tools_list_changed;
    accepted.resource_subscriptions = requested.resource_subscriptions.as_ref().map(|addresses| {
        addresses.iter().filter(|address| address.parse::<Address>().is_ok()).take(MOST).cloned().collect()
    });
    accepted
}

/// Follows changes for a client of the newer era until it goes, or the program ends.
pub(super) async fn listen(handler: &Handler, context: &SubscriptionContext) -> Result<(), ErrorData> {
    let engine = handler.engine();
    let caller = Asked::of(context.request_context())?.caller;
    let token_ends = tokio::time::sleep(caller.principal.time_left().unwrap_or(Duration::MAX));
    tokio::pin!(token_ends);
    let mut client = Follower::new(engine, handler.scope, caller);
    let mut looked = Instant::now();
    let (mut changes, mut tools) = (engine.gateway.watch_changes(), engine.gateway.watch_tools());
    let follows_tools = context.accepted().tools_list_changed == Some(true);
    let followed: BTreeSet<String> =
        context.accepted().resource_subscriptions.iter().flatten().cloned().collect();
    let sink = context.sink();
    loop {
        // None is that of tools.
        let news = tokio::select! {
            news = next(&mut changes) => {
                let Some(news) = news else { return Ok(()) };
                Some(news)
            }
            Ok(()) = tools.changed(), if follows_tools => None,
            // It listens again with another one.
            () = &mut token_ends => return Ok(()),
            () = engine.streams_end() => return Ok(()),
            () = context.cancelled() => return Ok(()),
        };
        if looked.elapsed() >= BELIEVED {
            let again = Box::pin(asked::again(context.request_context(), engine));
            let Some(caller) = again.await else { return Ok(()) };
            client.are_now(caller);
            looked = Instant::now();
        }
        let Some(news) = news else {
            if sink.notify_tool_list_changed().await.is_err() {
                return Ok(());
            }
            continue;
        };
        for address in news.addresses(&followed, &client).await {
            if sink.notify_resource_updated(address).await.is_err() {
                return Ok(());
            }
        }
        let follows_list = context.accepted().resources_list_changed == Some(true);
        let list = follows_list && news.changes_list(&client).await;
        if list && sink.notify_resource_list_changed().await.is_err() {
            return Ok(());
        }
    }
}

/// Where it stands who was there last in a session of the older era.
pub(super) struct Last {
    pub(super) callers: Callers,
    pub(super) session: String,
}

/// What a client of the older era follows.
#[derive(Default)]
pub(super) struct Subscriptions {
    followed: Arc<Mutex<BTreeSet<String>>>,
    knows_list: Arc<AtomicBool>,
}

impl Subscriptions {
    /// Follows one more thing.
    pub(super) fn add(&self, address: &str) -> Result<(), ErrorData> {
        if let Err(error) = address.parse::<Address>() {
            return Err(ErrorData::resource_not_found(error.to_string(), None));
        }
        let mut followed = lock(&self.followed);
        if followed.len() >= MOST {
            return Err(ErrorData::invalid_params(format!("At most {MOST} things can be followed."), None));
        }
        followed.insert(address.to_owned());
        Ok(())
    }

    /// Follows a thing no more.
    pub(super) fn remove(&self, address: &str) {
        lock(&self.followed).remove(address);
    }

    /// The client has the list of things, which may change.
    pub(super) fn has_listed(&self) {
        self.knows_list.store(true, Ordering::Relaxed);
    }

    /// Begins to tell the client what changes, until its session ends. While nobody is there whose key the door has
    /// looked at lately, nobody is told anything.
    pub(super) fn follow(&self, engine: &Engine, mut client: Follower, last: Last, peer: Peer<RoleServer>) {
        let (followed, knows_list) = (Arc::downgrade(&self.followed), Arc::clone(&self.knows_list));
        let (mut changes, stop) = (engine.gateway.watch_changes(), engine.end_of_streams());
        let mut tools = engine.gateway.watch_tools();
        tokio::spawn(stop.run_until_cancelled_owned(async move {
            loop {
                let news = tokio::select! {
                    news = next(&mut changes) => news,
                    Ok(()) = tools.changed() => {
                        if followed.strong_count() == 0 || peer.notify_tool_list_changed().await.is_err() {
                            return;
                        }
                        continue;
                    }
                };
                let Some(news) = news else { return };
                // The session has ended with its handler.
                let Some(followed) = followed.upgrade().map(|followed| lock(&followed).clone()) else {
                    return;
                };
                // What nobody wants to know is not looked at, by as many sessions as there are.
                if followed.is_empty() && !knows_list.load(Ordering::Relaxed) {
                    continue;
                }
                let Some(caller) = last.callers.last(&last.session).await else { continue };
                client.are_now(caller);
                for address in news.addresses(&followed, &client).await {
                    let param = ResourceUpdatedNotificationParam::new(address);
                    if peer.notify_resource_updated(param).await.is_err() {
                        return;
                    }
                }
                if news.changes_list(&client).await && peer.notify_resource_list_changed().await.is_err() {
                    return;
                }
            }
        }));
    }
}

/// The set is whole at any moment, so a panic elsewhere does no harm to it.
fn lock(followed: &Mutex<BTreeSet<String>>) -> MutexGuard<'_, BTreeSet<String>> {
    followed.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What happened.
enum News {
    /// One change.
    Change(Arc<Change>),
    /// So many that some were missed: anything may have changed.
    Missed,
}

/// The next news; none when no more will come.
async fn next(changes: &mut Receiver<Arc<Change>>) -> Option<News> {
    match changes.recv().await {
        Ok(change) => Some(News::Change(change)),
        Err(RecvError::Lagged(_)) => Some(News::Missed),
        Err(RecvError::Closed) => None,
    }
}

impl News {
    /// Which of the followed things it is about, as far as the client may see them; only some of those that may
    /// have changed, where that is not known.
    async fn addresses(&self, followed: &BTreeSet<String>, client: &Follower) -> Vec<String> {
        let mut about: Vec<Address> = match self {
            News::Missed => {
                followed.iter().filter_map(|address| address.parse().ok()).take(MOST_MISSED).collect()
            }
            News::Change(change) => touched(change),
        };
        about.retain(|address| followed.contains(&address.to_string()));
        client.seen(about).await.iter().map(Address::to_string).collect()
    }

    /// Whether something may have come or gone that the client may see.
    async fn changes_list(&self, client: &Follower) -> bool {
        match self {
            // That something happened somewhere tells nobody what.
            News::Missed => true,
            News::Change(change) => {
                let mut listed = touched(change);
                listed.retain(|address| matches!(address, Address::File { .. } | Address::Knowledge(_)));
                !client.seen(listed).await.is_empty()
            }
        }
    }
}

/// The things that a change was about.
fn touched(change: &Change) -> Vec<Address> {
    let text = |name: &str| change.arguments.get(name).and_then(Value::as_str).map(str::to_owned);
    let mut touched: Vec<_> = text("releaseId").map(Address::Release).into_iter().collect();
    let files = change.resources.iter().filter(|resource| resource.service == "s3");
    touched.extend(files.filter_map(|resource| {
        let (bucket, key) = resource.name.split_once('/')?;
        Some(Address::file(bucket, key))
    }));
    match change.operation.as_str() {
        "add_knowledge_document" | "upload_knowledge_document" => {
            touched.extend(text("fileName").map(|name| Address::Knowledge(format!("documents/{name}"))));
        }
        "remove_knowledge_document" => touched.extend(text("fileName").map(Address::Knowledge)),
        _ => {}
    }
    touched
}
