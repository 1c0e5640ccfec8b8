//! The server `s3`: audio, artwork and contracts.

mod artwork;
mod audio;
mod contract_terms;
mod contracts;
mod describe;
mod file;
mod in_use;
mod listing;
mod own_files;
mod parts;
mod upload;
mod upload_url;

pub use artwork::{GetArtwork, UploadArtwork};
pub use audio::{GetAudioFile, StreamAudio, StreamAudioInput, UploadAudioFile};
pub use contracts::{GetContract, ListContracts, StoreContract};
pub use file::{FileInput, FoundFile, KeptVersion, StoredFile};
pub(crate) use file::{media_url, version_url};
pub use listing::{FileList, FileOrder, ListAudioFiles, ListInput};
pub use parts::{BeginUpload, CancelUpload, FinishUpload, UploadNamed, UploadPart, UploadPartInput};
pub use upload::UploadInput;
pub use upload_url::CreateUploadUrl;
