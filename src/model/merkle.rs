//! The tree of hashes over a log, as RFC 6962 has it: its root, and whether something stands in it at a place.
//!
//! Server and browser check with the same lines of code.

use sha2::{Digest, Sha256};

/// A SHA-256.
pub type Hash = [u8; 32];

/// The hash of an entry.
pub fn leaf_hash(content: &[u8]) -> Hash {
    Sha256::new().chain_update([0]).chain_update(content).finalize().into()
}

/// The hash of two trees beside each other.
pub fn node_hash(left: &Hash, right: &Hash) -> Hash {
    Sha256::new().chain_update([1]).chain_update(left).chain_update(right).finalize().into()
}

/// A hash as it is written in records.
pub fn to_hex(hash: &Hash) -> String {
    hex::encode(hash)
}

/// A hash that was written in a record; none for a text that is none.
pub fn from_hex(text: &str) -> Option<Hash> {
    let mut hash = Hash::default();
    hex::decode_to_slice(text, &mut hash).ok()?;
    Some(hash)
}

/// A tree to which entries are added: of those that it has it keeps a hash for each power of two only.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tree {
    size: u64,
    /// The roots of the full trees that its size is made of, the largest first.
    peaks: Vec<Hash>,
}

impl Tree {
    /// A tree of which only the peaks are known. None where that many entries have other peaks.
    pub fn from_peaks(size: u64, peaks: Vec<Hash>) -> Option<Self> {
        let fits = u32::try_from(peaks.len()).is_ok_and(|count| count == size.count_ones());
        // No log ever gets that long, and what is added must not overflow.
        (fits && size < u64::MAX / 2).then_some(Self { size, peaks })
    }

    /// How many entries it has.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// The roots of the full trees that its size is made of, the largest first.
    pub fn peaks(&self) -> &[Hash] {
        &self.peaks
    }

    /// Adds an entry.
    pub fn push(&mut self, leaf: Hash) {
        let full = usize::try_from(self.size.trailing_ones()).unwrap_or(usize::MAX);
        let kept = self.peaks.len().saturating_sub(full);
        // As in adding one to a binary number: each full tree at the end is carried into the next size.
        let joined = self.peaks.drain(kept..).rev().fold(leaf, |right, left| node_hash(&left, &right));
        self.peaks.push(joined);
        self.size += 1;
    }

    /// Adds entries.
    pub fn extend(&mut self, leaves: &[Hash]) {
        for leaf in leaves {
            self.push(*leaf);
        }
    }

    /// The hash that stands for all entries and their order.
    pub fn root(&self) -> Hash {
        let mut peaks = self.peaks.iter().rev();
        match peaks.next() {
            None => Sha256::digest(b"").into(),
            Some(last) => peaks.fold(*last, |right, left| node_hash(left, &right)),
        }
    }

    /// The hashes that lead from one of the `later` entries to the root of this tree with all of them. Only
    /// those that are later can be asked for.
    pub fn path(&self, later: &[Hash], index: u64) -> Option<Vec<Hash>> {
        let size = self.size + u64::try_from(later.len()).ok()?;
        if index < self.size || index >= size {
            return None;
        }
        let mut path = Vec::new();
        let (mut from, mut to) = (0, size);
        while to - from > 1 {
            let middle = from + left_size(to - from);
            if index < middle {
                path.push(self.node(later, middle, to)?);
                to = middle;
            } else {
                path.push(self.node(later, from, middle)?);
                from = middle;
            }
        }
        path.reverse();
        Some(path)
    }

    /// The hash of the entries `from..to`, where they make a node of the tree.
    fn node(&self, later: &[Hash], from: u64, to: u64) -> Option<Hash> {
        if let Some(peak) = self.peak(from, to) {
            return Some(peak);
        }
        if to - from == 1 {
            let place = usize::try_from(from.checked_sub(self.size)?).ok()?;
            return later.get(place).copied();
        }
        let middle = from + left_size(to - from);
        Some(node_hash(&self.node(later, from, middle)?, &self.node(later, middle, to)?))
    }

