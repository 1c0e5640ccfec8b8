//! Checkpoints: how many records a log has and the root of their tree, signed. Written as the signed notes of
//! C2SP (tlog-checkpoint), which other programs read, too.

use super::{Places, PublicKey, SigningKey};
use crate::model::audit::Retention;
use crate::model::merkle::Hash;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

/// Who signs, in the note.
const SIGNER: &str = "patchline";

/// How the name of a log begins in a note.
const ORIGIN: &str = "patchline/audit/";

/// How the line of the time begins.
const TIME: &str = "time ";

/// How the line begins that tells which records are kept for a shorter time.
const SHORT_LIVED: &str = "short-lived ";

/// How the line begins that tells for how many days the records are kept, and those of reads, where that is not
/// as usual.
const KEPT: &str = "kept ";

/// The line that says that the log ends here.
const END: &str = "end";

/// The kind of key, in what identifies it.
const ED25519_KIND: u8 = 1;

/// A log at a moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// The instance whose log it is.
    pub log: String,
    /// How many records it has.
    pub size: u64,
    /// The root of their tree.
    pub root: Hash,
    /// When, RFC 3339 in UTC.
    pub time: String,
    /// Which of the records since the checkpoint before are kept for a shorter time.
    pub short_lived: Places,
    /// For how long the records are kept.
    pub kept: Retention,
    /// Whether the process ended in order, and nothing follows.
    pub ended: bool,
}

/// Why a note is not believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoteError {
    /// It is not written as one.
    #[error("it is not written as checkpoints are")]
    Malformed,
    /// Somebody else wrote it, or changed it.
    #[error("its signature is not that of this key")]
    Signature,
}

impl Checkpoint {
    /// The note, signed.
    pub fn sign(&self, key: &SigningKey) -> String {
        let body = self.body();
        let mut signature = key_id(&key.public()).to_vec();
        signature.extend(key.sign(body.as_bytes()));
        format!("{body}\n\u{2014} {SIGNER} {}\n", STANDARD.encode(signature))
    }

    /// Reads a note, if this key has signed it.
    ///
    /// # Errors
    /// When it is malformed or not signed by this key.
    pub fn open(note: &str, key: &PublicKey) -> Result<Self, NoteError> {
        let end = note.find("\n\n").ok_or(NoteError::Malformed)?;
        let (body, signatures) = note.split_at(end + 1);
        let beginning = format!("\u{2014} {SIGNER} ");
        let encoded = signatures.lines().find_map(|line| line.strip_prefix(&beginning));
        let signed = STANDARD.decode(encoded.ok_or(NoteError::Malformed)?);
        let signed = signed.map_err(|_| NoteError::Malformed)?;
        let (id, signature) = signed.split_at_checked(4).ok_or(NoteError::Malformed)?;
        if id != key_id(key) || !key.verifies(body.as_bytes(), signature) {
            return Err(NoteError::Signature);
        }
        Self::read(body).ok_or(NoteError::Malformed)
    }

    fn body(&self) -> String {
        let Self { log, size, root, time, short_lived, kept, ended } = self;
        let root = STANDARD.encode(root);
        let short = if short_lived.is_empty() {
            String::new()
        } else {
            format!("{SHORT_LIVED}{}\n", short_lived.encode())
        };
        let kept = if *kept == Retention::default() {
            String::new()
        } else {
            format!("{KEPT}{} {}\n", kept.all, kept.reads)
        };
        let end = if *ended { format!("{END}\n") } else { String::new() };
        format!("{ORIGIN}{log}\n{size}\n{root}\n{TIME}{time}\n{short}{kept}{end}")
    }

    fn read(body: &str) -> Option<Self> {
        let mut lines = body.lines();
        let log = lines.next()?.strip_prefix(ORIGIN)?.to_owned();
        let size: u64 = lines.next()?.parse().ok()?;
        let root: Hash = STANDARD.decode(lines.next()?).ok()?.try_into().ok()?;
        let time = lines.next()?.strip_prefix(TIME)?.to_owned();
        let (short_lived, kept) = (Places::default(), Retention::default());
        let mut checkpoint = Self { log, size, root, time, short_lived, kept, ended: false };
        for line in lines {
            if let Some(places) = line.strip_prefix(SHORT_LIVED) {
                checkpoint.short_lived = Places::decode(places)?;
            } else if let Some(days) = line.strip_prefix(KEPT) {
                let (all, reads) = days.split_once(' ')?;
                checkpoint.kept = Retention { all: all.parse().ok()?, reads: reads.parse().ok()? };
            } else if line == END {
                checkpoint.ended = true;
            }
        }
        Some(checkpoint)
    }
}

/// Identifies a key in a note.
fn key_id(key: &PublicKey) -> [u8; 4] {
    let digest = Sha256::new()
        .chain_update(SIGNER)
        .chain_update([b'\n', ED25519_KIND])
        .chain_update(key.bytes())
        .finalize();
    [digest[0], digest[1], digest[2], digest[3]]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::sealing::NotAKey;

    fn checkpoint() -> Checkpoint {
        Checkpoint {
            log: "01abc".to_owned(),
            size: 7,
            root: [3; 32],
            time: "2026-11-26T09:00:00Z".to_owned(),
            short_lived: Places::of(4, &[true, false, true]),
            kept: Retention { all: 800, reads: 30 },
            ended: true,
        }
    }

    #[test]
    fn a_note_is_opened_by_the_key_that_signed_it_and_by_no_other() {
        let key = SigningKey::from_seed(&[1; 32]).unwrap();
        let note = checkpoint().sign(&key);
        assert_eq!(Checkpoint::open(&note, &key.public()), Ok(checkpoint()));
        let other = SigningKey::from_seed(&[2; 32]).unwrap().public();
        assert_eq!(Checkpoint::open(&note, &other), Err(NoteError::Signature));
    }

    #[test]
    fn no_byte_of_a_note_can_be_changed() {
        let key = SigningKey::from_seed(&[1; 32]).unwrap();
        let note = checkpoint().sign(&key);
        let signed = note.find("\n\n").unwrap() + 1;
        for place in 0..signed {
            let mut bytes = note.clone().into_bytes();
            bytes[place] ^= 1;
            let Ok(changed) = String::from_utf8(bytes) else { continue };
            assert!(Checkpoint::open(&changed, &key.public()).is_err(), "byte {place}");
        }
    }

    #[test]
    fn a_note_that_says_nothing_of_it_is_of_records_that_are_kept_as_usual() {
        let usual = Checkpoint { kept: Retention::default(), ..checkpoint() };
        assert!(!usual.body().contains(KEPT), "notes are as they were before this could be chosen");
        assert_eq!(Checkpoint::read(&usual.body()), Some(usual));
    }

    #[test]
    fn a_public_key_is_written_in_hexadecimal_digits() {
        let key = SigningKey::from_seed(&[1; 32]).unwrap().public();
        assert_eq!(key.to_string().parse(), Ok(key));
        assert_eq!("abc".parse::<PublicKey>(), Err(NotAKey));
    }
}
