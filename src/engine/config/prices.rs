//! What models cost, and how much may be spent in a day.

use super::limits::ROLES;
use super::values::names;
use crate::model::money::MicroDollars;

/// Tokens that a price is for.
const PRICED_TOKENS: u128 = 1_000_000;

/// The prices that are known without configuration, of November 2026. A model that runs on a machine of one's
/// own costs nothing by the token.
const KNOWN: [(&str, Price); 2] = [
    (super::EXTRACTIVE_MODEL, Price { input: MicroDollars(0), output: MicroDollars(0) }),
    (
        "anthropic.claude-sonnet-4-5-20250929-v1:0",
        Price { input: MicroDollars(3_000_000), output: MicroDollars(15_000_000) },
    ),
];

/// Under which name embeddings have a price of their own: knowledge bases choose the model that makes them, and
/// only AWS knows which.
const EMBEDDINGS: &str = "embeddings";

/// What embeddings cost in an account, unless something else is configured: the dearest of those that read text,
/// in November 2026.
const EMBEDDINGS_OF_AWS: Price = Price { input: MicroDollars(100_000), output: MicroDollars(0) };

/// What a million tokens cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Price {
    /// Of what the model reads.
    pub input: MicroDollars,
    /// Of what it writes.
    pub output: MicroDollars,
}

/// How many tokens a model reads and writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tokens {
    /// What it reads.
    pub input: u64,
    /// What it writes.
    pub output: u64,
}

impl Price {
    /// What so many tokens cost, rounded up.
    pub fn of(self, tokens: Tokens) -> MicroDollars {
        let part = |price: MicroDollars, tokens: u64| u128::from(price.0) * u128::from(tokens);
        let whole = part(self.input, tokens.input) + part(self.output, tokens.output);
        MicroDollars(u64::try_from(whole.div_ceil(PRICED_TOKENS)).unwrap_or(u64::MAX))
    }
}

/// The prices of all models.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prices {
    listed: Vec<(String, Price)>,
    /// Of a model that is not listed. None is free because nobody knows its price.
    others: Price,
}

impl Prices {
    /// What is configured, before what is known without.
    pub(super) fn new(configured: Vec<(String, Price)>, others: Price) -> Self {
        let known = KNOWN.map(|(model, price)| (model.to_owned(), price));
        Self { listed: configured.into_iter().chain(known).collect(), others }
    }

    /// The price of a model.
    pub fn of(&self, model: &str) -> Price {
        self.listed(model).unwrap_or(self.others)
    }

    /// The price of embeddings. Those that this machine makes by itself are free, unless they are listed.
    pub fn of_embeddings(&self, are_made_here: bool) -> Price {
        let free = Price { input: MicroDollars(0), output: MicroDollars(0) };
        self.listed(EMBEDDINGS).unwrap_or(if are_made_here { free } else { EMBEDDINGS_OF_AWS })
    }

    /// Whether a model has a price of its own.
    pub fn is_listed(&self, model: &str) -> bool {
        self.listed(model).is_some()
    }

    fn listed(&self, model: &str) -> Option<Price> {
        self.listed.iter().find(|(known, _)| known == model).map(|(_, price)| *price)
    }
}

/// How much model calls may cost in a day; none where it is not limited.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Budgets {
    /// Those of each person.
    pub person: Option<MicroDollars>,
    /// Those of all people of a role together.
    pub roles: Vec<(String, MicroDollars)>,
    /// Those of the whole label.
    pub label: Option<MicroDollars>,
}

/// Dollars a million tokens, as `3/15`: what is read, what is written.
pub(super) fn price(text: &str) -> Result<Price, String> {
    let form =
        || format!("{text:?} is not a price like \"3/15\": US dollars a million tokens, read and written");
    let (input, output) = text.split_once('/').ok_or_else(form)?;
    let amount = |text: &str| text.trim().parse::<MicroDollars>().map_err(|_| form());
    Ok(Price { input: amount(input)?, output: amount(output)? })
}

/// A comma-separated list such as `anthropic.claude-haiku=1/5`. The names of models have colons and slashes in
/// them, and never an equals sign.
pub(super) fn prices(text: &str) -> Result<Vec<(String, Price)>, String> {
    let prices: Vec<_> = names(text)?.iter().map(|text| priced(text)).collect::<Result<_, String>>()?;
    once(prices.iter().map(|(model, _)| model.as_str()))?;
    Ok(prices)
}

