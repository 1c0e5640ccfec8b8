//! What a model is asked, in the words that all models have.

/// Who says something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::embedded_aws::bedrock) enum Role {
    /// The one who asks.
    User,
    /// The model.
    Assistant,
}

impl Role {
    /// The word for it on the wire, of Bedrock and of language models alike.
    pub(in crate::embedded_aws::bedrock) fn name(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Assistant => "assistant",
        }
    }
}

/// What one of them said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::embedded_aws::bedrock) struct Turn {
    /// Who.
    pub(in crate::embedded_aws::bedrock) role: Role,
    /// What.
    pub(in crate::embedded_aws::bedrock) text: String,
}

/// How a model is to write.
#[derive(Debug, Clone, Default, PartialEq)]
pub(in crate::embedded_aws::bedrock) struct Limits {
    /// The most tokens it may write.
    pub(in crate::embedded_aws::bedrock) max_tokens: Option<usize>,
    /// How freely it chooses its words. The built-in model has no choice.
    pub(in crate::embedded_aws::bedrock) temperature: Option<f64>,
    /// Among how many of the likeliest words it chooses.
    pub(in crate::embedded_aws::bedrock) top_p: Option<f64>,
    /// Texts that end the answer, and are left out of it.
    pub(in crate::embedded_aws::bedrock) stop: Vec<String>,
}

/// A conversation that a model goes on with.
#[derive(Debug, Clone, Default, PartialEq)]
pub(in crate::embedded_aws::bedrock) struct Prompt {
    /// What the model is told before the conversation.
    pub(in crate::embedded_aws::bedrock) system: Vec<String>,
    /// The conversation, which ends with the user.
    pub(in crate::embedded_aws::bedrock) turns: Vec<Turn>,
    /// How to write.
    pub(in crate::embedded_aws::bedrock) limits: Limits,
}
