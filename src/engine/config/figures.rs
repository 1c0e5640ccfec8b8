//! Where daily figures are fetched from: an address of the web, or a tool of a third party's MCP server.

use super::ConfigError;
use super::table;
use super::values::Environment;
use reqwest::Url;
use secrecy::SecretString;

/// The one source of daily figures.
#[derive(Clone)]
pub enum FiguresFrom {
    /// An address that answers with them.
    Address {
        /// The address. Whether it may be asked is looked at when it is.
        url: Url,
        /// What opens it.
        token: Option<SecretString>,
    },
    /// A tool that answers with them, by the name under which it stands among the tools. That it is none of Patchline
    /// itself is found out at the start; whether there is one, when it is asked.
    Tool(String),
}

/// Path and query of the address may open it.
impl std::fmt::Debug for FiguresFrom {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Address { url, token } => {
                let host = url.host_str().unwrap_or_default();
                formatter.debug_struct("Address").field("host", &host).field("token", token).finish()
            }
            Self::Tool(name) => formatter.debug_tuple("Tool").field(name).finish(),
        }
    }
}

impl FiguresFrom {
    /// The source; none where none is set up.
    pub(super) fn read(environment: &Environment<'_>) -> Result<Option<Self>, ConfigError> {
        let address = environment.parse(&table::FIGURES_URL, figures_url)?;
        let token = environment.parse(&table::FIGURES_TOKEN, figures_token)?;
        let tool = environment.parse(&table::FIGURES_TOOL, |name| {
            if address.is_some() {
                return Err(format!(
                    "figures come from one source: unset it, or {}",
                    table::FIGURES_URL.name
                ));
            }
            figures_tool(name)
        })?;
        Ok(address.map(|url| Self::Address { url, token }).or(tool.map(Self::Tool)))
    }
}

fn figures_url(text: &str) -> Result<Url, String> {
    let wrong = || {
        "an address such as https://figures.example/daily.json is allowed, without a name in it".to_owned()
    };
    let url = text.parse::<Url>().map_err(|_| wrong())?;
    let is_web = matches!(url.scheme(), "https" | "http") && url.has_host();
    if is_web && url.username().is_empty() && url.password().is_none() { Ok(url) } else { Err(wrong()) }
}

/// What opens the address, as it stands in a header.
fn figures_token(text: &str) -> Result<SecretString, String> {
    if text.bytes().any(|byte| !byte.is_ascii_graphic()) {
        return Err("only visible ASCII characters are allowed".to_owned());
    }
    Ok(SecretString::from(text))
}

/// The prefix of a third party, and the name that its tool has there.
fn figures_tool(name: &str) -> Result<String, String> {
    let fits = |c: char| c.is_ascii_alphanumeric() || "_-.".contains(c);
    if name.chars().all(fits) && name.split_once('_').is_some_and(|(prefix, _)| !prefix.is_empty()) {
        return Ok(name.to_owned());
    }
    Err("the name of a third party's tool is allowed, such as charts_daily_figures".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(url: Option<&str>, tool: Option<&str>) -> Result<Option<FiguresFrom>, ConfigError> {
        let lookup = |name: &str| match name {
            "PATCHLINE_FIGURES_URL" => url.map(str::to_owned),
            "PATCHLINE_FIGURES_TOOL" => tool.map(str::to_owned),
            _ => None,
        };
        FiguresFrom::read(&Environment { lookup: &lookup })
    }

    #[test]
    fn figures_come_from_one_source_or_none() {
        let (url, tool) = ("https://figures.example/daily.json", "charts_daily_figures");
        assert!(matches!(read(None, None), Ok(None)));
        assert!(matches!(read(Some(url), None), Ok(Some(FiguresFrom::Address { token: None, .. }))));
        assert!(matches!(read(None, Some(tool)), Ok(Some(FiguresFrom::Tool(name))) if name == tool));
        let both = read(Some(url), Some(tool)).expect_err("there are two");
        assert_eq!(both.variable, "PATCHLINE_FIGURES_TOOL");
        assert!(both.allowed.contains("PATCHLINE_FIGURES_URL"), "{both}");
    }
}
