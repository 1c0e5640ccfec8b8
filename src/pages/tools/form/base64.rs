//! What the form has to know of base64: whether a text is some, and how large the file is.
//!
//! The browser encodes and the tool decodes; here nothing is converted.

/// Says what is wrong with a text that should be standard base64 with padding (RFC 4648 §4).
///
/// # Errors
/// A sentence for the person at the form.
pub fn check(text: &str) -> Result<(), String> {
    let data = text.trim_end_matches('=');
    let padding = text.len() - data.len();
    let stranger =
        data.chars().find(|character| !(character.is_ascii_alphanumeric() || "+/".contains(*character)));
    if let Some(stranger) = stranger {
        return Err(format!("This is not base64: it contains “{stranger}”."));
    }
    if padding > 2 || !text.len().is_multiple_of(4) {
        return Err(
            "This is not base64: its length is not a multiple of four, so something is missing.".to_owned()
        );
    }
    Ok(())
}

/// How many bytes a base64 text stands for.
pub fn decoded_length(text: &str) -> u64 {
    let data = text.trim_end_matches('=').len() as u64;
    data / 4 * 3 + (data % 4).saturating_sub(1)
}

/// A size as people say it: `3.1 MB`.
pub fn readable_size(bytes: u64) -> String {
    const UNITS: [&str; 4] = ["kB", "MB", "GB", "TB"];
    if bytes < 1000 {
        return format!("{bytes} bytes");
    }
    #[expect(clippy::cast_precision_loss, reason = "one decimal is shown")]
    let mut size = bytes as f64 / 1000.0;
    let mut unit = 0;
    while size >= 999.95 && unit + 1 < UNITS.len() {
        size /= 1000.0;
        unit += 1;
    }
    format!("{size:.1} {}", UNITS[unit])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_is_told_from_other_text() {
        for good in ["", "TQ==", "TWE=", "TWFu", "+/+/"] {
            assert_eq!(check(good), Ok(()), "{good}");
        }
        for bad in ["TQ", "T===", "TWF-", "T Q=", "TQ=a", "é"] {
            assert!(check(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn the_size_of_the_file_is_known_without_decoding_it() {
        assert_eq!(["", "TQ==", "TWE=", "TWFu", "TWFuTQ=="].map(decoded_length), [0, 1, 2, 3, 4]);
    }

    #[test]
    fn sizes_read_as_people_say_them() {
        assert_eq!(readable_size(999), "999 bytes");
        assert_eq!(readable_size(1000), "1.0 kB");
        assert_eq!(readable_size(999_999), "1.0 MB");
        assert_eq!(readable_size(3_100_000), "3.1 MB");
    }
}
