//! Uploads that come in parts, as the browser and other programs speak of them.

use serde::{Deserialize, Serialize};

/// A file that is to be uploaded in parts.
#[cfg_attr(feature = "ssr", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewUpload {
    /// The bucket; none for the default.
    #[serde(default)]
    pub bucket_name: Option<String>,
    /// The name it gets in the bucket.
    pub file_name: String,
    /// Its exact size.
    pub size_bytes: u64,
    /// When it was changed last on the sender's side, as the sender writes it. With name and size it tells whether
    /// this is an upload that was begun before, so another content has to have another time.
    #[cfg_attr(feature = "ssr", schemars(length(min = 1, max = 64)))]
    pub modified: String,
    /// The first bytes in base64, at most 8 KiB: they decide what it is.
    pub head: String,
    /// Whether a file of the same name is replaced.
    #[serde(default)]
    pub overwrite: bool,
}

/// How far an upload is.
#[cfg_attr(feature = "ssr", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct UploadSoFar {
    /// Its name in addresses.
    pub upload_id: String,
    /// The bucket.
    pub bucket_name: String,
    /// The file's name in the bucket.
    pub file_name: String,
    /// How large each part is, but the last.
    pub part_bytes: u64,
    /// How many parts there are to be.
    pub parts: u32,
    /// The numbers of those that are there, from 1.
    pub there: Vec<u32>,
    /// The SHA-256 of each of those in base64, in the same order. Whoever goes on compares them with the file, and
    /// sends again what is different.
    pub checksums: Vec<String>,
}

impl UploadSoFar {
    /// The numbers of the parts that are missing.
    pub fn missing(&self) -> Vec<u32> {
        (1..=self.parts).filter(|number| !self.there.contains(number)).collect()
    }

    /// Whether a part is there with this content, by its SHA-256 in base64.
    pub fn has(&self, number: u32, sha256: &str) -> bool {
        let mut there = self.there.iter().zip(&self.checksums);
        there.any(|(known, checksum)| *known == number && checksum == sha256)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_missing_is_what_is_not_there() {
        let upload = UploadSoFar {
            upload_id: "u".to_owned(),
            bucket_name: "b".to_owned(),
            file_name: "f".to_owned(),
            part_bytes: 8,
            parts: 4,
            there: vec![2, 4],
            checksums: vec!["b".to_owned(), "d".to_owned()],
        };
        assert_eq!(upload.missing(), [1, 3]);
        assert!(upload.has(2, "b") && upload.has(4, "d"));
        assert!(!upload.has(2, "d") && !upload.has(1, "b"), "another content is none of it");
    }
}
