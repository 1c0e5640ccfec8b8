//! Documents that people add to the knowledge base: read, found, listed, refused and removed.

use super::start;
use crate::support::{Answer, Patchline, base64};
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use patchline::engine::config::KNOWLEDGE_BUCKET;
use serde_json::json;

/// A PDF with one line of text on each page.
fn pdf(pages: &[&str]) -> Vec<u8> {
    bytes(document(pages))
}

/// A PDF that opens with a password only.
fn encrypted_pdf() -> Vec<u8> {
    let mut document = document(&["Secret."]);
    let id = || lopdf::Object::string_literal("0123456789abcdef");
    document.trailer.set("ID", vec![id(), id()]);
    let version = lopdf::EncryptionVersion::V2 {
        document: &document,
        owner_password: "owner",
        user_password: "user",
        key_length: 128,
        permissions: lopdf::Permissions::empty(),
    };
    let state = lopdf::EncryptionState::try_from(version).expect("a cipher");
    document.encrypt(&state).expect("it is encrypted");
    bytes(document)
}

fn bytes(mut document: lopdf::Document) -> Vec<u8> {
    let mut bytes = Vec::new();
    document.save_to(&mut bytes).expect("a file");
    bytes
}

fn document(pages: &[&str]) -> lopdf::Document {
    use lopdf::content::{Content, Operation};
    use lopdf::{Document, Object, Stream, dictionary};
    let mut document = Document::with_version("1.5");
    let tree = document.new_object_id();
    let font =
        document.add_object(dictionary! { "Type" => "Font", "Subtype" => "Type1", "BaseFont" => "Courier" });
    let resources = document.add_object(dictionary! { "Font" => dictionary! { "F1" => font } });
    let kids: Vec<Object> = pages
        .iter()
        .map(|text| {
            let operations = vec![
                Operation::new("BT", vec![]),
                Operation::new("Tf", vec!["F1".into(), 12.into()]),
                Operation::new("Td", vec![50.into(), 700.into()]),
                Operation::new("Tj", vec![Object::string_literal(*text)]),
                Operation::new("ET", vec![]),
            ];
            let content = Content { operations }.encode().expect("a page");
            let content = document.add_object(Stream::new(dictionary! {}, content));
            let page = dictionary! {
                "Type" => "Page", "Parent" => tree, "Contents" => content, "Resources" => resources,
                "MediaBox" => vec![0.into(), 0.into(), 595.into(), 842.into()],
            };
            document.add_object(page).into()
        })
        .collect();
    let count = i64::try_from(kids.len()).expect("few pages");
    document.objects.insert(tree, dictionary! { "Type" => "Pages", "Kids" => kids, "Count" => count }.into());
    let catalog = document.add_object(dictionary! { "Type" => "Catalog", "Pages" => tree });
    document.trailer.set("Root", catalog);
    document
}

async fn upload(patchline: &Patchline, name: &str, bytes: Vec<u8>) -> Answer {
    let request = Request::put(format!("/upload/document?fileName={name}"))
        .header(header::CONTENT_LENGTH, bytes.len())
        .body(Body::from(bytes))
        .expect("a request");
    patchline.send(request).await
}

#[tokio::test]
async fn a_clause_of_an_added_contract_is_found_with_its_page() {
    let patchline = start().await;
    let contract = pdf(&[
        "Recording agreement between Northlight and Mira Holm.",
        "The zamboni clause: Mira may keep the zamboni after the tour.",
    ]);
    let added = upload(&patchline, "mira.pdf", contract.clone()).await;
    assert_eq!(added.status, StatusCode::CREATED, "{}", added.text());
    assert_eq!(
        (&added.json()["pages"], &added.json()["fileName"]),
        (&json!(2), &json!("documents/mira.pdf"))
    );
    assert!(added.json()["durationMicros"].as_u64() > Some(0), "{}", added.text());
    assert!(
        added.json()["resources"].as_array().is_some_and(|touched| !touched.is_empty()),
        "{}",
        added.text()
    );

    patchline.knowledge_settled().await;
    let found = patchline.result_of("music_knowledge_search", json!({ "query": "zamboni clause" })).await;
    let result = &found["results"][0];
    assert_eq!(
        (&result["document"]["fileName"], &result["document"]["page"]),
        (&json!("documents/mira.pdf"), &json!(2))
    );
    assert_eq!(found["notInKnowledgeBase"], false);
    assert!(!result["highlights"].as_array().expect("highlights").is_empty());

    let again = upload(&patchline, "mira.pdf", contract).await;
    assert_eq!(again.status, StatusCode::CONFLICT, "{}", again.text());

    let listed = patchline.result_of("list_knowledge_documents", json!({})).await;
    let documents = listed["documents"].as_array().expect("documents").clone();
    let mine =
        documents.iter().find(|document| document["fileName"] == "documents/mira.pdf").expect("it is listed");
    assert_eq!(
        (&mine["pages"], &mine["passages"], &mine["isShipped"]),
        (&json!(2), &json!(2), &json!(false))
    );
    assert_ne!(mine["state"], "failed");

    patchline.result_of("remove_knowledge_document", json!({ "fileName": "documents/mira.pdf" })).await;
    patchline.knowledge_settled().await;
    let found = patchline.result_of("music_knowledge_search", json!({ "query": "zamboni clause" })).await;
    assert!(
        found["results"]
            .as_array()
            .expect("results")
            .iter()
            .all(|result| result["document"]["fileName"] != "documents/mira.pdf")
    );
}

