//! What stands in a text area.

/// The text of a text area as HTML. Not a child, because an empty child is rendered as a space, which
/// the person would then send. HTML drops a line end at the beginning, so one is put before it.
pub fn as_content(text: &str) -> String {
    let escaped = text.replace('&', "&amp;").replace('<', "&lt;");
    if escaped.starts_with('\n') { format!("\n{escaped}") } else { escaped }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_area_shows_its_text_and_nothing_else() {
        assert_eq!(as_content("</textarea> &amp;"), "&lt;/textarea> &amp;amp;");
        assert_eq!(as_content("\nline"), "\n\nline");
        assert_eq!(as_content(""), "");
    }
}
