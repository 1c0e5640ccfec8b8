//! Decimals as people type them.

/// Reads a decimal with a point; none where the text is none.
///
/// In the browser the browser does it: what Rust needs for that is tables of ten kilobytes that do not compress, in
/// the part that each page loads.
pub(crate) fn read_decimal(text: &str) -> Option<f64> {
    let is_decimal = |character: char| character.is_ascii_digit() || "+-.eE".contains(character);
    if text.is_empty() || !text.chars().all(is_decimal) {
        return None;
    }
    #[cfg(feature = "hydrate")]
    let number = f64::try_from(wasm_bindgen::JsValue::from_str(text)).ok().filter(|number| !number.is_nan());
    #[cfg(not(feature = "hydrate"))]
    let number = text.parse().ok();
    number
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_decimal_is_none() {
        assert_eq!(
            ["12.5", "-3", "1e3", ".5"].map(read_decimal),
            [Some(12.5), Some(-3.0), Some(1000.0), Some(0.5)]
        );
        assert_eq!(["", "x", "1,5", "inf", "NaN", "1-2", "0x10", " 1"].map(read_decimal), [None; 8]);
    }
}
