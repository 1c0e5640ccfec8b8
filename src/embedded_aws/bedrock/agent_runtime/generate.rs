//! `RetrieveAndGenerate`: an answer from the passages that fit, with what each part of it comes from.
//!
//! Spans count characters (Unicode scalar values) of the answer's text; the end is exclusive.

use serde_json::{Value, json};

use super::citations::{self, Cited};
use super::retrieve::{Search, question_of, reference_json};
use super::sessions::Sessions;
use crate::embedded_aws::bedrock::faults::{dependency_failed, invalid, not_found};
use crate::embedded_aws::bedrock::knowledge_base::{Hit, KnowledgeBase};
use crate::embedded_aws::bedrock::models::{
    self, Limits, Model, NO_LANGUAGE_MODEL, Prompt, Role, Turn, quotes,
};
use crate::embedded_aws::bedrock::request::Fields;
use crate::embedded_aws::bedrock::runtime::read_limits;
use crate::embedded_aws::fault::Fault;

/// The answer when no passage fits. No model is asked.
pub(super) const NOTHING: &str = "The knowledge base says nothing about this.";

const INSTRUCTIONS: &str = "Answer the question from the numbered passages only, briefly and in the language of the \
    question. After each statement put the numbers of the passages it comes from in square brackets, such as [1] or \
    [2][3]. Copy figures and names exactly. If the passages do not answer the question, say that the knowledge base \
    does not say, and nothing else.";

/// A request.
pub(in crate::embedded_aws::bedrock) struct Asked {
    /// Which knowledge base is asked.
    pub(in crate::embedded_aws::bedrock) knowledge_base_id: String,
    /// The question.
    pub(super) question: String,
    search: Search,
    limits: Limits,
    session: Option<String>,
}

impl Asked {
    /// Reads a request.
    pub(in crate::embedded_aws::bedrock) fn parse(body: &Value) -> Result<Self, Fault> {
        let fields = Fields::of(body, &["input", "retrieveAndGenerateConfiguration", "sessionId"])?;
        let question = question_of(&fields.required_object("input", &["text"])?)?.to_owned();
        let known = ["type", "knowledgeBaseConfiguration"];
        let outer = fields.required_object("retrieveAndGenerateConfiguration", &known)?;
        let kind = outer.required_text("type")?;
        if kind != "KNOWLEDGE_BASE" {
            return Err(invalid(format!("{} must be KNOWLEDGE_BASE, not {kind}", outer.name("type"))));
        }
        let known = ["knowledgeBaseId", "modelArn", "retrievalConfiguration", "generationConfiguration"];
        let config = outer.required_object("knowledgeBaseConfiguration", &known)?;
        models::check_id(config.required_text("modelArn")?)?;
        Ok(Self {
            knowledge_base_id: config.required_text("knowledgeBaseId")?.to_owned(),
            question,
            search: Search::of(&config)?,
            limits: limits_of(&config)?,
            session: fields.text("sessionId")?.map(str::to_owned),
        })
    }
}

fn limits_of(config: &Fields<'_>) -> Result<Limits, Fault> {
    let Some(generation) = config.object("generationConfiguration", &["inferenceConfig"])? else {
        return Ok(Limits::default());
    };
    let Some(inference) = generation.object("inferenceConfig", &["textInferenceConfig"])? else {
        return Ok(Limits::default());
    };
    let known = ["maxTokens", "temperature", "topP", "stopSequences"];
    match inference.object("textInferenceConfig", &known)? {
        Some(config) => read_limits(&config),
        None => Ok(Limits::default()),
    }
}

