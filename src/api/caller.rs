//! Who calls a server function, and the way from there to the gateway and back.

use super::error::{AppError, ErrorKind, FieldError};
use crate::engine::Engine;
use crate::engine::gateway::{CallError, CallErrorKind, Channel, Origin, Principal};
use crate::engine::identity::{SignedIn, Unrecognised};
use crate::engine::tools::Operation;
use crate::engine::tools::music::GetWaveform;
use crate::engine::tools::views::{ListKeys, ListOwnKeys};
use crate::model::acting_program::ActingPrograms;
use crate::model::automation::{AutomationList, AutomationPage, AutomationView};
use crate::model::confirmation::WaysToConfirm;
use crate::model::fleet::FleetView;
use crate::model::key::OwnKeys;
use crate::model::own_account::{DeedBy, Deeds, OwnAccount};
use crate::model::policy::{PolicyAnswer, PolicyQuestion, PolicyView};
use crate::model::policy_review::PolicyReview;
use crate::model::recording::{WaveformAsked, WaveformPart};
use crate::model::settings::{OwnLimits, SettingsView};
use crate::model::task::{TaskList, TaskQuery, TaskView};
use crate::model::task_share::{SharedTaskView, TaskShare};
use crate::model::tool::ToolRun;
use crate::model::user::{UserChanged, UserForm, UserView};
use crate::model::user_artists::{ArtistsForm, UserArtists};
use crate::model::user_sessions::UserSessions;
use axum::extract::ConnectInfo;
use axum::http::request::Parts;
use axum::http::{HeaderValue, header};
use leptos::prelude::{use_context, with_context};
use leptos_axum::ResponseOptions;
use serde_json::{Map, Value};
use std::net::SocketAddr;

/// What a person does where the arguments mean several things.
const CHOOSE: &str = "Choose the one that you mean.";

/// The caller of a server function.
pub(super) struct Caller {
    pub(super) engine: Engine,
    pub(super) principal: Principal,
    origin: Origin,
}

/// Reads the caller out of the request that is being answered.
pub(super) fn caller() -> Result<Caller, AppError> {
    let engine = engine()?;
    // Read where it lies: a copy of it would be one of every header.
    match with_context(|parts: &Parts| known(parts, engine)) {
        Some(found) => found.map_err(answered),
        None => Err(AppError::new(ErrorKind::Internal, "There is no request to answer.", "Reload the page.")),
    }
}

/// Who makes a request. That nobody knows them is on record.
fn known(parts: &Parts, engine: Engine) -> Result<Caller, CallError> {
    let address = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip());
    let origin = Origin::new(Channel::Page, address);
    if let Some(SignedIn { principal, session, confirmation }) = parts.extensions.get::<SignedIn>() {
        let session = Some(session.chars().take(16).collect());
        let origin = Origin { session, confirmation: *confirmation, ..origin };
        return Ok(Caller { engine, principal: principal.clone(), origin });
    }
    let error = match parts.extensions.get::<Unrecognised>() {
        Some(Unrecognised(error)) => error.clone(),
        None => CallError::new(
            CallErrorKind::Unauthenticated,
            "Nobody is signed in, or the session has ended.",
            "Sign in, then try again.",
        ),
    };
    let operation = format!("{} {}", parts.method, parts.uri.path());
    Err(engine.gateway.refused(&Principal::unknown(), &origin, &operation, error))
}

/// What is told to whoever has not signed in: nothing of the label.
pub(super) fn engine() -> Result<Engine, AppError> {
    use_context::<Engine>().ok_or_else(not_connected)
}

fn not_connected() -> AppError {
    AppError::new(ErrorKind::Internal, "The engine is not connected to this page.", "Tell an admin.")
}

impl Caller {
    /// Does an operation at the gateway.
    pub(super) async fn call<O: Operation>(self, input: O::Input) -> Result<O::Output, AppError> {
        let answer = self.engine.gateway.call::<O>(&self.principal, &self.origin, input).await;
        answer.map(|answer| answer.output).map_err(answered)
    }

