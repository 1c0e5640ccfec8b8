//! The credential scope: which key signed, on which day, for which region and service.

use std::str::FromStr;

use http::header::AUTHORIZATION;
use percent_encoding::percent_decode_str;

use super::SignatureProblem;

/// `<access key>/<date>/<region>/<service>/aws4_request`
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct CredentialScope {
    /// The public half of the credentials.
    pub(crate) access_key: String,
    /// The day of signing, `YYYYMMDD`.
    pub(crate) date: String,
    /// The region the request was signed for.
    pub(crate) region: String,
    /// The signing name of the service the request was signed for.
    pub(crate) service: String,
}

impl CredentialScope {
    /// The scope that a request carries in its `Authorization` header or, when presigned, in its
    /// query; none when it is not signed with version 4.
    pub(crate) fn of<B>(request: &http::Request<B>) -> Result<Option<Self>, SignatureProblem> {
        if let Some(header) = request.headers().get(AUTHORIZATION) {
            let Some(fields) = header.to_str().ok().and_then(|text| text.strip_prefix("AWS4-HMAC-SHA256"))
            else {
                return Ok(None);
            };
            return find_field(fields, "Credential").map(str::parse).transpose();
        }
        let Some(query) = request.uri().query() else { return Ok(None) };
        let credential = query.split('&').find_map(|pair| pair.strip_prefix("X-Amz-Credential="));
        let Some(credential) = credential else { return Ok(None) };
        percent_decode_str(credential)
            .decode_utf8()
            .map_err(|_| incomplete("X-Amz-Credential is not valid UTF-8"))?
            .parse()
            .map(Some)
    }
}

impl FromStr for CredentialScope {
    type Err = SignatureProblem;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut fields = text.rsplitn(5, '/');
        let parsed = (fields.next(), fields.next(), fields.next(), fields.next(), fields.next());
        let (Some("aws4_request"), Some(service), Some(region), Some(date), Some(access_key)) = parsed else {
            return Err(incomplete("Credential must be <key>/<date>/<region>/<service>/aws4_request"));
        };
        Ok(Self {
            access_key: access_key.to_owned(),
            date: date.to_owned(),
            region: region.to_owned(),
            service: service.to_owned(),
        })
    }
}

/// The value of `name=value` in the comma-separated fields of an `Authorization` header.
pub(super) fn find_field<'text>(fields: &'text str, name: &str) -> Option<&'text str> {
    fields.split(',').find_map(|field| field.trim().strip_prefix(name)?.strip_prefix('='))
}

pub(super) fn incomplete(reason: &str) -> SignatureProblem {
    SignatureProblem::Incomplete(reason.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_names_its_service() {
        let request = http::Request::builder()
            .header(
                AUTHORIZATION,
                "AWS4-HMAC-SHA256 Credential=AK/20261122/eu-west-1/logs/aws4_request, SignedHeaders=host, \
                 Signature=00",
            )
            .body(());
        let scope = request.ok().and_then(|request| CredentialScope::of(&request).ok().flatten());
        assert_eq!(
            scope.map(|scope| (scope.service, scope.region)),
            Some(("logs".into(), "eu-west-1".into()))
        );
    }

    #[test]
    fn a_presigned_address_names_its_service() {
        let request = http::Request::builder()
            .uri(
                "http://h/b/k?X-Amz-Credential=AK%2F20261122%2Fus-east-1%2Fs3%2Faws4_request&X-Amz-Expires=1",
            )
            .body(());
        let scope = request.ok().and_then(|request| CredentialScope::of(&request).ok().flatten());
        assert_eq!(scope.map(|scope| scope.service), Some("s3".into()));
    }

    #[test]
    fn half_a_scope_is_refused() {
        assert!("AK/20261122/aws4_request".parse::<CredentialScope>().is_err());
    }
}
