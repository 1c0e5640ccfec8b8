//! HTML as one text, for what a page repeats many times and what only shows.
//!
//! A table of fifty rows is more than a thousand nodes. As views, each is an object that the server makes
//! and the browser finds again; as a text, all of them are a copy.

/// HTML that is safe to put into a document: literals of the program, numbers, and texts that went
/// through [`Markup::text`].
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Markup(String);

impl Markup {
    /// Nothing yet, with room for so many bytes.
    pub(crate) fn with_capacity(bytes: usize) -> Self {
        Self(String::with_capacity(bytes))
    }

    /// HTML as it stands in the program.
    pub(crate) fn html(&mut self, html: &'static str) -> &mut Self {
        self.0.push_str(html);
        self
    }

    /// A text from anywhere, between tags or in an attribute's double quotes.
    pub(crate) fn text(&mut self, text: &str) -> &mut Self {
        html_escape::encode_double_quoted_attribute_to_string(text, &mut self.0);
        self
    }

    /// A number, without grouping.
    pub(crate) fn number(&mut self, number: u64) -> &mut Self {
        self.0.push_str(itoa::Buffer::new().format(number));
        self
    }

    /// The text, for `inner_html`.
    pub(crate) fn into_string(self) -> String {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_cannot_become_an_element_or_leave_its_attribute() {
        let mut markup = Markup::default();
        markup.html("<b title=\"").text("\" onclick=\"x").html("\">").text("<i> & more").html("</b>");
        assert_eq!(markup.into_string(), "<b title=\"&quot; onclick=&quot;x\">&lt;i&gt; &amp; more</b>");
    }
}
