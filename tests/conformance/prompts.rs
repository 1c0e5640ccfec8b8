//! Prompts of the suite, and the completion of their arguments.

use crate::contents::PICTURE;
use crate::questions::{form, questions_of};
use rmcp::model::{
    CompleteRequestParams, CompleteResult, CompletionInfo, ContentBlock, GetPromptRequestParams,
    GetPromptResponse, GetPromptResult, InputRequiredResult, Prompt, PromptArgument, PromptMessage,
    Reference, Role,
};
use serde_json::Value;

/// The prompts as they are listed.
pub(crate) fn list() -> Vec<Prompt> {
    let prompt = |name: &str, arguments: &[&str]| {
        let arguments = arguments.iter().map(|name| PromptArgument::new(*name).with_required(true)).collect();
        Prompt::new(name, Some("A prompt of the conformance suite."), Some(arguments))
    };
    vec![
        prompt("test_simple_prompt", &[]),
        prompt("test_prompt_with_arguments", &["arg1", "arg2"]),
        prompt("test_prompt_with_embedded_resource", &["resourceUri"]),
        prompt("test_prompt_with_image", &[]),
        prompt("test_input_required_result_prompt", &[]),
    ]
}

/// A prompt; none if it is not one of these.
pub(crate) fn get(request: &GetPromptRequestParams) -> Option<GetPromptResponse> {
    let given = |name: &str| {
        let given = request.arguments.as_ref().and_then(|given| given.get(name)).and_then(Value::as_str);
        given.unwrap_or_default()
    };
    let says = |text: String| PromptMessage::new_text(Role::User, text);
    let messages = match request.name.as_str() {
        "test_simple_prompt" => vec![says("This is a simple prompt for testing.".to_owned())],
        "test_prompt_with_arguments" => {
            vec![says(format!("Prompt with arguments: arg1='{}', arg2='{}'", given("arg1"), given("arg2")))]
        }
        "test_prompt_with_embedded_resource" => {
            let embedded =
                ContentBlock::embedded_text(given("resourceUri"), "Embedded resource content for testing.");
            vec![
                PromptMessage::new(Role::User, embedded),
                says("Please process the embedded resource above.".to_owned()),
            ]
        }
        "test_prompt_with_image" => vec![
            PromptMessage::new(Role::User, ContentBlock::image(PICTURE, "image/png")),
            says("Please analyze the image above.".to_owned()),
        ],
        "test_input_required_result_prompt" => {
            let answer = request.input_responses.as_ref().and_then(|given| given.get("user_context"));
            if let Some(answer) = answer {
                vec![says(format!("The context is {}.", answer["content"]["context"]))]
            } else {
                let question = form("What context should the prompt use?", "context", "string");
                let questions = questions_of(vec![("user_context", question)]).ok()?;
                return Some(InputRequiredResult::from_input_requests(questions).into());
            }
        }
        _ => return None,
    };
    Some(GetPromptResult::new(messages).into())
}

/// Completes an argument; none if it is not one of these prompts'.
pub(crate) fn complete(request: &CompleteRequestParams) -> Option<CompleteResult> {
    let Reference::Prompt(prompt) = &request.r#ref else { return None };
    if prompt.name != "test_prompt_with_arguments" {
        return None;
    }
    let typed = &request.argument.value;
    let values = ["paris", "park", "party"].into_iter().filter(|value| value.starts_with(typed));
    let info = CompletionInfo::with_all_values(values.map(str::to_owned).collect()).ok()?;
    Some(CompleteResult::new(info))
}
