//! How a picture looks, in 64 bits: whether each of 8 × 8 spots is lighter than the one beside it (dHash). Sizes,
//! codings and small changes leave nearly all bits as they are.

use image::GrayImage;
use image_hasher::{HashAlg, HasherConfig};

/// Pictures look alike where at most so many bits differ.
pub const ALIKE: u32 = 5;

/// How a picture looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Likeness(u64);

impl Likeness {
    pub(super) fn of(luma: &GrayImage) -> Self {
        let config = HasherConfig::with_bytes_type::<[u8; 8]>();
        let hasher = config.hash_alg(HashAlg::Gradient).hash_size(8, 8).to_hasher();
        Self(u64::from_be_bytes(hasher.hash_image(luma).into_inner()))
    }

    /// How many of the 64 bits differ.
    pub fn distance(self, other: Self) -> u32 {
        (self.0 ^ other.0).count_ones()
    }
}
