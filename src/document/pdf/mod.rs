//! PDF, page by page.
//!
//! The work runs on a thread of its own: with a stack for deep nesting, with a time limit, and
//! where a fault of the parser ends one document and nothing else. Every stream is unpacked up to a
//! limit only.

mod headings;
mod layout;
mod widths;

use std::collections::BTreeMap;
use std::sync::mpsc;
use std::time::{Duration, Instant};

use lopdf::{DecompressError, Dictionary, LoadOptions, Object, ObjectId};

use self::headings::Headings;
use self::layout::{Layout, Paragraph};
use super::page::{BlockKind, PageBuilder};
use super::{Document, DocumentError, Format, MOST_TEXT, Page};

/// The longest that a file may take.
const TIME: Duration = Duration::from_secs(20);
/// The most pages.
const MOST_PAGES: usize = 3000;
/// The most that one stream, and the content of one page, may unpack to.
const UNPACKED: usize = 32 * 1024 * 1024;
/// The stack of the thread: nested objects are read by recursion.
const STACK: usize = 32 * 1024 * 1024;
/// How deep forms may lie in forms.
const FORM_DEPTH: usize = 4;
/// The most forms that a page may draw; each may draw others again.
const MOST_FORMS: usize = 2000;

/// Reads a PDF.
pub(super) fn read(bytes: &[u8]) -> Result<Document, DocumentError> {
    let bytes = bytes.to_vec();
    let (sender, receiver) = mpsc::channel();
    let until = Instant::now() + TIME;
    let started = std::thread::Builder::new().name("pdf".to_owned()).stack_size(STACK).spawn(move || {
        // Nobody waits any more when the time is over.
        let _ = sender.send(read_until(&bytes, until));
    });
    started.map_err(|error| DocumentError::Broken { reason: error.to_string() })?;
    match receiver.recv_timeout(TIME) {
        Ok(read) => read,
        Err(mpsc::RecvTimeoutError::Timeout) => Err(DocumentError::TooSlow { limit: TIME }),
        Err(mpsc::RecvTimeoutError::Disconnected) => {
            Err(DocumentError::Broken { reason: "its structure cannot be followed".to_owned() })
        }
    }
}

fn read_until(bytes: &[u8], until: Instant) -> Result<Document, DocumentError> {
    let options = LoadOptions::with_max_decompressed_size(UNPACKED);
    let pdf = lopdf::Document::load_mem_with_options(bytes, options).map_err(|error| reason_of(&error))?;
    if pdf.is_encrypted() {
        return Err(DocumentError::Encrypted);
    }
    let page_ids = pdf.get_pages();
    if page_ids.is_empty() {
        return Err(DocumentError::Broken { reason: "it has no pages".to_owned() });
    }
    if page_ids.len() > MOST_PAGES {
        return Err(DocumentError::TooManyPages { pages: page_ids.len(), limit: MOST_PAGES });
    }
    let mut drawn = Vec::with_capacity(page_ids.len());
    let mut length = 0;
    for (number, id) in page_ids {
        if Instant::now() > until {
            return Err(DocumentError::TooSlow { limit: TIME });
        }
        let paragraphs = read_page(&pdf, id, until)?;
        length += paragraphs.iter().map(|paragraph| paragraph.text().len()).sum::<usize>();
        if length > MOST_TEXT {
            return Err(DocumentError::UnpacksTooLarge { megabytes: MOST_TEXT / (1024 * 1024) });
        }
        drawn.push((number, paragraphs));
    }
    let pages = pages_of(drawn);
    if pages.iter().all(|page| page.text.is_empty()) {
        return Err(DocumentError::ScannedOnly { pages: pages.len() });
    }
    let title = title_of(&pdf).or_else(|| super::page::title_of(&pages));
    Ok(Document { format: Format::Pdf, title, pages })
}

/// The pages with their headings, which show only beside all other text.
fn pages_of(drawn: Vec<(u32, Vec<Paragraph>)>) -> Vec<Page> {
    let (numbers, drawn): (Vec<u32>, Vec<Vec<Paragraph>>) = drawn.into_iter().unzip();
    let headings = Headings::of(&drawn);
    let pages = numbers.into_iter().zip(&drawn).map(|(number, paragraphs)| {
        let mut page = PageBuilder::default();
        for paragraph in paragraphs {
            let level = headings.level(paragraph);
            let kind = level.map_or(BlockKind::Paragraph, |level| BlockKind::Heading { level });
            page.push(kind, &paragraph.text());
        }
        page.finish(Some(number))
    });
    pages.collect()
}

