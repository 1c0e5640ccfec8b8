//! Word documents that the tests write themselves.

use std::io::{Cursor, Write};

use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::super::checks::is_refused_or_fits_together;
use super::super::{BlockKind, DocumentError, Format, read, split};
use crate::fuzzing;

const STYLES: &str = r#"<w:styles xmlns:w="w">
    <w:style w:styleId="berschrift1"><w:name w:val="heading 1"/></w:style>
    <w:style w:styleId="Clause"><w:name w:val="Clause"/><w:pPr><w:outlineLvl w:val="1"/></w:pPr></w:style>
    <w:style w:styleId="Schedule"><w:name w:val="Schedule"/><w:basedOn w:val="Sub"/></w:style>
    <w:style w:styleId="Sub"><w:name w:val="Sub"/><w:basedOn w:val="Clause"/></w:style>
    <w:style w:styleId="Aside"><w:name w:val="Aside"/><w:basedOn w:val="Clause"/><w:pPr><w:outlineLvl w:val="9"/></w:pPr></w:style>
    <w:style w:styleId="Normal"><w:name w:val="Normal"/></w:style>
</w:styles>"#;

fn docx(body: &str) -> Vec<u8> {
    let document =
        format!(r#"<?xml version="1.0"?><w:document xmlns:w="w"><w:body>{body}</w:body></w:document>"#);
    archive(&[("word/styles.xml", STYLES.as_bytes()), ("word/document.xml", document.as_bytes())])
}

fn archive(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in parts {
        writer.start_file(*name, SimpleFileOptions::default()).unwrap();
        writer.write_all(content).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

fn paragraph(style: &str, text: &str) -> String {
    format!(r#"<w:p><w:pPr><w:pStyle w:val="{style}"/></w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>"#)
}

#[test]
fn headings_paragraphs_and_tables_are_read() {
    let body = [
        paragraph("berschrift1", "Split sheet"),
        paragraph("Clause", "1. Shares"),
        r#"<w:p><w:r><w:t>Mira &amp; Jon</w:t></w:r><w:r><w:tab/><w:t xml:space="preserve"> share &#228;ll.</w:t></w:r></w:p>"#.to_owned(),
        "<w:tbl><w:tr><w:tc><w:p><w:r><w:t>Mira</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>60 %</w:t></w:r></w:p></w:tc></w:tr>\
         <w:tr><w:tc><w:p><w:r><w:t>Jon</w:t></w:r></w:p></w:tc><w:tc><w:p/></w:tc></w:tr></w:tbl>".to_owned(),
    ]
    .concat();
    let document = read(&docx(&body)).unwrap();
    assert_eq!((document.format, document.title.as_deref()), (Format::Docx, Some("Split sheet")));
    let page = &document.pages[0];
    assert_eq!(page.number, None);
    assert_eq!(page.text, "Split sheet\n\n1. Shares\n\nMira & Jon\t share äll.\n\nMira | 60 %\nJon");
    assert_eq!(page.blocks[1].kind, BlockKind::Heading { level: 2 });
    assert_eq!(split(&document)[0].headings, ["Split sheet", "1. Shares"]);
}

#[test]
fn styles_based_on_headings_are_headings_too() {
    let body = [
        paragraph("berschrift1", "Licence"),
        paragraph("Schedule", "Schedule A"),
        paragraph("Aside", "Only an aside."),
    ];
    let document = read(&docx(&body.concat())).unwrap();
    let kinds: Vec<BlockKind> = document.pages[0].blocks.iter().map(|block| block.kind).collect();
    let heading = |level| BlockKind::Heading { level };
    assert_eq!(kinds, [heading(1), heading(2), BlockKind::Paragraph]);
}

#[test]
fn headings_are_known_by_their_usual_ids_where_no_style_is_described() {
    let body = [paragraph("Heading1", "Term"), paragraph("Heading2", "Options"), paragraph("Normal", "Two.")];
    let xml = format!(r#"<w:document xmlns:w="w"><w:body>{}</w:body></w:document>"#, body.concat());
    let document = read(&archive(&[("word/document.xml", xml.as_bytes())])).unwrap();
    assert_eq!(split(&document)[0].headings, ["Term", "Options"]);
}

#[test]
fn each_passage_knows_its_heading_and_its_page() {
    let long = |words: &str| format!("{} end.", format!("{words} ").repeat(70));
    let body = [
        paragraph("berschrift1", "Licence"),
        paragraph("Clause", "1. Term"),
        paragraph("Normal", &long("years")),
        r#"<w:p><w:r><w:br w:type="page"/></w:r></w:p>"#.to_owned(),
        paragraph("Clause", "2. Royalties"),
        paragraph("Normal", &long("percent")),
    ];
    let passages = split(&read(&docx(&body.concat())).unwrap());
    let places: Vec<(Option<u32>, Vec<String>)> =
        passages.into_iter().map(|passage| (passage.page, passage.headings)).collect();
    let under = |page, clause: &str| (Some(page), vec!["Licence".to_owned(), clause.to_owned()]);
    assert_eq!(places, [under(1, "1. Term"), under(2, "2. Royalties")]);
}

#[test]
fn marked_page_breaks_number_the_pages() {
    let body = [
        paragraph("Normal", "First page."),
        r#"<w:p><w:r><w:br w:type="page"/></w:r></w:p>"#.to_owned(),
        paragraph("Normal", "Second page."),
        r"<w:p><w:r><w:lastRenderedPageBreak/><w:t>Third page.</w:t></w:r></w:p>".to_owned(),
    ]
    .concat();
    let document = read(&docx(&body)).unwrap();
    let pages: Vec<(Option<u32>, &str)> =
        document.pages.iter().map(|page| (page.number, page.text.as_str())).collect();
    assert_eq!(pages, [(Some(1), "First page."), (Some(2), "Second page."), (Some(3), "Third page.")]);
}

#[test]
fn broken_documents_end_in_a_reason() {
    let whole = docx(&paragraph("Normal", "Text."));
    assert!(matches!(
        read(&whole[..whole.len() / 2]),
        Err(DocumentError::Broken { .. } | DocumentError::UnknownFormat { .. })
    ));
    let wrong = archive(&[("word/document.xml", b"<w:document><w:p></w:wrong>")]);
    assert!(matches!(read(&wrong), Err(DocumentError::Broken { .. })));
    let deep = archive(&[("word/document.xml", "<a>".repeat(10_000).as_bytes())]);
    assert!(matches!(read(&deep), Err(DocumentError::Broken { .. })));
    assert_eq!(read(&docx("")), Err(DocumentError::NoText));
}

#[test]
fn a_bomb_is_refused() {
    let length = usize::try_from(super::UNPACKED).unwrap() + 10;
    let bomb = archive(&[("word/document.xml", &vec![b' '; length])]);
    assert!(bomb.len() < 1_000_000);
    assert_eq!(read(&bomb), Err(DocumentError::UnpacksTooLarge { megabytes: 64 }));
}

#[test]
fn a_text_box_is_read_once_and_its_paragraph_stays_whole() {
    let boxed = "<w:txbxContent><w:p><w:r><w:t>In the box</w:t></w:r></w:p></w:txbxContent>";
    let body = format!(
        "<w:p><w:r><w:t>Before, </w:t></w:r><mc:AlternateContent><mc:Choice>{boxed}</mc:Choice>\
         <mc:Fallback>{boxed}</mc:Fallback></mc:AlternateContent><w:r><w:t>after.</w:t></w:r></w:p>"
    );
    let document = read(&docx(&body)).unwrap();
    assert_eq!(document.pages[0].text, "In the box\n\nBefore, after.");
}

#[test]
fn notes_are_read_after_the_text() {
    let document = format!(
        r#"<w:document xmlns:w="w"><w:body>{}</w:body></w:document>"#,
        paragraph("Normal", "The advance is paid once.")
    );
    let notes = |name: &str, text: &str| {
        format!(r#"<w:{name}s xmlns:w="w"><w:{name}>{}</w:{name}></w:{name}s>"#, paragraph("Normal", text))
    };
    let file = archive(&[
        ("word/document.xml", document.as_bytes()),
        ("word/footnotes.xml", notes("footnote", "Unless the album is late.").as_bytes()),
        ("word/endnotes.xml", notes("endnote", "Late means after June.").as_bytes()),
    ]);
    let read = read(&file).unwrap();
    assert_eq!(
        read.pages[0].text,
        "The advance is paid once.\n\nUnless the album is late.\n\nLate means after June."
    );
}

#[test]
fn fuzz_docx() {
    let body =
        [paragraph("berschrift1", "Split sheet"), paragraph("Clause", "Mira &amp; Jon share")].concat();
    let file = docx(&body);
    assert!(read(&file).is_ok());
    fuzzing::bytes(
        100,
        &[&file, b"PK\x03\x04"],
        &["PK\x01\x02", "word/document.xml", "PK\x05\x06"],
        is_refused_or_fits_together,
    );
    let table = "<w:tbl><w:tr><w:tc><w:p><w:r><w:t>60 %</w:t></w:r></w:p></w:tc></w:tr></w:tbl>";
    let words = [
        "<w:p>",
        "</w:p>",
        "<w:tbl><w:tr><w:tc>",
        "<w:r><w:t>",
        "&#228;",
        "&lol;",
        "<!DOCTYPE a [<!ENTITY b 'c'>]>",
        "<![CDATA[",
        "<!--",
        "w:val=\"9\"",
        "<w:tab/>",
        "<w:sectPr/>",
    ];
    fuzzing::text(150, &[&body, table], &words, |body| is_refused_or_fits_together(&docx(body)));
}

#[test]
fn fuzz_text_and_markdown() {
    let seeds: [&[u8]; 4] = [
        "# Avtale\n\nEn avtale – med *vekt*.\n\n| a | b |\n|---|---|\n| 1 | 2 |\n".as_bytes(),
        b"Clause 1.\r\n\r\nEither side may end it.\r\n",
        b"\xff\xfeA\0 \0b\0",
        b"\xef\xbb\xbfLatin \xe9",
    ];
    let words = ["# ", "\n\n", "```\n", "> ", "- ", "[a](", "![", "| ", "<script>", "***", "\u{2028}"];
    fuzzing::bytes(200, &seeds, &words, is_refused_or_fits_together);
}
