//! `upload_artwork` and `get_artwork`.

use super::describe::{DescribeFile, FilesTool};
use super::file::StoredFile;
use super::upload::UploadInput;
use crate::engine::catalog::Catalog;
use crate::engine::config::BucketRole;
use crate::engine::tools::{
    Class, Content, Context, Effect, Operation, Server, Subject, Tool, ToolError, choices,
};
use crate::model::tool::AwsResource;
use crate::music::artwork::header;
use image::{ImageFormat, ImageReader};
use serde_json::{Value, json};
use std::io::Cursor;

/// The longest side that is accepted, in pixels.
const MAX_SIDE: u32 = 10_000;

/// Stores a cover or portrait.
pub struct UploadArtwork;

impl Operation for UploadArtwork {
    const NAME: &'static str = "upload_artwork";
    const EFFECT: Effect = Effect::Replaces;
    const CLASS: Class = Class::Call;
    type Input = UploadInput;
    type Output = StoredFile;

    fn resources(input: &UploadInput, catalog: &Catalog) -> Result<Vec<AwsResource>, ToolError> {
        input.resource(BucketRole::Artwork, catalog)
    }

    fn subject(input: &UploadInput) -> Subject {
        Subject::bytes(Some(input.size()))
    }

    async fn run(mut input: UploadInput, context: Context) -> Result<StoredFile, ToolError> {
        let bytes = input.content("export the cover with fewer pixels")?;
        let (content_type, width, height) = inspect(&bytes)?;
        input.metadata.insert("width".to_owned(), width.to_string());
        input.metadata.insert("height".to_owned(), height.to_string());
        input.store(bytes, content_type, BucketRole::Artwork, &context).await
    }
}

impl Tool for UploadArtwork {
    const SERVER: Server = Server::S3;
    const CONTENT: Content = Content::Trusted;
    const TITLE: &'static str = "Upload artwork";
    const DESCRIPTION: &'static str = "Stores a cover or portrait (PNG, JPEG or TIFF) in the label's artwork \
        bucket, with its width and height in pixels.";

    fn complete_schema(schema: &mut Value, catalog: &Catalog) {
        choices::offer_buckets(schema, BucketRole::Artwork, catalog);
        let name = "The name it gets in the bucket, for instance `covers/night-drive.png`.";
        choices::refine(schema, "fileName", &json!({ "description": name }));
        let content = "A PNG, JPEG or TIFF of at most 16 MiB and 10,000 pixels a side.";
        choices::refine(
            schema,
            "fileContent",
            &json!({ "title": "Image", "description": content, "contentMediaType": "image/*" }),
        );
    }
}

/// Describes stored artwork.
pub type GetArtwork = DescribeFile<OnePicture>;

/// One cover or portrait.
pub struct OnePicture;

impl FilesTool for OnePicture {
    const ROLE: BucketRole = BucketRole::Artwork;
    const NAME: &'static str = "get_artwork";
    const TITLE: &'static str = "Get artwork";
    const DESCRIPTION: &'static str = "Describes a cover or portrait and gives the address in Patchline \
        that shows it. With includeVersions it lists the versions that are kept; with versionId it describes one of them.";
}

/// The media type and the sides in pixels, from the header only, so that a small file cannot claim
/// gigabytes of pixels.
fn inspect(bytes: &[u8]) -> Result<(&'static str, u32, u32), ToolError> {
    let wrong = |message: String| ToolError::field("fileContent", message);
    let reader = ImageReader::new(Cursor::new(bytes))
        .with_guessed_format()
        .map_err(|error| wrong(format!("the image cannot be read: {error}")))?;
    let content_type = match reader.format() {
        Some(ImageFormat::Png) => "image/png",
        Some(ImageFormat::Jpeg) => "image/jpeg",
        Some(ImageFormat::Tiff) => "image/tiff",
        _ => return Err(wrong("the content is not a PNG, JPEG or TIFF image".to_owned())),
    };
    let (width, height) = if reader.format() == Some(ImageFormat::Tiff) {
        // Its colours may be such as no decoder here reads: that is for the check of the cover to say.
        let header = header(bytes).map_err(|error| wrong(format!("the image cannot be read: {error}")))?;
        (header.width, header.height)
    } else {
        reader.into_dimensions().map_err(|error| wrong(format!("the image cannot be read: {error}")))?
    };
    if width == 0 || height == 0 || width.max(height) > MAX_SIDE {
        return Err(wrong(format!(
            "the image has {width} × {height} pixels; 1 to {MAX_SIDE} a side are allowed"
        )));
    }
    Ok((content_type, width, height))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fuzzing;

    #[test]
    fn fuzz_header_of_a_picture() {
        let mut png = Vec::new();
        image::RgbImage::new(3, 2).write_to(&mut Cursor::new(&mut png), ImageFormat::Png).expect("a picture");
        let mut jpeg = Vec::new();
        image::RgbImage::new(3, 2)
            .write_to(&mut Cursor::new(&mut jpeg), ImageFormat::Jpeg)
            .expect("a picture");
        assert_eq!(inspect(&png).ok(), Some(("image/png", 3, 2)));
        assert_eq!(inspect(&jpeg).ok(), Some(("image/jpeg", 3, 2)));
        let mut tiff = Vec::new();
        image::RgbImage::new(3, 2)
            .write_to(&mut Cursor::new(&mut tiff), ImageFormat::Tiff)
            .expect("a picture");
        assert_eq!(inspect(&tiff).ok(), Some(("image/tiff", 3, 2)));
        fuzzing::bytes(400, &[&png, &jpeg, &tiff], &["IHDR", "IDAT", "\u{7f}", "<svg>", "GIF89a"], |bytes| {
            let Ok((kind, width, height)) = inspect(bytes) else { return };
            assert!(matches!(kind, "image/png" | "image/jpeg" | "image/tiff"));
            assert!((1..=MAX_SIDE).contains(&width) && (1..=MAX_SIDE).contains(&height));
        });
    }
}
