//! A small label, and people of every role who have signed in as people do.

use super::ROLES;
use crate::support::visitor::session_of;
use crate::support::{Answer, Patchline, Stranger, artist, release};
use axum::body::Body;
use axum::http::{HeaderValue, Request, Response, header};
use patchline::engine::gateway::{Principal, Role};
use patchline::model::identifier::ArtistId;
use serde_json::{Value, json};

const PASSWORD: &str = "a password of somebody";

/// A label with people. The artist is `art_1`, the manager looks after `art_1`; `art_2` is somebody else's, and
/// `art_3` has the name of `art_1`.
pub(crate) struct People {
    pub(crate) patchline: Patchline,
    sessions: Vec<(Principal, String)>,
}

impl People {
    pub(crate) async fn of(variables: &[(&str, &str)]) -> Self {
        let patchline = Patchline::with(variables).await;
        small_label(&patchline).await;
        let mut sessions = Vec::new();
        for role in ROLES {
            sessions.push(sign_in(&patchline, role).await);
        }
        Self { patchline, sessions }
    }

    fn of_role(&self, role: Role) -> &(Principal, String) {
        self.sessions.iter().find(|(principal, _)| principal.role == role).expect("somebody of each role")
    }

    /// Who somebody is at the door.
    pub(crate) fn principal(&self, role: Role) -> &Principal {
        &self.of_role(role).0
    }

    /// Sends a request of somebody, or of nobody.
    pub(crate) async fn send(&self, who: Option<Role>, mut request: Request<Body>) -> Answer {
        self.identify(who, &mut request);
        self.patchline.send_as_stranger(request).await
    }

    /// Asks for something, and leaves the body of the answer: streams have no end.
    pub(crate) async fn begin(&self, who: Option<Role>, path: &str) -> Response<Body> {
        let mut request = Request::get(path).body(Body::empty()).expect("a request");
        self.identify(who, &mut request);
        request.extensions_mut().insert(Stranger);
        self.patchline.begin(request).await
    }

    fn identify(&self, who: Option<Role>, request: &mut Request<Body>) {
        if let Some(role) = who {
            let session = HeaderValue::from_str(&self.of_role(role).1).expect("a header");
            request.headers_mut().insert(header::COOKIE, session);
        }
    }

    /// Asks for a page.
    pub(crate) async fn get(&self, role: Role, path: &str) -> Answer {
        self.send(Some(role), Request::get(path).body(Body::empty()).expect("a request")).await
    }
}

async fn sign_in(patchline: &Patchline, role: Role) -> (Principal, String) {
    let identity = &patchline.engine.identity;
    let email = format!("{}@label.example", role.id());
    let user = identity.add(&format!("Some {}", role.id()), &email, role).await.expect("somebody is added");
    let own: Vec<ArtistId> = match role {
        Role::Artist | Role::Manager => vec!["art_1".parse().expect("an id")],
        Role::Producer | Role::Label | Role::Admin => Vec::new(),
    };
    let user = identity.set_artists(&user.id, own).await.expect("the artists are there");
    let link = identity.link_for_password(&user).await.expect("a link").address("");
    let link = link.strip_prefix("/welcome?link=").expect("a link").to_owned();
    let form = [("link", link.as_str()), ("password", PASSWORD)];
    let answer = patchline.form_of_stranger("/welcome", &form).await;
    let session = session_of(&answer).expect("a session");
    (Principal { artists: user.artists, ..Principal::new(user.id, user.name, role) }, session)
}

/// Artists with figures, releases with masters, and contracts.
pub(crate) async fn small_label(patchline: &Patchline) {
    for (id, name) in [("art_1", "Mira"), ("art_2", "Noor"), ("art_3", "Mira")] {
        patchline.put("artists", artist(id, name)).await;
        patchline.put("analytics", figures(id, "2026-11-01", 1000)).await;
        patchline.put("analytics", figures(id, "2026-11-02", 500)).await;
    }
    for (id, artist) in [("rel_1", "art_1"), ("rel_2", "art_2"), ("rel_3", "art_3"), ("rel_4", "art_1")] {
        let mut record = release(id, artist);
        record["tracks"][0]["audio"] = json!(format!("masters/{id}.wav"));
        patchline.put("releases", record).await;
    }
    for key in ["masters/rel_1.wav", "masters/rel_2.wav", "artists/art_1/live.wav", "artists/art_2/live.wav"]
    {
        put_file(patchline, "patchline-audio", key).await;
    }
    for key in ["art_1/agreement.md", "art_2/agreement.md", "house-rules.md"] {
        put_file(patchline, "patchline-contracts", key).await;
    }
}

/// The figures of a day.
pub(crate) fn figures(artist: &str, date: &str, streams: u64) -> Value {
    json!({
        "artistId": artist, "dayPlatform": format!("{date}#spotify"), "date": date, "platform": "spotify",
        "streams": streams, "listeners": 10, "saves": 1, "followers": 7, "territories": { "NO": streams },
        "source": "test"
    })
}

/// Puts a file into a bucket as another program would.
pub(crate) async fn put_file(patchline: &Patchline, bucket: &str, key: &str) {
    let content = aws_sdk_s3::primitives::ByteStream::from_static(b"some content");
    let put = patchline.clients.s3.put_object().bucket(bucket).key(key).body(content);
    put.send().await.expect("the file is put");
}
