//! A recording to listen to: its waveform to zoom and seek in, how loud it is over time, marks for what was found,
//! and another recording beside it at the same loudness. Without JavaScript: the drawing, and the browser's player.

mod geometry;
mod levels;
mod seen;
mod sound;

use super::decimal::read_decimal;
use crate::model::recording::{LoudnessCurve, WaveformAsked, WaveformPart};
use geometry::View;
use leptos::ev;
use leptos::html;
use leptos::prelude::*;
use levels::{Levels, Source};
use seen::Seen;
use sound::Sound;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

/// Seconds of a step with an arrow key.
const STEP: f64 = 5.0;
/// Seconds that are heard before a place that was found.
const BEFORE: f64 = 2.0;

/// Asks for a part of a waveform; none where it cannot be had.
pub type Finer =
    Arc<dyn Fn(WaveformAsked) -> Pin<Box<dyn Future<Output = Option<WaveformPart>>>> + Send + Sync>;

/// A place that is marked.
#[derive(Debug, Clone, PartialEq)]
pub struct Mark {
    /// Where it begins, in seconds.
    pub from: f64,
    /// Where it ends.
    pub to: f64,
    /// Whether a store refuses it.
    pub is_error: bool,
}

/// Another recording to compare with.
#[derive(Debug, Clone, PartialEq)]
pub struct Other {
    /// What people call it.
    pub name: String,
    /// The address of its sound.
    pub url: String,
    /// Its integrated loudness, in LUFS.
    pub integrated: Option<f64>,
}

/// The address on the same page of a place to be heard.
pub fn seek_address(seconds: f64) -> String {
    format!("#t={seconds:.3}")
}

/// The place that the part of an address after `#` names.
fn place_of(hash: &str) -> Option<f64> {
    let seconds = read_decimal(hash.trim_start_matches('#').strip_prefix("t=")?)?;
    (seconds.is_finite() && seconds >= 0.0).then_some(seconds)
}

