//! PDFs that the tests write themselves.

use lopdf::content::{Content, Operation};
use lopdf::{Object, Stream, dictionary};

use super::super::checks::is_refused_or_fits_together;
use super::super::{BlockKind, Document, DocumentError, Format, read, split};
use crate::fuzzing;

/// What each page draws.
fn pdf(pages: &[Vec<Operation>]) -> lopdf::Document {
    let mut pdf = lopdf::Document::with_version("1.5");
    let parent = pdf.new_object_id();
    let font = pdf.add_object(dictionary! {
        "Type" => "Font", "Subtype" => "Type1", "BaseFont" => "Courier", "Encoding" => "WinAnsiEncoding",
    });
    let bold = pdf.add_object(dictionary! {
        "Type" => "Font", "Subtype" => "Type1", "BaseFont" => "Courier-Bold", "Encoding" => "WinAnsiEncoding",
    });
    // All letters are half as wide as high.
    let widths: Vec<Object> = vec![500.into(); 95];
    let narrow = pdf.add_object(dictionary! {
        "Type" => "Font", "Subtype" => "TrueType", "BaseFont" => "Narrow", "Encoding" => "WinAnsiEncoding",
        "FirstChar" => 32, "LastChar" => 126, "Widths" => widths,
    });
    let fonts = dictionary! { "F1" => font, "F2" => bold, "F3" => narrow };
    let resources = pdf.add_object(dictionary! { "Font" => fonts });
    let mut kids: Vec<Object> = Vec::new();
    for operations in pages {
        let content = Content { operations: operations.clone() }.encode().unwrap();
        let content = pdf.add_object(Stream::new(dictionary! {}, content));
        let page = dictionary! { "Type" => "Page", "Parent" => parent, "Contents" => content };
        kids.push(pdf.add_object(page).into());
    }
    let count = i64::try_from(kids.len()).unwrap();
    let tree = dictionary! {
        "Type" => "Pages", "Kids" => kids, "Count" => count, "Resources" => resources,
        "MediaBox" => vec![0.into(), 0.into(), 595.into(), 842.into()],
    };
    pdf.objects.insert(parent, Object::Dictionary(tree));
    let catalog = pdf.add_object(dictionary! { "Type" => "Catalog", "Pages" => parent });
    let title = Object::string_literal("A test of contracts");
    let information = pdf.add_object(dictionary! { "Title" => title });
    pdf.trailer.set("Root", catalog);
    pdf.trailer.set("Info", information);
    pdf
}

fn bytes(mut pdf: lopdf::Document) -> Vec<u8> {
    let mut bytes = Vec::new();
    pdf.save_to(&mut bytes).unwrap();
    bytes
}

/// Lines of text 14 points apart; an empty one leaves a gap.
fn lines(lines: &[&str]) -> Vec<Operation> {
    let mut operations = vec![
        Operation::new("BT", vec![]),
        Operation::new("Tf", vec!["F1".into(), 12.into()]),
        Operation::new("Td", vec![50.into(), 700.into()]),
    ];
    for line in lines {
        if !line.is_empty() {
            operations.push(Operation::new("Tj", vec![Object::string_literal(*line)]));
        }
        operations.push(Operation::new("Td", vec![0.into(), (-14).into()]));
    }
    operations.push(Operation::new("ET", vec![]));
    operations
}

/// Lines with their font and size, with the usual distance.
fn set_lines(lines: &[(&str, i64, &str)]) -> Vec<Operation> {
    let mut operations =
        vec![Operation::new("BT", vec![]), Operation::new("Td", vec![50.into(), 800.into()])];
    for (font, size, text) in lines {
        let step = -size * 13 / 10;
        operations.push(Operation::new("Tf", vec![(*font).into(), (*size).into()]));
        operations.push(Operation::new("Td", vec![0.into(), step.into()]));
        operations.push(Operation::new("Tj", vec![Object::string_literal(*text)]));
    }
    operations.push(Operation::new("ET", vec![]));
    operations
}

fn read_pages(pages: &[Vec<Operation>]) -> Result<Document, DocumentError> {
    read(&bytes(pdf(pages)))
}

#[test]
fn text_has_its_page() {
    let first = lines(&[
        "The licence ends after three",
        "years, unless it is ex-",
        "tended.",
        "",
        "A second paragraph.",
    ]);
    let document = read_pages(&[first, lines(&["Clause 7. Either side may end it."])]).unwrap();
    assert_eq!((document.format, document.title.as_deref()), (Format::Pdf, Some("A test of contracts")));
    assert_eq!(
        document.pages[0].text,
        "The licence ends after three years, unless it is extended.\n\nA second paragraph."
    );
    assert!(document.pages[0].blocks.iter().all(|block| block.kind == BlockKind::Paragraph));
    let passages = split(&document);
    assert_eq!(passages[1].page, Some(2));
    assert_eq!(passages[1].text, "Clause 7. Either side may end it.");
}

