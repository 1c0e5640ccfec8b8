//! The forms of `/imports` and `/imports/{id}`: `POST` brings a file, piece by piece, or decides about one, and leads
//! to its page. `POST /imports/fetch` fetches the figures of the source. `GET /export/imports/{id}` tells the lines that cannot be used as CSV.

use super::caller::Caller;
use super::error::RestError;
use super::export::{csv_lines, file, harmless};
use super::router::AppState;
use super::{pages, visitors};
use crate::api::error::AppError;
use crate::engine::Engine;
use crate::engine::gateway::{CallError, CallErrorKind, Channel, Origin, Principal};
use crate::engine::imports::{
    BeginImport, BeginImportInput, MapImport, MapImportInput, PreviewImport, ReadImportProblems, RunImport,
    UndoImport, VersionInput,
};
use crate::model::import::MappingForm;
use crate::pages::imports::{FILE, ImportRefused, PATH, address_of};
use axum::body::{Body, Bytes};
use axum::extract::multipart::Field;
use axum::extract::{ConnectInfo, Form, FromRequest, Multipart, Path, Request, State};
use axum::http::request::Parts;
use axum::http::{Uri, header};
use axum::response::{IntoResponse, Redirect, Response};
use futures::StreamExt;
use futures::stream;
use std::net::SocketAddr;
use tokio::sync::mpsc;

/// What the audit log calls forms that could not be read.
const BRING: &str = "POST /imports";
const DECIDE: &str = "POST /imports/{id}";

/// Pieces of a file that wait to be stored.
const PIECES: usize = 4;

/// What is to be done with a file that is too large.
const SPLIT: &str =
    "Split the export by month, and bring the parts one after the other: lines that come twice count once.";

/// How much of a file is read on that is refused, so that its sender reads why.
const LINGER_BYTES: usize = 64 * 1024 * 1024;

fn sender(parts: &Parts) -> (Principal, Origin) {
    let address = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip());
    let origin = visitors::with_session(Origin::new(Channel::Page, address), parts);
    (visitors::principal(parts), origin)
}

/// Keeps a file, and leads to its page.
pub(super) async fn bring(State(state): State<AppState>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let (person, origin) = sender(&parts);
    let announced = announced(&parts);
    let request = Request::from_parts(parts.clone(), one_by_one(body));
    let sent = Multipart::from_request(request, &()).await;
    let begun = match sent {
        Ok(form) => begin(&state.engine, &person, &origin, form, announced).await,
        Err(rejection) => {
            let error = unreadable(&rejection.body_text());
            Err(state.engine.gateway.refused(&person, &origin, BRING, error))
        }
    };
    match begun {
        Ok(id) => Redirect::to(&address_of(&id)).into_response(),
        Err(error) => pages::with(&state, parts, ImportRefused(AppError::from(error))).await,
    }
}

/// Fetches the figures of the source, and leads to the page of their import.
pub(super) async fn fetch(State(state): State<AppState>, request: Request) -> Response {
    let (mut parts, _) = request.into_parts();
    let (person, origin) = sender(&parts);
    match state.engine.imports.fetch(&person, &origin).await {
        Ok(id) => Redirect::to(&address_of(&id)).into_response(),
        Err(error) => {
            // The page that says why is that of all imports.
            parts.uri = Uri::from_static(PATH);
            pages::with(&state, parts, ImportRefused(AppError::from(error))).await
        }
    }
}

async fn begin(
    engine: &Engine,
    person: &Principal,
    origin: &Origin,
    mut form: Multipart,
    announced_bytes: Option<u64>,
) -> Result<String, CallError> {
    let refused = |error| engine.gateway.refused(person, origin, BRING, error);
    loop {
        let field = form.next_field().await.map_err(|error| refused(unreadable(&error.to_string())))?;
        let Some(field) = field else {
            let error = CallError::new(
                CallErrorKind::Invalid,
                "No file was picked.",
                "Pick a file, then press “Check the file”.",
            );
            return Err(refused(error));
        };
        if field.name() != Some(FILE) || field.file_name().is_none_or(str::is_empty) {
            continue;
        }
        let file_name = field.file_name().unwrap_or_default().to_owned();
        let (pieces, taken) = mpsc::channel(PIECES);
        let content = stream::unfold(taken, |mut taken| async move {
            let piece: Result<Bytes, String> = taken.recv().await?;
            Some((piece, taken))
        });
        let input = BeginImportInput { file_name, announced_bytes, content: content.boxed() };
        let (begun, ()) =
            tokio::join!(engine.imports.call::<BeginImport>(person, origin, input), send(field, pieces));
        return begun.map_err(split);
    }
}

/// A body that gives one piece at a time. Whoever reads a form takes all that is there into memory, and a sender who is
/// faster than the store would fill it. The first is given at once: a form that does not begin with its first piece is
/// taken for one that was broken off when it ends with the second.
fn one_by_one(body: Body) -> Body {
    Body::from_stream(body.into_data_stream().enumerate().then(|(number, piece)| async move {
        if number > 0 {
            tokio::task::yield_now().await;
        }
        piece
    }))
}

/// The size of the form that its sender announces.
fn announced(parts: &Parts) -> Option<u64> {
    parts.headers.get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse().ok())
}

