//! `ETag`s and the checksums that S3 offers.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use crc_fast::CrcAlgorithm;
use md5::Md5;
use serde::{Deserialize, Serialize};
use sha1::Sha1;
use sha2::{Digest, Sha256};

use super::StoreError;

/// A checksum algorithm of S3.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) enum Algorithm {
    /// CRC-32 as in Ethernet and gzip.
    #[serde(rename = "CRC32")]
    Crc32,
    /// CRC-32 with Castagnoli's polynomial.
    #[serde(rename = "CRC32C")]
    Crc32c,
    /// CRC-64 as in NVM Express; what S3 computes when nothing was asked for.
    #[serde(rename = "CRC64NVME")]
    Crc64Nvme,
    /// SHA-1.
    #[serde(rename = "SHA1")]
    Sha1,
    /// SHA-256.
    #[serde(rename = "SHA256")]
    Sha256,
}

impl Algorithm {
    /// The name S3 uses.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Crc32 => "CRC32",
            Self::Crc32c => "CRC32C",
            Self::Crc64Nvme => "CRC64NVME",
            Self::Sha1 => "SHA1",
            Self::Sha256 => "SHA256",
        }
    }

    /// The algorithm with that name.
    pub(crate) fn from_name(name: &str) -> Option<Self> {
        [Self::Crc32, Self::Crc32c, Self::Crc64Nvme, Self::Sha1, Self::Sha256]
            .into_iter()
            .find(|algorithm| algorithm.name() == name)
    }

    /// The parameters and the width in bytes, when it is a CRC.
    fn crc(self) -> Option<(CrcAlgorithm, usize)> {
        match self {
            Self::Crc32 => Some((CrcAlgorithm::Crc32IsoHdlc, 4)),
            Self::Crc32c => Some((CrcAlgorithm::Crc32Iscsi, 4)),
            Self::Crc64Nvme => Some((CrcAlgorithm::Crc64Nvme, 8)),
            Self::Sha1 | Self::Sha256 => None,
        }
    }
}

/// What a checksum of a multipart object was computed over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum ChecksumKind {
    /// The whole content.
    FullObject,
    /// The checksums of the parts.
    Composite,
}

/// A checksum as S3 writes it: base64, with `-<parts>` when it is composite.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Checksum {
    /// With what it was computed.
    pub(crate) algorithm: Algorithm,
    /// Over what it was computed.
    pub(crate) kind: ChecksumKind,
    /// The text.
    pub(crate) value: String,
}

/// The hashes of one content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ContentHashes {
    /// MD5, of which `ETag`s are made.
    pub(crate) md5: [u8; 16],
    /// The checksum that is kept.
    pub(crate) checksum: Checksum,
    /// The one of another algorithm that the client chose to promise.
    pub(crate) other: Option<Checksum>,
}

impl ContentHashes {
    /// The `ETag` of content that was uploaded in one piece.
    pub(crate) fn etag(&self) -> String {
        hex::encode(self.md5)
    }

    /// Compares with what the client promised.
    pub(crate) fn verify(&self, promised: &Promised) -> Result<(), StoreError> {
        if promised.md5.is_some_and(|md5| md5 != self.md5) {
            return Err(StoreError::BadDigest { algorithm: "Content-MD5" });
        }
        let Some((algorithm, value)) = &promised.checksum else { return Ok(()) };
        let mut computed = std::iter::once(&self.checksum).chain(&self.other);
        if computed.any(|checksum| checksum.algorithm == *algorithm && checksum.value == *value) {
            return Ok(());
        }
        Err(StoreError::BadDigest { algorithm: algorithm.name() })
    }
}

/// What a client says about the content it sends.
#[derive(Debug, Clone, Default)]
pub(crate) struct Promised {
    /// From `Content-MD5`.
    pub(crate) md5: Option<[u8; 16]>,
    /// From an `x-amz-checksum-…` header or trailer.
    pub(crate) checksum: Option<(Algorithm, String)>,
}

/// Computes the hashes of content that passes by.
pub(crate) struct ContentHasher {
    md5: Md5,
    kept: Running,
    other: Option<Running>,
}

/// A checksum under way.
struct Running {
    algorithm: Algorithm,
    state: State,
}

enum State {
    Crc(crc_fast::Digest, usize),
    Sha1(Sha1),
    Sha256(Sha256),
}

impl ContentHasher {
    /// Computes the checksum that is to be kept and, when it is another one, that which the client
    /// promises.
    pub(crate) fn new(kept: Algorithm, promised: Option<Algorithm>) -> Self {
        let other = promised.filter(|promised| *promised != kept);
        Self { md5: Md5::new(), kept: Running::new(kept), other: other.map(Running::new) }
    }