fn read_page(pdf: &lopdf::Document, id: ObjectId, until: Instant) -> Result<Vec<Paragraph>, DocumentError> {
    let content = pdf.get_page_content_with_limit(id, UNPACKED).map_err(|error| reason_of(&error))?;
    let fonts = pdf.get_page_fonts(id).unwrap_or_default();
    let (direct, referenced) = pdf.get_page_resources(id).unwrap_or_default();
    let resources = direct.or_else(|| referenced.first().and_then(|id| pdf.get_dictionary(*id).ok()));
    let mut page = Drawing { pdf, until, layout: Layout::default(), forms: 0 };
    page.draw(&content, fonts.iter().map(|(name, font)| (name.clone(), *font)).collect(), resources, 0)?;
    Ok(page.layout.finish())
}

/// A page that is being drawn, with the forms that its content draws.
struct Drawing<'a> {
    pdf: &'a lopdf::Document,
    until: Instant,
    layout: Layout,
    /// How many forms were drawn.
    forms: usize,
}

impl<'a> Drawing<'a> {
    /// Draws a content stream, then the forms that it draws: their text comes after its own, as their
    /// place is not followed. What lies in the resources and is not drawn is not on the page: many
    /// programs let all pages share one list of forms.
    fn draw(
        &mut self,
        content: &[u8],
        fonts: BTreeMap<Vec<u8>, &'a Dictionary>,
        resources: Option<&'a Dictionary>,
        depth: usize,
    ) -> Result<(), DocumentError> {
        let drawn = self.layout.run(self.pdf, content, fonts)?;
        let pdf = self.pdf;
        let forms = resources.and_then(|resources| resources.get_deref(b"XObject", pdf).ok()?.as_dict().ok());
        let Some(forms) = forms.filter(|_| depth < FORM_DEPTH) else { return Ok(()) };
        for name in drawn {
            if Instant::now() > self.until {
                return Err(DocumentError::TooSlow { limit: TIME });
            }
            let Ok(form) = forms.get_deref(&name, pdf).and_then(Object::as_stream) else { continue };
            if form.dict.get(b"Subtype").and_then(Object::as_name).ok() != Some(b"Form") {
                continue;
            }
            self.forms += 1;
            if self.forms > MOST_FORMS {
                return Err(DocumentError::Broken {
                    reason: format!("a page draws over {MOST_FORMS} forms"),
                });
            }
            let content = form.get_plain_content_with_limit(UNPACKED).map_err(|error| reason_of(&error))?;
            // Forms of old files have no resources of their own and use those around them.
            let own = form.dict.get_deref(b"Resources", pdf).and_then(Object::as_dict).ok().or(resources);
            self.draw(&content, fonts_of(pdf, own), own, depth + 1)?;
        }
        Ok(())
    }
}

fn fonts_of<'a>(
    pdf: &'a lopdf::Document,
    resources: Option<&'a Dictionary>,
) -> BTreeMap<Vec<u8>, &'a Dictionary> {
    let fonts = resources.and_then(|resources| resources.get_deref(b"Font", pdf).ok()?.as_dict().ok());
    let fonts = fonts.into_iter().flat_map(|fonts| fonts.iter().map(move |(name, _)| (name, fonts)));
    fonts
        .filter_map(|(name, fonts)| {
            Some((name.clone(), fonts.get_deref(name, pdf).and_then(Object::as_dict).ok()?))
        })
        .collect()
}

/// The title in the properties of the file. Many programs leave a file name there.
fn title_of(pdf: &lopdf::Document) -> Option<String> {
    let information = pdf.trailer.get_deref(b"Info", pdf).and_then(Object::as_dict).ok()?;
    let title = lopdf::decode_text_string(information.get_deref(b"Title", pdf).ok()?).ok()?;
    let title = title.trim();
    let is_file_name = title.rsplit_once('.').is_some_and(|(_, ending)| {
        (2..=4).contains(&ending.len()) && ending.chars().all(|c| c.is_ascii_alphanumeric())
    });
    (!title.is_empty() && !is_file_name && title != "untitled").then(|| title.to_owned())
}

/// What the parser's error means for the person who added the file.
fn reason_of(error: &lopdf::Error) -> DocumentError {
    match error {
        lopdf::Error::Decryption(_)
        | lopdf::Error::InvalidPassword
        | lopdf::Error::AlreadyEncrypted
        | lopdf::Error::UnsupportedSecurityHandler(_) => DocumentError::Encrypted,
        lopdf::Error::Decompress(DecompressError::MemoryLimitExceeded { .. }) => {
            DocumentError::UnpacksTooLarge { megabytes: UNPACKED / (1024 * 1024) }
        }
        other => DocumentError::Broken { reason: other.to_string() },
    }
}

#[cfg(test)]
mod tests;
