//! Imports as their pages show them, and what the form of an import means.

use super::directory;
use super::operations::{problem, problems_of, shown};
use super::record::{FETCHED, ImportRecord};
use crate::engine::catalog::imports::Position;
use crate::engine::catalog::{Catalog, CatalogError};
use crate::engine::tools::{Context, Scope, ToolError};
use crate::model::analytics::Platform;
use crate::model::field::FieldError;
use crate::model::import::{
    ImportColumn, ImportList, ImportOption, ImportProgress, ImportRow, ImportState, ImportView, KnownExport,
    LEAVE_OUT, MappingForm, SourceFreshness, UnknownArtist,
};
use crate::music::import::day::DayOrder;
use crate::music::import::directory::Directory;
use crate::music::import::field::Field;
use crate::music::import::head::Head;
use crate::music::import::layout::{self, LAYOUTS, Subject};
use crate::music::import::mapping::Mapping;
use crate::music::import::number::Mark;
use futures::{StreamExt, TryStreamExt, stream};
use jiff::civil::Date;
use std::collections::BTreeMap;

/// How many imports the page shows.
const SHOWN: u16 = 200;

/// Requests to the stores that run side by side.
const SIDE_BY_SIDE: usize = 8;

/// The newest imports, the exports that are known, and how fresh everything is.
pub(super) async fn list(context: &Context) -> Result<ImportList, CatalogError> {
    let catalog = &context.catalog;
    // The newest of all may all be of others.
    let (kept, mut more) = match context.scope {
        Scope::Everything => catalog.imports(i32::from(SHOWN)).await?,
        Scope::Only(_) => (catalog.all_imports().await?, false),
    };
    let mut imports = Vec::new();
    for kept in kept.iter() {
        let record = ImportRecord::read(kept)?;
        if !record.is_shown(&context.scope, &context.owner) {
            continue;
        }
        if imports.len() == usize::from(SHOWN) {
            more = true;
            break;
        }
        imports.push(row(&record));
    }
    let known = LAYOUTS.iter().map(|layout| KnownExport {
        id: layout.id.to_owned(),
        title: layout.title.to_owned(),
        found: layout.found.to_owned(),
        note: layout.note.to_owned(),
    });
    Ok(ImportList {
        imports,
        more,
        known: known.collect(),
        freshness: freshness(catalog, &context.scope).await?,
        source: None,
    })
}

/// The last day of each platform, and of what imports have brought of it, where that is nobody else's.
async fn freshness(catalog: &Catalog, scope: &Scope) -> Result<Vec<SourceFreshness>, CatalogError> {
    let artists = catalog.artists().await?;
    let ids: Vec<_> =
        artists.iter().map(|artist| artist.artist_id.clone()).filter(|id| scope.covers(id)).collect();
    let newest: Vec<BTreeMap<Platform, Date>> = stream::iter(ids)
        .map(|artist| async move { Ok::<_, CatalogError>(catalog.recent(&artist).await?.newest()) })
        .buffer_unordered(SIDE_BY_SIDE)
        .try_collect()
        .await?;
    let sources = catalog.import_sources().await?;
    let mut all = Vec::new();
    for platform in Platform::ALL {
        let last_day = newest.iter().filter_map(|days| days.get(&platform)).max().copied();
        let shown = sources.iter().filter(|_| *scope == Scope::Everything);
        let mut brought = shown.filter(|source| source.platform == platform.id()).peekable();
        // That one of the usual ones has no figures is told; of the others only what there is.
        if last_day.is_none() && brought.peek().is_none() && !Platform::USUAL.contains(&platform) {
            continue;
        }
        all.push(SourceFreshness {
            platform: platform.label().to_owned(),
            source: None,
            last_day,
            brought_at: None,
        });
        for source in brought {
            let layout = layout::of(&source.source).map(|layout| layout.title.to_owned());
            let fetched = || source.source.strip_prefix(FETCHED).map(|host| format!("Fetched from {host}"));
            let title = layout.or_else(fetched).unwrap_or_else(|| "Columns of its own".to_owned());
            all.push(SourceFreshness {
                platform: platform.label().to_owned(),
                source: Some(title),
                last_day: Some(source.last_day),
                brought_at: Some(source.brought_at.clone()),
            });
        }
    }
    Ok(all)
}

