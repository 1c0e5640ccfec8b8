//! The two protocols of CloudWatch metrics: CBOR, which the SDK for Rust speaks, and JSON, which the
//! one for Python prefers.

use std::io::Read;

use axum::response::Response;
use bytes::Bytes;
use flate2::read::MultiGzDecoder;
use http::header::CONTENT_ENCODING;
use http::request::Parts;
use http::{HeaderMap, HeaderName, HeaderValue};
use jiff::Timestamp;

use crate::embedded_aws::fault::Fault;
use crate::embedded_aws::protocol::Protocol;

use super::error::MetricsError;
use super::value::{Value, time_of_seconds};

/// The longest body taken, before and after it is unpacked: AWS takes 1 MB of values, and compressed
/// values are several times as long unpacked.
pub(super) const BODY_LIMIT: usize = 1024 * 1024;
const UNPACKED_LIMIT: usize = 16 * 1024 * 1024;

const QUERY_ERROR: HeaderName = HeaderName::from_static("x-amzn-query-error");
/// RFC 8949, section 3.4.2: seconds since 1970.
const EPOCH_TAG: u64 = 1;

/// How a request and its answer are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wire {
    /// Smithy RPC version 2: the operation in the path, bodies in CBOR.
    Cbor,
    /// The operation in `X-Amz-Target`, bodies in JSON.
    Json,
}

impl Wire {
    /// The protocol of a request and the operation it names, if it is one of the two.
    pub(super) fn of(request: &Parts) -> Option<(Self, String)> {
        const PATH: &str = "/service/GraniteServiceVersion20100801/operation/";
        const TARGET: &str = "GraniteServiceVersion20100801.";
        if let Some(operation) = request.uri.path().strip_prefix(PATH) {
            return Some((Self::Cbor, operation.to_owned()));
        }
        let target = request.headers.get("x-amz-target")?.to_str().ok()?;
        target.strip_prefix(TARGET).map(|operation| (Self::Json, operation.to_owned()))
    }

    /// Reads a body.
    pub(super) fn read(self, body: &[u8]) -> Result<Value, MetricsError> {
        if body.is_empty() {
            return Ok(Value::Null);
        }
        match self {
            Self::Cbor => from_cbor(ciborium::from_reader(body).map_err(unreadable)?),
            Self::Json => Ok(from_json(serde_json::from_slice(body).map_err(unreadable)?)),
        }
    }

    /// The answer to an operation that went well.
    pub(super) fn answer(self, value: &Value) -> Response {
        self.protocol().success(match self {
            Self::Cbor => cbor_bytes(value),
            Self::Json => to_json(value).to_string().into_bytes(),
        })
    }

    /// The answer to one that did not.
    pub(super) fn refusal(self, error: &MetricsError) -> Response {
        let fault = Fault::new(error.status(), error.shape(), error.to_string());
        let mut response = self.protocol().error(&fault);
        let blame = if fault.status.is_server_error() { "Receiver" } else { "Sender" };
        if let Ok(value) = HeaderValue::from_str(&format!("{};{blame}", error.query_code())) {
            response.headers_mut().insert(QUERY_ERROR, value);
        }
        response
    }

    /// The protocol that the rest of the house knows it by.
    pub(super) fn protocol(self) -> Protocol {
        match self {
            Self::Cbor => Protocol::RpcV2Cbor,
            Self::Json => Protocol::AwsJson10,
        }
    }
}

/// The body as it was before it was compressed.
pub(super) fn unpacked(headers: &HeaderMap, body: Bytes) -> Result<Bytes, MetricsError> {
    let Some(encoding) = headers.get(CONTENT_ENCODING) else { return Ok(body) };
    match encoding.as_bytes() {
        b"gzip" => {}
        b"identity" => return Ok(body),
        _ => return Err(MetricsError::Serialization("the only content encoding is gzip".to_owned())),
    }
    let mut unpacked = Vec::new();
    let limit = u64::try_from(UNPACKED_LIMIT).unwrap_or(u64::MAX);
    let read = MultiGzDecoder::new(&*body).take(limit + 1).read_to_end(&mut unpacked).map_err(unreadable)?;
    if read > UNPACKED_LIMIT {
        return Err(MetricsError::TooLarge(UNPACKED_LIMIT));
    }
    Ok(unpacked.into())
}

fn unreadable(error: impl std::fmt::Display) -> MetricsError {
    MetricsError::Serialization(format!("the request body could not be read: {error}"))
}

fn from_cbor(value: ciborium::Value) -> Result<Value, MetricsError> {
    use ciborium::Value as Cbor;
    Ok(match value {
        Cbor::Null => Value::Null,
        Cbor::Bool(truth) => Value::Bool(truth),
        Cbor::Integer(number) => Value::Integer(
            i64::try_from(number).map_err(|_| unreadable("a whole number has more than 64 bits"))?,
        ),
        Cbor::Float(number) => Value::Number(number),
        Cbor::Text(text) => Value::Text(text),
        Cbor::Tag(EPOCH_TAG, seconds) => Value::Time(time_of(&seconds)?),
        Cbor::Array(values) => Value::List(values.into_iter().map(from_cbor).collect::<Result<_, _>>()?),
        Cbor::Map(members) => Value::Map(
            members
                .into_iter()
                .map(|(name, value)| match name {
                    Cbor::Text(name) => Ok((name, from_cbor(value)?)),
                    _ => Err(unreadable("the name of a member is no text")),
                })
                .collect::<Result<_, _>>()?,
        ),
        _ => return Err(unreadable("CloudWatch has no values of this kind")),
    })
}

