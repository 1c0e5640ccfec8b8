//! The file of a form without JavaScript on its way to the upload that takes files of any size.

use crate::api::error::AppError;
use crate::engine::gateway::{Gateway, Origin, Principal};
use crate::engine::tools::s3::{StreamAudio, StreamAudioInput};
use crate::model::tool::{ToolDescription, ToolRun};
use crate::pages::tools::form::rules::{Field as FormField, Kind};
use crate::pages::tools::form::submission::entries_from_fields;
use crate::pages::tools::form::{schema, values};
use crate::pages::tools::run::{asks_before, is_confirmed};
use crate::pages::tools::{Reached, stream};
use axum::body::Bytes;
use axum::extract::multipart::Field;
use futures::StreamExt;
use futures::stream::{self as streams, BoxStream};
use serde::Deserialize;
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::sync::Arc;
use tokio::sync::mpsc;

/// How many pieces of a file may wait to be stored.
const WAITING: usize = 4;

/// An upload by a form: the tool, and the fields of its form.
pub(super) struct Upload<'a> {
    gateway: &'a Gateway,
    tool: Arc<ToolDescription>,
    fields: Vec<FormField>,
}

/// The arguments beside the file.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Arguments {
    bucket_name: Option<String>,
    file_name: String,
    #[serde(default)]
    overwrite: bool,
    #[serde(default)]
    metadata: BTreeMap<String, String>,
}

/// A piece of a file, or its end. Without the end the file is not whole, whatever the reason.
enum Piece {
    Bytes(Bytes),
    End,
    Broken(String),
}

impl<'a> Upload<'a> {
    /// None where the files of a tool have room in its call.
    pub(super) fn of(gateway: &'a Gateway, tool: Arc<ToolDescription>) -> Option<Self> {
        let fields = || schema::fields(&tool.input_schema);
        stream::streams(&tool).then(fields).map(|fields| Self { gateway, tool, fields })
    }

    /// Whether a part of this name is the file.
    pub(super) fn takes(&self, name: &str) -> bool {
        self.fields.iter().any(|field| field.path == name && matches!(field.kind, Kind::File(_)))
    }

    /// Sends a part on, if the fields before it say where to. The form has its files last.
    pub(super) async fn send(
        &self,
        principal: &Principal,
        origin: &Origin,
        sent: &[(String, String)],
        part: &mut Field<'_>,
    ) -> Reached {
        let path = part.name().unwrap_or_default().to_owned();
        let reading = values::read(&self.fields, &entries_from_fields(&self.fields, sent));
        if reading.errors.iter().any(|error| error.field != path) {
            return Reached::Read;
        }
        if asks_before(&self.tool, &reading.arguments) && !is_confirmed(sent) {
            return Reached::Unconfirmed;
        }
        let Ok(arguments) = serde_json::from_value(Value::Object(reading.arguments)) else {
            return Reached::Read;
        };
        Reached::Ended(
            self.store(principal, origin, arguments, part)
                .await
                .map_err(|error| stream::at_file(error, &path)),
        )
    }

    async fn store(
        &self,
        principal: &Principal,
        origin: &Origin,
        arguments: Arguments,
        part: &mut Field<'_>,
    ) -> Result<ToolRun, AppError> {
        let (sender, receiver) = mpsc::channel(WAITING);
        let input = StreamAudioInput {
            bucket_name: arguments.bucket_name,
            file_name: arguments.file_name,
            announced_bytes: None,
            metadata: arguments.metadata,
            overwrite: arguments.overwrite,
            content: content(receiver),
        };
        let call = self.gateway.call::<StreamAudio>(principal, origin, input);
        let (answer, ()) = tokio::join!(call, pass_on(part, sender));
        let answer = answer.map_err(AppError::from)?;
        let result = serde_json::to_value(answer.output).unwrap_or_else(|_| Value::Object(Map::new()));
        Ok(ToolRun {
            tool: self.tool.name.clone(),
            request_id: answer.request_id,
            result,
            resources: answer.resources,
            duration_micros: u64::try_from(answer.duration.as_micros()).unwrap_or(u64::MAX),
        })
    }
}

/// Passes the part on until its end, or until nobody takes it any more.
async fn pass_on(part: &mut Field<'_>, sender: mpsc::Sender<Piece>) {
    loop {
        let piece = match part.chunk().await {
            Ok(Some(bytes)) => Piece::Bytes(bytes),
            Ok(None) => Piece::End,
            Err(error) => Piece::Broken(error.to_string()),
        };
        let is_last = !matches!(piece, Piece::Bytes(_));
        if sender.send(piece).await.is_err() || is_last {
            return;
        }
    }
}

fn content(receiver: mpsc::Receiver<Piece>) -> BoxStream<'static, Result<Bytes, String>> {
    streams::unfold(Some(receiver), async |receiver| {
        let mut receiver = receiver?;
        match receiver.recv().await {
            Some(Piece::Bytes(bytes)) => Some((Ok(bytes), Some(receiver))),
            Some(Piece::End) => None,
            Some(Piece::Broken(reason)) => Some((Err(reason), None)),
            // The browser is gone, and with it the one who reads its form.
            None => Some((Err("the connection was closed".to_owned()), None)),
        }
    })
    // A small file ends while its beginning is looked at, and is asked for more after that.
    .fuse()
    .boxed()
}
