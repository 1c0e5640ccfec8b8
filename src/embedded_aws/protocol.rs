//! The wire protocols of AWS, as far as writing an error in each of them goes.

use axum::body::Body;
use axum::response::Response;
use http::header::CONTENT_TYPE;
use http::{HeaderMap, HeaderName, HeaderValue, Method};

use super::fault::Fault;

/// The header that carries the id of a request in all protocols but S3's.
pub(crate) const REQUEST_ID: HeaderName = HeaderName::from_static("x-amzn-requestid");

/// The header with the CRC-32 of the body that DynamoDB puts on every response and SDKs verify. Errors
/// of other services in its protocol have it, too, and are none the worse for it.
pub(crate) const CHECKSUM: HeaderName = HeaderName::from_static("x-amz-crc32");

/// A wire protocol, which decides how a request names its operation and how an error is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Protocol {
    /// JSON with the operation in `X-Amz-Target`, `application/x-amz-json-1.0`.
    AwsJson10,
    /// The same as `application/x-amz-json-1.1`.
    AwsJson11,
    /// JSON bodies with the operation in method and path.
    RestJson,
    /// Smithy RPC version 2 with CBOR bodies.
    RpcV2Cbor,
    /// A form with the parameter `Action`, answered in XML.
    AwsQuery,
}

impl Protocol {
    /// The protocol that the headers of a request tell, as far as they do. Some services speak
    /// several, and each SDK chooses: the one for Python asks `CloudWatch` in JSON, others in CBOR.
    pub(crate) fn told_by(method: &Method, headers: &HeaderMap) -> Option<Self> {
        let content_type =
            headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        if headers.contains_key("smithy-protocol") {
            Some(Self::RpcV2Cbor)
        } else if headers.contains_key("x-amz-target") {
            let is_newer = content_type.starts_with(Self::AwsJson11.content_type());
            Some(if is_newer { Self::AwsJson11 } else { Self::AwsJson10 })
        } else if method == Method::POST && content_type.starts_with("application/x-www-form-urlencoded") {
            Some(Self::AwsQuery)
        } else {
            None
        }
    }

    /// Writes an error the way SDKs of this protocol read it.
    pub(crate) fn error(self, fault: &Fault) -> Response {
        let request_id = new_request_id();
        let body = match self {
            Self::AwsJson10 | Self::AwsJson11 => json_error(fault, true),
            Self::RestJson => json_error(fault, false),
            Self::RpcV2Cbor => cbor_error(fault),
            Self::AwsQuery => query_error(fault, &request_id),
        };
        let checksum = (self == Self::AwsJson10).then(|| dynamodb_checksum(&body));
        let mut response = Response::new(Body::from(body));
        *response.status_mut() = fault.status;
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(self.content_type()));
        insert(headers, REQUEST_ID, &request_id);
        if let Some(checksum) = checksum {
            headers.insert(CHECKSUM, checksum);
        }
        match self {
            Self::RestJson => insert(headers, HeaderName::from_static("x-amzn-errortype"), &fault.code),
            Self::RpcV2Cbor => {
                headers.insert("smithy-protocol", HeaderValue::from_static("rpc-v2-cbor"));
                let blame = if fault.status.is_server_error() { "Receiver" } else { "Sender" };
                let code = format!("{};{blame}", fault.code);
                insert(headers, HeaderName::from_static("x-amzn-query-error"), &code);
            }
            Self::AwsJson10 | Self::AwsJson11 | Self::AwsQuery => {}
        }
        response
    }

    /// The response to an operation that went well, with a body that is already in this protocol.
    pub(crate) fn success(self, body: impl Into<Body>) -> Response {
        let mut response = Response::new(body.into());
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(self.content_type()));
        insert(headers, REQUEST_ID, &new_request_id());
        if self == Self::RpcV2Cbor {
            headers.insert("smithy-protocol", HeaderValue::from_static("rpc-v2-cbor"));
        }
        response
    }

    /// The media type of requests and responses.
    pub(crate) fn content_type(self) -> &'static str {
        match self {
            Self::AwsJson10 => "application/x-amz-json-1.0",
            Self::AwsJson11 => "application/x-amz-json-1.1",
            Self::RestJson => "application/json",
            Self::RpcV2Cbor => "application/cbor",
            Self::AwsQuery => "text/xml",
        }
    }
}

/// A new, unique request id.
pub(crate) fn new_request_id() -> String {
    ulid::Ulid::new().to_string()
}

/// The value of [`CHECKSUM`] for this body.
pub(crate) fn dynamodb_checksum(body: &[u8]) -> HeaderValue {
    HeaderValue::from(crc_fast::checksum(crc_fast::CrcAlgorithm::Crc32IsoHdlc, body))
}

/// Inserts a header whose value may come from a request; a value that no header can hold is left out.
fn insert(headers: &mut HeaderMap, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.insert(name, value);
    }
}

fn json_error(fault: &Fault, with_type: bool) -> Vec<u8> {
    let body = if with_type {
        serde_json::json!({ "__type": fault.code, "message": fault.message })
    } else {
        serde_json::json!({ "message": fault.message })
    };
    body.to_string().into_bytes()
}

/// A CBOR map of two text strings (RFC 8949, section 3.1: major types 5 and 3).
fn cbor_error(fault: &Fault) -> Vec<u8> {
    let mut body = vec![0xa2];
    for text in ["__type", &fault.code, "message", &fault.message] {
        write_cbor_text(&mut body, text);
    }
    body
}

fn write_cbor_text(body: &mut Vec<u8>, text: &str) {
    let length = text.len() as u64;
    body.push(0x7b);
    body.extend_from_slice(&length.to_be_bytes());
    body.extend_from_slice(text.as_bytes());
}

fn query_error(fault: &Fault, request_id: &str) -> Vec<u8> {
    let blame = if fault.status.is_server_error() { "Receiver" } else { "Sender" };
    format!(
        "<ErrorResponse><Error><Type>{blame}</Type><Code>{}</Code><Message>{}</Message></Error>\
         <RequestId>{request_id}</RequestId></ErrorResponse>",
        escape_xml(&fault.code),
        escape_xml(&fault.message),
    )
    .into_bytes()
}

fn escape_xml(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_in_cbor_is_a_map_of_type_and_message() {
        let body = cbor_error(&Fault::sender("A", "bc"));
        let mut expected = vec![0xa2, 0x7b, 0, 0, 0, 0, 0, 0, 0, 6];
        expected.extend_from_slice(b"__type");
        expected.extend_from_slice(&[0x7b, 0, 0, 0, 0, 0, 0, 0, 1, b'A', 0x7b, 0, 0, 0, 0, 0, 0, 0, 7]);
        expected.extend_from_slice(b"message");
        expected.extend_from_slice(&[0x7b, 0, 0, 0, 0, 0, 0, 0, 2, b'b', b'c']);
        assert_eq!(body, expected);
    }

    #[test]
    fn an_error_of_the_query_protocol_cannot_break_out_of_its_xml() {
        let body = String::from_utf8(query_error(&Fault::sender("A", "<b>&"), "1")).unwrap_or_default();
        assert!(body.contains("<Message>&lt;b&gt;&amp;</Message>"), "{body}");
    }
}