    /// The same, or in a sentence why there is no answer: what it is about is not there, or its service is not.
    /// For parts of a page without which the rest is as good.
    pub(super) async fn call_if_there<O: Operation>(
        self,
        input: O::Input,
    ) -> Result<Result<O::Output, String>, AppError> {
        let answer = self.engine.gateway.call::<O>(&self.principal, &self.origin, input).await;
        match answer {
            Ok(answer) => Ok(Ok(answer.output)),
            Err(error) if matches!(error.kind, CallErrorKind::NotFound | CallErrorKind::Unavailable) => {
                Ok(Err(error.message))
            }
            Err(error) => Err(answered(error)),
        }
    }

    /// The fleet, or one server of it.
    pub(super) async fn view_fleet(self, server: Option<String>) -> Result<FleetView, AppError> {
        let answer = self.engine.gateway.view_fleet(&self.principal, &self.origin, server).await;
        answer.map(|answer| answer.output).map_err(answered)
    }

    /// The keys of the caller, and what they may choose from for another.
    pub(super) async fn own_keys(self) -> Result<OwnKeys, AppError> {
        let servers = self.engine.names_of_servers();
        let sees_all = self.engine.gateway.offers(&self.principal, ListKeys::NAME);
        let keys = self.call::<ListOwnKeys>(()).await?;
        Ok(OwnKeys { keys, servers, sees_all })
    }

    /// The policy as it holds.
    pub(super) async fn view_policy(self) -> Result<PolicyView, AppError> {
        let answer = self.engine.gateway.view_policy(&self.principal, &self.origin).await;
        answer.map(|answer| answer.output).map_err(answered)
    }

    /// Whether somebody may do something.
    pub(super) async fn try_policy(self, question: PolicyQuestion) -> Result<PolicyAnswer, AppError> {
        let answer = self.engine.gateway.try_policy(&self.principal, &self.origin, question).await;
        answer.map(|answer| answer.output).map_err(answered)
    }

    /// What rules would have denied lately.
    pub(super) async fn policy_report(self) -> Result<PolicyReview, AppError> {
        self.engine.gateway.policy_report(&self.principal, &self.origin).await.map_err(answered)
    }

    /// Limits, budgets and the configuration.
    pub(super) async fn view_settings(self) -> Result<SettingsView, AppError> {
        let answer = self.engine.gateway.view_settings(&self.principal, &self.origin).await;
        answer.map(|answer| answer.output).map_err(answered)
    }

    /// What is left to the caller.
    pub(super) async fn own_limits(self) -> Result<OwnLimits, AppError> {
        let answer = self.engine.gateway.own_limits(&self.principal, &self.origin).await;
        answer.map(|answer| answer.output).map_err(answered)
    }

    /// How the caller can show once more who they are.
    pub(super) async fn ways_to_confirm(self) -> Result<WaysToConfirm, AppError> {
        let ways = self.engine.identity.ways_to_confirm(&self.principal.id).await;
        ways.map_err(|error| {
            let (principal, origin) = (&self.principal, &self.origin);
            answered(self.engine.gateway.refused(principal, origin, "confirm_identity", error.into()))
        })
    }

    /// The caller's own account.
    pub(super) async fn own_account(self) -> Result<OwnAccount, AppError> {
        self.engine.people().own_account(&self.principal, &self.origin).await.map_err(answered)
    }

    /// What the caller, their keys and agents for them did, or one kind of these.
    pub(super) async fn own_activity(self, by: Option<DeedBy>) -> Result<Deeds, AppError> {
        self.engine.people().own_activity(&self.principal, &self.origin, by).await.map_err(answered)
    }

    /// The programs that act for the caller with access tokens.
    pub(super) async fn own_programs(self) -> Result<ActingPrograms, AppError> {
        self.engine.people().own_programs(&self.principal, &self.origin).await.map_err(answered)
    }

