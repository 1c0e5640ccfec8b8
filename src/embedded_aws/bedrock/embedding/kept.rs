//! Vectors of texts that were embedded before, kept in a file: a start embeds only what is new.
//!
//! A cache that may vanish: a file that cannot be read is written anew, one that cannot be written is
//! worked out again with the next start.

use std::collections::{HashMap, HashSet};
use std::path::PathBuf;
use std::{fs, io};

use sha2::{Digest, Sha256};

use super::{SIZE, Vector, embed};

/// Names the form of the file and the model: vectors of another model do not fit these.
const MARK: &[u8] = b"patchline vectors 1: all-MiniLM-L6-v2, 8 bits\n";
const RECORD: usize = 32 + SIZE * 4;

type Name = [u8; 32];

/// Vectors by the SHA-256 of their texts.
pub(in crate::embedded_aws::bedrock) struct KeptVectors {
    file: PathBuf,
    vectors: HashMap<Name, Vector>,
    /// Those that were asked for since the start: the others are of documents that are gone.
    used: HashSet<Name>,
    is_changed: bool,
}

impl KeptVectors {
    /// Reads the file, where there is one.
    pub(in crate::embedded_aws::bedrock) fn open(file: PathBuf) -> Self {
        let vectors = match fs::read(&file) {
            Ok(bytes) => read(&bytes),
            Err(_) => HashMap::new(),
        };
        Self { file, vectors, used: HashSet::new(), is_changed: false }
    }

    /// The vector of a text.
    pub(in crate::embedded_aws::bedrock) fn of(&mut self, text: &str) -> Option<Vector> {
        let name: Name = Sha256::digest(text.as_bytes()).into();
        self.used.insert(name);
        if let Some(vector) = self.vectors.get(&name) {
            return Some(vector.clone());
        }
        let vector = embed(text)?;
        self.is_changed = true;
        self.vectors.insert(name, vector.clone());
        Some(vector)
    }

    /// Writes what is new, after all documents were looked at.
    pub(in crate::embedded_aws::bedrock) fn keep(&mut self) {
        if std::mem::take(&mut self.is_changed)
            && let Err(error) = self.write()
        {
            tracing::warn!(%error, file = %self.file.display(), "vectors of documents are not kept; the next start works them out again");
        }
    }

    fn write(&self) -> io::Result<()> {
        let mut bytes = MARK.to_vec();
        for (name, vector) in self.vectors.iter().filter(|(name, _)| self.used.contains(*name)) {
            bytes.extend(name);
            bytes.extend(vector.0.iter().flat_map(|number| number.to_le_bytes()));
        }
        if let Some(folder) = self.file.parent() {
            fs::create_dir_all(folder)?;
        }
        let new = self.file.with_extension("new");
        fs::write(&new, bytes)?;
        fs::rename(new, &self.file)
    }
}

fn read(bytes: &[u8]) -> HashMap<Name, Vector> {
    let records = bytes.strip_prefix(MARK).unwrap_or_default().chunks_exact(RECORD);
    let vectors = records.filter_map(|record| {
        let (name, numbers) = record.split_first_chunk::<32>()?;
        let (numbers, _) = numbers.as_chunks::<4>();
        let vector: Box<[f32]> = numbers.iter().map(|number| f32::from_le_bytes(*number)).collect();
        Some((*name, Vector(vector)))
    });
    vectors.collect()
}

#[cfg(all(test, embedding_model))]
mod tests {
    use super::*;

    #[test]
    fn vectors_are_kept_for_the_next_start() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("base").join("vectors");
        let mut vectors = KeptVectors::open(file.clone());
        let vector = vectors.of("tempo").unwrap();
        vectors.keep();
        let kept = read(&fs::read(&file).unwrap());
        assert_eq!(kept.len(), 1);
        let again = KeptVectors::open(file).of("tempo").unwrap();
        assert_eq!(again, vector);
    }

    #[test]
    fn a_file_of_another_form_is_written_anew() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("vectors");
        fs::write(&file, "something else").unwrap();
        let mut vectors = KeptVectors::open(file.clone());
        assert!(vectors.of("tempo").is_some());
        vectors.keep();
        assert!(fs::read(&file).unwrap().starts_with(MARK));
    }
}
