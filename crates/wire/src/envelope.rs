//! From the bytes of a request to the bytes of its JSON: gzip, deflate, zstd, base64, lz-string, all under caps.
//!
//! What is inflated is streamed, so that a bomb stops at the cap and not in memory. The magic of gzip and zstd decides,
//! not the headers: SDKs send gzip without saying so. Brotli is refused by name: no SDK sends it.

pub(crate) mod base64_text;
mod lz64;

use flate2::bufread::{DeflateDecoder, MultiGzDecoder, ZlibDecoder};
use model::property::PropertyLimits;
use std::borrow::Cow;
use std::io::Read;

/// What one request may cost. Bytes unless said.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Largest body, after inflation.
    pub body_bytes_max: usize,
    /// Largest ratio of inflated bytes to those they were read from, at every point past `ratio_from_bytes`.
    pub ratio_max: usize,
    /// Up to here any ratio is allowed: short repetitive batches compress very well.
    pub ratio_from_bytes: usize,
    /// Deepest nesting inside one event; only that event fails beyond it.
    pub depth_max: usize,
    /// Deepest nesting of a whole body; the batch is refused beyond it.
    pub batch_depth_max: usize,
    /// Most `[` and `{` in a body; the batch is refused beyond it.
    pub brackets_max: usize,
    /// Most events in one batch.
    pub events_max: usize,
    /// Largest event as JSON text; only that event fails beyond it.
    pub event_bytes_max: usize,
    /// Limits on the properties of one event; nothing fails, the rest goes into `_overflow`.
    pub properties: PropertyLimits,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            body_bytes_max: 20 << 20,
            ratio_max: 100,
            ratio_from_bytes: 1 << 20,
            depth_max: 32,
            batch_depth_max: 200,
            brackets_max: 1_000_000,
            events_max: 10_000,
            event_bytes_max: 1 << 20,
            properties: PropertyLimits::default(),
        }
    }
}

/// How a body or a field was packed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// RFC 1952; recognised by its magic bytes without any hint.
    Gzip,
    /// RFC 1950 or bare RFC 1951: both are sent under this name.
    Deflate,
    /// Base64 text, either alphabet.
    Base64,
    /// lz-string, base64 form, of UTF-16 units (old browser SDKs).
    Lz64,
    /// Not supported.
    Brotli,
    /// RFC 8878; recognised by its magic bytes without any hint.
    Zstd,
}

impl Encoding {
    /// From a `Content-Encoding` header or a `compression` parameter; any case. `None` for what has no meaning here.
    pub fn from_word(word: &str) -> Option<Encoding> {
        const WORDS: [(&str, Encoding); 11] = [
            ("gzip", Encoding::Gzip),
            ("gzip-js", Encoding::Gzip),
            ("x-gzip", Encoding::Gzip),
            ("deflate", Encoding::Deflate),
            ("lz64", Encoding::Lz64),
            ("lz-string", Encoding::Lz64),
            ("base64", Encoding::Base64),
            ("b64", Encoding::Base64),
            ("br", Encoding::Brotli),
            ("zstd", Encoding::Zstd),
            ("zst", Encoding::Zstd),
        ];
        WORDS.iter().find(|(name, _)| word.trim().eq_ignore_ascii_case(name)).map(|(_, encoding)| *encoding)
    }
}

/// Why a body could not be unpacked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EnvelopeError {
    /// Answer 413.
    #[error("body is larger than {max_bytes} bytes after inflation")]
    TooLarge {
        /// The cap it met.
        max_bytes: usize,
    },
    /// Answer 413: it inflates too well to be data.
    #[error("body inflates more than {ratio_max} times")]
    Bomb {
        /// The cap it met.
        ratio_max: usize,
    },
    /// Answer 400.
    #[error("body is not valid {encoding}")]
    Corrupt {
        /// What it should have been.
        encoding: &'static str,
    },
    /// Answer 415.
    #[error("encoding {name} is not supported; send gzip, deflate or zstd")]
    UnsupportedEncoding {
        /// As named in the request.
        name: &'static str,
    },
    /// Answer 400 where the protocol needs a body.
    #[error("body is empty")]
    Empty,
}

impl EnvelopeError {
    /// The HTTP status that tells it best.
    pub fn status(&self) -> u16 {
        match self {
            EnvelopeError::TooLarge { .. } | EnvelopeError::Bomb { .. } => 413,
            EnvelopeError::UnsupportedEncoding { .. } => 415,
            EnvelopeError::Corrupt { .. } | EnvelopeError::Empty => 400,
        }
    }
}

/// Whether bytes begin as gzip does.
pub fn is_gzip(bytes: &[u8]) -> bool {
    bytes.starts_with(&[0x1f, 0x8b])
}

/// Whether bytes begin as zstd does, with a frame of data or one to be skipped.
pub fn is_zstd(bytes: &[u8]) -> bool {
    matches!(bytes, [0x28, 0xb5, 0x2f, 0xfd, ..] | [0x50..=0x5f, 0x2a, 0x4d, 0x18, ..])
}

