//! The index of passages, in memory: it is built from the bucket in less time than a start takes.

use tantivy::collector::TopDocs;
use tantivy::indexer::IndexWriterOptions;
use tantivy::schema::{
    FAST, Field, INDEXED, IndexRecordOption, STRING, Schema, TextFieldIndexing, TextOptions,
};
use tantivy::{Index, IndexReader, IndexWriter, ReloadPolicy, Searcher, TantivyDocument, Term};

use super::analysis::{STEMMED, UNSTEMMED, tokenizers};
use super::query;
use super::synonyms::Synonyms;

/// Names a passage.
pub(crate) type PassageId = u64;

/// How steeply a score rises with the share of the question that a passage answers.
const STEEPNESS: f64 = 2.0;

/// The fields of a passage.
#[derive(Debug, Clone, Copy)]
pub(super) struct Fields {
    document: Field,
    id: Field,
    /// The title of the document and the headings above the passage, stemmed.
    pub(super) title: Field,
    /// The text, stemmed.
    pub(super) body: Field,
    /// What else the document is found by, stemmed.
    pub(super) phrases: Field,
    /// All three, not stemmed.
    pub(super) words: Field,
}

/// The index that is written.
pub(crate) struct PassageIndex {
    writer: IndexWriter,
    reader: IndexReader,
    fields: Fields,
}

/// The index as it was at a commit.
#[derive(Clone)]
pub(crate) struct PassageSearcher {
    searcher: Searcher,
    fields: Fields,
}

impl PassageIndex {
    /// An empty index.
    ///
    /// # Errors
    /// When its threads cannot be started.
    pub(crate) fn new() -> tantivy::Result<Self> {
        let mut schema = Schema::builder();
        let text = |analysis: &str, record| {
            let indexing = TextFieldIndexing::default().set_tokenizer(analysis).set_index_option(record);
            TextOptions::default().set_indexing_options(indexing)
        };
        let positions = IndexRecordOption::WithFreqsAndPositions;
        let fields = Fields {
            document: schema.add_text_field("document", STRING),
            id: schema.add_u64_field("id", FAST | INDEXED),
            title: schema.add_text_field("title", text(STEMMED, positions)),
            body: schema.add_text_field("body", text(STEMMED, positions)),
            phrases: schema.add_text_field("phrases", text(STEMMED, positions)),
            words: schema.add_text_field("words", text(UNSTEMMED, IndexRecordOption::Basic)),
        };
        let mut index = Index::create_in_ram(schema.build());
        index.set_tokenizers(tokenizers());
        let options = IndexWriterOptions::builder().num_worker_threads(1).num_merge_threads(1).build();
        let writer = index.writer_with_options(options)?;
        let reader = index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
        Ok(Self { writer, reader, fields })
    }

    /// Adds a passage of a document, with the phrases that the document is found by beside its text.
    ///
    /// # Errors
    /// When the writer has failed before.
    pub(crate) fn add(
        &mut self,
        document: &str,
        id: PassageId,
        title: &str,
        body: &str,
        phrases: &[String],
    ) -> tantivy::Result<()> {
        let mut passage = TantivyDocument::default();
        passage.add_text(self.fields.document, document);
        passage.add_u64(self.fields.id, id);
        passage.add_text(self.fields.title, title);
        passage.add_text(self.fields.body, body);
        passage.add_text(self.fields.words, title);
        passage.add_text(self.fields.words, body);
        for phrase in phrases {
            passage.add_text(self.fields.phrases, phrase);
            passage.add_text(self.fields.words, phrase);
        }
        self.writer.add_document(passage)?;
        Ok(())
    }

    /// Removes all passages of a document that were added before.
    pub(crate) fn remove(&mut self, document: &str) {
        self.writer.delete_term(Term::from_field_text(self.fields.document, document));
    }

    /// Makes the changes visible.
    ///
    /// # Errors
    /// When the index cannot be written.
    pub(crate) fn commit(&mut self) -> tantivy::Result<PassageSearcher> {
        self.writer.commit()?;
        self.reader.reload()?;
        Ok(PassageSearcher { searcher: self.reader.searcher(), fields: self.fields })
    }
}

