//! One file of a release: what is named now, which other releases name it, too, and the form with which it is replaced.

use super::file_problem::{of_file, picker};
use super::files::{EVERYWHERE, FILE, Failed, SUBJECT, VERSION};
use super::master_upload::MasterUpload;
use crate::api::error::AppError;
use crate::components::naming_releases::NamingReleases;
use crate::components::permitted::may;
use crate::model::identifier::ReleaseId;
use crate::model::release_file::{FilePlace, FilePurpose, FileUses, NewReleaseFile};
use crate::pages::audio::on_their_way::OnTheirWay;
use crate::pages::audio::upload::picked_in;
use leptos::html;
use leptos::prelude::*;

/// What pickers offer first. The server looks at the content.
const PICTURES: &str = "image/png,image/jpeg,image/tiff";
const MASTERS: &str = "audio/*,.wav,.wave,.bwf,.rf64,.aif,.aiff,.flac,.m4a,.mp4,.mp3,.aac,.ogg,.oga";

/// What a form says of its file: what it is, what it may be, and the words of its button.
struct Words {
    label: &'static str,
    button: &'static str,
    help: &'static str,
    accepted: &'static str,
}

impl Words {
    fn of(place: &FilePlace) -> Self {
        let (label, button) = match (place.purpose(), place.named.is_some()) {
            (FilePurpose::Cover, true) => ("New cover", "Replace the cover"),
            (FilePurpose::Cover, false) => ("Cover", "Upload the cover"),
            (FilePurpose::Master, true) => ("New master", "Replace the master"),
            (FilePurpose::Master, false) => ("Master", "Upload the master"),
        };
        let (help, accepted) = match place.purpose() {
            FilePurpose::Cover => {
                ("PNG or JPEG in RGB, square, 3000 × 3000 pixels or more, at most 16 MiB.", PICTURES)
            }
            FilePurpose::Master => (
                "WAV, FLAC or ALAC with 16 or 24 bits, up to 5 GiB. The content decides, not the name.",
                MASTERS,
            ),
        };
        Self { label, button, help, accepted }
    }
}

/// A file of a release.
#[component]
pub fn FileForm(
    /// The release.
    release_id: ReleaseId,
    /// The version of it that is shown.
    version: u32,
    /// What the file is called in forms.
    subject: String,
    /// What people call it.
    name: String,
    /// Its place.
    place: FilePlace,
    /// The other releases that name it.
    uses: FileUses,
    /// Why a form that was sent came to nothing.
    problem: Option<AppError>,
    /// The master that is sent from the page.
    upload: MasterUpload,
) -> impl IntoView {
    let is_cover = place.purpose() == FilePurpose::Cover;
    let may_store = may(if is_cover { "upload_artwork" } else { "upload_audio_stream" });
    let heading = format!("file-{subject}");
    let now = match &place.named {
        Some(named) => view! { "Named in the release: " <code>{named.clone()}</code> }.into_any(),
        None => view! { "No file is named yet." }.into_any(),
    };
    let may_replace = may_store && !uses.is_kept;
    // What is wrong with the file stands at its field, and only there.
    let at_field = problem.as_ref().filter(|_| may_replace).and_then(of_file);
    let problem = problem.filter(|_| at_field.is_none());
    let shared = (place.is_shared && may_replace)
        .then_some(" Another track names the same file, so that the new one gets a name of its own.");
    let form = if may_store && uses.is_kept {
        let words =
            "The label has chosen this file: it is not in the artist's folder. Ask the label to replace it.";
        view! { <p>{words}</p> }.into_any()
    } else if may_store {
        let uses = if place.is_shared { FileUses::default() } else { uses };
        let new = NewReleaseFile {
            release_id,
            subject,
            expected_version: version,
            file_name: String::new(),
            everywhere: String::new(),
        };
        view! { <Picking new=new place=place uses=uses at_field=at_field upload=upload /> }.into_any()
    } else {
        let words = "You may not upload this file. Ask a producer of the label to, or name a file that is there already among the details of the release.";
        view! { <p>{words}</p> }.into_any()
    };
    view! {
        <section class="panel release-file" aria-labelledby=heading.clone()>
            <h2 id=heading.clone()>{name}</h2>
            <p class="details-version">{now} {shared}</p>
            {problem.map(|error| view! { <Failed error=error /> })}
            {form}
        </section>
    }
}

