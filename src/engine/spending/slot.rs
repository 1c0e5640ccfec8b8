//! Slots for what one person has under way, calls of models or transfers: counted in this process first, then
//! held as items that all instances share.

use crate::engine::catalog::{Catalog, CatalogError};
use jiff::Timestamp;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::task::JoinHandle;

/// How long a slot is held without another word: as long as a slot is lost when its process dies.
const LEASE: Duration = Duration::from_secs(30);

/// How often it is said that it is still held.
const HOLD_EVERY: Duration = Duration::from_secs(10);

/// Why somebody has got no slot.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum NoSlot {
    /// They have as many as there are for them.
    #[error("all {0} slots are taken")]
    AllTaken(u32),
    /// The store did not say.
    #[error(transparent)]
    Catalog(#[from] CatalogError),
}

/// The slots of this process for one kind of thing.
#[derive(Debug)]
pub(super) struct Slots {
    catalog: Arc<Catalog>,
    /// The word for the kind in the names of items.
    kind: &'static str,
    /// How many of whom are held here.
    here: Mutex<HashMap<String, u32>>,
}

impl Slots {
    pub(super) fn new(catalog: Arc<Catalog>, kind: &'static str) -> Self {
        Self { catalog, kind, here: Mutex::default() }
    }

    /// Takes one of somebody's slots.
    pub(super) async fn take(self: &Arc<Self>, who: &str, most: u32, now: Timestamp) -> Result<Slot, NoSlot> {
        let here = self.count(who, most)?;
        let holder = ulid::Ulid::new().to_string().to_lowercase();
        let begin = first(most);
        for step in 0..most {
            let id = format!("slot#{}#{who}#{}", self.kind, (begin + step) % most);
            if self.catalog.take_slot(&id, &holder, LEASE, now).await? {
                let holding = Holding { catalog: Arc::clone(&self.catalog), id, holder };
                let beating = tokio::spawn(holding.clone().hold());
                return Ok(Slot { holding: Some(holding), beating, _here: here });
            }
        }
        Err(NoSlot::AllTaken(most))
    }

    /// Counts one more here, which costs no request.
    fn count(self: &Arc<Self>, who: &str, most: u32) -> Result<Here, NoSlot> {
        let mut here = self.here.lock().unwrap_or_else(PoisonError::into_inner);
        let count = here.entry(who.to_owned()).or_insert(0);
        if *count >= most {
            return Err(NoSlot::AllTaken(most));
        }
        *count += 1;
        Ok(Here { slots: Arc::clone(self), who: who.to_owned() })
    }
}

/// Where the search begins, so that instances do not all ask for the same slot first.
fn first(most: u32) -> u32 {
    let mut random = [0; 4];
    // Without randomness all begin at the same slot, and find another with the next steps.
    if getrandom::fill(&mut random).is_err() {
        return 0;
    }
    u32::from_le_bytes(random) % most.max(1)
}

/// One that is counted in this process.
#[derive(Debug)]
struct Here {
    slots: Arc<Slots>,
    who: String,
}

impl Drop for Here {
    fn drop(&mut self) {
        let mut here = self.slots.here.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = here.get_mut(&self.who) {
            *count = count.saturating_sub(1);
            if *count == 0 {
                here.remove(&self.who);
            }
        }
    }
}

/// A slot that is held. When it is dropped it comes free, a moment later at other instances.
#[derive(Debug)]
#[must_use = "a slot that is dropped is free"]
pub struct Slot {
    holding: Option<Holding>,
    beating: JoinHandle<()>,
    _here: Here,
}

/// The item of a slot with whoever holds it.
#[derive(Debug, Clone)]
struct Holding {
    catalog: Arc<Catalog>,
    id: String,
    holder: String,
}

impl Holding {
    /// Holds on to it for as long as this is not stopped.
    async fn hold(self) {
        loop {
            tokio::time::sleep(HOLD_EVERY).await;
            if !self.hold_on(Timestamp::now()).await {
                return;
            }
        }
    }

    /// False where it is lost.
    async fn hold_on(&self, now: Timestamp) -> bool {
        match self.catalog.hold_slot(&self.id, &self.holder, LEASE, now).await {
            Ok(true) => true,
            Ok(false) => {
                tracing::warn!(slot = self.id, "a slot was lost; what holds it goes on beside the limit");
                false
            }
            // It is held until its lease ends, and the next word may come through.
            Err(error) => {
                tracing::warn!(%error, slot = self.id, "a slot could not be held on to");
                true
            }
        }
    }

    async fn free(self) {
        if let Err(error) = self.catalog.free_slot(&self.id, &self.holder).await {
            tracing::warn!(%error, slot = self.id, "a slot could not be let go; it comes free when its lease ends");
        }
    }
}

impl Slot {
    /// Lets it go, at all instances.
    pub(super) async fn free(mut self) {
        self.beating.abort();
        if let Some(holding) = self.holding.take() {
            holding.free().await;
        }
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        self.beating.abort();
        let Some(holding) = self.holding.take() else { return };
        // Without a runtime the process is ending, and the lease ends by itself.
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            runtime.spawn(holding.free());
        }
    }
}