/// Plays a recording.
#[component]
pub fn Player(
    /// The recording, as the finer waveform is asked for.
    id: String,
    /// What people call it.
    name: String,
    /// The address of its sound.
    url: String,
    /// Its length, in seconds.
    seconds: f64,
    /// Its waveform as a whole.
    waveform: WaveformPart,
    /// The waveforms of left and right; empty where it has no two channels.
    sides: Vec<WaveformPart>,
    /// How loud it is over time.
    curve: LoudnessCurve,
    /// Its integrated loudness, in LUFS.
    integrated: Option<f64>,
    /// Places that are marked.
    marks: Vec<Mark>,
    /// Another recording to compare with.
    other: Option<Other>,
    /// Draws parts of the waveform finer.
    finer: Finer,
) -> impl IntoView {
    let length = seconds.max(0.1);
    let seen = Seen::whole(length);
    let position = RwSignal::new(0.0_f64);
    let (audio, beside) = (NodeRef::<html::Audio>::new(), NodeRef::<html::Audio>::new());
    let hears_other = RwSignal::new(false);
    let loudness = (integrated, other.as_ref().and_then(|other| other.integrated));
    let sound = Sound { audio, beside, hears_other, loudness };
    let whole = StoredValue::new(waveform);
    let (has_sides, shows_sides) = (sides.len() == 2, RwSignal::new(false));
    let source = Source { id: StoredValue::new(id), finer: StoredValue::new(finer) };
    let levels = Levels::of(source, None, Signal::derive(move || !shows_sides.get()), seen);
    let side_levels: Vec<Levels> = (1_u32..)
        .zip(&sides)
        .map(|(channel, _)| Levels::of(source, Some(channel), shows_sides.into(), seen))
        .collect();
    let go_to = move |seconds: f64| {
        let to = seconds.clamp(0.0, length);
        sound.seek(to);
        position.set(to);
        seen.change(|view| view.follow(to));
    };
    // A place that was found is heard with what is before it.
    Effect::new(move |_| {
        let hear = move |hash: String| {
            if let Some(place) = place_of(&hash) {
                go_to((place - BEFORE).max(0.0));
                sound.play();
            }
        };
        // A page that is opened at a place stands there, and plays when somebody wants it to.
        if let Some(place) = place_of(&window().location().hash().unwrap_or_default()) {
            go_to((place - BEFORE).max(0.0));
        }
        let listener = window_event_listener_untyped("hashchange", move |_| {
            hear(window().location().hash().unwrap_or_default());
        });
        on_cleanup(move || listener.remove());
    });
    let heard = move |_| {
        let now = sound.position();
        position.set(now);
        seen.change(|view| view.follow(now));
        sound.keep_together();
    };
    let key = move |event: ev::KeyboardEvent| {
        // Those belong to the browser and to the system.
        if event.ctrl_key() || event.meta_key() || event.alt_key() {
            return;
        }
        let now = position.get_untracked();
        let fine = if event.shift_key() { 10.0 } else { 1.0 };
        match event.key().as_str() {
            " " => sound.toggle(),
            "ArrowLeft" => go_to(now - STEP / fine),
            "ArrowRight" => go_to(now + STEP / fine),
            "Home" => go_to(0.0),
            "End" => go_to(length),
            "+" | "=" => seen.change(|view| view.zoom(0.5, now)),
            "-" => seen.change(|view| view.zoom(2.0, now)),
            "0" => seen.change(|view| *view = View::whole(length)),
            "c" | "C" if has_sides => shows_sides.update(|shows| *shows = !*shows),
            _ => return,
        }
        event.prevent_default();
    };
    let places = StoredValue::new(marks.iter().map(|mark| (mark.from, mark.to)).collect::<Vec<_>>());
    let point = move |event: ev::PointerEvent| {
        let Some(fraction) = super::browser::fraction_across(&event) else { return };
        let view = seen.get_untracked();
        let (place, near) = (view.at(fraction), view.near());
        let found = |(from, to): &&(f64, f64)| place >= *from - near && place <= *to + near;
        match places.with_value(|places| places.iter().find(found).copied()) {
            Some((from, _)) => {
                go_to((from - BEFORE).max(0.0));
                sound.play();
            }
            None => go_to(place),
        }
    };
    let wheel = move |event: ev::WheelEvent| {
        // Without a key the wheel scrolls the page, as it does elsewhere.
        if event.ctrl_key() {
            event.prevent_default();
            let factor = if event.delta_y() < 0.0 { 0.8 } else { 1.25 };
            let around = position.get_untracked();
            seen.change(|view| view.zoom(factor, around));
        }
    };
    let path = move || {
        if shows_sides.get() {
            return String::new();
        }
        let view = seen.get();
        levels.draw(view, |part| match part {
            Some(part) => geometry::path(part, view),
            None => whole.with_value(|whole| geometry::path(whole, view)),
        })
    };
    let line = StoredValue::new(curve);
    let loud = move || line.with_value(|curve| geometry::curve_path(curve, seen.get()));
    let cursor = move || format!("translate({} 0)", geometry::across(seen.get(), position.get()));
    let now = move || clock(position.get());
    let label = format!("Position in {name}");
    // Before there is a script it takes no key, and is a picture only.
    let takes_keys = RwSignal::new(false);
    Effect::new(move |_| takes_keys.set(true));
    let compared = other.as_ref().map(|other| how_loud(&other.name, loudness));
    view! {
        <section class="panel player" aria-label=format!("Player of {name}")>
            <div
                class="player-wave"
                role=move || takes_keys.get().then_some("slider")
                tabindex=move || takes_keys.get().then_some("0")
                aria-label=move || takes_keys.get().then(|| label.clone())
                aria-valuemin=move || takes_keys.get().then_some("0")
                aria-valuemax=move || takes_keys.get().then(|| format!("{length:.1}"))
                aria-valuenow=move || takes_keys.get().then(|| format!("{:.1}", position.get()))
                aria-valuetext=move || takes_keys.get().then(now)
                on:keydown=key
                on:pointerdown=point
                on:wheel=wheel
            >
                <svg viewBox="0 0 1000 200" preserveAspectRatio="none" aria-hidden="true" focusable="false">
                    <line class="player-axis" x1="0" x2="1000" y1="100" y2="100"></line>
                    <path class="player-shape" d=path></path>
                    <Sides sides=sides levels=side_levels seen=seen shown=shows_sides />
                    <path class="player-loudness" d=loud></path>
                    <Marks marks=marks seen=seen />
                    <line class="player-cursor" x1="0" x2="0" y1="0" y2="200" transform=cursor></line>
                </svg>
            </div>
            <div class="player-controls">
                <audio
                    controls
                    preload="metadata"
                    src=url
                    node_ref=audio
                    aria-label=format!("Sound of {name}")
                    on:timeupdate=heard
                    on:seeked=heard
                    on:play=move |_| sound.begin_beside()
                    on:pause=move |_| sound.pause_beside()
                ></audio>
                <span class="player-now needs-script">{now} " of " {clock(length)}</span>
                <span class="player-zoom needs-script" role="group" aria-label="Zoom">
                    <button
                        type="button"
                        class="button"
                        on:click=move |_| seen.change(|view| view.zoom(0.5, position.get_untracked()))
                    >
                        "Closer"
                    </button>
                    <button
                        type="button"
                        class="button"
                        on:click=move |_| seen.change(|view| view.zoom(2.0, position.get_untracked()))
                    >
                        "Wider"
                    </button>
                    <button type="button" class="button" on:click=move |_| seen.change(|view| *view = View::whole(length))>
                        "Whole"
                    </button>
                </span>
                {has_sides.then(|| view! { <SidesSwitch shown=shows_sides /> })}
                {other
                    .map(|other| {
                        view! { <Beside name=name.clone() other=other beside=beside sound=sound hears_other=hears_other /> }
                    })}
            </div>
            <p class="audio-quiet needs-script">
                "Space plays and pauses, arrows go 5 s (with Shift 0.5 s), Home and End to the ends, + and − zoom, 0 shows \
                 the whole. The line is the short-term loudness."
                {has_sides.then_some(" C shows both channels, left above and right below.")}
                {compared}
            </p>
        </section>
    }
}