/// Unpacks a body once. Bytes with the magic of gzip or zstd are inflated whatever the hint says; a hint that the bytes
/// contradict (a proxy already unpacked them) is ignored where that can be told.
///
/// Borrows when nothing had to be done. Errors: see [`EnvelopeError`]; an empty body is `Empty`.
pub fn inflate<'a>(body: &'a [u8], hint: Option<Encoding>, limits: &Limits) -> Result<Cow<'a, [u8]>, EnvelopeError> {
    if body.is_empty() {
        return Err(EnvelopeError::Empty);
    }
    if body.len() > limits.body_bytes_max {
        return Err(EnvelopeError::TooLarge { max_bytes: limits.body_bytes_max });
    }
    if is_gzip(body) {
        return read_capped(MultiGzDecoder::new(body), |gzip| gzip.get_ref().len(), body.len(), "gzip", limits)
            .map(Cow::Owned);
    }
    if is_zstd(body) {
        return inflate_zstd(body, limits).map(Cow::Owned);
    }
    match hint {
        // No magic: something between the client and us has already inflated it.
        None | Some(Encoding::Gzip | Encoding::Zstd) => Ok(Cow::Borrowed(body)),
        Some(Encoding::Deflate) => inflate_deflate(body, limits),
        Some(Encoding::Base64) if base64_text::looks_like(body) => {
            base64_text::decode(body).map(Cow::Owned).ok_or(EnvelopeError::Corrupt { encoding: "base64" })
        }
        Some(Encoding::Base64) => Ok(Cow::Borrowed(body)),
        Some(Encoding::Lz64) => lz64::decode(body, limits).map(|text| Cow::Owned(text.into_bytes())),
        Some(Encoding::Brotli) => Err(EnvelopeError::UnsupportedEncoding { name: "br" }),
    }
}

/// Largest window of a zstd frame, as a power of two: 8 MiB, what every level but the `ultra` ones stays within.
const ZSTD_WINDOW_LOG_MAX: u32 = 23;

/// All frames of a body, one behind the other. A frame that asks for a larger window is refused before it gets one.
fn inflate_zstd(body: &[u8], limits: &Limits) -> Result<Vec<u8>, EnvelopeError> {
    let corrupt = |_| EnvelopeError::Corrupt { encoding: ZSTD };
    let mut decoder = zstd::stream::read::Decoder::with_buffer(body).map_err(corrupt)?;
    decoder.window_log_max(ZSTD_WINDOW_LOG_MAX).map_err(corrupt)?;
    read_capped(decoder, |zstd| zstd.get_ref().len(), body.len(), ZSTD, limits)
}

const ZSTD: &str = "zstd with a window of at most 8 MiB";

/// "deflate" means zlib-wrapped by the standard and bare in some clients; a JSON text is neither.
fn inflate_deflate<'a>(body: &'a [u8], limits: &Limits) -> Result<Cow<'a, [u8]>, EnvelopeError> {
    let starts_as_zlib =
        body.len() >= 2 && body[0] & 0x0f == 8 && u16::from_be_bytes([body[0], body[1]]).is_multiple_of(31);
    if starts_as_zlib {
        match read_capped(ZlibDecoder::new(body), |zlib| zlib.get_ref().len(), body.len(), "deflate", limits) {
            Err(EnvelopeError::Corrupt { .. }) => {}
            done => return done.map(Cow::Owned),
        }
    }
    match read_capped(DeflateDecoder::new(body), |bare| bare.get_ref().len(), body.len(), "deflate", limits) {
        Err(EnvelopeError::Corrupt { .. }) if starts_as_json(body) => Ok(Cow::Borrowed(body)),
        done => done.map(Cow::Owned),
    }
}

fn starts_as_json(body: &[u8]) -> bool {
    body.iter().find(|byte| !byte.is_ascii_whitespace()).is_some_and(|byte| matches!(byte, b'{' | b'['))
}

/// Reads to the end or to a cap, whichever is first; never holds more than the cap plus one chunk.
///
/// `unread` is the bytes of the `sent_bytes` that the decoder has not taken yet: a bomb stands out by what it has become
/// so far, so it ends at the first MiB and not at the cap on bytes.
fn read_capped<D: Read>(
    mut decoder: D,
    unread: impl Fn(&D) -> usize,
    sent_bytes: usize,
    encoding: &'static str,
    limits: &Limits,
) -> Result<Vec<u8>, EnvelopeError> {
    let ratio_bytes_max = |read: usize| read.saturating_mul(limits.ratio_max).max(limits.ratio_from_bytes);
    // A large body gets the room of its cap at once: pages that are never written cost nothing, while growing by
    // doubling would hold it two times over.
    let room = if sent_bytes.saturating_mul(4) <= limits.ratio_from_bytes {
        sent_bytes.saturating_mul(4)
    } else {
        ratio_bytes_max(sent_bytes).min(limits.body_bytes_max)
    };
    let mut inflated = Vec::with_capacity(room);
    let mut chunk = [0u8; 16 << 10];
    loop {
        let read = decoder.read(&mut chunk).map_err(|_| EnvelopeError::Corrupt { encoding })?;
        if read == 0 {
            return Ok(inflated);
        }
        let total = inflated.len() + read;
        if total > limits.body_bytes_max {
            return Err(EnvelopeError::TooLarge { max_bytes: limits.body_bytes_max });
        }
        if total > ratio_bytes_max(sent_bytes.saturating_sub(unread(&decoder))) {
            return Err(EnvelopeError::Bomb { ratio_max: limits.ratio_max });
        }
        inflated.extend_from_slice(&chunk[..read]);
    }
}

#[cfg(test)]
mod tests;
