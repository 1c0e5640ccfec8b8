//! The text of a search field that stands in the address, too.

use leptos::html;
use leptos::prelude::*;

/// What the viewer typed comes back through the address, perhaps when more has been typed. Only a text
/// from elsewhere (a link, the back button) is put into the field.
#[derive(Debug, Clone, Copy)]
pub(crate) struct TypedText {
    last: StoredValue<String>,
    on_the_way: StoredValue<Vec<String>>,
}

impl TypedText {
    /// Keeps the field at what the address says.
    pub(crate) fn follow(address: Signal<String>, field: NodeRef<html::Input>) -> Self {
        let typed = Self {
            last: StoredValue::new(address.get_untracked()),
            on_the_way: StoredValue::new(Vec::new()),
        };
        Effect::new(move |_| {
            let text = address.get();
            if !typed.came_back(&text)
                && typed.last.get_value() != text
                && let Some(field) = field.get_untracked()
            {
                field.set_value(&text);
                typed.last.set_value(text);
            }
        });
        typed
    }

    /// Notes a text that is about to go into the address; false when it is there already.
    pub(crate) fn asks(self, text: &str) -> bool {
        if self.last.with_value(|last| last == text) {
            return false;
        }
        self.last.set_value(text.to_owned());
        self.on_the_way.update_value(|texts| texts.push(text.to_owned()));
        true
    }

    /// Whether the text is one that went into the address from here. Those before it were overtaken.
    fn came_back(self, text: &str) -> bool {
        let place = self.on_the_way.with_value(|texts| texts.iter().position(|asked| asked == text));
        if let Some(place) = place {
            self.on_the_way.update_value(|texts| drop(texts.drain(..=place)));
        }
        place.is_some()
    }
}
