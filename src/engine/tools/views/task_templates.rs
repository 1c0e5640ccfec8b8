//! Tasks that a person keeps as templates of their own: one item for each person in the table of settings.

use super::shelf::{self, Shelf};
use crate::engine::catalog::schema::SETTINGS_TABLE;
use crate::engine::catalog::{Catalog, CatalogError, Counted};
use crate::engine::tools::{Class, Context, Effect, Operation, ToolError, choices};
use crate::model::task_template::{MAX_TEMPLATE_NAME, MAX_TEMPLATES, TaskTemplate, TemplateRename};
use crate::model::tool::AwsResource;
use serde::{Deserialize, Serialize};

/// The most bytes of JSON that all templates of a person have together: an item of DynamoDB has 400 KiB at most.
const MOST_BYTES: usize = 300 * 1_024;

/// What a person keeps.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
struct Kept {
    version: u32,
    templates: Vec<TaskTemplate>,
}

impl Counted for Kept {
    const WHAT: &'static str = "list of templates";

    fn version(&mut self) -> &mut u32 {
        &mut self.version
    }
}

impl Shelf for Kept {
    type Thing = TaskTemplate;

    const SETTING: &'static str = "taskTemplates";

    fn things(&mut self) -> &mut Vec<TaskTemplate> {
        &mut self.templates
    }

    fn name(template: &TaskTemplate) -> &str {
        &template.name
    }

    fn check(templates: &[TaskTemplate]) -> Result<(), ToolError> {
        if templates.len() > MAX_TEMPLATES {
            let message = format!("at most {MAX_TEMPLATES} templates are kept; remove some first");
            return Err(ToolError::field("name", message));
        }
        check_size(templates)
    }
}

/// Whether templates fit into one item together.
fn check_size(templates: &[TaskTemplate]) -> Result<(), ToolError> {
    let fits = serde_json::to_vec(templates).is_ok_and(|json| json.len() <= MOST_BYTES);
    let message = "your templates are too large together; remove some first";
    if fits { Ok(()) } else { Err(ToolError::field("name", message)) }
}

/// The templates that the caller keeps, by name.
pub struct ListTaskTemplates;

impl Operation for ListTaskTemplates {
    const NAME: &'static str = "list_task_templates";
    const EFFECT: Effect = Effect::Reads;
    const CLASS: Class = Class::Page;
    type Input = ();
    type Output = Vec<TaskTemplate>;

    fn resources((): &(), _: &Catalog) -> Result<Vec<AwsResource>, ToolError> {
        Ok(vec![choices::dynamodb("GetItem", SETTINGS_TABLE)])
    }

    async fn run((): (), context: Context) -> Result<Vec<TaskTemplate>, ToolError> {
        shelf::list::<Kept>(&context).await
    }
}

/// Keeps a template; one of the same name is replaced.
pub struct SaveTaskTemplate;

impl Operation for SaveTaskTemplate {
    const NAME: &'static str = "save_task_template";
    const EFFECT: Effect = Effect::Replaces;
    const CLASS: Class = Class::Page;
    type Input = TaskTemplate;
    type Output = Vec<TaskTemplate>;

    fn resources(template: &TaskTemplate, _: &Catalog) -> Result<Vec<AwsResource>, ToolError> {
        shelf::check_name("name", &template.name, MAX_TEMPLATE_NAME)?;
        template.form.request().map_err(ToolError::Invalid)?;
        Ok(vec![choices::dynamodb("PutItem", SETTINGS_TABLE)])
    }

    async fn run(template: TaskTemplate, context: Context) -> Result<Vec<TaskTemplate>, ToolError> {
        let template = TaskTemplate { name: template.name.trim().to_owned(), ..template };
        shelf::keep::<Kept>(&context, template).await
    }
}

/// Gives a template that the caller keeps another name.
pub struct RenameTaskTemplate;

impl Operation for RenameTaskTemplate {
    const NAME: &'static str = "rename_task_template";
    const EFFECT: Effect = Effect::Replaces;
    const CLASS: Class = Class::Page;
    type Input = TemplateRename;
    type Output = Vec<TaskTemplate>;

    fn resources(rename: &TemplateRename, _: &Catalog) -> Result<Vec<AwsResource>, ToolError> {
        shelf::check_name("newName", &rename.new_name, MAX_TEMPLATE_NAME)?;
        Ok(vec![choices::dynamodb("PutItem", SETTINGS_TABLE)])
    }

    async fn run(rename: TemplateRename, context: Context) -> Result<Vec<TaskTemplate>, ToolError> {
        let new_name = rename.new_name.trim().to_owned();
        shelf::change::<Kept>(&context, |templates| {
            if new_name != rename.name && templates.iter().any(|kept| kept.name == new_name) {
                return Err(ToolError::field("newName", "another template has this name already"));
            }
            let Some(kept) = templates.iter_mut().find(|kept| kept.name == rename.name) else {
                return Err(CatalogError::NotFound { what: "template", id: rename.name.clone() }.into());
            };
            kept.name.clone_from(&new_name);
            Ok(())
        })
        .await
    }
}

/// Removes a template that the caller keeps. One that is not there is as good as removed.
pub struct RemoveTaskTemplate;

impl Operation for RemoveTaskTemplate {
    const NAME: &'static str = "remove_task_template";
    const EFFECT: Effect = Effect::Replaces;
    const CLASS: Class = Class::Page;
    type Input = String;
    type Output = Vec<TaskTemplate>;

    fn resources(_: &String, _: &Catalog) -> Result<Vec<AwsResource>, ToolError> {
        Ok(vec![choices::dynamodb("PutItem", SETTINGS_TABLE)])
    }

    async fn run(name: String, context: Context) -> Result<Vec<TaskTemplate>, ToolError> {
        shelf::remove::<Kept>(&context, &name).await
    }
}
