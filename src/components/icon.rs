//! Icons: strokes on a grid of 20, drawn in the colour of the text around them.

use super::markup::Markup;
use leptos::prelude::*;
use leptos::tachys::html::InertElement;

/// What an icon shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Glyph {
    /// A level meter: the overview.
    Meter,
    /// A microphone: artists.
    Microphone,
    /// A record: releases.
    Record,
    /// An open book: knowledge.
    Book,
    /// Faders: tools.
    Faders,
    /// A magnifying glass.
    Search,
    /// Three lines: the menu.
    Menu,
    /// A panel folding to the left.
    Fold,
    /// The sun.
    Sun,
    /// The moon.
    Moon,
    /// A screen: as the system has it.
    Screen,
    /// Two sheets.
    Copy,
    /// A tick.
    Check,
    /// An arrow up to the right.
    Rise,
    /// An arrow down to the right.
    Fall,
    /// A level line: no change.
    Level,
    /// A triangle with an exclamation mark.
    Warning,
    /// A circle with an i.
    Information,
    /// A padlock.
    Lock,
    /// A question mark.
    Question,
    /// An arrow to the right.
    Forward,
    /// A small angle to the left.
    Left,
    /// A small angle to the right.
    Right,
    /// A sheet of a calendar.
    Calendar,
    /// A pencil.
    Pencil,
    /// A crossed circle: taken down.
    Withdrawn,
    /// A list with bullets: a playlist.
    Playlist,
    /// A newspaper.
    Press,
    /// A stage.
    Stage,
    /// A frame of a film.
    Film,
    /// Two arrows in a circle: once more.
    Again,
    /// A sine wave: where this product lives.
    Wave,
    /// A cross: away with it.
    Remove,
    /// A heartbeat: health.
    Pulse,
    /// A dial: performance.
    Dial,
    /// Lines of different length behind a prompt: logs.
    Log,
    /// A head and shoulders: somebody.
    Person,
    /// A key: of a program.
    Key,
    /// A globe: the market.
    Globe,
    /// An arrow into a tray: what is brought in.
    Tray,
}

/// The element of an icon of this path, as the document has it.
macro_rules! element {
    ($path:literal) => {
        concat!(
            r#"<svg class="icon" viewBox="0 0 20 20" width="20" height="20" aria-hidden="true"><path d=""#,
            $path,
            r#""/></svg>"#
        )
    };
}

