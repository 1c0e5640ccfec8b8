//! Requests of the query protocol: a form with the parameter `Action`, answered in XML.

use std::collections::BTreeMap;

use axum::response::Response;
use percent_encoding::percent_decode_str;

use super::fault::Fault;
use super::protocol::{Protocol, new_request_id};

/// The parameters of a request. Each is taken once; what is left over at [`Form::finish`] is not
/// implemented, and refused instead of ignored.
pub(crate) struct Form {
    parameters: BTreeMap<String, String>,
}

impl Form {
    /// Reads a body of the type `application/x-www-form-urlencoded`.
    pub(crate) fn read(body: &[u8]) -> Result<Self, Fault> {
        let text = std::str::from_utf8(body).map_err(|_| unreadable())?;
        let mut parameters = BTreeMap::new();
        for pair in text.split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            if parameters.insert(decoded(name)?, decoded(value)?).is_some() {
                return Err(Fault::sender("MalformedQueryString", "a parameter is given twice"));
            }
        }
        // The version of the protocol's model; there is one of each service.
        parameters.remove("Version");
        Ok(Self { parameters })
    }

    /// The operation that is asked for; empty when none is.
    pub(crate) fn action(&mut self) -> String {
        self.take("Action").unwrap_or_default()
    }

    /// A parameter, if it is given.
    pub(crate) fn take(&mut self, name: &str) -> Option<String> {
        self.parameters.remove(name)
    }

    /// Refuses what nobody asked for.
    pub(crate) fn finish(self) -> Result<(), Fault> {
        match self.parameters.keys().next() {
            None => Ok(()),
            Some(name) => Err(Fault::sender(
                "InvalidParameterValue",
                format!("the embedded AWS does not implement the parameter {name}"),
            )),
        }
    }
}

fn decoded(text: &str) -> Result<String, Fault> {
    let spaced = text.replace('+', " ");
    percent_decode_str(&spaced).decode_utf8().map(String::from).map_err(|_| unreadable())
}

fn unreadable() -> Fault {
    Fault::sender("MalformedQueryString", "the form in the request body is not UTF-8")
}

/// The answer to an action: `result` is the XML within `<ActionResult>`.
pub(crate) fn answer(action: &str, namespace: &str, result: &str) -> Response {
    Protocol::AwsQuery.success(format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<{action}Response xmlns=\"{namespace}\">\
         <{action}Result>{result}</{action}Result><ResponseMetadata><RequestId>{}</RequestId></ResponseMetadata>\
         </{action}Response>",
        new_request_id()
    ))
}

/// An XML element with this text.
pub(crate) fn element(name: &str, text: &str) -> String {
    format!("<{name}>{}</{name}>", escape(text))
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fuzzing;

    #[test]
    fn a_form_is_decoded() {
        let mut form = Form::read(b"Action=Do&Name=a%20b+c%3D%C3%A5&Version=2014-10-31").unwrap();
        assert_eq!(form.action(), "Do");
        assert_eq!(form.take("Name").as_deref(), Some("a b c=å"));
        assert!(form.finish().is_ok());
    }

    #[test]
    fn what_nobody_takes_is_refused() {
        let mut form = Form::read(b"Action=Do&Filters.Filter.1.Name=x").unwrap();
        form.action();
        assert!(form.finish().is_err_and(|fault| fault.message.contains("Filters.Filter.1.Name")));
        assert!(Form::read(b"a=1&a=2").is_err());
        assert!(Form::read(b"a=%FF").is_err());
    }

    #[test]
    fn elements_are_escaped() {
        assert_eq!(element("A", "<&>"), "<A>&lt;&amp;&gt;</A>");
    }

    #[test]
    fn fuzz_form_of_the_query_protocol() {
        let seeds: [&[u8]; 2] = [
            b"Action=Do&Name=a%20b+c%3D%C3%A5&Version=2014-10-31",
            b"Action=GetMetricData&A.member.1=x&A.member.2=",
        ];
        fuzzing::bytes(500, &seeds, &["&", "=", "%", "+", "Action=", "%C3"], |body| {
            let Ok(mut form) = Form::read(body) else { return };
            let _ = form.action();
            assert_eq!(form.take("Action"), None, "each parameter is taken once");
            let has_more = !form.parameters.is_empty();
            assert_eq!(form.finish().is_err(), has_more, "what nobody asks for is refused");
        });
    }
}