fn row(record: &ImportRecord) -> ImportRow {
    let layout = record.mapping.as_ref().map(|mapping| {
        let known = mapping.layout.as_deref().and_then(layout::of);
        known.map_or("Columns of its own", |layout| layout.title).to_owned()
    });
    ImportRow {
        id: record.id.clone(),
        file_name: record.file_name.clone(),
        bytes: record.bytes,
        layout,
        state: record.state,
        by: record.by.clone(),
        at: record.at.clone(),
        written: record.written.map_or(0, |written| written.added + written.replaced),
    }
}

/// An import with everything that its page shows.
pub(super) async fn of(context: &Context, id: &str) -> Result<ImportView, CatalogError> {
    let catalog = &context.catalog;
    let record = shown(context, id).await?;
    let open = if record.state.is_under_way() { catalog.open_work(id).await? } else { None };
    let settled = match record.state {
        ImportState::Undone => record.undone,
        _ => record.written,
    };
    let position = open.map(|open| open.position).or(settled).unwrap_or_default();
    let directory = directory::of(catalog, record.artists.as_ref()).await?;
    let artists = catalog.artists().await?;
    let artists: Vec<ImportOption> = artists
        .iter()
        .filter(|artist| directory.covers(artist.artist_id.as_str()))
        .map(|artist| {
            let more = artist.disambiguation.as_ref().map(|more| format!(" ({more})")).unwrap_or_default();
            ImportOption::new(artist.artist_id.as_str(), format!("{}{more}", artist.name))
        })
        .collect();
    let (kept, _) = catalog.imports(i32::from(SHOWN)).await?;
    let mut copies = Vec::new();
    for other in kept.iter().filter(|other| other.id != record.id && other.sha256 == record.sha256) {
        if ImportRecord::read(other)?.is_shown(&context.scope, &context.owner) {
            copies.push(other.id.clone());
        }
    }
    let check = record.check.clone().unwrap_or_default();
    let mapping = record.mapping.as_ref();
    let names: &[String] = record.head.as_ref().map_or(&[], |head| head.names.as_slice());
    Ok(ImportView {
        row: row(&record),
        version: record.version,
        sha256: record.sha256.clone(),
        written_as: mapping.map(in_words).unwrap_or_default(),
        is_statement: mapping.is_some_and(|mapping| mapping.subject == Subject::Statement),
        columns: columns(names, mapping),
        sample: record.sample.clone(),
        form: mapping.map(form).unwrap_or_default(),
        fields: Field::all().map(|field| ImportOption::new(field.id(), field.label())).collect(),
        layouts: layouts(names),
        artists,
        platforms: Platform::ALL.into_iter().map(|one| ImportOption::new(one.id(), one.label())).collect(),
        questions: check.questions,
        notes: check.notes,
        counts: record.check.is_some().then_some(check.counts),
        span: check.span,
        problems: check.problems.into_iter().map(problem).collect(),
        problem_count: check.problem_count,
        unknown: unknown(&check.unknown, mapping, &directory),
        unmatched: check.unmatched,
        sums: check.sums,
        earned: check.earned,
        copies,
        progress: progress(position),
        failure: record.failure.clone(),
        can_run: record.can_run(),
        can_undo: record.can_undo(),
    })
}

fn progress(position: Position) -> ImportProgress {
    ImportProgress {
        done: position.done,
        of: position.of,
        added: position.added,
        replaced: position.replaced,
        same: position.same,
        changed_since: position.changed_since,
    }
}

fn in_words(mapping: &Mapping) -> String {
    let dialect = &mapping.dialect;
    format!("text in {}, columns divided by {}", dialect.encoding, dialect.delimiter_in_words())
}