#[test]
fn passages_know_the_headings_that_larger_and_heavier_letters_make() {
    let clause = "The licence ends after three years, unless the artist extends it in writing before.";
    let text = |times: usize| vec![("F1", 11, clause); times];
    let first = [vec![("F1", 22, "Licence agreement"), ("F1", 15, "1. Term")], text(8)].concat();
    let second = [text(8), vec![("F1", 15, "2. Royalties"), ("F2", 11, "2.1 Streaming")], text(8)].concat();
    let document = read_pages(&[set_lines(&first), set_lines(&second)]).unwrap();
    let kinds: Vec<BlockKind> = document.pages[0].blocks.iter().map(|block| block.kind).collect();
    let heading = |level| BlockKind::Heading { level };
    assert_eq!(kinds, [heading(1), heading(2), BlockKind::Paragraph]);
    let passages = split(&document);
    let places: Vec<(Option<u32>, String)> =
        passages.iter().map(|passage| (passage.page, passage.headings.join(" › "))).collect();
    let place = |page, headings: &str| (Some(page), headings.to_owned());
    assert_eq!(
        places,
        [
            place(1, "Licence agreement › 1. Term"),
            place(2, "Licence agreement › 1. Term"),
            place(2, "Licence agreement › 2. Royalties › 2.1 Streaming"),
        ]
    );
}

#[test]
fn gaps_are_spaces_and_kerning_is_not() {
    let parts = vec![
        Object::string_literal("Roy"),
        Object::Integer(-30),
        Object::string_literal("alties"),
        Object::Integer(-300),
        Object::string_literal("due"),
    ];
    let operations = vec![
        Operation::new("BT", vec![]),
        Operation::new("Tf", vec!["F1".into(), 12.into()]),
        Operation::new("Tm", vec![1.into(), 0.into(), 0.into(), 1.into(), 50.into(), 700.into()]),
        Operation::new("TJ", vec![Object::Array(parts)]),
        Operation::new("Tm", vec![1.into(), 0.into(), 0.into(), 1.into(), 150.into(), 700.into()]),
        Operation::new("Tj", vec![Object::string_literal("quarterly")]),
        Operation::new("ET", vec![]),
    ];
    assert_eq!(read_pages(&[operations]).unwrap().pages[0].text, "Royalties due quarterly");
}

#[test]
fn letters_that_are_placed_one_by_one_make_words_where_their_widths_are_known() {
    let mut operations = vec![
        Operation::new("BT", vec![]),
        Operation::new("Tf", vec!["F3".into(), 10.into()]),
        Operation::new("Td", vec![50.into(), 700.into()]),
    ];
    // Each letter is 5 points wide; the moves are kerned a little to both sides, and a word is apart by 3.
    let moves = [("e", 0.0), ("x", 4.8), ("pense", 5.3), ("of", 28.0), ("all", 12.5)];
    for (text, step) in moves {
        operations.push(Operation::new("Td", vec![Object::Real(step), 0.into()]));
        operations.push(Operation::new("Tj", vec![Object::string_literal(text)]));
    }
    operations.push(Operation::new("ET", vec![]));
    assert_eq!(read_pages(&[operations]).unwrap().pages[0].text, "expense of all");
}

#[test]
fn a_scan_is_told_from_text() {
    let drawing = vec![Operation::new("Do", vec!["Im1".into()])];
    assert_eq!(read_pages(&[drawing.clone(), drawing]), Err(DocumentError::ScannedOnly { pages: 2 }));
}

#[test]
fn an_encrypted_file_is_refused() {
    let mut pdf = pdf(&[lines(&["Secret."])]);
    pdf.trailer.set(
        "ID",
        vec![Object::string_literal("0123456789abcdef"), Object::string_literal("0123456789abcdef")],
    );
    let version = lopdf::EncryptionVersion::V2 {
        document: &pdf,
        owner_password: "owner",
        user_password: "user",
        key_length: 128,
        permissions: lopdf::Permissions::empty(),
    };
    let state = lopdf::EncryptionState::try_from(version).unwrap();
    pdf.encrypt(&state).unwrap();
    assert_eq!(read(&bytes(pdf)), Err(DocumentError::Encrypted));
}

#[test]
fn broken_files_end_in_a_reason() {
    let whole = bytes(pdf(&[lines(&["Some text."])]));
    assert!(matches!(read(b"%PDF-1.5\nnothing more"), Err(DocumentError::Broken { .. })));
    for length in (9..whole.len()).step_by(97) {
        // Cut off anywhere, it is either mended or refused; it never hangs or takes the process down.
        if let Ok(document) = read(&whole[..length]) {
            assert_eq!(document.pages[0].text, "Some text.");
        }
    }
}

