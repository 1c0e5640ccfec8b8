//! How people are told of what was done for them: from which address e-mails come, and where webhooks may lead.

/// The longest address that mail knows (RFC 5321), and the longest name before it.
const LONGEST_ADDRESS: usize = 254;
const LONGEST_NAME: usize = 100;

/// From whom e-mails come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailFrom {
    whole: String,
    address: String,
}

impl MailFrom {
    /// The address, with the name before it where there is one.
    pub fn as_str(&self) -> &str {
        &self.whole
    }

    /// The address alone.
    pub fn address(&self) -> &str {
        &self.address
    }
}

/// Where webhooks may lead.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum WebhookAddresses {
    /// To the internet.
    #[default]
    Public,
    /// To private networks, too.
    Private,
    /// To this machine and nowhere else, without TLS, too: for trying them out.
    ThisMachine,
}

/// Reads `notices@label.example`, or `Patchline <notices@label.example>`.
pub(super) fn mail_from(text: &str) -> Result<MailFrom, String> {
    let (name, address) = match text.strip_suffix('>').and_then(|text| text.split_once('<')) {
        Some((name, address)) => (name.trim(), address),
        None => ("", text),
    };
    let parts = address.split_once('@').filter(|(name, host)| !name.is_empty() && host.contains('.'));
    let plain = |c: char| c.is_ascii_graphic() && !"<>()[],;:\\\"".contains(c);
    let is_address = parts.is_some_and(|(_, host)| !host.contains('@'))
        && address.chars().all(plain)
        && address.len() <= LONGEST_ADDRESS;
    let is_name = name.len() <= LONGEST_NAME
        && name.chars().all(|c| c == ' ' || c.is_ascii_alphanumeric() || ".-'".contains(c));
    if is_address && is_name {
        return Ok(MailFrom { whole: text.to_owned(), address: address.to_owned() });
    }
    Err("an address such as notices@label.example, or Patchline <notices@label.example>, is allowed"
        .to_owned())
}

/// Reads `public`, `private` or `this-machine`.
pub(super) fn webhook_addresses(text: &str) -> Result<WebhookAddresses, String> {
    match text {
        "public" => Ok(WebhookAddresses::Public),
        "private" => Ok(WebhookAddresses::Private),
        "this-machine" => Ok(WebhookAddresses::ThisMachine),
        _ => Err("allowed are public, private and this-machine".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_may_have_a_name() {
        for (text, address) in [
            ("notices@label.example", "notices@label.example"),
            ("Patchline <notices@label.example>", "notices@label.example"),
        ] {
            let from = mail_from(text).expect("it is an address");
            assert_eq!((from.as_str(), from.address()), (text, address));
        }
        for wrong in ["", "notices", "a@b", "a@b.c, d@e.f", "A\r\nBcc: x <a@b.c>", "<a@b.c", "a@b@c.d"] {
            assert!(mail_from(wrong).is_err(), "{wrong:?}");
        }
    }
}
