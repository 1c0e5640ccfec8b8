//! Documents of every format, and those that cannot be read.

use std::io::{Cursor, Write};

use aws_smithy_types::{Document, Number};
use lopdf::content::{Content, Operation};
use lopdf::{Object, Stream, dictionary};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::{Failure, Knowledge, Outcome, attribute, key_of, text_of};

/// A PDF with a line of text on each page; a page without text is a drawing.
pub(super) fn pdf(lines: &[&str]) -> Result<Vec<u8>, Failure> {
    let mut pdf = lopdf::Document::with_version("1.5");
    let parent = pdf.new_object_id();
    let font = pdf.add_object(dictionary! {
        "Type" => "Font", "Subtype" => "Type1", "BaseFont" => "Courier", "Encoding" => "WinAnsiEncoding",
    });
    let mut pages: Vec<Object> = Vec::new();
    for line in lines {
        let operations = vec![
            Operation::new("BT", vec![]),
            Operation::new("Tf", vec!["F1".into(), 12.into()]),
            Operation::new("Td", vec![50.into(), 700.into()]),
            Operation::new("Tj", vec![Object::string_literal(*line)]),
            Operation::new("ET", vec![]),
        ];
        let content = pdf.add_object(Stream::new(dictionary! {}, Content { operations }.encode()?));
        let page = dictionary! { "Type" => "Page", "Parent" => parent, "Contents" => content };
        pages.push(pdf.add_object(page).into());
    }
    let tree = dictionary! {
        "Type" => "Pages", "Count" => i64::try_from(pages.len())?, "Kids" => pages,
        "Resources" => dictionary! { "Font" => dictionary! { "F1" => font } },
    };
    pdf.objects.insert(parent, Object::Dictionary(tree));
    let catalog = pdf.add_object(dictionary! { "Type" => "Catalog", "Pages" => parent });
    pdf.trailer.set("Root", catalog);
    let mut bytes = Vec::new();
    pdf.save_to(&mut bytes)?;
    Ok(bytes)
}

fn docx(text: &str) -> Result<Vec<u8>, Failure> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    archive.start_file("word/document.xml", SimpleFileOptions::default())?;
    write!(
        archive,
        r#"<w:document xmlns:w="w"><w:body><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:body></w:document>"#
    )?;
    Ok(archive.finish()?.into_inner())
}

#[tokio::test]
async fn a_clause_of_a_contract_is_found_on_its_page() -> Outcome {
    let knowledge = Knowledge::new().await?;
    let lines = ["The parties are a label and a band.", "Reversion: rights return after seven years."];
    knowledge.put("contracts/licence", pdf(&lines)?).await?;
    let results = knowledge.results("when do rights return to us").await?;
    assert_eq!(key_of(&results[0]), "contracts/licence");
    assert_eq!(text_of(&results[0]), lines[1]);
    let page = Document::Number(Number::PosInt(2));
    assert_eq!(attribute(&results[0], "x-amz-bedrock-kb-document-page-number"), Some(&page));
    Ok(())
}

#[tokio::test]
async fn formats_are_told_by_content_and_not_by_name() -> Outcome {
    let knowledge = Knowledge::new().await?;
    knowledge.put("word.txt", docx("About an aardvark.")?).await?;
    knowledge.put("text.pdf", "About a buffalo.").await?;
    knowledge.put("mark.down", "# Cheetahs\n\nAbout **cheetahs**.").await?;
    for (question, key, text) in [
        ("aardvark", "word.txt", "About an aardvark."),
        ("buffalo", "text.pdf", "About a buffalo."),
        ("cheetah", "mark.down", "Cheetahs\n\nAbout cheetahs."),
    ] {
        let results = knowledge.results(question).await?;
        assert_eq!((key_of(&results[0]).as_str(), text_of(&results[0])), (key, text));
    }
    Ok(())
}