/// The waveforms of left, above, and right, below, while they are shown.
#[component]
fn Sides(
    /// The whole of both.
    sides: Vec<WaveformPart>,
    /// What has been drawn finer of both.
    levels: Vec<Levels>,
    seen: Seen,
    shown: RwSignal<bool>,
) -> impl IntoView {
    let drawn = sides.into_iter().zip(levels).zip([false, true]).map(|((side, levels), is_second)| {
        let path = move || {
            if !shown.get() {
                return String::new();
            }
            let view = seen.get();
            levels.draw(view, |part| geometry::side_path(part.unwrap_or(&side), view, is_second))
        };
        view! { <path class="player-shape" d=path></path> }
    });
    drawn.collect_view()
}

/// Switches between the mix of both channels and each for itself.
#[component]
fn SidesSwitch(shown: RwSignal<bool>) -> impl IntoView {
    view! {
        <button
            type="button"
            class="button player-sides needs-script"
            aria-pressed=move || shown.get().to_string()
            on:click=move |_| shown.update(|shows| *shows = !*shows)
        >
            "Left and right"
        </button>
    }
}

/// Switches between both recordings, without a gap.
#[component]
fn Beside(
    name: String,
    other: Other,
    beside: NodeRef<html::Audio>,
    sound: Sound,
    hears_other: RwSignal<bool>,
) -> impl IntoView {
    let hear = move |is_other: bool| {
        hears_other.set(is_other);
        sound.switch();
    };
    let pressed = move |is_other: bool| move || (hears_other.get() == is_other).to_string();
    view! {
        <span class="player-versions needs-script" role="group" aria-label="Which version is heard">
            <button type="button" class="button" aria-pressed=pressed(false) on:click=move |_| hear(false)>
                "A: " {name}
            </button>
            <button type="button" class="button" aria-pressed=pressed(true) on:click=move |_| hear(true)>
                "B: " {other.name.clone()}
            </button>
        </span>
        <audio preload="auto" src=other.url node_ref=beside muted aria-label=format!("Sound of {}", other.name)></audio>
    }
}

/// Where something was found: all that is refused as one shape, and all that is to be looked at as another.
#[component]
fn Marks(marks: Vec<Mark>, seen: Seen) -> impl IntoView {
    let shapes = [(false, "player-mark"), (true, "player-mark is-error")].map(|(is_error, class)| {
        let marks = marks.iter().filter(|mark| mark.is_error == is_error);
        let places = geometry::in_order(marks.map(|mark| (mark.from, mark.to)).collect());
        let path = move || geometry::marks_path(&places, seen.get());
        view! { <path class=class d=path></path> }
    });
    shapes.collect_view()
}

/// How loud both are that are compared.
fn how_loud(other: &str, loudness: (Option<f64>, Option<f64>)) -> String {
    if let (Some(_), Some(_)) = loudness {
        return format!(" Compared with {other} at equal loudness: the louder one is turned down.");
    }
    let which = if loudness.1.is_none() { "the other one" } else { "this one" };
    format!(" Compared with {other}, each as loud as it is: the loudness of {which} is not known.")
}

/// A place to a tenth of a second: `1:02.5`.
fn clock(seconds: f64) -> String {
    let tenths = geometry::whole((seconds.max(0.0) * 10.0).floor());
    format!("{}.{}", super::format::duration(tenths / 10), tenths % 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_an_address_and_comes_back() {
        assert_eq!(seek_address(12.5), "#t=12.500");
        assert_eq!(place_of("#t=12.500"), Some(12.5));
        assert_eq!((place_of("#t=-1"), place_of("#t=x"), place_of("#main")), (None, None, None));
    }

    #[test]
    fn a_loudness_that_is_not_known_is_not_said_to_be_equal() {
        assert!(how_loud("B", (Some(-9.0), Some(-14.0))).contains("at equal loudness"));
        assert!(how_loud("B", (Some(-9.0), None)).contains("of the other one is not known"));
        assert!(how_loud("B", (None, Some(-9.0))).contains("of this one is not known"));
    }

    #[test]
    fn the_clock_shows_tenths() {
        assert_eq!((clock(62.58), clock(-1.0)), ("1:02.5".to_owned(), "0:00.0".to_owned()));
    }
}
