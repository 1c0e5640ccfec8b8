//! The request to send an e-mail: what it says, checked as SES does.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use serde::Deserialize;

use super::bad_request;
use super::mime;
use crate::embedded_aws::fault::Fault;

/// The most recipients of an e-mail.
const MOST_RECIPIENTS: usize = 50;
/// The longest address (RFC 5321).
const LONGEST_ADDRESS: usize = 320;

/// The body of `SendEmail`. What is not here is refused by its name.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct Request {
    from_email_address: Option<String>,
    #[serde(default)]
    destination: Destination,
    content: Option<Content>,
    #[serde(default)]
    reply_to_addresses: Vec<String>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Destination {
    #[serde(rename = "ToAddresses")]
    to: Vec<String>,
    #[serde(rename = "CcAddresses")]
    cc: Vec<String>,
    #[serde(rename = "BccAddresses")]
    bcc: Vec<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct Content {
    simple: Option<Simple>,
    raw: Option<Raw>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct Simple {
    subject: Text,
    body: Body,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct Body {
    text: Option<Text>,
    html: Option<Text>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct Text {
    data: String,
    charset: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct Raw {
    /// In base64.
    data: String,
}

/// What an e-mail says.
enum Said {
    Simple {
        from: String,
        subject: String,
        text: Option<String>,
        html: Option<String>,
    },
    /// Whole, with its own head.
    Raw(Vec<u8>),
}

/// An e-mail that can be sent.
pub(super) struct Message {
    said: Said,
    to: Vec<String>,
    cc: Vec<String>,
    reply_to: Vec<String>,
}

impl Message {
    /// Reads a request.
    pub(super) fn read(body: &[u8]) -> Result<Self, Fault> {
        let request: Request =
            serde_json::from_slice(body).map_err(|error| bad_request(error.to_string()))?;
        let Destination { to, cc, bcc } = request.destination;
        let recipients = to.len() + cc.len() + bcc.len();
        if recipients > MOST_RECIPIENTS {
            return Err(bad_request(format!("Recipient count exceeds {MOST_RECIPIENTS}.")));
        }
        for address in to.iter().chain(&cc).chain(&bcc).chain(&request.reply_to_addresses) {
            check_address(address)?;
        }
        let content = request.content.ok_or_else(|| bad_request("Content is required."))?;
        let said = match (content.simple, content.raw) {
            (Some(simple), None) => {
                if recipients == 0 {
                    return Err(bad_request("Must have at least one recipient"));
                }
                let from = request.from_email_address;
                simple.read(from.ok_or_else(|| bad_request("FromEmailAddress is required."))?)?
            }
            (None, Some(raw)) => {
                let bytes = STANDARD.decode(raw.data);
                Said::Raw(bytes.map_err(|error| bad_request(format!("Raw.Data is not base64: {error}")))?)
            }
            _ => return Err(bad_request("Exactly one of Simple, Raw and Template must be given.")),
        };
        Ok(Self { said, to, cc, reply_to: request.reply_to_addresses })
    }

    /// The e-mail as a file (RFC 5322).
    pub(super) fn written(&self, id: &str, now: Timestamp) -> Vec<u8> {
        let (from, subject, text, html) = match &self.said {
            Said::Raw(bytes) => return bytes.clone(),
            Said::Simple { from, subject, text, html } => (from, subject, text.as_deref(), html.as_deref()),
        };
        let mut head = vec![("From", from.clone()), ("To", self.to.join(", "))];
        for (name, addresses) in [("Cc", &self.cc), ("Reply-To", &self.reply_to)] {
            if !addresses.is_empty() {
                head.push((name, addresses.join(", ")));
            }
        }
        let date = now.to_zoned(jiff::tz::TimeZone::UTC).strftime("%a, %d %b %Y %H:%M:%S +0000").to_string();
        head.extend([
            ("Subject", mime::encoded(subject)),
            ("Date", date),
            ("Message-ID", format!("<{id}@embedded-aws.localhost>")),
            ("MIME-Version", "1.0".to_owned()),
        ]);
        mime::written(&head, text, html, id)
    }
}

impl Simple {
    fn read(self, from: String) -> Result<Said, Fault> {
        check_address(&from)?;
        let (text, html) = (self.body.text, self.body.html);
        if text.is_none() && html.is_none() {
            return Err(bad_request("Body must have Text or Html."));
        }
        for part in [Some(&self.subject), text.as_ref(), html.as_ref()].into_iter().flatten() {
            part.check()?;
        }
        if self.subject.data.contains(['\r', '\n']) {
            return Err(bad_request("Subject must not have line ends."));
        }
        let data = |part: Option<Text>| part.map(|part| part.data);
        Ok(Said::Simple { from, subject: self.subject.data, text: data(text), html: data(html) })
    }
}

impl Text {
    /// JSON has Unicode; the charset is how SES would write it.
    fn check(&self) -> Result<(), Fault> {
        match self.charset.as_deref().map(str::to_ascii_uppercase).as_deref() {
            None | Some("UTF-8") => Ok(()),
            Some("US-ASCII" | "7-BIT") if self.data.is_ascii() => Ok(()),
            Some(other) => Err(bad_request(format!("The embedded AWS does not write the charset {other}."))),
        }
    }
}

/// `ana@label.example`, or `Ana <ana@label.example>`.
fn check_address(address: &str) -> Result<(), Fault> {
    let bare =
        address.strip_suffix('>').and_then(|text| text.rsplit_once('<')).map_or(address, |(_, bare)| bare);
    let parts = bare.rsplit_once('@');
    let has_parts = parts.is_some_and(|(name, host)| !name.is_empty() && !host.is_empty());
    let plain = !address.chars().any(char::is_control) && !bare.contains(char::is_whitespace);
    if has_parts && plain && address.is_ascii() && address.len() <= LONGEST_ADDRESS {
        return Ok(());
    }
    Err(bad_request(format!("Illegal address: {address:?}")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn simple() -> serde_json::Value {
        json!({
            "FromEmailAddress": "Patchline <notices@label.example>",
            "Destination": { "ToAddresses": ["ana@label.example"] },
            "Content": { "Simple": {
                "Subject": { "Data": "Mira rises" }, "Body": { "Text": { "Data": "By 12 %." } }
            } }
        })
    }

    fn refused(request: &serde_json::Value) -> String {
        match Message::read(request.to_string().as_bytes()) {
            Ok(_) => String::new(),
            Err(fault) => format!("{}: {}", fault.code, fault.message),
        }
    }

    #[test]
    fn what_breaks_a_rule_is_refused_as_ses_does() {
        assert_eq!(refused(&simple()), "");
        let mut nobody = simple();
        nobody["Destination"]["ToAddresses"] = json!([]);
        assert_eq!(refused(&nobody), "BadRequestException: Must have at least one recipient");
        let mut two_lines = simple();
        two_lines["Content"]["Simple"]["Subject"]["Data"] = json!("Mira\r\nBcc: eve@evil.example");
        assert!(refused(&two_lines).contains("line ends"));
        let mut wrong = simple();
        wrong["Destination"]["ToAddresses"] = json!(["ana@label.example\r\nBcc: eve@evil.example"]);
        assert!(refused(&wrong).contains("Illegal address"));
        let mut template = simple();
        template["Content"] = json!({ "Template": { "TemplateName": "a" } });
        assert!(refused(&template).contains("Template"));
    }
}
