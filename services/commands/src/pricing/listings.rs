//! Raw listings as snapshots keep them: JSON, compressed.

use cards::Listing;

use crate::Failure;

/// The fastest level: 200 listings become about a tenth of their length.
const LEVEL: i32 = 1;
/// More than any page of listings takes; a snapshot that claims more is damaged.
const MAX_BYTES: usize = 16 << 20;

pub(crate) fn compress(listings: &[Listing]) -> Result<Vec<u8>, Failure> {
    let json = serde_json::to_vec(listings).map_err(Failure::reject)?;
    zstd::bulk::compress(&json, LEVEL).map_err(Failure::reject)
}

pub(crate) fn decompress(bytes: &[u8]) -> Result<Vec<Listing>, Failure> {
    let json = zstd::bulk::decompress(bytes, MAX_BYTES).map_err(Failure::reject)?;
    serde_json::from_slice(&json).map_err(Failure::reject)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn damaged_bytes_are_an_error() {
        assert!(decompress(b"not compressed").is_err());
        assert_eq!(decompress(&compress(&[]).unwrap()).unwrap(), []);
    }
}
