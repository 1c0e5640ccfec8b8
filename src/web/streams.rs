//! How many streams of events may be open: each holds a connection and some memory for as long as its
//! client likes, so neither one principal nor all together may open them without end.

use crate::engine::gateway::{CallError, CallErrorKind, Channel};
use crate::engine::places::{NoPlace, Place, Places};
use axum::body::Body;
use axum::response::Response;
use http_body_util::BodyExt;
use std::time::Duration;

/// The most of one principal over one channel, and of all together.
const MOST_OF_ONE: usize = 200;
const MOST: usize = 1_000;

/// When another try makes sense.
const TRY_AGAIN: Duration = Duration::from_secs(30);

/// Whose streams are counted together. Each channel counts for itself: a program that opens too many must
/// not take away the live state of its owner's pages.
type Owner = (Channel, String);

/// The streams that are open in this process, as one channel sees them. Cloning is cheap.
#[derive(Clone)]
pub(super) struct Streams {
    channel: Channel,
    places: Places<Owner>,
}

/// A stream that is open, until this is dropped.
pub(super) struct OpenStream {
    _place: Place<Owner>,
}

impl Streams {
    /// None so far, for those of pages.
    pub(super) fn of_pages() -> Self {
        Self { channel: Channel::Page, places: Places::new(MOST_OF_ONE, MOST) }
    }

    /// The same for those of another channel.
    pub(super) fn of(&self, channel: Channel) -> Self {
        Self { channel, ..self.clone() }
    }

    /// Opens one more.
    ///
    /// # Errors
    /// When the principal over this channel, or all together, have as many as there may be.
    pub(super) fn open(&self, principal: &str) -> Result<OpenStream, CallError> {
        match self.places.take((self.channel, principal.to_owned())) {
            Ok(place) => Ok(OpenStream { _place: place }),
            Err(NoPlace::OfOwner(own)) => Err(full(
                CallErrorKind::TooManyRequests,
                format!("You have {own} streams open, which is the most."),
                "Close some of them: pages that show what is live, and clients that listen.",
            )),
            Err(NoPlace::OfAll(all)) => Err(full(
                CallErrorKind::Unavailable,
                format!("There are {all} streams open at this instance, which is the most."),
                "Try again in some seconds, or ask instead of listening.",
            )),
        }
    }

    /// How many are open.
    pub(super) fn count(&self) -> usize {
        self.places.count()
    }
}

impl OpenStream {
    /// Keeps it open as long as the body of an answer is being read.
    pub(super) fn until_read(self, response: Response) -> Response {
        response.map(|body| {
            Body::new(body.map_frame(move |frame| {
                let _open = &self;
                frame
            }))
        })
    }
}

fn full(kind: CallErrorKind, message: String, remedy: &str) -> CallError {
    CallError { retry_after: Some(TRY_AGAIN), ..CallError::new(kind, message, remedy) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neither_one_nor_all_open_them_without_end() {
        let streams = Streams::of_pages();
        let mut open: Vec<_> =
            (0..MOST_OF_ONE).map(|_| streams.open("ada").expect("there is room")).collect();
        let refused = streams.open("ada").err().expect("one too many");
        assert_eq!(refused.kind, CallErrorKind::TooManyRequests);
        for number in 1..MOST / MOST_OF_ONE {
            let name = format!("caller {number}");
            open.extend((0..MOST_OF_ONE).map(|_| streams.open(&name).expect("there is room")));
        }
        let refused = streams.open("grace").err().expect("one too many");
        assert_eq!(refused.kind, CallErrorKind::Unavailable);
        assert_eq!(streams.count(), MOST);
        open.pop();
        assert!(streams.open("grace").is_ok(), "one that is closed leaves its place");
        drop(open);
        assert_eq!(streams.count(), 0);
    }

    #[test]
    fn a_program_that_opens_too_many_leaves_its_owners_pages_their_own() {
        let pages = Streams::of_pages();
        let programs = pages.of(Channel::Mcp);
        let _open: Vec<_> = (0..MOST_OF_ONE).map(|_| programs.open("ada").expect("there is room")).collect();
        assert!(programs.open("ada").is_err());
        assert!(pages.open("ada").is_ok());
    }
}
