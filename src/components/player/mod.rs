//! A recording to listen to: its waveform to zoom and seek in, how loud it is over time, marks for what was found,
//! and another recording beside it at the same loudness. Without JavaScript: the drawing, and the browser's player.

mod geometry;
mod sound;

use super::decimal::read_decimal;
use crate::model::recording::{LoudnessCurve, WaveformAsked, WaveformPart};
use geometry::View;
use leptos::ev;
use leptos::html;
use leptos::prelude::*;
use sound::Sound;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

/// Seconds of a step with an arrow key.
const STEP: f64 = 5.0;
/// Seconds that are heard before a place that was found.
const BEFORE: f64 = 2.0;
/// How long the view has to stand still before a finer waveform is asked for.
const PAUSE: Duration = Duration::from_millis(250);

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
    /// What was found there.
    pub label: String,
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
    let view = RwSignal::new(View::whole(length));
    let position = RwSignal::new(0.0_f64);
    let (audio, beside) = (NodeRef::<html::Audio>::new(), NodeRef::<html::Audio>::new());
    let hears_other = RwSignal::new(false);
    let loudness = (integrated, other.as_ref().and_then(|other| other.integrated));
    let sound = Sound { audio, beside, hears_other, loudness };
    let whole = StoredValue::new(waveform);
    let (has_sides, shows_sides) = (sides.len() == 2, RwSignal::new(false));
    let part = RwSignal::new(None::<WaveformPart>);
    let side_parts: Vec<_> = sides.iter().map(|_| RwSignal::new(None::<WaveformPart>)).collect();
    let source = Source { id: StoredValue::new(id), finer: StoredValue::new(finer) };
    draw_finer(source, None, Signal::derive(move || !shows_sides.get()), view, part);
    for (channel, part) in (1_u32..).zip(&side_parts) {
        draw_finer(source, Some(channel), Signal::derive(move || shows_sides.get()), view, *part);
    }
    let seek = move |seconds: f64| {
        let to = seconds.clamp(0.0, length);
        sound.seek(to);
        position.set(to);
        view.update(|view| view.follow(to));
    };
    // A place that was found is heard with what is before it.
    Effect::new(move |_| {
        let hear = move |hash: String| {
            if let Some(place) = place_of(&hash) {
                seek((place - BEFORE).max(0.0));
                sound.play();
            }
        };
        let listener = window_event_listener_untyped("hashchange", move |_| {
            hear(window().location().hash().unwrap_or_default());
        });
        on_cleanup(move || listener.remove());
    });
    let heard = move |_| {
        let now = sound.position();
        position.set(now);
        view.update(|view| view.follow(now));
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
            "ArrowLeft" => seek(now - STEP / fine),
            "ArrowRight" => seek(now + STEP / fine),
            "Home" => seek(0.0),
            "End" => seek(length),
            "+" | "=" => view.update(|view| view.zoom(0.5, now)),
            "-" => view.update(|view| view.zoom(2.0, now)),
            "0" => view.set(View::whole(length)),
            "c" | "C" if has_sides => shows_sides.update(|shows| *shows = !*shows),
            _ => return,
        }
        event.prevent_default();
    };
    let places = StoredValue::new(marks.iter().map(|mark| (mark.from, mark.to)).collect::<Vec<_>>());
    let point = move |event: ev::PointerEvent| {
        let Some(fraction) = super::browser::fraction_across(&event) else { return };
        let place = view.with_untracked(|view| view.at(fraction));
        let near = view.with_untracked(|view| view.near());
        let found = |(from, to): &&(f64, f64)| place >= *from - near && place <= *to + near;
        match places.with_value(|places| places.iter().find(found).copied()) {
            Some((from, _)) => {
                seek((from - BEFORE).max(0.0));
                sound.play();
            }
            None => seek(place),
        }
    };
    let wheel = move |event: ev::WheelEvent| {
        // Without a key the wheel scrolls the page, as it does elsewhere.
        if event.ctrl_key() {
            event.prevent_default();
            let factor = if event.delta_y() < 0.0 { 0.8 } else { 1.25 };
            let around = position.get_untracked();
            view.update(|view| view.zoom(factor, around));
        }
    };
    let path = move || {
        if shows_sides.get() {
            return String::new();
        }
        let view = view.get();
        part.with(|part| match part.as_ref().filter(|part| geometry::covers(part, view)) {
            Some(part) => geometry::path(part, view),
            None => whole.with_value(|whole| geometry::path(whole, view)),
        })
    };
    let line = StoredValue::new(curve);
    let loud = move || line.with_value(|curve| geometry::curve_path(curve, view.get()));
    let cursor = move || geometry::across(view.get(), position.get());
    let now = move || clock(position.get());
    let label = format!("Position in {name}");
    // Before there is a script it takes no key, and is a picture only.
    let takes_keys = RwSignal::new(false);
    Effect::new(move |_| takes_keys.set(true));
    let other_name = other.as_ref().map(|other| other.name.clone());
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
                    <Sides sides=sides parts=side_parts view=view shown=shows_sides />
                    <path class="player-loudness" d=loud></path>
                    <Marks marks=marks view=view />
                    <line class="player-cursor" x1=cursor x2=cursor y1="0" y2="200"></line>
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
                        on:click=move |_| view.update(|view| view.zoom(0.5, position.get_untracked()))
                    >
                        "Closer"
                    </button>
                    <button
                        type="button"
                        class="button"
                        on:click=move |_| view.update(|view| view.zoom(2.0, position.get_untracked()))
                    >
                        "Wider"
                    </button>
                    <button type="button" class="button" on:click=move |_| view.set(View::whole(length))>
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
                {other_name.map(|other| format!(" Compared with {other} at equal loudness: the louder one is turned down."))}
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
    parts: Vec<RwSignal<Option<WaveformPart>>>,
    view: RwSignal<View>,
    shown: RwSignal<bool>,
) -> impl IntoView {
    let drawn = sides.into_iter().zip(parts).zip([false, true]).map(|((side, part), is_second)| {
        let path = move || {
            if !shown.get() {
                return String::new();
            }
            let view = view.get();
            part.with(|part| {
                let part = part.as_ref().filter(|part| geometry::covers(part, view));
                geometry::side_path(part.unwrap_or(&side), view, is_second)
            })
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

/// Where something was found.
#[component]
fn Marks(marks: Vec<Mark>, view: RwSignal<View>) -> impl IntoView {
    let marks = marks.into_iter().map(|mark| {
        let class = if mark.is_error { "player-mark is-error" } else { "player-mark" };
        let (from, to) = (mark.from, mark.to);
        let x = move || geometry::across(view.get(), from);
        let width = move || geometry::width(view.get(), from, to);
        view! {
            <rect class=class x=x y="0" width=width height="200" data-label=mark.label></rect>
        }
    });
    marks.collect_view()
}

/// Which recording is drawn finer, and by what.
#[derive(Clone, Copy)]
struct Source {
    id: StoredValue<String>,
    finer: StoredValue<Finer>,
}

/// Asks for a finer waveform of a channel, from 1, or of all mixed, while that is shown, when the view stands still and
/// what is there is too coarse for it.
fn draw_finer(
    source: Source,
    channel: Option<u32>,
    is_shown: Signal<bool>,
    view: RwSignal<View>,
    part: RwSignal<Option<WaveformPart>>,
) {
    let ask = move |view: View| {
        let Some(finer) = source.finer.try_get_value() else { return };
        let Some(id) = source.id.try_get_value() else { return };
        leptos::task::spawn_local(async move {
            let (from, to) = view.with_margin();
            let asked = WaveformAsked { id, samples_per_pixel: view.samples_per_pixel(), from, to, channel };
            let drawn = finer(asked).await;
            // The page may have been left in the meantime.
            if drawn.is_some() {
                part.try_set(drawn);
            }
        });
    };
    let mut ask_soon = debounce(PAUSE, ask);
    Effect::new(move |_| {
        let view = view.get();
        let is_there = part.with_untracked(|part| {
            part.as_ref().is_some_and(|part| geometry::covers(part, view) && geometry::is_fine(part, view))
        });
        if is_shown.get() && view.is_zoomed() && !is_there {
            ask_soon(view);
        }
    });
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
    fn the_clock_shows_tenths() {
        assert_eq!((clock(62.58), clock(-1.0)), ("1:02.5".to_owned(), "0:00.0".to_owned()));
    }
}