    pub(crate) fn update(&mut self, bytes: &[u8]) {
        self.md5.update(bytes);
        self.kept.update(bytes);
        if let Some(other) = &mut self.other {
            other.update(bytes);
        }
    }

    pub(crate) fn finish(self) -> ContentHashes {
        ContentHashes {
            md5: self.md5.finalize().into(),
            checksum: self.kept.finish(),
            other: self.other.map(Running::finish),
        }
    }
}

impl Running {
    fn new(algorithm: Algorithm) -> Self {
        let state = match (algorithm.crc(), algorithm) {
            (Some((parameters, width)), _) => State::Crc(crc_fast::Digest::new(parameters), width),
            (None, Algorithm::Sha1) => State::Sha1(Sha1::new()),
            (None, _) => State::Sha256(Sha256::new()),
        };
        Self { algorithm, state }
    }

    fn update(&mut self, bytes: &[u8]) {
        match &mut self.state {
            State::Crc(digest, _) => digest.update(bytes),
            State::Sha1(digest) => digest.update(bytes),
            State::Sha256(digest) => digest.update(bytes),
        }
    }

    fn finish(self) -> Checksum {
        let value = match self.state {
            State::Crc(digest, width) => crc_text(digest.finalize(), width),
            State::Sha1(digest) => BASE64.encode(digest.finalize()),
            State::Sha256(digest) => BASE64.encode(digest.finalize()),
        };
        Checksum { algorithm: self.algorithm, kind: ChecksumKind::FullObject, value }
    }
}

/// The `ETag` of an object of parts: the MD5 of their MD5s, and their number.
pub(super) fn multipart_etag(parts: &[[u8; 16]]) -> String {
    let mut md5 = Md5::new();
    for part in parts {
        md5.update(part);
    }
    format!("{}-{}", hex::encode(md5.finalize()), parts.len())
}

/// The checksum of an object of parts, from the value and size of each part.
pub(super) fn multipart_checksum(
    algorithm: Algorithm,
    kind: ChecksumKind,
    parts: &[(&str, u64)],
) -> Result<Checksum, StoreError> {
    let decode = |value: &str| {
        BASE64.decode(value).map_err(|_| StoreError::Damaged(format!("checksum {value} of a part")))
    };
    let value = match (kind, algorithm.crc()) {
        (ChecksumKind::FullObject, Some((parameters, width))) => {
            let mut whole = crc_fast::checksum(parameters, &[]);
            for (value, size) in parts {
                whole = crc_fast::checksum_combine(parameters, whole, crc_number(&decode(value)?), *size);
            }
            crc_text(whole, width)
        }
        (ChecksumKind::Composite, _) | (ChecksumKind::FullObject, None) => {
            let mut hasher = Running::new(algorithm);
            for (value, _) in parts {
                hasher.update(&decode(value)?);
            }
            format!("{}-{}", hasher.finish().value, parts.len())
        }
    };
    Ok(Checksum { algorithm, kind, value })
}

fn crc_text(value: u64, width: usize) -> String {
    BASE64.encode(&value.to_be_bytes()[8 - width..])
}

fn crc_number(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0, |number, byte| (number << 8) | u64::from(*byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hashes(algorithm: Algorithm, bytes: &[u8]) -> ContentHashes {
        let mut hasher = ContentHasher::new(algorithm, None);
        hasher.update(bytes);
        hasher.finish()
    }

    /// The check values of the catalogue of CRC algorithms for "123456789", in base64.
    #[test]
    fn checksums_are_those_of_the_published_check_values() {
        let value = |algorithm| hashes(algorithm, b"123456789").checksum.value;
        assert_eq!(value(Algorithm::Crc32), BASE64.encode(0xcbf4_3926_u32.to_be_bytes()));
        assert_eq!(value(Algorithm::Crc32c), BASE64.encode(0xe306_9283_u32.to_be_bytes()));
        assert_eq!(value(Algorithm::Crc64Nvme), BASE64.encode(0xae8b_1486_0a79_9888_u64.to_be_bytes()));
    }

    #[test]
    fn the_crc_of_a_whole_is_computed_from_its_parts() -> Result<(), StoreError> {
        for algorithm in [Algorithm::Crc32, Algorithm::Crc32c, Algorithm::Crc64Nvme] {
            let (first, second) = (hashes(algorithm, b"1234"), hashes(algorithm, b"56789"));
            let parts = [(first.checksum.value.as_str(), 4), (second.checksum.value.as_str(), 5)];
            let whole = multipart_checksum(algorithm, ChecksumKind::FullObject, &parts)?;
            assert_eq!(whole, hashes(algorithm, b"123456789").checksum);
        }
        Ok(())
    }
}
