//! Checksums as requests promise them and responses tell them.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use http::HeaderMap;
use s3s::dto::{ChecksumAlgorithm, ChecksumType};
use s3s::{S3Result, TrailingHeaders, s3_error};

use crate::embedded_aws::s3::store::{Algorithm, Checksum, ChecksumKind, Promised};

/// The five fields that inputs have for checksums.
macro_rules! checksum_fields {
    ($input:expr) => {
        $crate::embedded_aws::s3::protocol::checksums::one_of([
            (Algorithm::Crc32, $input.checksum_crc32.clone()),
            (Algorithm::Crc32c, $input.checksum_crc32c.clone()),
            (Algorithm::Crc64Nvme, $input.checksum_crc64nvme.clone()),
            (Algorithm::Sha1, $input.checksum_sha1.clone()),
            (Algorithm::Sha256, $input.checksum_sha256.clone()),
        ])
    };
}
pub(super) use checksum_fields;

/// Sets the field of an output that belongs to the checksum's algorithm.
macro_rules! set_checksum {
    ($output:expr, $checksum:expr) => {
        if let Some(checksum) = $checksum {
            let value = Some(checksum.value.clone());
            match checksum.algorithm {
                Algorithm::Crc32 => $output.checksum_crc32 = value,
                Algorithm::Crc32c => $output.checksum_crc32c = value,
                Algorithm::Crc64Nvme => $output.checksum_crc64nvme = value,
                Algorithm::Sha1 => $output.checksum_sha1 = value,
                Algorithm::Sha256 => $output.checksum_sha256 = value,
            }
        }
    };
}
pub(super) use set_checksum;

/// The one checksum that is present.
pub(super) fn one_of(fields: [(Algorithm, Option<String>); 5]) -> S3Result<Option<(Algorithm, String)>> {
    let mut present = fields.into_iter().filter_map(|(algorithm, value)| Some((algorithm, value?)));
    match (present.next(), present.next()) {
        (_, Some(_)) => Err(s3_error!(InvalidRequest, "expecting a single x-amz-checksum- header")),
        (first, None) => Ok(first),
    }
}

/// What an upload promises about its content.
pub(super) struct Promise {
    /// The algorithm that the client chose; none when it promises nothing.
    pub(super) algorithm: Option<Algorithm>,
    value: Option<String>,
    md5: Option<[u8; 16]>,
    in_trailer: bool,
}

impl Promise {
    /// Reads it from the headers.
    pub(super) fn of(
        header: Option<(Algorithm, String)>,
        content_md5: Option<&String>,
        headers: &HeaderMap,
    ) -> S3Result<Self> {
        let md5 = content_md5.map(|text| parse_md5(text)).transpose()?;
        if let Some((algorithm, value)) = header {
            return Ok(Self { algorithm: Some(algorithm), value: Some(value), md5, in_trailer: false });
        }
        if let Some(algorithm) = trailer_algorithm(headers) {
            return Ok(Self { algorithm: Some(algorithm), value: None, md5, in_trailer: true });
        }
        if headers.contains_key("x-amz-sdk-checksum-algorithm") {
            return Err(s3_error!(
                InvalidRequest,
                "x-amz-sdk-checksum-algorithm specified, but no corresponding x-amz-checksum-* or \
                 x-amz-trailer headers were found"
            ));
        }
        Ok(Self { algorithm: None, value: None, md5, in_trailer: false })
    }

    /// What the content must be, now that its trailers are read.
    pub(super) fn kept(self, trailers: Option<&TrailingHeaders>) -> S3Result<Promised> {
        let Some(algorithm) = self.algorithm else { return Ok(Promised { md5: self.md5, checksum: None }) };
        let mut value = self.value;
        if self.in_trailer {
            let name = format!("x-amz-checksum-{}", algorithm.name().to_ascii_lowercase());
            let read = |trailers: &HeaderMap| Some(trailers.get(name.as_str())?.to_str().ok()?.to_owned());
            value = trailers.and_then(|trailers| trailers.read(read).flatten());
            if value.is_none() {
                return Err(s3_error!(InvalidRequest, "the trailer {name} was announced, but did not come"));
            }
        }
        Ok(Promised { md5: self.md5, checksum: value.map(|value| (algorithm, value)) })
    }
}

fn trailer_algorithm(headers: &HeaderMap) -> Option<Algorithm> {
    let trailer = headers.get("x-amz-trailer")?.to_str().ok()?;
    let name = trailer.trim().strip_prefix("x-amz-checksum-")?;
    Algorithm::from_name(&name.to_ascii_uppercase())
}

fn parse_md5(text: &str) -> S3Result<[u8; 16]> {
    BASE64
        .decode(text)
        .ok()
        .and_then(|bytes| bytes.try_into().ok())
        .ok_or_else(|| s3_error!(InvalidDigest, "the Content-MD5 you specified is not valid"))
}

/// The algorithm that a request names.
pub(super) fn parse_algorithm(name: &ChecksumAlgorithm) -> S3Result<Algorithm> {
    Algorithm::from_name(name.as_str()).ok_or_else(|| {
        s3_error!(InvalidRequest, "{} is not a checksum algorithm that is implemented", name.as_str())
    })
}

/// The kind that a request names.
pub(super) fn parse_kind(name: &ChecksumType) -> S3Result<ChecksumKind> {
    match name.as_str() {
        ChecksumType::FULL_OBJECT => Ok(ChecksumKind::FullObject),
        ChecksumType::COMPOSITE => Ok(ChecksumKind::Composite),
        other => Err(s3_error!(InvalidRequest, "{other} is not a checksum type")),
    }
}

/// The kind as responses name it.
pub(super) fn kind_name(kind: ChecksumKind) -> ChecksumType {
    ChecksumType::from_static(match kind {
        ChecksumKind::FullObject => ChecksumType::FULL_OBJECT,
        ChecksumKind::Composite => ChecksumType::COMPOSITE,
    })
}

/// The kind of a checksum, if there is one, as responses name it.
pub(super) fn kind_of(checksum: Option<&Checksum>) -> Option<ChecksumType> {
    checksum.map(|checksum| kind_name(checksum.kind))
}

/// The algorithm as responses name it.
pub(super) fn algorithm_name(algorithm: Algorithm) -> ChecksumAlgorithm {
    ChecksumAlgorithm::from_static(algorithm.name())
}