fn columns(names: &[String], mapping: Option<&Mapping>) -> Vec<ImportColumn> {
    let field = |at: usize| mapping.and_then(|mapping| mapping.columns.get(at)).copied().unwrap_or_default();
    let column =
        |(at, name): (usize, &String)| ImportColumn { name: name.clone(), field: field(at).id().to_owned() };
    names.iter().enumerate().map(column).collect()
}

fn layouts(names: &[String]) -> Vec<ImportOption> {
    let fits = layout::fits(names);
    let fitting = fits.iter().map(|fit| {
        ImportOption::new(fit.layout.id, format!("{} (fits to {} %)", fit.layout.title, fit.score))
    });
    fitting.collect()
}

fn unknown(
    unknown: &[(String, u64)],
    mapping: Option<&Mapping>,
    directory: &Directory,
) -> Vec<UnknownArtist> {
    let chosen: BTreeMap<String, Option<String>> =
        mapping.map(|mapping| mapping.artists.clone()).unwrap_or_default();
    let open =
        unknown.iter().filter(|(name, _)| !chosen.contains_key(name)).map(|(name, lines)| UnknownArtist {
            name: name.clone(),
            lines: *lines,
            likely: directory
                .likely(name)
                .into_iter()
                .map(|(id, name)| ImportOption::new(id, name))
                .collect(),
            chosen: String::new(),
        });
    let decided = chosen.iter().map(|(name, artist)| UnknownArtist {
        name: name.clone(),
        lines: 0,
        likely: Vec::new(),
        chosen: artist.clone().unwrap_or_else(|| LEAVE_OUT.to_owned()),
    });
    open.chain(decided).collect()
}

fn form(mapping: &Mapping) -> MappingForm {
    let order = match mapping.order {
        None => "",
        Some(DayOrder::DayFirst) => "dayFirst",
        Some(DayOrder::MonthFirst) => "monthFirst",
    };
    let mark = match mapping.mark {
        None => "",
        Some(Mark::Point) => "point",
        Some(Mark::Comma) => "comma",
    };
    let choice = |(name, artist): (&String, &Option<String>)| {
        (name.clone(), artist.clone().unwrap_or_else(|| LEAVE_OUT.to_owned()))
    };
    MappingForm {
        layout: mapping.layout.clone().unwrap_or_default(),
        columns: mapping.columns.iter().map(|field| field.id().to_owned()).collect(),
        order: order.to_owned(),
        mark: mark.to_owned(),
        platform: mapping.platform.clone().unwrap_or_default(),
        artist: mapping.artist.clone().unwrap_or_default(),
        day: mapping.day.map(|day| day.to_string()).unwrap_or_default(),
        currency: mapping.currency.clone().unwrap_or_default(),
        artists: mapping.artists.iter().map(choice).collect(),
    }
}

/// What the form of an import means.
///
/// # Errors
/// Everything in it that means nothing.
pub(super) async fn mapping(
    catalog: &Catalog,
    record: &ImportRecord,
    form: &MappingForm,
) -> Result<Mapping, ToolError> {
    let (Some(former), Some(head)) = (&record.mapping, &record.head) else {
        return Err(ToolError::field("layout", "the file was not read yet"));
    };
    let directory = directory::of(catalog, record.artists.as_ref()).await?;
    read_form(former, head, form, &directory).map_err(ToolError::Invalid)
}