/// The form. With a script a master is sent in parts, and its progress is shown; without, and for a cover, it is sent
/// as it is.
#[component]
fn Picking(
    /// The file, as far as it is known before it is picked.
    new: NewReleaseFile,
    place: FilePlace,
    uses: FileUses,
    /// What is wrong with the file that was sent.
    at_field: Option<String>,
    upload: MasterUpload,
) -> impl IntoView {
    let action = format!("/releases/{}/files", new.release_id);
    let Words { label, button, help, accepted } = Words::of(&place);
    let field = picker(&new.subject);
    let help_id = format!("{field}-help");
    let at_field = at_field.map(|message| (format!("{field}-error"), message));
    let described = match &at_field {
        Some((error_id, _)) => format!("{help_id} {error_id}"),
        None => help_id.clone(),
    };
    let is_wrong = at_field.is_some().then_some("true");
    let picked = NodeRef::<html::Input>::new();
    let agreed = RwSignal::new(false);
    let own = new.subject.clone();
    let is_own = Memo::new(move |_| upload.is_of(&own));
    let in_parts = place.purpose() == FilePurpose::Master && may("begin_upload");
    let (subject, version, consent) = (new.subject.clone(), new.expected_version, uses.consent());
    let agreement = consent.clone();
    let send = move |event: leptos::ev::SubmitEvent| {
        if !in_parts {
            return;
        }
        event.prevent_default();
        if let Some(file) = picked_in(picked).into_iter().next() {
            let everywhere = if agreed.get_untracked() { agreement.clone() } else { String::new() };
            let file_name = file.name.clone();
            upload.send(NewReleaseFile { file_name, everywhere, ..new.clone() }, file);
        }
    };
    let purpose = place.purpose();
    view! {
        <form class="details-form" method="post" enctype="multipart/form-data" action=action on:submit=send>
            <input type="hidden" name=SUBJECT value=subject />
            <input type="hidden" name=VERSION value=version.to_string() />
            {(!uses.is_empty())
                .then(|| {
                    view! {
                        <NamedElsewhere
                            uses=uses
                            consent=consent
                            purpose=purpose
                            agreed=agreed
                        />
                    }
                })}
            <div class="field">
                <label for=field.clone()>{label}</label>
                <input
                    type="file"
                    id=field
                    name=FILE
                    required
                    accept=accepted
                    aria-describedby=described
                    aria-invalid=is_wrong
                    node_ref=picked
                />
                <p class="field-help" id=help_id>
                    {help}
                </p>
                {at_field
                    .map(|(id, message)| {
                        view! {
                            <p class="field-error" id=id>
                                {message}
                            </p>
                        }
                    })}
            </div>
            <button type="submit" class="button is-primary" disabled=move || upload.is_busy()>
                {button}
            </button>
            {move || {
                (upload.is_busy() && !is_own.get())
                    .then(|| view! { <p class="field-help">"Another file is on its way. This one can be sent after it."</p> })
            }}
        </form>
        {move || is_own.get().then(|| view! { <LastSent upload=upload /> })}
    }
}

/// How far the master is that was sent last, or why it came to nothing.
#[component]
fn LastSent(upload: MasterUpload) -> impl IntoView {
    view! {
        {move || upload.problem.get().map(|error| view! { <Failed error=error /> })}
        <OnTheirWay items=upload.items />
    }
}

/// The other releases that name the file, and the question whether it is replaced for them, too.
#[component]
fn NamedElsewhere(
    uses: FileUses,
    /// What is agreed to.
    consent: String,
    purpose: FilePurpose,
    agreed: RwSignal<bool>,
) -> impl IntoView {
    let named = match purpose {
        FilePurpose::Master => "The same file is the master of a track of ",
        FilePurpose::Cover => "The same file is the cover of ",
    };
    view! {
        <div class="notice tone-warning">
            <div>
                <p>
                    {named} <NamingReleases uses=uses />
                    ". Unless you want it replaced there, too, the new one gets a name of its own, and nothing changes there."
                </p>
                <label>
                    <input
                        type="checkbox"
                        name=EVERYWHERE
                        value=consent
                        prop:checked=agreed
                        on:change=move |event| agreed.set(event_target_checked(&event))
                    />
                    " Replace it there, too"
                </label>
            </div>
        </div>
    }
}
