//! Resources, their changes, prompts and completion.

use super::client::{BOTH, Era, Person, call, connect, connect_with_key, served};
use crate::support::{Patchline, artist, base64, release, wav};
use base64::Engine as _;
use patchline::engine::gateway::{Channel, Origin, Principal, Role};
use patchline::model::key::KeyRequest;
use patchline::model::workflow::WORKFLOWS;
use rmcp::model::{
    GetPromptRequestParams, ReadResourceRequestParams, ResourceContents, SubscribeRequestParams,
    SubscriptionFilter,
};
use serde_json::{Value, json};

fn read(uri: &str) -> ReadResourceRequestParams {
    ReadResourceRequestParams::new(uri)
}

#[tokio::test]
async fn things_are_listed_page_by_page_and_read_as_text_and_bytes() {
    let (patchline, served) = served().await;
    let upload = json!({ "fileName": "masters/a.wav", "fileContent": base64(&wav()) });
    patchline.result_of("upload_audio_file", upload).await;
    let contract = json!({ "fileName": "art_1/deal.md", "fileContent": base64(b"# Deal") });
    patchline.result_of("store_contract", contract).await;
    for era in BOTH {
        let client = connect(&served, "/mcp", era, Person::silent().0).await;
        let listed = client.list_all_resources().await.expect("resources");
        let addresses: Vec<_> = listed.iter().map(|resource| resource.uri.as_str()).collect();
        let audio = "patchline://files/patchline-audio/masters/a.wav";
        let deal = "patchline://files/patchline-contracts/art_1/deal.md";
        assert_eq!(
            addresses,
            ["patchline://artists/art_1", "patchline://releases/rel_1", audio, deal],
            "{era:?}"
        );
        assert_eq!(listed[2].size, Some(16_044));
        assert!(listed[2].annotations.as_ref().is_some_and(|notes| notes.last_modified.is_some()));
        let artist = client.read_resource(read("patchline://artists/art_1")).await.expect("it is read");
        let ResourceContents::TextResourceContents { text, .. } = &artist.contents[0] else { panic!("text") };
        assert!(text.contains("\"name\": \"Mira\""), "{text}");
        let sound = client.read_resource(read(audio)).await.expect("it is read");
        let ResourceContents::BlobResourceContents { blob, mime_type, .. } = &sound.contents[0] else {
            panic!("bytes")
        };
        let bytes = base64::engine::general_purpose::STANDARD.decode(blob).expect("base64");
        assert_eq!((bytes, mime_type.as_deref()), (wav(), Some("audio/wav")));
        let text = client.read_resource(read(deal)).await.expect("it is read");
        assert!(
            matches!(&text.contents[0], ResourceContents::TextResourceContents { text, .. } if text == "# Deal")
        );
    }
}

#[tokio::test]
async fn what_is_not_there_is_named() {
    let (_patchline, served) = served().await;
    let client = connect(&served, "/mcp", Era::Modern, Person::silent().0).await;
    for missing in
        ["patchline://artists/nobody", "https://example.org/", "patchline://files/patchline-audio/none.wav"]
    {
        let error = client.read_resource(read(missing)).await.expect_err("it is not there").to_string();
        assert!(error.contains("-32602"), "{missing}: {error}");
    }
    let elsewhere = connect(&served, "/mcp/s3", Era::Modern, Person::silent().0).await;
    assert!(elsewhere.read_resource(read("patchline://artists/art_1")).await.is_err());
}

#[tokio::test]
async fn ids_are_completed_from_names() {
    let (_patchline, served) = served().await;
    for era in BOTH {
        let client = connect(&served, "/mcp", era, Person::silent().0).await;
        let found = client.complete_resource_simple("patchline://artists/{id}", "id", "mír").await;
        assert_eq!(found.expect("values"), ["art_1"], "{era:?}");
        let found = client.complete_prompt_simple("release_date", "release", "night").await;
        assert_eq!(found.expect("values"), ["rel_1"], "{era:?}");
    }
}

#[tokio::test]
async fn a_prompt_has_its_subject_attached() {
    let (_patchline, served) = served().await;
    for era in BOTH {
        let client = connect(&served, "/mcp", era, Person::silent().0).await;
        let prompts = client.list_all_prompts().await.expect("prompts");
        let names: Vec<_> = prompts.iter().map(|prompt| prompt.name.as_str()).collect();
        let workflows: Vec<_> = WORKFLOWS.iter().map(|workflow| workflow.prompt).collect();
        assert_eq!(names, workflows);
        let arguments =
            json!({ "artist": "Mira", "focus": "playlists" }).as_object().cloned().expect("an object");
        let asked = GetPromptRequestParams::new("artist_performance").with_arguments(arguments);
        let prompt = json!(client.get_prompt(asked).await.expect("a prompt"));
        let text = prompt["messages"][0]["content"]["text"].as_str().unwrap_or_default();
        assert!(text.contains("“Mira”") && text.contains("playlists"), "{text}");
        assert_eq!(prompt["messages"][1]["content"]["resource"]["uri"], "patchline://artists/art_1");
        let missing = client.get_prompt(GetPromptRequestParams::new("artist_performance")).await;
        assert!(missing.is_err_and(|error| error.to_string().contains("artist")));
    }
}