#[tokio::test]
async fn a_document_of_the_sample_label_says_so_in_the_list_and_on_the_page() {
    let patchline = start().await;
    assert!(!patchline.get("/knowledge?view=documents").await.text().contains(">Sample data<"));
    let file =
        patchline.clients.s3.put_object().bucket(KNOWLEDGE_BUCKET).key("isrc.md").metadata("sample", "true");
    file.body(b"# ISRC\n".to_vec().into()).send().await.expect("it is stored");
    let listed = patchline.result_of("list_knowledge_documents", json!({})).await;
    let documents = listed["documents"].as_array().expect("documents").iter();
    let told: Vec<_> = documents.filter(|document| document["sample"] == true).collect();
    assert_eq!(told.len(), 1, "{told:?}");
    assert_eq!(told[0]["fileName"], "isrc.md");
    assert!(patchline.get("/knowledge?view=documents").await.text().contains(">Sample data<"));
}

#[tokio::test]
async fn a_document_that_cannot_be_read_is_refused_and_not_stored() {
    let patchline = start().await;
    for (content, reason) in [
        (pdf(&[""]), ""),
        (encrypted_pdf(), "encrypted"),
        (b"%PDF-1.7 and then nothing".to_vec(), "damaged"),
        (b"\x89PNG\r\n\x1a\n not a document".to_vec(), "PDF and Word"),
        (b"   ".to_vec(), "empty"),
    ] {
        let arguments = json!({ "fileName": "broken.pdf", "fileContent": base64(&content) });
        let answer = patchline.tool("add_knowledge_document", arguments).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{}", answer.text());
        assert_eq!(answer.wrong_fields(), ["fileContent"]);
        assert!(answer.text().contains(reason), "{reason}: {}", answer.text());
    }
    let listed = patchline.result_of("list_knowledge_documents", json!({})).await;
    assert!(
        listed["documents"]
            .as_array()
            .expect("documents")
            .iter()
            .all(|document| document["isShipped"] == true)
    );
}

#[tokio::test]
async fn a_document_of_500_megabytes_is_refused_before_it_is_sent() {
    let patchline = start().await;
    let request = Request::put("/upload/document?fileName=huge.pdf")
        .header(header::CONTENT_LENGTH, 500 * 1024 * 1024)
        .body(Body::empty())
        .expect("a request");
    let answer = patchline.send(request).await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert!(answer.text().contains("50 MiB"), "{}", answer.text());
}

#[tokio::test]
async fn what_comes_with_patchline_is_not_removed() {
    let patchline = start().await;
    for name in ["entries/rates/us-mechanical-work-2026.md", "contracts/sync.md", "synonyms.toml"] {
        let answer = patchline.tool("remove_knowledge_document", json!({ "fileName": name })).await;
        assert_eq!(
            (answer.status, answer.wrong_fields()),
            (StatusCode::BAD_REQUEST, vec!["fileName".to_owned()])
        );
    }
    let answer = patchline.tool("remove_knowledge_document", json!({ "fileName": "documents/no.pdf" })).await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND, "{}", answer.text());
}

#[tokio::test]
async fn a_removal_that_broke_off_can_be_finished() {
    let patchline = start().await;
    let s3 = &patchline.clients.s3;
    let left = "documents/half.md.metadata.json";
    let body = aws_sdk_s3::primitives::ByteStream::from_static(b"{\"metadataAttributes\":{}}");
    s3.put_object().bucket("patchline-knowledge").key(left).body(body).send().await.expect("it is put");
    patchline.result_of("remove_knowledge_document", json!({ "fileName": "documents/half.md" })).await;
    let head = s3.head_object().bucket("patchline-knowledge").key(left).send().await;
    assert!(head.is_err(), "the attributes are gone");
    let again = patchline.tool("remove_knowledge_document", json!({ "fileName": "documents/half.md" })).await;
    assert_eq!(again.status, StatusCode::NOT_FOUND, "{}", again.text());
}
