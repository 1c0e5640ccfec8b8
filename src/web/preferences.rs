//! What a viewer chose about the look, kept in a cookie: `POST /theme`.

use super::own_path::own_path;
use crate::components::preferences::{THEME_COOKIE, Theme};
use axum::Form;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

/// The form of the switch.
#[derive(Debug, Deserialize)]
pub(super) struct ThemeForm {
    theme: String,
    #[serde(default, rename = "return")]
    back: String,
}

/// A year, in seconds.
const COOKIE_AGE: u32 = 31_536_000;

/// Sets the theme and goes back to the page.
pub(super) async fn set_theme(Form(form): Form<ThemeForm>) -> Response {
    let Some(theme) = Theme::from_id(&form.theme) else {
        return (StatusCode::BAD_REQUEST, "The theme is light, dark or system.\n").into_response();
    };
    let cookie = format!("{THEME_COOKIE}={}; Path=/; Max-Age={COOKIE_AGE}; SameSite=Lax", theme.id());
    ([(header::SET_COOKIE, cookie)], Redirect::to(own_path(&form.back))).into_response()
}