impl PassageSearcher {
    /// All passages that have something of the question, the best first, with a score between 0
    /// and 1: how much of the question a passage answers, rare words counting more.
    ///
    /// # Errors
    /// When the index cannot be read.
    pub(crate) fn search(
        &self,
        question: &str,
        synonyms: &Synonyms,
    ) -> tantivy::Result<Vec<(PassageId, f64)>> {
        let all = usize::try_from(self.searcher.num_docs()).unwrap_or(usize::MAX);
        if all == 0 {
            return Ok(Vec::new());
        }
        let Some(question) = query::prepare(&self.searcher, &self.fields, synonyms, question)? else {
            return Ok(Vec::new());
        };
        let found = self.searcher.search(&question.query, &TopDocs::with_limit(all).order_by_score())?;
        let mut passages = Vec::with_capacity(found.len());
        for (score, address) in found {
            let segment = self.searcher.segment_reader(address.segment_ord);
            let ids = segment.fast_fields().u64("id")?;
            if let Some(id) = ids.first(address.doc_id)
                && score > 0.0
            {
                let share = f64::from(score) / question.ideal;
                passages.push((id, 1.0 - (-STEEPNESS * share).exp()));
            }
        }
        // Equal scores in the order of the ids, so that pages of results fit together.
        passages.sort_by(|(first, a), (second, b)| b.total_cmp(a).then(first.cmp(second)));
        Ok(passages)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn searcher(passages: &[(&str, &str)]) -> PassageSearcher {
        let passages: Vec<_> = passages.iter().map(|(title, body)| (*title, *body, "")).collect();
        searcher_with_phrases(&passages)
    }

    fn searcher_with_phrases(passages: &[(&str, &str, &str)]) -> PassageSearcher {
        let mut index = PassageIndex::new().unwrap();
        for (id, (title, body, phrases)) in passages.iter().enumerate() {
            let phrases: Vec<String> = phrases.lines().map(str::to_owned).collect();
            index.add(&format!("{id}.md"), id as u64, title, body, &phrases).unwrap();
        }
        index.commit().unwrap()
    }

    fn ids(searcher: &PassageSearcher, question: &str) -> Vec<u64> {
        let synonyms = Synonyms::parse("groups = [[\"song\", \"musical work\"]]").unwrap();
        searcher.search(question, &synonyms).unwrap().into_iter().map(|(id, _)| id).collect()
    }

    #[test]
    fn passages_are_found_by_words_numbers_and_compounds() {
        let searcher = searcher(&[
            ("Loudness", "Streaming services aim at -14 LUFS integrated."),
            ("Mechanical rate", "A work of 6:10 earns 17.64 cents; musical works are counted by minute."),
            ("Pre-save", "A pre-save link collects fans before the release."),
        ]);
        assert_eq!(ids(&searcher, "-14 LUFS")[0], 0);
        assert_eq!(ids(&searcher, "14 lufs")[0], 0);
        assert_eq!(ids(&searcher, "6:10"), [1]);
        assert_eq!(ids(&searcher, "what is 17.64?"), [1]);
        assert_eq!(ids(&searcher, "presave"), [2]);
        assert_eq!(ids(&searcher, "pre save"), [2]);
        assert_eq!(ids(&searcher, "song"), [1]);
        assert!(ids(&searcher, "zebra").is_empty());
        assert!(ids(&searcher, "what is it?").is_empty());
    }

    #[test]
    fn a_misspelt_word_finds_what_was_meant() {
        let searcher =
            searcher(&[("Mechanical royalties", "Owed for copies."), ("Artwork", "Square pictures.")]);
        assert_eq!(ids(&searcher, "mechancial"), [0]);
        assert_eq!(ids(&searcher, "artwrok"), [1]);
    }

    #[test]
    fn a_passage_is_found_by_its_phrases_behind_one_that_says_the_same_itself() {
        let searcher = searcher_with_phrases(&[
            ("Takedown", "A recording leaves the stores.", "can we pull it\nwho yanks a recording"),
            ("Pulling", "To pull a recording is to pull it from the stores.", ""),
            ("Artwork", "Square pictures.", ""),
        ]);
        assert_eq!(ids(&searcher, "yank"), [0]);
        assert_eq!(ids(&searcher, "yakns"), [0], "a misspelt word, too");
        assert_eq!(ids(&searcher, "pull"), [1, 0]);
    }

    #[test]
    fn phrases_add_nothing_where_the_text_has_the_word() {
        let score = |phrases: &str| {
            let searcher = searcher_with_phrases(&[("ISRC", "An ISRC names a recording.", phrases)]);
            searcher.search("which recording", &Synonyms::default()).unwrap()[0].1
        };
        assert!((score("recording") - score("")).abs() < 1e-9);
    }

    #[test]
    fn scores_are_between_nothing_and_one_and_order_the_results() {
        let searcher = searcher(&[
            ("ISRC", "An ISRC names a recording."),
            ("UPC", "A UPC names a product, as an ISRC names a recording."),
            ("Dates", "A recording comes out on a Friday."),
        ]);
        let found = searcher.search("what does an ISRC name", &Synonyms::default()).unwrap();
        assert_eq!(found.first().map(|(id, _)| *id), Some(0));
        assert!(found.iter().all(|(_, score)| *score > 0.0 && *score < 1.0));
        assert!(found.is_sorted_by(|a, b| a.1 >= b.1));
        let half = searcher.search("ISRC zebra giraffe", &Synonyms::default()).unwrap();
        assert!(half[0].1 < found[0].1);
    }

    #[test]
    fn removed_documents_are_not_found() {
        let mut index = PassageIndex::new().unwrap();
        index.add("a", 1, "", "tempo", &[]).unwrap();
        index.commit().unwrap();
        index.remove("a");
        index.add("a", 2, "", "rhythm", &[]).unwrap();
        let searcher = index.commit().unwrap();
        assert!(ids(&searcher, "tempo").is_empty());
        assert_eq!(ids(&searcher, "rhythm"), [2]);
    }
}
