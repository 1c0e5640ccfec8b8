//! What the whole door costs at a fixed rate: a key is recognised, policies decide, limits count, the call is made and
//! put on record; beside the bare call of the SDK that it makes, at the same rate.
//!
//! In one process over the embedded AWS, so that what the door adds is not lost in what HTTP and a protocol take. The
//! load and the store use the same processors as the door.

use super::door::{ARTIST, get_item, put_artist};
use crate::in_process::InProcess;
use crate::load::{Load, open_loop};
use crate::problem::{Because, Problem};
use crate::process::{processor_time, tick};
use crate::report::{Figure, Section};
use crate::units::time;
use bytes::Bytes;
use futures::FutureExt;
use futures::future::BoxFuture;
use patchline::engine::Engine;
use patchline::engine::aws::AwsClients;
use patchline::engine::gateway::{Channel, Origin, Principal, Role};
use patchline::model::key::KeyRequest;
use serde_json::json;
use std::net::{IpAddr, Ipv4Addr};
use std::path::Path;
use std::time::Duration;

/// Calls a second.
const PER_SECOND: u32 = 1000;
const LASTS: Duration = Duration::from_secs(5);
const WARM_UP: Duration = Duration::from_secs(1);

/// What the door may add, by the product's own aim: p50 and p99.
const AIM: [Duration; 2] = [Duration::from_micros(300), Duration::from_millis(1)];

/// From where the calls come.
const HERE: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

pub(crate) async fn measure() -> Result<Section, Problem> {
    let folder = tempfile::tempdir().because("make a temporary folder")?;
    let measured = Box::pin(in_folder(folder.path())).await?;
    let [bare, door] = &measured;
    let how = format!(
        "{PER_SECOND} calls a second for {} s, each counted from the moment at which it was due: `GetItem` by the SDK \
         alone, then `query_artist_data` for the same artist with a key of a person, which is recognised each time (and \
         looked up twice a second), decided about, counted and put on record. In one process over the embedded AWS, \
         which takes its part of the processors' time. Wanted over the bare call: p50 {}, p99 {}.",
        LASTS.as_secs(),
        time(AIM[0]),
        time(AIM[1]),
    );
    let mut section = Section::new("The whole door at a fixed rate", how);
    for percent in [50, 99] {
        let (without, with) = (bare.load.times.percentile(percent), door.load.times.percentile(percent));
        section = section
            .with(Figure::new(format!("the bare call: p{percent}"), time(without)))
            .with(Figure::new(format!("through the whole door: p{percent}"), time(with)))
            .with(Figure::new(format!("over the bare call: p{percent}"), time(with.saturating_sub(without))));
    }
    section = section
        .with(Figure::new("processors' time of the bare call, with the store's", time(bare.processor)))
        .with(Figure::new("processors' time of the whole door, with the store's", time(door.processor)));
    let failed = bare.load.failed + door.load.failed;
    Ok(if failed == 0 { section } else { section.with(Figure::new("failed calls", failed.to_string())) })
}

/// Both, each at the fixed rate.
async fn in_folder(folder: &Path) -> Result<[Measured; 2], Problem> {
    let InProcess { config, clients, embedded } = InProcess::open(folder).await?;
    let engine = Engine::start(config, Some(&embedded)).await.because("start the engine")?;
    put_artist(&clients).await?;
    let key = key_of_somebody(&engine).await?;
    let bare = Measured::of(bare_call(&clients)).await?;
    let door = Measured::of(through_the_door(&engine, &key)).await?;
    engine.close().await;
    drop((engine, clients));
    embedded.close().await;
    Ok([bare, door])
}

/// The key of somebody of the label.
async fn key_of_somebody(engine: &Engine) -> Result<String, Problem> {
    let added = engine.identity.add("Bench", "bench@label.example", Role::Label).await;
    let user = added.because("add somebody")?;
    let somebody = Principal::new(user.id, user.name, user.role);
    let wish = KeyRequest { name: "Bench".to_owned(), scope: "all".to_owned(), ..KeyRequest::default() };
    let made = engine.create_key(&somebody, &Origin::new(Channel::Page, Some(HERE)), &wish).await;
    Ok(made.because("make a key")?.text)
}

type Call = BoxFuture<'static, Result<Bytes, Problem>>;

fn bare_call(clients: &AwsClients) -> impl Fn() -> Call + Clone + Send + 'static {
    let clients = clients.clone();
    move || {
        let clients = clients.clone();
        async move { get_item(&clients).await.map(|_| Bytes::new()) }.boxed()
    }
}

fn through_the_door(engine: &Engine, key: &str) -> impl Fn() -> Call + Clone + Send + 'static {
    let (engine, key) = (engine.clone(), key.to_owned());
    move || {
        let (engine, key) = (engine.clone(), key.clone());
        async move {
            let known = engine.identity.recognise_key(&key, Some(HERE)).await;
            let principal = known.map_err(|turned| turned.error).because("recognise the key")?;
            let origin = Origin::new(Channel::Rest, Some(HERE));
            let arguments = json!({ "artistId": ARTIST });
            let called = engine.gateway.call_tool(&principal, &origin, "query_artist_data", arguments).await;
            called.because("call query_artist_data").map(|_| Bytes::new())
        }
        .boxed()
    }
}

/// What calls took at the fixed rate.
struct Measured {
    load: Load,
    /// The processors' time of one of them.
    processor: Duration,
}

impl Measured {
    async fn of(call: impl Fn() -> Call + Clone + Send + 'static) -> Result<Self, Problem> {
        open_loop(call.clone(), PER_SECOND, WARM_UP).await?;
        let (tick, this) = (tick().await?, std::process::id());
        let before = processor_time(this, tick)?;
        let load = open_loop(call, PER_SECOND, LASTS).await?;
        let used = processor_time(this, tick)?.saturating_sub(before);
        let calls = u32::try_from(load.times.count()).unwrap_or(u32::MAX);
        Ok(Self { load, processor: used / calls.max(1) })
    }
}
