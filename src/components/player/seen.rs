//! The part of a recording that is seen. However often another one is asked for between two frames of the screen, it is
//! drawn once; and what stays as it is is not drawn again.

use super::geometry::View;
use leptos::prelude::*;

/// What is seen.
#[derive(Clone, Copy)]
pub(super) struct Seen {
    drawn: RwSignal<View>,
    wanted: StoredValue<View>,
    is_due: StoredValue<bool>,
}

impl Seen {
    /// All of a recording of this length, in seconds.
    pub(super) fn whole(length: f64) -> Self {
        let view = View::whole(length);
        Self { drawn: RwSignal::new(view), wanted: StoredValue::new(view), is_due: StoredValue::new(false) }
    }

    /// What is drawn; whoever asks is told when it changes.
    pub(super) fn get(self) -> View {
        self.drawn.get()
    }

    /// What is drawn.
    pub(super) fn get_untracked(self) -> View {
        self.drawn.get_untracked()
    }

    /// Asks for another part, which is drawn with the next frame. Only in a browser.
    pub(super) fn change(self, change: impl FnOnce(&mut View)) {
        self.wanted.update_value(change);
        if self.is_due.get_value() || self.wanted.get_value() == self.drawn.get_untracked() {
            return;
        }
        self.is_due.set_value(true);
        request_animation_frame(move || {
            // The page may have been left in the meantime.
            let Some(view) = self.wanted.try_get_value() else { return };
            self.is_due.set_value(false);
            if self.drawn.try_get_untracked().is_some_and(|drawn| drawn != view) {
                self.drawn.set(view);
            }
        });
    }
}