fn priced(text: &str) -> Result<(String, Price), String> {
    let form = || format!("{text:?} is not a model with its price like \"anthropic.claude-haiku=1/5\"");
    let (model, cost) = text.split_once('=').filter(|(model, _)| !model.is_empty()).ok_or_else(form)?;
    Ok((model.to_owned(), price(cost)?))
}

/// An amount, or `none`.
pub(super) fn budget(text: &str) -> Result<Option<MicroDollars>, String> {
    if text == "none" {
        return Ok(None);
    }
    text.parse::<MicroDollars>().map(Some).map_err(|error| format!("{error}, or none"))
}

/// A comma-separated list such as `artist=2.50,producer=10`.
pub(super) fn budgets_of_roles(text: &str) -> Result<Vec<(String, MicroDollars)>, String> {
    let budgets: Vec<_> =
        names(text)?.iter().map(|text| budget_of_role(text)).collect::<Result<_, String>>()?;
    once(budgets.iter().map(|(role, _)| role.as_str()))?;
    Ok(budgets)
}

fn budget_of_role(text: &str) -> Result<(String, MicroDollars), String> {
    let form = || format!("{text:?} is not a budget of a role like \"artist=2.50\"");
    let (role, amount) = text.split_once('=').ok_or_else(form)?;
    if !ROLES.contains(&role) {
        return Err(format!("{role:?} is not a role; the roles are {}", ROLES.join(", ")));
    }
    Ok((role.to_owned(), amount.parse::<MicroDollars>().map_err(|error| error.to_string())?))
}

/// Nothing may have two figures.
fn once<'a>(names: impl Iterator<Item = &'a str>) -> Result<(), String> {
    let mut seen: Vec<&str> = Vec::new();
    for name in names {
        if seen.contains(&name) {
            return Err(format!("{name:?} is there twice"));
        }
        seen.push(name);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cost_is_exact_and_rounded_up() {
        let price = price("3/15").expect("a price");
        let cost = |input, output| price.of(Tokens { input, output }).0;
        assert_eq!(cost(1_000_000, 1_000_000), 18_000_000);
        assert_eq!(cost(1, 1), 18);
        assert_eq!(cost(0, 0), 0);
        let cheap = super::price("0.000001/0.000001").expect("a price");
        assert_eq!(cheap.of(Tokens { input: 1, output: 1 }).0, 1, "nothing that costs is free");
        assert_eq!(price.of(Tokens { input: u64::MAX, output: u64::MAX }).0, u64::MAX);
    }

    #[test]
    fn what_is_configured_holds_before_what_is_known_and_nothing_else_is_free() {
        let configured =
            prices("arn:aws:bedrock:us-east-1::foundation-model/x=1/2,local.extractive-v1=0.5/0.5");
        let prices = Prices::new(configured.expect("prices"), price("20/100").expect("a price"));
        let of = |model: &str| (prices.of(model).input.0, prices.of(model).output.0);
        assert_eq!(of("arn:aws:bedrock:us-east-1::foundation-model/x"), (1_000_000, 2_000_000));
        assert_eq!(of("local.extractive-v1"), (500_000, 500_000));
        assert_eq!(of("anthropic.claude-sonnet-4-5-20250929-v1:0"), (3_000_000, 15_000_000));
        assert_eq!(of("a.new-model"), (20_000_000, 100_000_000));
        assert!(!prices.is_listed("a.new-model") && prices.is_listed("local.extractive-v1"));
    }

    #[test]
    fn embeddings_cost_something_in_an_account_and_here_only_where_that_is_said() {
        let others = price("20/100").expect("a price");
        let known = Prices::new(Vec::new(), others);
        let of = |prices: &Prices, here: bool| prices.of_embeddings(here).input.0;
        assert_eq!((of(&known, true), of(&known, false)), (0, 100_000));
        let said = Prices::new(super::prices("embeddings=0.02/0").expect("prices"), others);
        assert_eq!((of(&said, true), of(&said, false)), (20_000, 20_000));
    }

    #[test]
    fn what_is_no_price_and_no_budget_is_told() {
        for text in ["model", "=1/2", "model=1", "model=a/b", "model=1/-2", "model=1/2,model=2/3"] {
            assert!(prices(text).is_err(), "{text}");
        }
        for text in ["artist", "boss=1", "artist=", "artist=1,artist=2"] {
            assert!(budgets_of_roles(text).is_err(), "{text}");
        }
        assert_eq!(budget("none"), Ok(None));
        assert_eq!(budget("0.5"), Ok(Some(MicroDollars(500_000))));
        assert!(budget("much").is_err());
    }
}
