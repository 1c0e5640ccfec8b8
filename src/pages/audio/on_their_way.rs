//! Files on their way, each with its progress, its speed, the time that is left, and buttons to pause it, to let it go
//! on and to give it up; and what came of a form without JavaScript.

use super::AudioOutcome;
use super::upload::{Item, Items, Sent};
use crate::api::error::{AppError, ErrorKind};
use crate::components::icon::{Glyph, Icon};
use crate::components::naming_releases::NamingReleases;
use crate::model::release_file::FileUses;
use crate::pages::tools::form::base64::readable_size;
use crate::pages::tools::stream::Transfer;
use leptos::prelude::*;

/// The files on their way.
#[component]
pub fn OnTheirWay(
    /// Which.
    items: Items,
) -> impl IntoView {
    view! {
        <ul class="uploads" aria-label="Files on their way">
            <For each=move || items.all.get() key=|item| item.file.id let:item>
                <Line items=items item=item />
            </For>
        </ul>
    }
}

/// One file on its way.
#[component]
fn Line(items: Items, item: Item) -> impl IntoView {
    let Item { file, file_name, transfer, state, overwrite, uses, .. } = item.clone();
    let item = StoredValue::new(item);
    let id = file.id;
    let percent = move || (transfer.get().share() * 100.0).floor();
    let words = move || match state.get() {
        Sent::Queued => view! { <p role="status">"Others come first"</p> }.into_any(),
        Sent::Sending => view! { <p>{move || progress_in_words(transfer.get())}</p> }.into_any(),
        Sent::Waiting => {
            view! { <p role="status">"The connection is lost. It goes on as soon as it is back."</p> }
                .into_any()
        }
        Sent::Paused => view! { <p role="status">"Paused. What is there already stays."</p> }.into_any(),
        Sent::Stored => view! {
            <p class="tone-good upload-state" role="status">
                <Icon glyph=Glyph::Check />
                "Stored, and being checked."
            </p>
        }
        .into_any(),
        Sent::Refused(error) => view! {
            <Refusal error=error />
            {move || uses.get().map(|uses| view! { <Named uses=uses /> })}
        }
        .into_any(),
        Sent::Cancelled => view! { <p role="status">"Given up."</p> }.into_any(),
    };
    let name = file.name.clone();
    let bar = move || {
        let label = format!("Progress of {name}");
        state
            .with(Sent::is_under_way)
            .then(|| view! { <progress max="100" prop:value=percent aria-label=label></progress> })
    };
    let button = |text: &'static str, act: Callback<()>| {
        view! {
            <button type="button" class="button" on:click=move |_| act.run(())>
                {text}
            </button>
        }
    };
    let pause = Callback::new(move |()| state.set(Sent::Paused));
    let again = Callback::new(move |()| item.with_value(|item| items.again(item)));
    let cancel = Callback::new(move |()| item.with_value(|item| items.give_up(item)));
    let replace = Callback::new(move |()| {
        overwrite.set(true);
        again.run(());
    });
    let dismiss = Callback::new(move |()| items.dismiss(id));
    let buttons = move || match state.get() {
        Sent::Queued => view! { {button("Give up", cancel)} }.into_any(),
        Sent::Sending | Sent::Waiting => {
            view! { {button("Pause", pause)} {button("Give up", cancel)} }.into_any()
        }
        Sent::Paused => view! { {button("Go on", again)} {button("Give up", cancel)} }.into_any(),
        Sent::Refused(error) if error.kind == ErrorKind::Exists => {
            let is_named = uses.with(|uses| matches!(uses, Some(Ok(uses)) if !uses.is_empty()));
            let words = if is_named { "Replace it there, too" } else { "Replace it" };
            view! { {button(words, replace)} {button("Dismiss", dismiss)} }.into_any()
        }
        Sent::Refused(_) => view! { {button("Try again", again)} {button("Dismiss", dismiss)} }.into_any(),
        Sent::Stored | Sent::Cancelled => view! { {button("Dismiss", dismiss)} }.into_any(),
    };
    view! {
        <li class="upload">
            <p class="upload-name">
                <strong>{file.name}</strong>
                " "
                <span class="muted">{readable_size(file.bytes)} ", as " {file_name}</span>
            </p>
            {bar}
            {words}
            <div class="upload-actions">{buttons}</div>
        </li>
    }
}

