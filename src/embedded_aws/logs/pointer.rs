//! Pointers to single events, as `@ptr` and the ids of events show them.

/// How the pointer to the event of this number is written.
pub(crate) fn written(number: i64) -> String {
    format!("{number:032x}")
}

/// The number of the event, if the text is a pointer.
pub(crate) fn number(pointer: &str) -> Option<i64> {
    let is_hexadecimal = pointer.bytes().all(|byte| byte.is_ascii_hexdigit());
    if pointer.len() == 32 && is_hexadecimal { i64::from_str_radix(pointer, 16).ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pointer_leads_back_to_its_number() {
        assert_eq!(number(&written(123_456_789)), Some(123_456_789));
        for wrong in ["", "7", "+0000000000000000000000000000001", &"f".repeat(32), &"z".repeat(32)] {
            assert_eq!(number(wrong), None, "{wrong}");
        }
    }
}
