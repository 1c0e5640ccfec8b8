//! The list of tools, by server, with a search.

use super::address::{Address, PATH};
use crate::components::badge::{Badge, Tone};
use crate::components::icon::Glyph;
use crate::components::search_form::SearchForm;
use crate::model::fleet::server_title;
use crate::model::tool::{ToolAnnotations, ToolDescription};
use leptos::prelude::*;

/// The tools as links, so that picking one needs no JavaScript.
#[component]
pub fn Picker(
    /// The tools in the order of their servers.
    tools: StoredValue<Vec<ToolDescription>>,
    /// The tool at work.
    #[prop(into)]
    chosen: Signal<Option<String>>,
    /// What the address searches for.
    search: String,
) -> impl IntoView {
    let search = RwSignal::new(search);
    view! {
        <nav class="tool-picker" aria-label="Tools">
            <SearchForm
                action=PATH
                label="Search tools"
                search=search
                on_search=Callback::new(move |text| search.set(text))
            >
                {move || chosen.get().map(|tool| view! { <input type="hidden" name="tool" value=tool /> })}
            </SearchForm>
            {move || {
                let search = search.get();
                let groups = tools.with_value(|tools| groups(tools, &search));
                if groups.is_empty() {
                    view! { <p class="muted" role="status">{format!("No tool fits “{search}”.")}</p> }.into_any()
                } else {
                    groups.into_iter().map(|group| view! { <ServerTools group=group chosen=chosen /> }).collect_view().into_any()
                }
            }}
        </nav>
    }
}

#[component]
fn ServerTools(group: Group, chosen: Signal<Option<String>>) -> impl IntoView {
    view! {
        <section class="tool-group">
            <h2>{server_title(&group.server)}</h2>
            <ul>
                {group
                    .tools
                    .into_iter()
                    .map(|tool| {
                        let name = tool.name.clone();
                        let current = move || (chosen.get().as_ref() == Some(&name)).then_some("page");
                        view! {
                            <li>
                                <a href=Address::of_tool(&tool.name) aria-current=current data-noscroll="">
                                    <span class="tool-title">{tool.title}</span>
                                    <EffectBadge annotations=tool.annotations />
                                </a>
                            </li>
                        }
                    })
                    .collect_view()}
            </ul>
        </section>
    }
}

/// What a tool does to the world, in a word.
#[component]
pub fn EffectBadge(
    /// What the tool says of itself.
    annotations: ToolAnnotations,
) -> impl IntoView {
    let (tone, glyph, word) = if annotations.read_only_hint {
        (Tone::Quiet, Glyph::Information, "Read-only")
    } else if annotations.destructive_hint {
        (Tone::Warning, Glyph::Warning, "Can overwrite")
    } else {
        (Tone::Signal, Glyph::Pencil, "Changes data")
    };
    view! { <Badge tone=tone glyph=glyph word=word /> }
}

/// The tools of one server.
#[derive(Debug, Clone, PartialEq)]
struct Group {
    server: String,
    tools: Vec<ToolDescription>,
}

/// The tools that fit a search, by server. A tool fits when each word stands somewhere in it.
fn groups(tools: &[ToolDescription], search: &str) -> Vec<Group> {
    let words: Vec<String> = search.split_whitespace().map(str::to_ascii_lowercase).collect();
    let fits = |tool: &&ToolDescription| {
        let text = [&tool.title, &tool.name, &tool.server, &tool.description]
            .map(|text| text.to_ascii_lowercase())
            .join(" ");
        words.iter().all(|word| text.contains(word.as_str()))
    };
    let mut groups: Vec<Group> = Vec::new();
    for tool in tools.iter().filter(fits) {
        match groups.iter_mut().find(|group| group.server == tool.server) {
            Some(group) => group.tools.push(tool.clone()),
            None => groups.push(Group { server: tool.server.clone(), tools: vec![tool.clone()] }),
        }
    }
    groups
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn tool(server: &str, name: &str, description: &str) -> ToolDescription {
        ToolDescription {
            name: name.to_owned(),
            server: server.to_owned(),
            title: name.replace('_', " "),
            description: description.to_owned(),
            input_schema: json!({}),
            output_schema: json!({}),
            annotations: ToolAnnotations {
                read_only_hint: true,
                destructive_hint: false,
                idempotent_hint: true,
                open_world_hint: false,
            },
        }
    }

    fn found(search: &str) -> Vec<(String, usize)> {
        let tools = [
            tool("s3", "get_contract", "Reads a contract."),
            tool("dynamodb", "query_artist_data", "Reads an artist."),
            tool("s3", "get_audio_file", "A link to a file."),
        ];
        groups(&tools, search).into_iter().map(|group| (group.server, group.tools.len())).collect()
    }

    #[test]
    fn tools_stand_with_the_others_of_their_server() {
        assert_eq!(found(""), [("s3".to_owned(), 2), ("dynamodb".to_owned(), 1)]);
    }

    #[test]
    fn a_search_looks_for_every_word_in_title_name_server_and_description() {
        assert_eq!(found("READS artist"), [("dynamodb".to_owned(), 1)]);
        assert_eq!(found("s3 link"), [("s3".to_owned(), 1)]);
        assert_eq!(found("nothing"), []);
    }
}