/// `12.0 MB of 40.0 MB, 30 %, 6.0 MB/s, 5 s left`.
fn progress_in_words(transfer: Transfer) -> String {
    let words = transfer.words();
    match seconds_left(transfer) {
        Some(seconds) if seconds >= 60 => format!("{words}, {} min left", seconds.div_ceil(60)),
        Some(seconds) => format!("{words}, {seconds} s left"),
        None => words,
    }
}

/// None while nothing has been measured.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a time that is left is shown in whole seconds"
)]
fn seconds_left(transfer: Transfer) -> Option<u32> {
    let share = transfer.share();
    let seconds = transfer.millis / 1000.0 * (1.0 - share) / share;
    (transfer.millis > 1000.0 && seconds.is_finite()).then_some(seconds.ceil().clamp(0.0, 1e6) as u32)
}

/// Which releases change when a recording is replaced.
#[component]
fn Named(uses: Result<FileUses, AppError>) -> impl IntoView {
    match uses {
        Ok(uses) if uses.is_empty() => ().into_any(),
        Ok(uses) => view! {
            <p>
                "It is the master of a track of " <NamingReleases uses=uses />
                ". Whoever replaces it changes all of them."
            </p>
        }
        .into_any(),
        Err(error) => view! {
            <p>
                {format!("Which releases name it could not be looked up: {} {}", error.message, error.remedy)}
            </p>
        }
        .into_any(),
    }
}

/// Why a recording was refused: the reasons, and what to do.
#[component]
fn Refusal(error: AppError) -> impl IntoView {
    view! {
        <div class="upload-state tone-bad" role="alert">
            <Icon glyph=Glyph::Warning />
            <p>{reasons(&error)}</p>
        </div>
    }
}

/// The reasons in sentences. What is wrong with the file says more than that something is wrong.
fn reasons(error: &AppError) -> String {
    if error.kind == ErrorKind::Exists {
        return "A recording of this name is there already.".to_owned();
    }
    if error.fields.is_empty() {
        return format!("{} {}", error.message, error.remedy).trim().to_owned();
    }
    let sentences = error.fields.iter().map(|field| format!("{}.", field.message.trim_end_matches('.')));
    format!("Not stored: {}", sentences.collect::<Vec<_>>().join(" "))
}

/// What came of the form without JavaScript, file by file.
#[component]
pub fn Dropped(
    /// What came of it.
    outcome: AudioOutcome,
) -> impl IntoView {
    let AudioOutcome { files, error, .. } = outcome;
    view! {
        <section class="panel" aria-label="What came of the upload">
            {error.map(|error| view! { <Refusal error=error /> })}
            <ul class="uploads">
                {files
                    .into_iter()
                    .map(|file| {
                        let end = match file.error {
                            Some(error) => view! {
                                <Refusal error=error />
                                {file.uses.map(|uses| view! { <Named uses=Ok(uses) /> })}
                            }
                            .into_any(),
                            None => view! { <p>"Stored, and being checked."</p> }.into_any(),
                        };
                        view! {
                            <li class="upload">
                                <p class="upload-name">
                                    <strong>{file.name}</strong>
                                </p>
                                {end}
                            </li>
                        }
                    })
                    .collect_view()}
            </ul>
        </section>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::field::FieldError;

    #[test]
    fn the_time_that_is_left_follows_from_what_was_sent() {
        let transfer = |sent, millis| Transfer { sent, total: 100, millis };
        assert_eq!(seconds_left(transfer(25, 10_000.0)), Some(30));
        assert_eq!(seconds_left(transfer(0, 10_000.0)), None);
        assert_eq!(seconds_left(transfer(25, 500.0)), None);
        assert!(progress_in_words(transfer(1, 10_000.0)).ends_with("17 min left"));
    }

    #[test]
    fn the_reason_of_the_file_is_said() {
        let mut error = AppError::new(ErrorKind::Invalid, "The arguments are wrong.", "Correct them.");
        error.fields = vec![FieldError::new("file", "the content is not audio that Patchline knows")];
        assert_eq!(reasons(&error), "Not stored: the content is not audio that Patchline knows.");
    }
}