    /// Ends a session of the caller.
    pub(super) async fn end_own_session(self, session: String) -> Result<(), AppError> {
        let people = self.engine.people();
        people.end_own_session(&self.principal, &self.origin, session).await.map_err(answered)
    }

    /// Everybody who may sign in, or might again.
    pub(super) async fn users(self) -> Result<Vec<UserView>, AppError> {
        self.engine.people().list(&self.principal, &self.origin).await.map_err(answered)
    }

    /// Somebody's artists, and others that are looked for.
    pub(super) async fn user_artists(self, form: ArtistsForm) -> Result<UserArtists, AppError> {
        self.engine.people().artists(&self.principal, &self.origin, form).await.map_err(answered)
    }

    /// Where somebody is signed in.
    pub(super) async fn user_sessions(self, user: String) -> Result<UserSessions, AppError> {
        self.engine.people().sessions(&self.principal, &self.origin, user).await.map_err(answered)
    }

    /// Does something with somebody's account.
    pub(super) async fn change_user(self, form: UserForm) -> Result<UserChanged, AppError> {
        let parts = use_context::<Parts>();
        let host = parts.as_ref().and_then(|parts| parts.headers.get(header::HOST));
        let host = host.and_then(|host| host.to_str().ok());
        let people = self.engine.people();
        people.change(&self.principal, &self.origin, form, host).await.map_err(answered)
    }

    /// A page of the caller's tasks.
    pub(super) async fn tasks(self, query: TaskQuery) -> Result<TaskList, AppError> {
        self.engine.supervisor.list(&self.principal, &self.origin, query).await.map_err(answered)
    }

    /// A task of the caller.
    pub(super) async fn task(self, id: &str) -> Result<TaskView, AppError> {
        self.engine.supervisor.view(&self.principal, &self.origin, id).await.map_err(answered)
    }

    /// Whether a task of the caller is shared.
    pub(super) async fn task_sharing(self, id: &str) -> Result<Option<TaskShare>, AppError> {
        self.engine.supervisor.sharing(&self.principal, &self.origin, id).await.map_err(answered)
    }

    /// The task of a link.
    pub(super) async fn shared_task(self, link: &str) -> Result<SharedTaskView, AppError> {
        self.engine.supervisor.shared_task(&self.principal, &self.origin, link).await.map_err(answered)
    }

    /// The caller's automations, and what there is to choose from for another.
    pub(super) async fn automations(self) -> Result<AutomationList, AppError> {
        self.engine.automations.list(&self.principal, &self.origin).await.map_err(answered)
    }

    /// The automations of everybody.
    pub(super) async fn all_automations(self) -> Result<Vec<AutomationView>, AppError> {
        self.engine.automations.list_all(&self.principal, &self.origin).await.map_err(answered)
    }

    /// An automation of the caller, and what there is to choose from for a change of it.
    pub(super) async fn automation(self, id: &str) -> Result<AutomationPage, AppError> {
        let automations = &self.engine.automations;
        let automation = automations.view(&self.principal, &self.origin, id).await.map_err(answered)?;
        let offer = automations.offer(&self.principal).await.map_err(answered)?;
        Ok(AutomationPage { automation, offer })
    }

    /// How many answers of their automations the caller has not looked at.
    pub(super) async fn unread_answers(self) -> Result<u32, AppError> {
        self.engine.automations.unread(&self.principal).await.map_err(answered)
    }

    /// A part of the waveform of a recording.
    pub(super) async fn waveform(self, asked: WaveformAsked) -> Result<WaveformPart, AppError> {
        let input = self.engine.waveform_of(&asked).map_err(|error| {
            answered(self.engine.gateway.refused(&self.principal, &self.origin, GetWaveform::NAME, error))
        })?;
        let from = asked.from;
        let drawn = self.call::<GetWaveform>(input).await?;
        Ok(WaveformPart {
            sample_rate: drawn.sample_rate,
            samples_per_pixel: drawn.samples_per_pixel,
            from,
            data: drawn.data,
        })
    }

