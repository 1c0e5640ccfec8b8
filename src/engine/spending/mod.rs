//! Calls of models: what they may cost in a day, and how many somebody has under way, for all instances together;
//! and how many long transfers somebody has.
//!
//! Knows who pays and what is asked, not why. The door makes a [`Purse`] for each call; whatever asks a model
//! takes what the model may cost out of it first, and settles what it did cost afterwards.

mod bill;
mod error;
mod payer;
mod slot;

pub use bill::Bill;
pub use error::{ModelError, OverBudget};
pub use payer::Who;
pub use slot::{NoSlot, Slot};

use super::catalog::spending::SetAside;
use super::catalog::{Catalog, CatalogError};
use super::config::{Allowances, Config, Price, Tokens};
use crate::model::money::MicroDollars;
use crate::model::settings::{BudgetLeft, OwnLimits};
use arc_swap::{ArcSwap, ArcSwapOption};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use payer::Day;
use slot::Slots;
use std::sync::Arc;

/// What the calls of models of this process have in common.
#[derive(Debug)]
pub struct Spending {
    catalog: Arc<Catalog>,
    allowances: ArcSwap<Allowances>,
    /// Why it is not known which figures hold.
    unknown: ArcSwapOption<CatalogError>,
    time_zone: TimeZone,
    slots: Arc<Slots>,
    transfers: Arc<Slots>,
}

impl Spending {
    /// Over a catalogue, with the figures of the environment.
    pub fn new(catalog: Arc<Catalog>, config: &Config) -> Arc<Self> {
        Arc::new(Self {
            slots: Arc::new(Slots::new(Arc::clone(&catalog), "model")),
            transfers: Arc::new(Slots::new(Arc::clone(&catalog), "transfer")),
            catalog,
            allowances: ArcSwap::from_pointee(config.allowances.clone()),
            unknown: ArcSwapOption::empty(),
            time_zone: config.time_zone.clone(),
        })
    }

    /// From now on other figures hold. What is under way goes on with the former ones.
    pub fn follow(&self, allowances: Allowances) {
        self.allowances.store(Arc::new(allowances));
        self.go_on();
    }

    /// From now on nothing that costs something may be called, since it is not known which figures hold.
    pub fn wait(&self, because: CatalogError) {
        self.unknown.store(Some(Arc::new(because)));
    }

    /// The figures that are followed are those that hold.
    pub fn go_on(&self) {
        self.unknown.store(None);
    }

    /// The figures that hold.
    pub fn allowances(&self) -> Arc<Allowances> {
        self.allowances.load_full()
    }

    /// Takes one of the slots that somebody has for transfers; none is needed where their number is not limited.
    ///
    /// # Errors
    /// When they have as many under way as they may, or the store cannot be reached.
    pub async fn transfer(&self, who: &str, now: Timestamp) -> Result<Option<Slot>, NoSlot> {
        match self.allowances().transfers_at_once {
            Some(at_once) => self.transfers.take(who, at_once, now).await.map(Some),
            None => Ok(None),
        }
    }

    /// What somebody pays from.
    pub fn purse(self: &Arc<Self>, who: Who) -> Purse {
        Purse { spending: Arc::clone(self), who: Arc::new(who), bill: Bill::default() }
    }
}

/// What somebody pays from. Cloning is cheap.
#[derive(Debug, Clone)]
pub struct Purse {
    spending: Arc<Spending>,
    who: Arc<Who>,
    bill: Bill,
}

impl Purse {
    /// The same, with what it comes to written on this bill.
    #[must_use]
    pub fn on(self, bill: Bill) -> Self {
        Self { bill, ..self }
    }

