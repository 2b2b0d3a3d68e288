//! Base64 as SDKs send it: either alphabet, with or without padding, wrapped lines, `+` turned into spaces by forms.

use base64::alphabet;
use base64::engine::{DecodePaddingMode, Engine, GeneralPurpose, GeneralPurposeConfig};

const LENIENT: GeneralPurposeConfig = GeneralPurposeConfig::new()
    .with_decode_padding_mode(DecodePaddingMode::Indifferent)
    .with_decode_allow_trailing_bits(true);
const STANDARD: GeneralPurpose = GeneralPurpose::new(&alphabet::STANDARD, LENIENT);

/// Whether bytes are wholly base64 text. JSON, forms (`data=…`) and binary are not.
pub(crate) fn looks_like(bytes: &[u8]) -> bool {
    let text = bytes.trim_ascii();
    let unpadded = text.iter().rposition(|byte| *byte != b'=').map_or(0, |last| last + 1);
    unpadded >= 2
        // lz-string pads with three where no base64 would.
        && text.len() - unpadded <= 3
        && text[..unpadded]
            .iter()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'-' | b'_' | b'\r' | b'\n'))
}

/// Decodes; `None` if it is not base64. The result is always shorter than the text, so it needs no cap of its own.
pub(crate) fn decode(bytes: &[u8]) -> Option<Vec<u8>> {
    let plain: Vec<u8> = bytes
        .trim_ascii()
        .iter()
        .filter(|byte| !matches!(byte, b'\r' | b'\n'))
        .map(|byte| match byte {
            b'-' => b'+',
            b'_' => b'/',
            other => *other,
        })
        .collect();
    STANDARD.decode(plain).ok()
}

/// Turns the spaces that a form decoder made of `+` back, where the rest is base64.
pub(crate) fn restore_plus(text: &str) -> Option<String> {
    let restored = text.trim().replace(' ', "+");
    looks_like(restored.as_bytes()).then_some(restored)
}
