//! An e-mail as a file: head, and its text in base64, in one part or in two.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// Bytes of a line of base64, before they are encoded (RFC 2045 has lines of 76 characters).
const LINE: usize = 57;

/// Bytes of a word of a head, before they are encoded: an encoded word has 75 characters at most (RFC 2047).
const WORD: usize = 42;

/// A text as a field of a head: as it is where it is plain, else in encoded words.
pub(super) fn encoded(text: &str) -> String {
    if text.chars().all(|c| c == ' ' || c.is_ascii_graphic()) && !text.contains("=?") {
        return text.to_owned();
    }
    let mut words = vec![String::new()];
    for c in text.chars() {
        match words.last_mut() {
            Some(word) if word.len() + c.len_utf8() <= WORD => word.push(c),
            _ => words.push(c.to_string()),
        }
    }
    let encoded = words.iter().map(|word| format!("=?UTF-8?B?{}?=", STANDARD.encode(word)));
    encoded.collect::<Vec<_>>().join("\r\n ")
}

/// The whole file.
pub(super) fn written(head: &[(&str, String)], text: Option<&str>, html: Option<&str>, id: &str) -> Vec<u8> {
    let head = head.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect::<Vec<_>>().concat();
    let rest = match (text, html) {
        (Some(text), Some(html)) => {
            let boundary = format!("part-{id}");
            let (text, html) = (part("plain", text), part("html", html));
            format!(
                "Content-Type: multipart/alternative; boundary=\"{boundary}\"\r\n\r\n--{boundary}\r\n{text}\
                 --{boundary}\r\n{html}--{boundary}--\r\n"
            )
        }
        (Some(text), None) => part("plain", text),
        (None, html) => part("html", html.unwrap_or_default()),
    };
    format!("{head}{rest}").into_bytes()
}

fn part(kind: &str, text: &str) -> String {
    let lines = text.as_bytes().chunks(LINE).map(|line| format!("{}\r\n", STANDARD.encode(line)));
    let lines = lines.collect::<Vec<_>>().concat();
    format!("Content-Type: text/{kind}; charset=UTF-8\r\nContent-Transfer-Encoding: base64\r\n\r\n{lines}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_head_beyond_ascii_is_read_back_as_it_was() {
        let subject = "Müde Träume: 12 % mehr als im Oktober, sagt die Auswertung für „Mira“";
        let encoded = encoded(subject);
        assert!(encoded.is_ascii() && encoded.split("\r\n ").all(|word| word.len() <= 75), "{encoded}");
        let decoded = rfc2047_decoder::decode(encoded.as_bytes()).expect("encoded words");
        assert_eq!(decoded, subject);
        assert_eq!(super::encoded("Plain"), "Plain");
    }
}
