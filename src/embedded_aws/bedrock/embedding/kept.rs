//! Vectors of texts that were embedded before, kept in a file: a start embeds only what is new. Those of
//! the texts that the embedded AWS is opened with are known from the beginning.
//!
//! A cache that may vanish: a file that cannot be read is written anew, one that cannot be written is
//! worked out again with the next start.

use std::collections::{BTreeMap, HashMap};
use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::PathBuf;

use sha2::{Digest, Sha256};

use super::{SIZE, Vector, embed, squares};
use crate::embedded_aws::data_directory::create_private_directory;

/// Names the form of the file and the model: vectors of another model do not fit these.
const MARK: &[u8] = b"patchline vectors 3: all-MiniLM-L6-v2\n";
/// The SHA-256 of a text, the sum of the squares of its vector's steps, and the steps, of one byte each.
const RECORD: usize = NAME + SUM + SIZE;
const NAME: usize = 32;
const SUM: usize = size_of::<u32>();

type Name = [u8; NAME];

/// Vectors by the SHA-256 of their texts.
pub(in crate::embedded_aws::bedrock) struct KeptVectors {
    file: PathBuf,
    /// Records of the file that nobody has asked for yet.
    records: HashMap<Name, Box<[u8]>>,
    /// What was known without it.
    known: HashMap<&'static [u8], &'static [u8]>,
    /// Those that were asked for since the start: the others are of documents that are gone.
    used: BTreeMap<Name, Vector>,
    /// Whether any had to be worked out.
    has_new: bool,
    is_changed: bool,
}

impl KeptVectors {
    /// Reads the file, where there is one. `known` has the same form: vectors that were worked out long ago.
    pub(in crate::embedded_aws::bedrock) fn open(file: PathBuf, known: &'static [u8]) -> Self {
        let bytes = fs::read(&file).unwrap_or_default();
        let kept = records(&bytes).map(|(name, numbers)| (*name, numbers.into()));
        Self {
            file,
            records: kept.collect(),
            known: records(known).map(|(name, numbers)| (name.as_slice(), numbers)).collect(),
            used: BTreeMap::new(),
            has_new: false,
            is_changed: false,
        }
    }

    /// The vector of a text, where it was worked out before and is not damaged.
    pub(in crate::embedded_aws::bedrock) fn find(&mut self, text: &str) -> Option<Vector> {
        let name = name(text);
        if let Some(vector) = self.used.get(&name) {
            return Some(vector.clone());
        }
        let vector = match self.known.get(name.as_slice()) {
            Some(numbers) => read(numbers)?,
            // From now on it is among those that are used, or it is of no use.
            None => read(&self.records.remove(&name)?)?,
        };
        self.is_changed = true;
        self.used.insert(name, vector.clone());
        Some(vector)
    }

    /// Works out the vector of a text; none without the model, and for a text without words.
    pub(in crate::embedded_aws::bedrock) fn work_out(&mut self, text: &str) -> Option<Vector> {
        let vector = embed(text)?;
        self.is_changed = true;
        self.has_new = true;
        self.used.insert(name(text), vector.clone());
        Some(vector)
    }

    /// Writes those that are in use, when there are any that no start could know.
    pub(in crate::embedded_aws::bedrock) fn keep(&mut self) {
        if !self.has_new || !std::mem::take(&mut self.is_changed) {
            return;
        }
        if let Err(error) = self.write() {
            tracing::warn!(%error, file = %self.file.display(), "vectors of documents are not kept; the next start works them out again");
        }
    }

    fn write(&self) -> io::Result<()> {
        let mut bytes = MARK.to_vec();
        for (name, vector) in &self.used {
            bytes.extend(name);
            bytes.extend(squares(&vector.steps).to_le_bytes());
            bytes.extend(bytemuck::cast_slice::<i8, u8>(&vector.steps));
        }
        if let Some(folder) = self.file.parent() {
            create_private_directory(folder)?;
        }
        let new = self.file.with_extension("new");
        let mut file = File::create(&new)?;
        file.write_all(&bytes)?;
        // Else the name could survive a loss of power and the content not.
        file.sync_all()?;
        fs::rename(new, &self.file)
    }
}

fn name(text: &str) -> Name {
    Sha256::digest(text.as_bytes()).into()
}

/// The records of a file; none when it is of another form.
fn records(bytes: &[u8]) -> impl Iterator<Item = (&Name, &[u8])> {
    let records = bytes.strip_prefix(MARK).unwrap_or_default().chunks_exact(RECORD);
    records.filter_map(<[u8]>::split_first_chunk::<NAME>)
}

/// A vector from its record; none when that was damaged since.
fn read(numbers: &[u8]) -> Option<Vector> {
    let (sum, steps) = numbers.split_first_chunk::<SUM>()?;
    let steps: &[i8] = bytemuck::cast_slice(steps);
    let is_whole = squares(steps) == u32::from_le_bytes(*sum);
    is_whole.then(|| Vector::from_steps(steps)).flatten()
}

#[cfg(test)]
#[cfg(embedding_model)]
mod tests {
    use super::*;

    #[test]
    fn vectors_are_kept_for_the_next_start() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("base").join("vectors");
        let mut vectors = KeptVectors::open(file.clone(), &[]);
        assert_eq!(vectors.find("tempo"), None);
        let vector = vectors.work_out("tempo").unwrap();
        vectors.keep();
        assert_eq!(KeptVectors::open(file, &[]).find("tempo"), Some(vector));
    }

    #[test]
    fn a_vector_that_was_damaged_is_worked_out_anew() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("vectors");
        let mut vectors = KeptVectors::open(file.clone(), &[]);
        let vector = vectors.work_out("tempo").unwrap();
        vectors.keep();
        let whole = fs::read(&file).unwrap();
        // A block of zeros, another sum with some steps, and a sum alone.
        let begin = MARK.len() + NAME;
        for (end, damage) in [(whole.len(), 0), (begin + 16, 0xff), (begin + 2, 0x3c)] {
            let mut bytes = whole.clone();
            bytes[begin..end].fill(damage);
            fs::write(&file, bytes).unwrap();
            let mut vectors = KeptVectors::open(file.clone(), &[]);
            assert_eq!(vectors.find("tempo"), None);
            assert_eq!(vectors.work_out("tempo").as_ref(), Some(&vector));
            vectors.keep();
            assert_eq!(fs::read(&file).unwrap(), whole);
        }
    }

    #[test]
    fn what_was_known_before_is_not_kept_again() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("vectors");
        let mut vectors = KeptVectors::open(file.clone(), &[]);
        vectors.work_out("tempo").unwrap();
        vectors.keep();
        let known: &'static [u8] = fs::read(&file).unwrap().leak();
        fs::remove_file(&file).unwrap();
        let mut vectors = KeptVectors::open(file.clone(), known);
        assert!(vectors.find("tempo").is_some());
        vectors.keep();
        assert!(!file.exists());
    }

    #[test]
    fn a_file_of_another_form_is_written_anew() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("vectors");
        fs::write(&file, "something else").unwrap();
        let mut vectors = KeptVectors::open(file.clone(), b"something else");
        assert!(vectors.work_out("tempo").is_some());
        vectors.keep();
        assert!(fs::read(&file).unwrap().starts_with(MARK));
    }
}
