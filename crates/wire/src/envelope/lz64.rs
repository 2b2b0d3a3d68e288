//! lz-string in its base64 form, as old browser SDKs sent it: LZ78 over UTF-16 units, 6 bits per character.
//!
//! The dictionary holds positions in the output, not copies, so memory is bounded by the output's cap.

use super::{EnvelopeError, Limits};

const CORRUPT: EnvelopeError = EnvelopeError::Corrupt { encoding: "lz64" };

/// Codes that announce a literal of 8 or 16 bits, or the end.
const LITERAL_8: u32 = 0;
const LITERAL_16: u32 = 1;
const END: u32 = 2;

/// Largest packed text: each code of it costs eight bytes here, and the browser SDKs that sent this form split their
/// batches far below.
const PACKED_BYTES_MAX: usize = 4 << 20;

/// Decodes to text; unpaired surrogates become U+FFFD. Stops at the body cap.
pub(super) fn decode(body: &[u8], limits: &Limits) -> Result<String, EnvelopeError> {
    if body.len() > PACKED_BYTES_MAX {
        return Err(EnvelopeError::TooLarge { max_bytes: PACKED_BYTES_MAX });
    }
    let units = decode_units(body.trim_ascii(), limits)?;
    let text: String = char::decode_utf16(units).map(|unit| unit.unwrap_or(char::REPLACEMENT_CHARACTER)).collect();
    if text.len() > limits.body_bytes_max {
        return Err(EnvelopeError::TooLarge { max_bytes: limits.body_bytes_max });
    }
    Ok(text)
}

fn decode_units(body: &[u8], limits: &Limits) -> Result<Vec<u16>, EnvelopeError> {
    // A unit is two bytes in memory; half the cap keeps the raw size under it.
    let ratio_units_max = body.len().saturating_mul(limits.ratio_max).max(limits.ratio_from_bytes);
    let (units_max, too_far) = if ratio_units_max < limits.body_bytes_max / 2 {
        (ratio_units_max, EnvelopeError::Bomb { ratio_max: limits.ratio_max })
    } else {
        (limits.body_bytes_max / 2, EnvelopeError::TooLarge { max_bytes: limits.body_bytes_max })
    };
    let mut bits = Bits { body, next: 0, value: 0, left: 0 };
    // Room for all at once: pages that are never written cost nothing, growing by doubling holds a bomb twice.
    let mut output: Vec<u16> = Vec::with_capacity(units_max + 1);
    // Entry `code - 3`: where the phrase of this code lies in the output.
    let mut phrases: Vec<(u32, u32)> = Vec::new();
    let mut width = 2;
    let mut until_wider: u32 = 4;

    // The first code has no phrase before it.
    let first = match bits.take(2)? {
        LITERAL_8 => bits.take(8)?,
        LITERAL_16 => bits.take(16)?,
        END => return Ok(output),
        _ => return Err(CORRUPT),
    };
    output.push(first as u16);
    phrases.push((0, 1));
    width += 1;
    let mut previous = (0u32, 1u32);

    loop {
        let code = bits.take(width)?;
        let phrase = match code {
            END => return Ok(output),
            LITERAL_8 | LITERAL_16 => {
                let unit = bits.take(if code == LITERAL_8 { 8 } else { 16 })?;
                let literal = (output.len() as u32, 1);
                output.push(unit as u16);
                phrases.push(literal);
                until_wider -= 1;
                if until_wider == 0 {
                    until_wider = 1 << width;
                    width += 1;
                }
                literal
            }
            code => {
                let start = output.len();
                let (from, len) = match phrases.get(code as usize - 3) {
                    Some(known) => *known,
                    // The phrase that is being defined right now: the previous one and its own first unit. Both lie
                    // side by side in the output, so copying one unit at a time reads what was just written.
                    None if code as usize - 3 == phrases.len() => (previous.0, previous.1 + 1),
                    None => return Err(CORRUPT),
                };
                if start + len as usize > units_max {
                    return Err(too_far);
                }
                for offset in 0..len as usize {
                    let unit = output[from as usize + offset];
                    output.push(unit);
                }
                (start as u32, len)
            }
        };
        if output.len() > units_max {
            return Err(too_far);
        }
        // previous + first unit of this phrase: adjacent in the output, hence one range.
        phrases.push((previous.0, previous.1 + 1));
        previous = phrase;
        until_wider -= 1;
        if until_wider == 0 {
            until_wider = 1 << width;
            width += 1;
        }
    }
}

/// Bits of base64 characters, highest first; a code's bits come lowest first.
struct Bits<'a> {
    body: &'a [u8],
    next: usize,
    value: u8,
    left: u8,
}

impl Bits<'_> {
    fn take(&mut self, count: u32) -> Result<u32, EnvelopeError> {
        let mut code = 0;
        for position in 0..count {
            if self.left == 0 {
                let character = self.body.get(self.next).ok_or(CORRUPT)?;
                self.value = sextet(*character).ok_or(CORRUPT)?;
                self.next += 1;
                self.left = 6;
            }
            self.left -= 1;
            code |= u32::from(self.value >> self.left & 1) << position;
        }
        Ok(code)
    }
}

fn sextet(character: u8) -> Option<u8> {
    match character {
        b'A'..=b'Z' => Some(character - b'A'),
        b'a'..=b'z' => Some(character - b'a' + 26),
        b'0'..=b'9' => Some(character - b'0' + 52),
        b'+' | b'-' | b' ' => Some(62),
        b'/' | b'_' => Some(63),
        b'=' => Some(0),
        _ => None,
    }
}