    /// Before a model is asked: takes a slot, and sets aside what the call may cost at most. Nobody is asked for
    /// anything where the model is free and only quotes.
    ///
    /// # Errors
    /// When as many calls are under way as may be, or a budget has not enough left; then nothing is taken. Also
    /// when the store cannot be reached: without it nobody knows what is left, or what there is to spend.
    pub async fn begin(&self, model: &str, most: Tokens, now: Timestamp) -> Result<ModelCall, ModelError> {
        let Spending { catalog, slots, .. } = &*self.spending;
        // Looked at before the figures are: they come first when both change.
        let unknown = self.spending.unknown.load_full();
        let allowances = self.spending.allowances();
        let price = allowances.prices.of(model);
        let aside = price.of(most);
        if let Some(error) = unknown.filter(|_| aside != MicroDollars::ZERO) {
            return Err((*error).clone().into());
        }
        let writes = catalog.knowledge.is_language_model(model);
        let slot = match allowances.model_calls_at_once {
            Some(at_once) if writes => Some(slots.take(&self.who.id, at_once, now).await?),
            _ => None,
        };
        let counts = writes || aside != MicroDollars::ZERO;
        let mut call = self.call(price, most, counts);
        call.slot = slot;
        self.set_aside(call, &allowances, now).await
    }

    /// Before a knowledge base is asked to make embeddings of a text: sets aside what that may cost at most.
    /// `bytes` is how long the text is.
    ///
    /// # Errors
    /// As with [`Self::begin`]; there are no slots for it.
    pub async fn begin_embedding(&self, bytes: usize, now: Timestamp) -> Result<Embedding, ModelError> {
        let unknown = self.spending.unknown.load_full();
        let allowances = self.spending.allowances();
        let price = allowances.prices.of_embeddings(self.spending.catalog.knowledge.embeds_here);
        let (most, about) = tokens_of_text(bytes);
        let aside = price.of(most);
        if let Some(error) = unknown.filter(|_| aside != MicroDollars::ZERO) {
            return Err((*error).clone().into());
        }
        let call =
            self.set_aside(self.call(price, most, aside != MicroDollars::ZERO), &allowances, now).await?;
        Ok(Embedding { call, about })
    }

    /// A call for which nothing is taken yet.
    fn call(&self, price: Price, most: Tokens, counts: bool) -> ModelCall {
        ModelCall {
            catalog: Arc::clone(&self.spending.catalog),
            name: ulid::Ulid::new().to_string().to_lowercase(),
            price,
            aside: price.of(most),
            most,
            counts,
            paid_from: Vec::new(),
            bill: Some(self.bill.clone()),
            slot: None,
        }
    }

    /// Sets aside what a call may cost at most, in each budget that pays.
    async fn set_aside(
        &self,
        mut call: ModelCall,
        allowances: &Allowances,
        now: Timestamp,
    ) -> Result<ModelCall, ModelError> {
        if call.aside == MicroDollars::ZERO {
            return Ok(call);
        }
        let (catalog, wanted) = (&self.spending.catalog, call.aside);
        let day = Day::of(now, &self.spending.time_zone);
        for payer in self.who.payers(&allowances.budgets) {
            let id = payer.item(&day);
            // On the list before it is asked for: an answer that gets lost may be one that says yes.
            call.paid_from.push(id.clone());
            match catalog.set_aside(&id, &call.name, call.aside, payer.budget, now).await {
                Ok(SetAside::Done) => {}
                Ok(SetAside::NotWith(used)) => {
                    call.give_back().await;
                    return Err(OverBudget { payer, used, wanted, day, now }.into());
                }
                Err(error) => {
                    call.give_back().await;
                    return Err(error.into());
                }
            }
        }
        Ok(call)
    }

    /// What is left of the budgets today, and when they begin anew.
    ///
    /// # Errors
    /// What the store says.
    pub async fn left(&self, now: Timestamp) -> Result<OwnLimits, CatalogError> {
        let day = Day::of(now, &self.spending.time_zone);
        let allowances = self.spending.allowances();
        let mut budgets = Vec::new();
        for payer in self.who.payers(&allowances.budgets) {
            let used = self.spending.catalog.spent_of(&payer.item(&day)).await?;
            budgets.push(BudgetLeft { whose: payer.whose.in_words(), budget: payer.budget, used });
        }
        Ok(OwnLimits { budgets, renewed_at: day.ends.to_string(), ..OwnLimits::default() })
    }
}