#[tokio::test]
async fn a_client_of_the_older_era_hears_of_what_it_follows() {
    let (patchline, served) = served().await;
    let (person, mut heard) = Person::silent();
    let client = connect(&served, "/mcp", Era::Legacy, person).await;
    let uri = "patchline://releases/rel_1";
    #[expect(deprecated, reason = "this is how the older era follows things")]
    client.subscribe(SubscribeRequestParams::new(uri)).await.expect("it is followed");
    let change = json!({ "releaseId": "rel_1", "expectedVersion": 1, "updateData": { "title": "New" } });
    patchline.result_of("update_release_data", change).await;
    assert_eq!(heard.updates.recv().await.as_deref(), Some(uri));
}

#[tokio::test]
async fn a_client_of_the_newer_era_hears_of_what_it_follows() {
    let (_patchline, served) = served().await;
    let client = connect(&served, "/mcp", Era::Modern, Person::silent().0).await;
    let uri = "patchline://releases/rel_1";
    let mut filter = SubscriptionFilter::new();
    filter.resource_subscriptions = Some(vec![uri.to_owned(), "https://example.org".to_owned()]);
    filter.tools_list_changed = Some(true);
    filter.prompts_list_changed = Some(true);
    let mut subscription = client.listen(filter).await.expect("it is followed");
    assert_eq!(subscription.acknowledged().resource_subscriptions, Some(vec![uri.to_owned()]));
    assert_eq!(subscription.acknowledged().tools_list_changed, Some(true));
    assert_eq!(subscription.acknowledged().prompts_list_changed, None, "prompts never change");
    let change = json!({ "releaseId": "rel_1", "expectedVersion": 1, "updateData": { "title": "New" } });
    assert_eq!(call(&client, "update_release_data", change).await.is_error, Some(false));
    let news = subscription.next().await.expect("it goes on").expect("news");
    assert!(json!(news).to_string().contains(uri), "{news:?}");
}

/// The key of an artist who may see `art_1`, and nothing of others.
async fn key_of_artist(patchline: &Patchline) -> String {
    let identity = &patchline.engine.identity;
    let user = identity.add("Mira", "mira@label.example", Role::Artist).await.expect("added");
    let own = vec!["art_1".parse().expect("an id")];
    let user = identity.set_artists(&user.id, own).await.expect("the artist is there");
    let principal = Principal::new(user.id, user.name, user.role);
    let wish = KeyRequest { name: "Studio".to_owned(), scope: "all".to_owned(), ..KeyRequest::default() };
    let made = patchline.engine.create_key(&principal, &Origin::new(Channel::Page, None), &wish).await;
    made.expect("a key").text
}

/// Changes the release of somebody else and then that of the artist.
async fn change_both(patchline: &Patchline) {
    for id in ["rel_2", "rel_1"] {
        let change = json!({ "releaseId": id, "expectedVersion": 1, "updateData": { "title": "New" } });
        patchline.result_of("update_release_data", change).await;
    }
}

async fn with_releases_of_two() -> (Patchline, crate::support::Served) {
    let (patchline, served) = served().await;
    patchline.put("artists", artist("art_2", "Noor")).await;
    patchline.put("releases", release("rel_2", "art_2")).await;
    (patchline, served)
}

const OF_OTHERS: &str = "patchline://releases/rel_2";
const OWN: &str = "patchline://releases/rel_1";

#[tokio::test]
async fn a_client_of_the_older_era_hears_nothing_of_what_belongs_to_others() {
    let (patchline, served) = with_releases_of_two().await;
    let key = key_of_artist(&patchline).await;
    let (person, mut heard) = Person::silent();
    let client = connect_with_key(&served, "/mcp", Era::Legacy, person, &key).await;
    for uri in [OF_OTHERS, OWN] {
        #[expect(deprecated, reason = "this is how the older era follows things")]
        client.subscribe(SubscribeRequestParams::new(uri)).await.expect("it is followed");
    }
    change_both(&patchline).await;
    // What is heard first was changed last.
    assert_eq!(heard.updates.recv().await.as_deref(), Some(OWN));
}

#[tokio::test]
async fn a_client_of_the_newer_era_hears_nothing_of_what_belongs_to_others() {
    let (patchline, served) = with_releases_of_two().await;
    let key = key_of_artist(&patchline).await;
    let client = connect_with_key(&served, "/mcp", Era::Modern, Person::silent().0, &key).await;
    let mut filter = SubscriptionFilter::new();
    filter.resource_subscriptions = Some(vec![OF_OTHERS.to_owned(), OWN.to_owned()]);
    filter.resources_list_changed = Some(true);
    let mut subscription = client.listen(filter).await.expect("it is followed");
    let content = |name: &str| -> Value { json!({ "fileName": name, "fileContent": base64(&wav()) }) };
    patchline.result_of("upload_audio_file", content("artists/art_2/live.wav")).await;
    change_both(&patchline).await;
    patchline.result_of("upload_audio_file", content("artists/art_1/live.wav")).await;
    let news = json!(subscription.next().await.expect("it goes on").expect("news")).to_string();
    assert!(news.contains(OWN) && !news.contains(OF_OTHERS), "{news}");
    let news = json!(subscription.next().await.expect("it goes on").expect("news")).to_string();
    assert!(news.contains("list_changed"), "its own file has come: {news}");
}