    fn peak(&self, from: u64, to: u64) -> Option<Hash> {
        let mut begins = 0;
        for peak in &self.peaks {
            // The largest power of two that fits into the rest.
            let rest = self.size - begins;
            let ends = begins + (1 << rest.ilog2());
            if (begins, ends) == (from, to) {
                return Some(*peak);
            }
            begins = ends;
        }
        None
    }
}

/// How many of several entries lie in the left half of their tree.
fn left_size(entries: u64) -> u64 {
    1 << (entries - 1).ilog2()
}

/// Whether an entry stands at a place of the tree of that size with this root (RFC 9162, 2.1.3.2).
pub fn is_in(leaf: &Hash, index: u64, size: u64, path: &[Hash], root: &Hash) -> bool {
    if index >= size {
        return false;
    }
    let (mut place, mut last) = (index, size - 1);
    let mut hash = *leaf;
    for beside in path {
        if last == 0 {
            return false;
        }
        if place % 2 == 1 || place == last {
            hash = node_hash(beside, &hash);
            while place.is_multiple_of(2) && place != 0 {
                place /= 2;
                last /= 2;
            }
        } else {
            hash = node_hash(&hash, beside);
        }
        place /= 2;
        last /= 2;
    }
    last == 0 && hash == *root
}

#[cfg(test)]
mod tests {
    use super::*;

    fn leaves(count: u64) -> Vec<Hash> {
        (0..count).map(|number| leaf_hash(&number.to_be_bytes())).collect()
    }

    /// The definition of RFC 6962, word for word.
    fn by_definition(leaves: &[Hash]) -> Hash {
        match leaves {
            [] => Sha256::digest(b"").into(),
            [leaf] => *leaf,
            _ => {
                let half = leaves.len().next_power_of_two() / 2;
                node_hash(&by_definition(&leaves[..half]), &by_definition(&leaves[half..]))
            }
        }
    }

    #[test]
    fn the_root_is_that_of_the_definition_for_every_size() {
        let all = leaves(130);
        let mut tree = Tree::default();
        for (size, leaf) in all.iter().enumerate() {
            assert_eq!(tree.root(), by_definition(&all[..size]), "of {size}");
            tree.push(*leaf);
        }
    }

    #[test]
    fn the_root_of_nothing_and_of_known_entries_are_those_of_other_implementations() {
        let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        assert_eq!(to_hex(&Tree::default().root()), empty);
        let of_an_empty_entry = "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d";
        assert_eq!(to_hex(&leaf_hash(b"")), of_an_empty_entry);
    }

    #[test]
    fn every_entry_is_proven_from_wherever_the_last_peaks_were_kept() {
        let all = leaves(37);
        for before in 0..all.len() {
            let mut tree = Tree::default();
            tree.extend(&all[..before]);
            let later = &all[before..];
            let root = by_definition(&all);
            for index in before..all.len() {
                let place = u64::try_from(index).unwrap();
                let path = tree.path(later, place).unwrap();
                assert!(is_in(&all[index], place, 37, &path, &root), "{index} after {before}");
                assert!(!is_in(&all[index], place + 1, 37, &path, &root), "at another place");
                assert!(!is_in(&all[(index + 1) % 37], place, 37, &path, &root), "another entry");
                assert!(!is_in(&all[index], place, 37, &path, &leaf_hash(b"other")), "another root");
            }
        }
    }

    #[test]
    fn what_lies_before_the_peaks_is_not_proven() {
        let all = leaves(5);
        let mut tree = Tree::default();
        tree.extend(&all[..3]);
        assert_eq!(tree.path(&all[3..], 2), None);
        assert_eq!(tree.path(&all[3..], 5), None);
    }

    #[test]
    fn peaks_have_to_fit_the_size() {
        assert!(Tree::from_peaks(3, leaves(2)).is_some());
        assert!(Tree::from_peaks(3, leaves(1)).is_none());
        assert!(Tree::from_peaks(0, Vec::new()).is_some());
    }

    #[test]
    fn a_hash_is_the_same_after_writing_and_reading() {
        let hash = leaf_hash(b"x");
        assert_eq!(from_hex(&to_hex(&hash)), Some(hash));
        assert_eq!(from_hex("abc"), None);
    }
}