impl Glyph {
    /// The whole element: screen readers skip it, as it stands beside a word that says the same.
    fn element(self) -> &'static str {
        match self {
            Glyph::Person => {
                element!("M13 6.5a3 3 0 1 1-6 0 3 3 0 0 1 6 0ZM4 16.5c.5-3.2 2.9-5 6-5s5.5 1.8 6 5")
            }
            Glyph::Key => {
                element!(
                    "M10.4 9.6a3.6 3.6 0 1 1-5.1 5.1 3.6 3.6 0 0 1 5.1-5.1ZM10.4 9.6 16.8 3.2M13.4 6.6l2.6 2.6"
                )
            }
            Glyph::Globe => {
                element!(
                    "M17 10a7 7 0 1 1-14 0 7 7 0 0 1 14 0ZM3 10h14M10 3c2 2 2.8 4.4 2.8 7S12 15 10 17c-2-2-2.8-4.4-2.8-7S8 5 10 3Z"
                )
            }
            Glyph::Tray => element!("M10 3v8.5M6.5 8.2 10 11.6l3.5-3.4M3.5 12v4.5h13V12"),
            Glyph::Meter => element!("M4 16v-4M8 16V7M12 16v-7M16 16V4"),
            Glyph::Microphone => {
                element!(
                    "M10 2.8a2.7 2.7 0 0 1 2.7 2.7v4a2.7 2.7 0 0 1-5.4 0v-4A2.7 2.7 0 0 1 10 2.8ZM4.8 9.3a5.2 5.2 0 0 0 10.4 0M10 14.5v2.7"
                )
            }
            Glyph::Record => {
                element!(
                    "M17 10a7 7 0 1 1-14 0 7 7 0 0 1 14 0ZM11.8 10a1.8 1.8 0 1 1-3.6 0 1.8 1.8 0 0 1 3.6 0Z"
                )
            }
            Glyph::Book => {
                element!(
                    "M10 5.4C8.3 4.2 6 3.7 3 3.9v11.2c3-.2 5.3.3 7 1.5 1.7-1.2 4-1.7 7-1.5V3.9c-3-.2-5.3.3-7 1.5ZM10 5.4v11.2"
                )
            }
            Glyph::Faders => element!("M5 3v7M5 14v3M10 3v2M10 9v8M15 3v8M15 15v2M3 12h4M8 7h4M13 13h4"),
            Glyph::Search => element!("M13 8.7a4.7 4.7 0 1 1-9.4 0 4.7 4.7 0 0 1 9.4 0ZM12 12l4.6 4.6"),
            Glyph::Menu => element!("M3 6h14M3 10h14M3 14h14"),
            Glyph::Fold => element!("M3.5 4.5h13v11h-13zM8 4.5v11M13.4 8l-2 2 2 2"),
            Glyph::Sun => {
                element!(
                    "M13.2 10a3.2 3.2 0 1 1-6.4 0 3.2 3.2 0 0 1 6.4 0ZM10 2.4v1.8M10 15.8v1.8M2.4 10h1.8M15.8 10h1.8M4.6 4.6l1.3 1.3M14.1 14.1l1.3 1.3M15.4 4.6l-1.3 1.3M5.9 14.1l-1.3 1.3"
                )
            }
            Glyph::Moon => element!("M16.4 11.6A6.8 6.8 0 0 1 8.4 3.6a6.8 6.8 0 1 0 8 8Z"),
            Glyph::Screen => element!("M3 4h14v9.5H3zM7.5 16.5h5M10 13.5v3"),
            Glyph::Copy => element!("M7 7h9v9.5H7zM13 7V3.5H4V13h3"),
            Glyph::Check => element!("M4 10.6l4 4L16.2 6"),
            Glyph::Rise => element!("M4.5 14.5l10-9M8 5h6.8v6.6"),
            Glyph::Fall => element!("M4.5 5.5l10 9M8 15h6.8V8.4"),
            Glyph::Level => element!("M4 10h12"),
            Glyph::Warning => element!("M10 3.2 17.6 16.4H2.4ZM10 8v3.8M10 14.1v.2"),
            Glyph::Information => element!("M17 10a7 7 0 1 1-14 0 7 7 0 0 1 14 0ZM10 9.2v4.3M10 6.4v.2"),
            Glyph::Lock => element!("M4.5 9h11v7.5h-11zM7 9V6.4a3 3 0 0 1 6 0V9"),
            Glyph::Question => {
                element!(
                    "M17 10a7 7 0 1 1-14 0 7 7 0 0 1 14 0ZM8 8.2a2 2 0 1 1 2.9 1.8c-.6.3-.9.7-.9 1.4M10 13.7v.2"
                )
            }
            Glyph::Forward => element!("M3.5 10h13M11.5 5l5 5-5 5"),
            Glyph::Left => element!("M12 5l-5 5 5 5"),
            Glyph::Right => element!("M8 5l5 5-5 5"),
            Glyph::Calendar => element!("M3.5 5h13v11.5h-13zM3.5 8.7h13M7 3v3.4M13 3v3.4"),
            Glyph::Pencil => element!("M4 16l.8-3.4L13.4 4 16 6.6l-8.6 8.6ZM11.6 5.8l2.6 2.6"),
            Glyph::Withdrawn => element!("M17 10a7 7 0 1 1-14 0 7 7 0 0 1 14 0ZM5.2 14.8l9.6-9.6"),
            Glyph::Playlist => element!("M3.5 5.5h9M3.5 9.5h9M3.5 13.5h5M12.5 11.6v4.8l4-2.4Z"),
            Glyph::Press => {
                element!(
                    "M3.5 4h10.5v12.5H5a1.5 1.5 0 0 1-1.5-1.5ZM14 8h2.8v7a1.5 1.5 0 0 1-2.8 0M6.3 7.2h5M6.3 10.2h5M6.3 13.2h3"
                )
            }
            Glyph::Stage => {
                element!(
                    "M3 14.5h14M5 14.5v2.5M15 14.5v2.5M10 3v3M5.5 4.2l1.6 2.6M14.5 4.2l-1.6 2.6M7 11.5a3 3 0 0 1 6 0"
                )
            }
            Glyph::Film => {
                element!(
                    "M3 4.5h14v11H3zM6.5 4.5v11M13.5 4.5v11M3 8.2h3.5M3 11.8h3.5M13.5 8.2H17M13.5 11.8H17"
                )
            }
            Glyph::Again => {
                element!(
                    "M15.8 8A6.2 6.2 0 0 0 4.6 7M4.2 12a6.2 6.2 0 0 0 11.2 1M4.3 3.6V7h3.4M15.7 16.4V13h-3.4"
                )
            }
            Glyph::Remove => element!("M5.5 5.5l9 9M14.5 5.5l-9 9"),
            Glyph::Pulse => element!("M2.5 10.5h3.2l2-5.5 3.6 10 2.2-6 .9 1.5h3.1"),
            Glyph::Dial => element!("M4.6 15.2a7 7 0 1 1 10.8 0M10 11.4l3.2-4.2M10 11.4v.1"),
            Glyph::Log => element!("M3.2 4.2 5.6 6 3.2 7.8M8.5 6h8.3M3.5 10.6h9.5M3.5 14.8h13.3"),
            Glyph::Wave => element!("M2.5 10c1.9-8 3.7-8 5.6 0s3.7 8 5.6 0c1-4 2-5.6 3.8-5.6"),
        }
    }
}

/// An icon beside a word that says the same: screen readers skip it. It is one text in the program, because each page
/// has dozens of them.
#[component]
pub fn Icon(
    /// What it shows.
    glyph: Glyph,
) -> impl IntoView {
    InertElement::new(glyph.element())
}

/// The same as [`Icon`], as text.
pub(crate) fn write_icon(markup: &mut Markup, glyph: Glyph) {
    markup.html(glyph.element());
}
