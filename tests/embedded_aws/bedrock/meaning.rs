//! Long documents, which are found by their words before their vectors are there, and what comes meanwhile.

use std::path::{Path, PathBuf};
use std::time::Duration;

use super::super::code_of;
use super::{BUCKET, Knowledge, Outcome, attribute, text_of};

/// A document whose passages take far longer to be embedded than a search waits; the last is about a theremin.
fn long_document() -> String {
    let part = |number: u32| {
        let clause = format!("Clause {number} of the contract is about royalties and their payment. ");
        format!("## Part {number}\n\n{}\n\n", clause.repeat(14))
    };
    let parts: Vec<String> = (1..=200).map(part).collect();
    let last = "## Instruments\n\nThe theremin of the artist is not part of the contract.";
    format!("# Contract\n\n{}{last}", parts.concat())
}

/// The file below a directory that has this content.
fn file_with(directory: &Path, content: &str) -> Option<PathBuf> {
    let entries = std::fs::read_dir(directory).ok()?.flatten();
    entries.map(|entry| entry.path()).find_map(|path| {
        if path.is_dir() {
            return file_with(&path, content);
        }
        std::fs::read(&path).is_ok_and(|bytes| bytes == content.as_bytes()).then_some(path)
    })
}

#[cfg_attr(not(embedding_model), ignore = "the embedding model is not built in: run scripts/embeddings")]
#[tokio::test]
async fn what_comes_while_a_long_document_waits_for_its_vectors_is_found_by_its_meaning_at_once() -> Outcome {
    let knowledge = Knowledge::new().await?;
    knowledge.put("long.md", long_document()).await?;
    assert!(!knowledge.keys("clause").await?.is_empty(), "its words are known");
    knowledge.put("a.md", "About a zebra.").await?;
    let is_found = async || {
        let keys = knowledge.keys("a striped horse of Africa").await;
        keys.map(|keys| keys.iter().any(|key| key == "a.md"))
    };
    assert!(is_found().await?, "no word is shared");
    knowledge.s3.delete_object().bucket(BUCKET).key("a.md").send().await?;
    assert!(!is_found().await?);
    Ok(())
}

#[cfg_attr(not(embedding_model), ignore = "the embedding model is not built in: run scripts/embeddings")]
#[tokio::test]
async fn a_base_with_trouble_is_read_again_before_a_long_document_gets_its_vectors() -> Outcome {
    let zebra = "About a zebra.";
    let knowledge = Knowledge::new().await?;
    knowledge.put("zebra.md", zebra).await?;
    knowledge.put("long.md", long_document()).await?;
    let directory = knowledge.close().await;
    let file = file_with(&directory.path().join("s3/blobs"), zebra).ok_or("no file has the document")?;
    let aside = directory.path().join("aside");
    std::fs::rename(&file, &aside)?;

    let knowledge = Knowledge::open(directory, |_| {}).await?;
    assert_eq!(code_of(knowledge.ask("zebra").send().await), "InternalServerException");
    std::fs::rename(aside, file)?;
    let found = async {
        loop {
            match knowledge.results("theremin").await {
                Ok(results) => return results,
                Err(_) => tokio::time::sleep(Duration::from_millis(20)).await,
            }
        }
    };
    let results = tokio::time::timeout(Duration::from_secs(30), found).await?;
    let theremin = results.iter().find(|result| text_of(result).contains("theremin")).ok_or("it is found")?;
    assert_eq!(attribute(theremin, "x-patchline-similarity"), None, "its vector is still to come");
    Ok(())
}
