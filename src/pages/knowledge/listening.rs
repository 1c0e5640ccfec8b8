//! Hears an answer while it is written. On the server this is silent: there nobody hears.

use crate::api::error::{AppError, ErrorKind};
use crate::model::knowledge::AnswerStep;

/// What is heard.
#[derive(Debug, Clone, PartialEq)]
pub enum Heard {
    /// The next step.
    Step(AnswerStep),
    /// It goes no further.
    Failed(AppError),
}

/// An answer that is heard.
pub struct Listening {
    #[cfg(feature = "hydrate")]
    controller: send_wrapper::SendWrapper<web_sys::AbortController>,
}

impl Listening {
    /// Begins to hear; none where the browser cannot.
    pub fn to(address: &str, hear: impl Fn(Heard) + 'static) -> Option<Self> {
        #[cfg(feature = "hydrate")]
        {
            browser::listen(address, hear)
                .map(|controller| Self { controller: send_wrapper::SendWrapper::new(controller) })
        }
        #[cfg(not(feature = "hydrate"))]
        {
            let _ = (address, hear);
            None
        }
    }

    /// Hears no more, which ends the work at the server.
    pub fn stop(&self) {
        #[cfg(feature = "hydrate")]
        self.controller.abort();
    }
}

/// The stream has ended before the answer was whole.
pub fn broken_off() -> AppError {
    AppError::new(
        ErrorKind::Unavailable,
        "The answer broke off before it was whole.",
        "Do not rely on what is written so far. Try again.",
    )
}

#[cfg(feature = "hydrate")]
mod browser {
    use super::{Heard, broken_off};
    use crate::api::error::AppError;
    use crate::model::knowledge::AnswerStep;
    use crate::pages::knowledge::events::{Event, EventReader};
    use crate::pages::knowledge::refusal::{refusal, unreachable_server};
    use js_sys::{Reflect, Uint8Array};
    use wasm_bindgen::{JsCast, JsValue};
    use wasm_bindgen_futures::{JsFuture, spawn_local};
    use web_sys::{AbortController, AbortSignal, ReadableStreamDefaultReader, RequestInit, Response};

    pub(super) fn listen(address: &str, hear: impl Fn(Heard) + 'static) -> Option<AbortController> {
        let controller = AbortController::new().ok()?;
        let signal = controller.signal();
        let options = RequestInit::new();
        options.set_signal(Some(&signal));
        let sent = leptos::prelude::window().fetch_with_str_and_init(address, &options);
        spawn_local(async move {
            let ended = read(JsFuture::from(sent), &signal, &hear).await;
            // Whoever has stopped to listen knows that it has ended.
            if let (Err(error), false) = (ended, signal.aborted()) {
                hear(Heard::Failed(error));
            }
        });
        Some(controller)
    }

    async fn read(sent: JsFuture, signal: &AbortSignal, hear: &impl Fn(Heard)) -> Result<(), AppError> {
        let response: Response = sent.await.map_err(|_| unreachable_server())?.unchecked_into();
        if !response.ok() {
            return Err(refusal(response.status(), &text(&response).await));
        }
        let body = response.body().ok_or_else(broken_off)?;
        let reader: ReadableStreamDefaultReader = body.get_reader().unchecked_into();
        let mut events = EventReader::default();
        loop {
            let chunk = JsFuture::from(reader.read()).await.map_err(|_| broken_off())?;
            let Some(bytes) = content(&chunk) else { return Err(broken_off()) };
            for event in events.take(&bytes) {
                if signal.aborted() {
                    return Ok(());
                }
                let step = step(&event)?;
                let is_last = matches!(step, AnswerStep::Done(_));
                hear(Heard::Step(step));
                if is_last {
                    return Ok(());
                }
            }
        }
    }

    async fn text(response: &Response) -> String {
        let Ok(text) = response.text() else { return String::new() };
        JsFuture::from(text).await.ok().and_then(|text| text.as_string()).unwrap_or_default()
    }

    /// The bytes of a chunk; none at the end.
    fn content(chunk: &JsValue) -> Option<Vec<u8>> {
        let value = Reflect::get(chunk, &JsValue::from_str("value")).ok()?;
        value.dyn_into::<Uint8Array>().ok().map(|bytes| bytes.to_vec())
    }

    fn step(event: &Event) -> Result<AnswerStep, AppError> {
        if event.name == "problem" {
            return Err(serde_json::from_str(&event.data).unwrap_or_else(|_| broken_off()));
        }
        serde_json::from_str(&event.data).map_err(|_| broken_off())
    }
}
