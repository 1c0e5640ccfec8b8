//! Pages of this machine may upload; others as the bucket's rules say.

use aws_sdk_s3::types::{CorsConfiguration, CorsRule};
use bytes::Bytes;

use super::raw_http::{header, send};
use super::{Fixture, Outcome, code_of};

fn preflight(origin: &str, method: &str) -> Result<http::Request<Bytes>, http::Error> {
    http::Request::options("/bucket/key")
        .header("origin", origin)
        .header("access-control-request-method", method)
        .header("access-control-request-headers", "content-type,x-amz-meta-a")
        .body(Bytes::new())
}

#[tokio::test]
async fn a_page_of_this_machine_may_upload_and_read_the_entity_tag() -> Outcome {
    let (fixture, _s3) = Fixture::with_bucket().await?;
    let listener = fixture.aws.listen(([127, 0, 0, 1], 0).into()).await?;
    let response = send(listener.address(), preflight("http://localhost:3000", "PUT")?).await?;
    assert_eq!(response.status(), 200);
    assert_eq!(header(&response, "access-control-allow-origin"), Some("http://localhost:3000"));
    assert_eq!(header(&response, "access-control-allow-headers"), Some("content-type, x-amz-meta-a"));
    assert!(header(&response, "access-control-allow-methods").is_some_and(|methods| methods.contains("PUT")));

    let request =
        http::Request::get("/bucket/key").header("origin", "http://127.0.0.1:1").body(Bytes::new())?;
    let response = send(listener.address(), request).await?;
    assert_eq!(response.status(), 403);
    assert_eq!(header(&response, "access-control-allow-origin"), Some("http://127.0.0.1:1"));
    assert!(header(&response, "access-control-expose-headers").is_some_and(|names| names.contains("ETag")));
    Ok(())
}

#[tokio::test]
async fn a_page_of_elsewhere_needs_a_rule_of_the_bucket() -> Outcome {
    let (fixture, s3) = Fixture::with_bucket().await?;
    let listener = fixture.aws.listen(([127, 0, 0, 1], 0).into()).await?;
    let foreign = "https://studio.example.com";
    assert_eq!(send(listener.address(), preflight(foreign, "PUT")?).await?.status(), 403);
    assert_eq!(code_of(s3.get_bucket_cors().bucket("bucket").send().await), "NoSuchCORSConfiguration");

    let rule = CorsRule::builder()
        .allowed_origins("https://*.example.com")
        .allowed_methods("PUT")
        .allowed_headers("*")
        .max_age_seconds(60)
        .build()?;
    let configuration = CorsConfiguration::builder().cors_rules(rule.clone()).build()?;
    s3.put_bucket_cors().bucket("bucket").cors_configuration(configuration).send().await?;

    assert_eq!(s3.get_bucket_cors().bucket("bucket").send().await?.cors_rules(), [rule]);
    let response = send(listener.address(), preflight(foreign, "PUT")?).await?;
    assert_eq!((response.status().as_u16(), header(&response, "access-control-max-age")), (200, Some("60")));
    assert_eq!(send(listener.address(), preflight(foreign, "DELETE")?).await?.status(), 403);
    assert_eq!(send(listener.address(), preflight("https://example.org", "PUT")?).await?.status(), 403);
    Ok(())
}