#[test]
fn a_bomb_is_refused() {
    let mut pdf = pdf(&[lines(&["x"])]);
    let page = pdf.get_pages()[&1];
    let mut stream = Stream::new(dictionary! {}, vec![b' '; super::UNPACKED + 1]);
    stream.compress().unwrap();
    let content = pdf.add_object(stream);
    pdf.get_dictionary_mut(page).unwrap().set("Contents", content);
    let bytes = bytes(pdf);
    assert!(bytes.len() < 100_000);
    assert!(matches!(read(&bytes), Err(DocumentError::UnpacksTooLarge { .. })));
}

#[test]
fn deep_nesting_and_circles_end() {
    let deep = format!(
        "%PDF-1.4\n1 0 obj\n{}{}\nendobj\ntrailer <</Root 1 0 R>>",
        "[".repeat(200_000),
        "]".repeat(200_000)
    );
    assert!(read(deep.as_bytes()).is_err());
    let mut pdf = pdf(&[lines(&["x"])]);
    let tree = pdf.catalog().unwrap().get(b"Pages").unwrap().as_reference().unwrap();
    pdf.get_dictionary_mut(tree).unwrap().set("Kids", vec![tree.into()]);
    assert!(read(&bytes(pdf)).is_err());
}

/// A form with a line of text that draws other forms, by their names in `forms`.
fn form(pdf: &mut lopdf::Document, text: &str, draws: &[&str], forms: &lopdf::Dictionary) -> lopdf::ObjectId {
    let mut operations = lines(&[text]);
    operations.extend(draws.iter().map(|name| Operation::new("Do", vec![(*name).into()])));
    let font = dictionary! {
        "Type" => "Font", "Subtype" => "Type1", "BaseFont" => "Courier", "Encoding" => "WinAnsiEncoding",
    };
    let resources = dictionary! { "Font" => dictionary! { "F1" => font }, "XObject" => forms.clone() };
    let content = Content { operations }.encode().unwrap();
    let dictionary = dictionary! { "Type" => "XObject", "Subtype" => "Form", "Resources" => resources };
    pdf.add_object(Stream::new(dictionary, content))
}

/// Gives all pages one list of forms.
fn share_forms(pdf: &mut lopdf::Document, forms: lopdf::Dictionary) {
    let resources = pdf.objects.values_mut().find_map(|object| {
        let dictionary = object.as_dict_mut().ok()?;
        (dictionary.has(b"Font") && !dictionary.has(b"Type")).then_some(dictionary)
    });
    resources.unwrap().set("XObject", forms);
}

#[test]
fn a_form_is_on_the_pages_that_draw_it_only() {
    let mut second = lines(&["Second page"]);
    second.push(Operation::new("Do", vec!["Stamp".into()]));
    let mut file = pdf(&[lines(&["First page"]), second]);
    let stamp = form(&mut file, "Signed on 1 May", &[], &dictionary! {});
    share_forms(&mut file, dictionary! { "Stamp" => stamp });
    let document = read(&bytes(file)).unwrap();
    assert_eq!(document.pages[0].text, "First page");
    assert_eq!(document.pages[1].text, "Second page\n\nSigned on 1 May");
}

#[test]
fn forms_that_draw_each_other_end() {
    let mut page = lines(&["A page"]);
    page.push(Operation::new("Do", vec!["A".into()]));
    let mut file = pdf(&[page]);
    let (a, b) = (file.new_object_id(), file.new_object_id());
    let names = dictionary! { "A" => a, "B" => b };
    let many = ["A", "B"].repeat(20);
    for id in [a, b] {
        let made = form(&mut file, "Again", &many, &names);
        let content = file.objects.remove(&made).unwrap();
        file.objects.insert(id, content);
    }
    share_forms(&mut file, names);
    let refused = read(&bytes(file)).unwrap_err();
    assert!(matches!(&refused, DocumentError::Broken { reason } if reason.contains("forms")), "{refused}");
}

#[test]
fn fuzz_pdf() {
    let contract = bytes(pdf(&[
        lines(&["Licence agreement", "", "The licence ends after three years, unless it is ex-", "tended."]),
        set_lines(&[
            ("F1", 22, "Royalties"),
            ("F2", 11, "Either side may end it."),
            ("F3", 11, "60 percent"),
        ]),
    ]));
    assert!(read(&contract).is_ok());
    let words = [
        "endobj\n",
        "stream\n",
        "endstream",
        " 0 R",
        "<<",
        ">>",
        "/Kids [",
        "/Parent 1 0 R",
        "/Length 9999999",
        "/Count 4294967295",
        " Tf",
        " TJ",
        " Td",
        " BT",
        "<ff",
        "xref",
        "/FlateDecode",
    ];
    fuzzing::bytes(
        60,
        &[&contract, b"%PDF-1.7\n1 0 obj\n<</Type/Catalog>>\nendobj\n"],
        &words,
        is_refused_or_fits_together,
    );
}