    /// Does a tool at the gateway.
    pub(super) async fn run_tool(self, tool: &str, arguments: &str) -> Result<ToolRun, AppError> {
        let arguments = if arguments.trim().is_empty() { "{}" } else { arguments };
        let arguments = serde_json::from_str(arguments).map_err(|error| {
            let mut wrong = CallError::new(
                CallErrorKind::Invalid,
                "The arguments are not JSON.",
                "Correct them and try again.",
            );
            wrong.fields = vec![FieldError::new("", error.to_string())];
            answered(self.engine.gateway.refused(&self.principal, &self.origin, tool, wrong))
        })?;
        let answer = self
            .engine
            .gateway
            .call_tool(&self.principal, &self.origin, tool, arguments)
            .await
            .map_err(answered)?;
        Ok(ToolRun {
            tool: tool.to_owned(),
            request_id: answer.request_id,
            result: answer.output,
            resources: answer.resources,
            duration_micros: u64::try_from(answer.duration.as_micros()).unwrap_or(u64::MAX),
        })
    }

    /// Has a tool refused at the gateway whose form is not filled in correctly.
    pub(super) fn refuse_tool(
        self,
        tool: &str,
        arguments: Map<String, Value>,
        wrong: Vec<FieldError>,
    ) -> AppError {
        answered(self.engine.gateway.refuse_tool(&self.principal, &self.origin, tool, arguments, wrong))
    }
}

/// The error for the page; a script that asked also gets the HTTP status, and is told when to try
/// again. A plain form keeps its redirect, which a status would replace.
fn answered(error: CallError) -> AppError {
    let retry_after = error.retry_after_seconds();
    let limit = error.limit_headers();
    let error = AppError::from(error);
    let wants_html = use_context::<axum::http::request::Parts>().is_some_and(|parts| {
        parts
            .headers
            .get(header::ACCEPT)
            .is_some_and(|accept| accept.to_str().is_ok_and(|accept| accept.contains("text/html")))
    });
    if let Some(response) = use_context::<ResponseOptions>()
        && !wants_html
        && let Ok(status) = axum::http::StatusCode::from_u16(error.status_code())
    {
        response.set_status(status);
        if let Some(seconds) = retry_after {
            response.insert_header(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        for (name, value) in limit.into_iter().flatten() {
            if let Ok(value) = HeaderValue::from_str(&value) {
                response.insert_header(header::HeaderName::from_static(name), value);
            }
        }
    }
    error
}

impl From<CallError> for AppError {
    fn from(error: CallError) -> Self {
        let kind = match error.kind {
            CallErrorKind::Invalid => ErrorKind::Invalid,
            CallErrorKind::Unauthenticated => ErrorKind::Unauthenticated,
            CallErrorKind::Forbidden => ErrorKind::Forbidden,
            CallErrorKind::ConfirmIdentity => ErrorKind::ConfirmIdentity,
            CallErrorKind::NotFound => ErrorKind::NotFound,
            CallErrorKind::Conflict | CallErrorKind::KeyReused => ErrorKind::Conflict,
            CallErrorKind::Exists => ErrorKind::Exists,
            CallErrorKind::Choose => ErrorKind::Choose,
            CallErrorKind::TooLarge => ErrorKind::TooLarge,
            CallErrorKind::TooManyRequests => ErrorKind::TooManyRequests,
            CallErrorKind::Unavailable => ErrorKind::Unavailable,
            CallErrorKind::Internal => ErrorKind::Internal,
        };
        // The remedy at the door names arguments; the page shows the candidates instead.
        let remedy = if error.choice.is_some() { CHOOSE.to_owned() } else { error.remedy };
        Self {
            kind,
            message: error.message,
            remedy,
            fields: error.fields,
            choice: error.choice,
            confirm: error.confirm.map(|change| change.operation.to_owned()),
            request_id: Some(error.request_id),
        }
    }
}