/// How many tokens a text has at most, and about: a token has a byte at least, and in English four. Three count
/// rather too much.
fn tokens_of_text(bytes: usize) -> (Tokens, Tokens) {
    let bytes = u64::try_from(bytes).unwrap_or(u64::MAX);
    (Tokens { input: bytes, output: 0 }, Tokens { input: bytes.div_ceil(3), output: 0 })
}

/// Embeddings of a text that may be asked for.
#[derive(Debug)]
#[must_use = "what is not settled stays paid at its most"]
pub struct Embedding {
    call: ModelCall,
    about: Tokens,
}

impl Embedding {
    /// After they were made. How many tokens the text has nobody tells, so it is an estimate.
    pub async fn settle(self) {
        self.call.settle(self.about).await;
    }

    /// After nothing was made.
    pub async fn give_back(self) {
        self.call.give_back().await;
    }
}

/// A call of a model that may be made. What is dropped without a word stays paid in full, since nobody knows
/// what the model did; its slot comes free.
#[derive(Debug)]
#[must_use = "what is not settled stays paid in full"]
pub struct ModelCall {
    catalog: Arc<Catalog>,
    /// Under which amounts are set aside.
    name: String,
    price: Price,
    aside: MicroDollars,
    /// How many tokens it reads and writes at most.
    most: Tokens,
    /// Whether its tokens are counted: what is free and only quotes has none that mean something.
    counts: bool,
    /// The items of the budgets in which they are.
    paid_from: Vec<String>,
    /// Where the cost is to be written, until it is.
    bill: Option<Bill>,
    slot: Option<Slot>,
}

impl ModelCall {
    /// After the model has answered: puts what the call did cost in the place of what was set aside.
    pub async fn settle(self, used: Tokens) {
        let cost = self.price.of(used);
        self.end(cost, used).await;
    }

    /// After the model has done nothing: it refused, or was never reached.
    pub async fn give_back(self) {
        self.end(MicroDollars::ZERO, Tokens::default()).await;
    }

    async fn end(mut self, cost: MicroDollars, used: Tokens) {
        self.charge(cost, used);
        // Off the list when it is done: what is cut off in between is dropped with the others.
        while let Some(id) = self.paid_from.last() {
            settle(&self.catalog, id, &self.name, self.aside, cost).await;
            self.paid_from.pop();
        }
        if let Some(slot) = self.slot.take() {
            slot.free().await;
        }
    }

    /// Writes the cost on the bill, once.
    fn charge(&mut self, cost: MicroDollars, used: Tokens) {
        if let Some(bill) = self.bill.take() {
            bill.add(cost, if self.counts { used } else { Tokens::default() });
        }
    }
}

async fn settle(catalog: &Catalog, id: &str, name: &str, aside: MicroDollars, cost: MicroDollars) {
    if let Err(error) = catalog.settle(id, name, aside, cost).await {
        tracing::warn!(%error, budget = id, "what a call of a model cost stays counted at its most");
    }
}

impl Drop for ModelCall {
    fn drop(&mut self) {
        self.charge(self.aside, self.most);
        let paid_from = std::mem::take(&mut self.paid_from);
        if paid_from.is_empty() {
            return;
        }
        // Without a runtime the process is ending, and the amounts go with the items of the day.
        let Ok(runtime) = tokio::runtime::Handle::try_current() else { return };
        let (catalog, name, aside) = (Arc::clone(&self.catalog), self.name.clone(), self.aside);
        // Paid in full, but no longer under a name: an item of a day can hold only so many of them.
        runtime.spawn(async move {
            for id in paid_from {
                settle(&catalog, &id, &name, aside, aside).await;
            }
        });
    }
}