/// Answers a request.
pub(in crate::embedded_aws::bedrock) async fn retrieve_and_generate(
    base: &KnowledgeBase,
    model: &Model,
    sessions: &Sessions,
    asked: Asked,
) -> Result<Value, Fault> {
    let Prepared { session, former, hits } = prepare(base, sessions, &asked).await?;
    let (text, cited) = match model {
        _ if hits.is_empty() => (NOTHING.to_owned(), Vec::new()),
        Model::Extractive => quoted(&asked, &hits)?,
        Model::Remote(_) => {
            let prompt = prompt_of(&asked, &hits, former);
            let written =
                model.write_whole(prompt).await.map_err(|error| dependency_failed(error.to_string()))?;
            citations::read(&written.text(), hits.len())
        }
    };
    sessions.remember(&session, &asked.question, &text);
    let citations: Vec<Value> = cited.iter().map(|part| citation_json(part, &hits)).collect();
    Ok(json!({ "sessionId": session, "output": { "text": text }, "citations": citations }))
}

/// What an answer is made from.
pub(super) struct Prepared {
    /// The id of the conversation, which may be new.
    pub(super) session: String,
    /// What was said in it before.
    pub(super) former: Vec<Turn>,
    /// The passages that fit, the best first.
    pub(super) hits: Vec<Hit>,
}

/// Finds the conversation and the passages.
pub(super) async fn prepare(
    base: &KnowledgeBase,
    sessions: &Sessions,
    asked: &Asked,
) -> Result<Prepared, Fault> {
    let (session, former) = match &asked.session {
        Some(id) => {
            let former = sessions.turns(id);
            (id.clone(), former.ok_or_else(|| not_found(format!("there is no session with the id {id}")))?)
        }
        None => (ulid::Ulid::new().to_string(), Vec::new()),
    };
    let mut hits = asked.search.run(base, &asked.question).await?;
    hits.truncate(asked.search.results);
    Ok(Prepared { session, former, hits })
}

/// The answer of the built-in model: each quote is a citation. Its tokens are words; what would be
/// longer than `maxTokens` loses whole quotes, since half a sentence may say the opposite.
pub(super) fn quoted(asked: &Asked, hits: &[Hit]) -> Result<(String, Vec<Cited>), Fault> {
    if !asked.limits.stop.is_empty() {
        return Err(invalid(
            "the built-in model quotes whole sentences: stopSequences need a language model",
        ));
    }
    let most = asked.limits.max_tokens.unwrap_or(usize::MAX);
    let texts: Vec<&str> = hits.iter().map(Hit::text).collect();
    let quotes = quotes(&asked.question, &texts);
    if quotes.is_empty() {
        return Ok((format!("{NO_LANGUAGE_MODEL} {NOTHING}"), Vec::new()));
    }
    let mut text = format!("{NO_LANGUAGE_MODEL} The documents say:");
    let mut cited = Vec::new();
    for quote in quotes {
        let words = |text: &str| text.split_whitespace().count();
        if words(&text) + words(&quote.text) > most {
            break;
        }
        text.push_str("\n\n");
        let start = text.chars().count();
        let marked = format!("“{}”", quote.text);
        text.push_str(&marked);
        let end = start + marked.chars().count();
        cited.push(Cited { start, end, text: marked, passages: vec![quote.passage] });
    }
    Ok((text, cited))
}

/// What a language model is asked. A document cannot close its own passage and speak for others.
pub(super) fn prompt_of(asked: &Asked, hits: &[Hit], former: Vec<Turn>) -> Prompt {
    let passages = hits.iter().zip(1..).map(|(hit, number)| {
        format!("<passage id=\"{number}\">{}</passage>", hit.text().replace("</", "< /"))
    });
    let passages: Vec<String> = passages.collect();
    let question = format!("{}\n\n<question>{}</question>", passages.join("\n"), asked.question);
    let turns = former.into_iter().chain([Turn::said(Role::User, question)]).collect();
    Prompt { system: vec![INSTRUCTIONS.to_owned()], turns, toolbox: None, limits: asked.limits.clone() }
}

/// A citation, with the passages it refers to.
pub(super) fn citation_json(part: &Cited, hits: &[Hit]) -> Value {
    let references: Vec<Value> =
        part.passages.iter().filter_map(|place| hits.get(*place)).map(reference_json).collect();
    json!({
        "generatedResponsePart": { "textResponsePart": {
            "text": part.text,
            "span": { "start": part.start, "end": part.end },
        } },
        "retrievedReferences": references,
    })
}