fn time_of(seconds: &ciborium::Value) -> Result<Timestamp, MetricsError> {
    use ciborium::Value as Cbor;
    let time = match seconds {
        Cbor::Integer(seconds) => i64::try_from(*seconds).ok().and_then(|s| Timestamp::from_second(s).ok()),
        Cbor::Float(seconds) => time_of_seconds(*seconds),
        _ => None,
    };
    time.ok_or_else(|| unreadable("a time is no number of seconds"))
}

fn from_json(value: serde_json::Value) -> Value {
    use serde_json::Value as Json;
    match value {
        Json::Null => Value::Null,
        Json::Bool(truth) => Value::Bool(truth),
        Json::Number(number) => match number.as_i64() {
            Some(number) => Value::Integer(number),
            None => Value::Number(number.as_f64().unwrap_or(f64::NAN)),
        },
        Json::String(text) => Value::Text(text),
        Json::Array(values) => Value::List(values.into_iter().map(from_json).collect()),
        Json::Object(members) => {
            Value::Map(members.into_iter().map(|(name, value)| (name, from_json(value))).collect())
        }
    }
}

fn cbor_bytes(value: &Value) -> Vec<u8> {
    let mut bytes = Vec::new();
    // Writing to memory cannot fail.
    let _ = ciborium::into_writer(&to_cbor(value), &mut bytes);
    bytes
}

fn to_cbor(value: &Value) -> ciborium::Value {
    use ciborium::Value as Cbor;
    match value {
        Value::Null => Cbor::Null,
        Value::Bool(truth) => Cbor::Bool(*truth),
        Value::Integer(number) => Cbor::Integer((*number).into()),
        Value::Number(number) => Cbor::Float(*number),
        Value::Text(text) => Cbor::Text(text.clone()),
        Value::Time(time) => Cbor::Tag(
            EPOCH_TAG,
            Box::new(match whole_seconds(*time) {
                Some(seconds) => Cbor::Integer(seconds.into()),
                None => Cbor::Float(seconds_of(*time)),
            }),
        ),
        Value::List(values) => Cbor::Array(values.iter().map(to_cbor).collect()),
        Value::Map(members) => Cbor::Map(
            members.iter().map(|(name, value)| (Cbor::Text(name.clone()), to_cbor(value))).collect(),
        ),
    }
}

fn to_json(value: &Value) -> serde_json::Value {
    use serde_json::Value as Json;
    match value {
        Value::Null => Json::Null,
        Value::Bool(truth) => Json::Bool(*truth),
        Value::Integer(number) => Json::from(*number),
        Value::Number(number) => Json::from(*number),
        Value::Text(text) => Json::String(text.clone()),
        Value::Time(time) => whole_seconds(*time).map_or_else(|| Json::from(seconds_of(*time)), Json::from),
        Value::List(values) => Json::Array(values.iter().map(to_json).collect()),
        Value::Map(members) => {
            Json::Object(members.iter().map(|(name, value)| (name.clone(), to_json(value))).collect())
        }
    }
}

fn whole_seconds(time: Timestamp) -> Option<i64> {
    (time.subsec_nanosecond() == 0).then(|| time.as_second())
}

#[expect(clippy::cast_precision_loss, reason = "milliseconds of our time have 41 bits")]
fn seconds_of(time: Timestamp) -> f64 {
    time.as_millisecond() as f64 / 1000.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::io::Write;

    fn values() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::Bool),
            any::<i64>().prop_map(Value::Integer),
            (-1.0e12..1.0e12).prop_map(Value::Number),
            ".*".prop_map(Value::Text),
            (0..4_000_000_000_000_i64).prop_map(|ms| Value::Time(Timestamp::from_millisecond(ms).unwrap())),
        ];
        leaf.prop_recursive(3, 24, 4, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(Value::List),
                prop::collection::vec(("[a-z]{1,5}", inner), 0..4).prop_map(Value::Map),
            ]
        })
    }

    proptest! {
        #[test]
        fn what_is_written_in_cbor_is_read_back(value in values()) {
            prop_assert_eq!(Wire::Cbor.read(&cbor_bytes(&value)).unwrap(), value);
        }

        #[test]
        fn no_bytes_make_the_reader_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = Wire::Cbor.read(&bytes);
            let _ = Wire::Json.read(&bytes);
        }
    }

    #[test]
    fn maps_without_a_length_are_read_like_those_with_one() {
        // {_ "a": 1} and {"a": 1}.
        let open = [0xbf, 0x61, b'a', 0x01, 0xff];
        let counted = [0xa1, 0x61, b'a', 0x01];
        assert_eq!(Wire::Cbor.read(&open).unwrap(), Wire::Cbor.read(&counted).unwrap());
    }

    #[test]
    fn a_small_body_that_unpacks_to_a_huge_one_is_refused() {
        let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        packer.write_all(&vec![0; UNPACKED_LIMIT + 1]).unwrap();
        let bomb = packer.finish().unwrap();
        assert!(bomb.len() < BODY_LIMIT);
        let headers = HeaderMap::from_iter([(CONTENT_ENCODING, HeaderValue::from_static("gzip"))]);
        assert!(matches!(unpacked(&headers, bomb.into()), Err(MetricsError::TooLarge(_))));
    }

    #[test]
    fn an_encoding_that_is_not_known_is_refused() {
        let headers = HeaderMap::from_iter([(CONTENT_ENCODING, HeaderValue::from_static("br"))]);
        assert!(matches!(unpacked(&headers, Bytes::new()), Err(MetricsError::Serialization(_))));
    }
}