/// Says what is to be done with a file that is too large.
fn split(error: CallError) -> CallError {
    if error.kind == CallErrorKind::TooLarge {
        return CallError { remedy: SPLIT.to_owned(), ..error };
    }
    error
}

/// Hands the pieces of a file on as they come.
async fn send(mut field: Field<'_>, pieces: mpsc::Sender<Result<Bytes, String>>) {
    let mut unwanted = 0;
    loop {
        let piece = match field.chunk().await {
            Ok(Some(piece)) => Ok(piece),
            Ok(None) => return,
            Err(error) => Err(error.to_string()),
        };
        let (is_end, length) = (piece.is_err(), piece.as_ref().map_or(0, Bytes::len));
        if pieces.send(piece).await.is_err() {
            // A connection that is closed in the middle of a body shows its sender no reason.
            unwanted += length;
        }
        if is_end || unwanted > LINGER_BYTES {
            return;
        }
    }
}

/// Decides about an import; where that cannot be done, its page says why.
pub(super) async fn decide(
    State(state): State<AppState>,
    Path(id): Path<String>,
    request: Request,
) -> Response {
    let (parts, body) = request.into_parts();
    let (person, origin) = sender(&parts);
    let sent =
        Form::<Vec<(String, String)>>::from_request(Request::from_parts(parts.clone(), body), &()).await;
    let done = match sent {
        Ok(Form(fields)) => step(&state.engine, &person, &origin, &id, &fields).await,
        Err(rejection) => {
            let error = unreadable(&rejection.body_text());
            Err(state.engine.gateway.refused(&person, &origin, DECIDE, error))
        }
    };
    match done {
        Ok(()) => Redirect::to(&address_of(&id)).into_response(),
        Err(error) => pages::with(&state, parts, ImportRefused(AppError::from(error))).await,
    }
}

async fn step(
    engine: &Engine,
    person: &Principal,
    origin: &Origin,
    id: &str,
    fields: &[(String, String)],
) -> Result<(), CallError> {
    let imports = &engine.imports;
    let version = field(fields, "version").parse().unwrap_or_default();
    let seen = || VersionInput { id: id.to_owned(), version };
    match field(fields, "step") {
        "map" => {
            let input = MapImportInput { id: id.to_owned(), version, form: mapping(fields) };
            imports.call::<MapImport>(person, origin, input).await
        }
        "check" => imports.call::<PreviewImport>(person, origin, seen()).await,
        "run" => imports.call::<RunImport>(person, origin, seen()).await,
        "undo" => imports.call::<UndoImport>(person, origin, seen()).await,
        other => {
            let message = format!("{other:?} is nothing that can be done with an import.");
            let error = CallError::new(CallErrorKind::Invalid, message, "Go back to the page of the import.");
            Err(engine.gateway.refused(person, origin, DECIDE, error))
        }
    }
}

fn field<'f>(fields: &'f [(String, String)], name: &str) -> &'f str {
    fields.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value.as_str())
}

/// What the form says. Names that nobody knows come with what is chosen for them, in the same order.
fn mapping(fields: &[(String, String)]) -> MappingForm {
    let all = |name: &str| {
        fields.iter().filter(|(known, _)| known == name).map(|(_, value)| value.clone()).collect::<Vec<_>>()
    };
    let one = |name: &str| field(fields, name).to_owned();
    MappingForm {
        layout: one("layout"),
        columns: all("column"),
        order: one("order"),
        mark: one("mark"),
        platform: one("platform"),
        artist: one("artist"),
        day: one("day"),
        currency: one("currency"),
        artists: all("name").into_iter().zip(all("whom")).collect(),
    }
}

fn unreadable(detail: &str) -> CallError {
    let message = format!("The form could not be read: {detail}.");
    CallError::new(CallErrorKind::Invalid, message, format!("Go back to {PATH} and send it again."))
}

/// The lines of an import that cannot be used, as a table none of whose cells is a formula.
pub(super) async fn problems(
    State(engine): State<Engine>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Response, RestError> {
    let answer = engine.gateway.call::<ReadImportProblems>(&caller.principal, &caller.origin, id).await?;
    let head = ["line", "column", "value", "reason"].map(str::to_owned).to_vec();
    let rows = answer.output.into_iter().map(|problem| {
        let cells = [problem.column, problem.value, problem.reason];
        std::iter::once(problem.line.to_string()).chain(cells.iter().map(|cell| harmless(cell))).collect()
    });
    let content = csv_lines(std::iter::once(head).chain(rows));
    Ok(file("problems.csv", "text/csv; charset=utf-8", content))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_name_comes_with_whom_it_means() {
        let fields = [
            ("column", "day"),
            ("column", "streams"),
            ("name", "A"),
            ("whom", "art_1"),
            ("name", "B"),
            ("whom", ""),
        ];
        let fields: Vec<_> = fields.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect();
        let read = mapping(&fields);
        assert_eq!(read.columns, ["day", "streams"]);
        let told: Vec<_> = read.artists.iter().map(|(name, whom)| (name.as_str(), whom.as_str())).collect();
        assert_eq!(told, [("A", "art_1"), ("B", "")]);
    }
}