fn read_form(
    former: &Mapping,
    head: &Head,
    form: &MappingForm,
    directory: &Directory,
) -> Result<Mapping, Vec<FieldError>> {
    let mut wrong = Vec::new();
    let layout = match form.layout.as_str() {
        "" => None,
        id => {
            let found = layout::of(id);
            if found.is_none() {
                wrong.push(FieldError::new("layout", format!("{id:?} is no layout that is known")));
            }
            found
        }
    };
    let is_other = former.layout.as_deref() != layout.map(|layout| layout.id);
    let mut mapping = Mapping::of_layout(head, former.dialect.clone(), layout);
    if !is_other {
        mapping.columns = columns_of(form, former, &mut wrong);
        if mapping.columns.contains(&Field::Amount) && layout.is_none() {
            mapping.subject = Subject::Statement;
        }
    }
    mapping.order = match form.order.as_str() {
        "dayFirst" => Some(DayOrder::DayFirst),
        "monthFirst" => Some(DayOrder::MonthFirst),
        _ => mapping.order,
    };
    mapping.mark = match form.mark.as_str() {
        "point" => Some(Mark::Point),
        "comma" => Some(Mark::Comma),
        _ => None,
    };
    if !form.platform.is_empty() {
        let known = Platform::from_id(&form.platform);
        if known.is_none() {
            wrong.push(FieldError::new("platform", "is none whose figures are kept"));
        }
        mapping.platform = known.map(|platform| platform.id().to_owned());
    }
    mapping.artist = artist(&form.artist, directory, "artist", &mut wrong);
    if !form.day.trim().is_empty() {
        match form.day.trim().parse::<Date>() {
            Ok(day) => mapping.day = Some(day),
            Err(_) => wrong.push(FieldError::new("day", "is no day such as 2026-11-01")),
        }
    }
    let currency = form.currency.trim().to_ascii_uppercase();
    if !currency.is_empty() {
        if currency.len() != 3 || !currency.bytes().all(|byte| byte.is_ascii_uppercase()) {
            wrong.push(FieldError::new("currency", "is no currency of three letters such as USD"));
        }
        mapping.currency = Some(currency);
    }
    for (name, chosen) in form.artists.iter().filter(|(_, chosen)| !chosen.is_empty()) {
        let chosen = match chosen.as_str() {
            LEAVE_OUT => None,
            id => match artist(id, directory, "artists", &mut wrong) {
                Some(id) => Some(id),
                None => continue,
            },
        };
        mapping.artists.insert(name.clone(), chosen);
    }
    if wrong.is_empty() { Ok(mapping) } else { Err(wrong) }
}

fn columns_of(form: &MappingForm, former: &Mapping, wrong: &mut Vec<FieldError>) -> Vec<Field> {
    let mut columns = former.columns.clone();
    for (at, id) in form.columns.iter().enumerate().take(columns.len()) {
        match Field::from_id(id) {
            Some(field) => {
                let is_taken = field != Field::Ignored && columns[..at].contains(&field);
                if is_taken {
                    let words = format!("two columns cannot both say: {}", field.label().to_lowercase());
                    wrong.push(FieldError::new("columns", words));
                }
                columns[at] = field;
            }
            None => {
                wrong.push(FieldError::new("columns", format!("{id:?} is nothing that a column can say")));
            }
        }
    }
    columns
}

fn artist(id: &str, directory: &Directory, field: &str, wrong: &mut Vec<FieldError>) -> Option<String> {
    let id = id.trim();
    if id.is_empty() {
        return None;
    }
    let known = directory.by_id(id).filter(|id| directory.covers(id)).map(str::to_owned);
    if known.is_none() {
        wrong.push(FieldError::new(field, format!("there is no artist {id}")));
    }
    known
}

/// The lines of an import that cannot be used, as many as are kept.
pub(super) async fn problems(
    context: &Context,
    id: &str,
) -> Result<Vec<crate::model::import::ImportProblem>, CatalogError> {
    let record = shown(context, id).await?;
    let opened = context.catalog.open_object(&record.bucket, &record.problems_key()?, None, None).await;
    let mut body = match opened {
        Ok(opened) => opened.body,
        // It was not read to its end yet.
        Err(CatalogError::NotFound { .. }) => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    let mut text = Vec::new();
    while let Some(piece) = body.next().await {
        let piece = piece.map_err(|error| CatalogError::BrokenOff { detail: error.to_string() })?;
        text.extend_from_slice(&piece);
    }
    problems_of(id, &text)
}
