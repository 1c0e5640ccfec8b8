//! Which artists resemble one another: by genre, by where they are heard, and by size.

use super::statistics::{count, mean};
use std::collections::{BTreeMap, BTreeSet};

/// No size counts for more than this many deviations.
const LARGEST_SIZE: f64 = 2.0;

/// What is compared of an artist.
#[derive(Debug, Clone, PartialEq)]
pub struct Portrait {
    /// The words of the genres.
    pub genres: Vec<String>,
    /// The part of the streams by territory, 0 to 1.
    pub territories: BTreeMap<String, f64>,
    /// Streams on a usual day.
    pub streams_per_day: f64,
}

/// The words of a genre: the genre itself, and its parts where it has several.
pub fn words_of(genre: &str) -> Vec<String> {
    let parts: Vec<&str> = genre.split_whitespace().collect();
    let whole = std::iter::once(genre.to_owned());
    whole.chain(parts.iter().filter(|_| parts.len() > 1).map(|part| (*part).to_owned())).collect()
}

/// The cosine of the angle between two vectors; nought where one has no length.
pub fn cosine(one: &[f64], other: &[f64]) -> f64 {
    let product: f64 = one.iter().zip(other).map(|(a, b)| a * b).sum();
    let lengths = length(one) * length(other);
    if lengths > 0.0 { product / lengths } else { 0.0 }
}

fn length(vector: &[f64]) -> f64 {
    vector.iter().map(|value| value * value).sum::<f64>().sqrt()
}

fn unit(vector: Vec<f64>) -> Vec<f64> {
    let length = length(&vector);
    if length > 0.0 { vector.into_iter().map(|value| value / length).collect() } else { vector }
}

/// How often a word is in a document times how rare it is among all: ln((1 + n)/(1 + documents with it)) + 1,
/// each document at length 1. The smooth form that scikit-learn uses unless told otherwise.
pub fn term_weights(documents: &[Vec<String>]) -> Vec<Vec<f64>> {
    let words: BTreeSet<&String> = documents.iter().flatten().collect();
    let documents_with = |word: &String| documents.iter().filter(|document| document.contains(word)).count();
    let rarity: Vec<(&String, f64)> = words
        .into_iter()
        .map(|word| (word, ((1.0 + count(documents.len())) / (1.0 + count(documents_with(word)))).ln() + 1.0))
        .collect();
    let weights = |document: &Vec<String>| {
        let weight = |(word, rarity): &(&String, f64)| {
            count(document.iter().filter(|other| other == word).count()) * rarity
        };
        unit(rarity.iter().map(weight).collect())
    };
    documents.iter().map(weights).collect()
}

/// A vector for each portrait: the weights of the genre's words at length 1, the parts of the territories at
/// length 1, and how many deviations ln(1 + streams a day) is from the mean of all, between −2 and 2 and
/// halved, so that none of the three outweighs another.
pub fn vectors(portraits: &[Portrait]) -> Vec<Vec<f64>> {
    let documents: Vec<Vec<String>> = portraits.iter().map(|portrait| portrait.genres.clone()).collect();
    let territories: BTreeSet<&String> =
        portraits.iter().flat_map(|portrait| portrait.territories.keys()).collect();
    let sizes: Vec<f64> = portraits.iter().map(|portrait| portrait.streams_per_day.ln_1p()).collect();
    let middle = mean(&sizes).unwrap_or_default();
    let squares: Vec<f64> = sizes.iter().map(|size| (size - middle).powi(2)).collect();
    let spread = mean(&squares).unwrap_or_default().sqrt();
    let size = |size: f64| {
        let deviations = if spread > 0.0 { (size - middle) / spread } else { 0.0 };
        deviations.clamp(-LARGEST_SIZE, LARGEST_SIZE) / LARGEST_SIZE
    };
    let parts = |portrait: &Portrait| {
        let part = |code: &&String| portrait.territories.get(*code).copied().unwrap_or_default();
        unit(territories.iter().map(part).collect())
    };
    let all = portraits.iter().zip(term_weights(&documents)).zip(&sizes);
    all.map(|((portrait, mut vector), own)| {
        vector.extend(parts(portrait));
        vector.push(size(*own));
        vector
    })
    .collect()
}

/// The territory in which both have most of their streams, by the smaller part; none where they share none.
pub fn common_territory<'p>(one: &'p Portrait, other: &Portrait) -> Option<(&'p str, f64)> {
    let common = one
        .territories
        .iter()
        .filter(|(code, _)| *code != "ZZ")
        .filter_map(|(code, part)| Some((code.as_str(), part.min(*other.territories.get(code)?))));
    common.max_by(|(_, one), (_, other)| one.total_cmp(other)).filter(|(_, part)| *part > 0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn portrait(genre: &str, home: &str, streams: f64) -> Portrait {
        let territories = [(home.to_owned(), 0.6), ("US".to_owned(), 0.4)].into_iter().collect();
        Portrait { genres: words_of(genre), territories, streams_per_day: streams }
    }

    #[test]
    fn the_like_are_nearer_than_the_unlike() {
        let all = [
            portrait("indie pop", "GB", 20_000.0),
            portrait("indie pop", "GB", 25_000.0),
            portrait("jazz", "PL", 500.0),
        ];
        let vectors = vectors(&all);
        let near = cosine(&vectors[0], &vectors[1]);
        let far = cosine(&vectors[0], &vectors[2]);
        assert!(near > 0.9 && far < 0.5, "{near} {far}");
        assert_eq!(common_territory(&all[0], &all[1]), Some(("GB", 0.6)));
    }

    #[test]
    fn nothing_resembles_nothing() {
        assert!(cosine(&[0.0, 0.0], &[1.0, 0.0]).abs() < 1e-15);
        assert_eq!(words_of("indie pop"), ["indie pop", "indie", "pop"]);
        assert_eq!(words_of("jazz"), ["jazz"]);
    }
}
