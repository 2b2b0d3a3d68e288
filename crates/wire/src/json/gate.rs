//! The gate before any JSON parser: one iterative pass that bounds nesting and makes lenient input parsable.
//!
//! Repaired on the way, because SDKs and phones send it: a byte order mark, invalid UTF-8 and unpaired surrogate
//! escapes (U+FFFD), `NaN` and `±Infinity` (null), raw control characters in strings (escaped), integers beyond 64 bits
//! (their digits as text, so that none is lost). What is already clean is borrowed.

use crate::Limits;
use std::borrow::Cow;

/// Why a whole body could not be read as JSON.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum JsonError {
    /// Nested beyond what any batch may be.
    #[error("nested deeper than {depth_max} levels")]
    TooDeep {
        /// The limit it met.
        depth_max: usize,
    },
    /// More objects and arrays than any batch may hold.
    #[error("more than {brackets_max} objects and arrays")]
    TooManyBrackets {
        /// The limit it met.
        brackets_max: usize,
    },
    /// More events than a batch may hold; send smaller batches.
    #[error("more than {events_max} events in one batch")]
    TooManyEvents {
        /// The limit it met.
        events_max: usize,
    },
    /// Not JSON.
    #[error("not valid JSON at line {line}, column {column}")]
    Syntax {
        /// From 1.
        line: usize,
        /// From 1; bytes.
        column: usize,
    },
}

impl JsonError {
    /// The HTTP status that tells it best: 413 where a smaller batch would help, else 400.
    pub fn status(&self) -> u16 {
        match self {
            JsonError::TooManyEvents { .. } | JsonError::TooManyBrackets { .. } => 413,
            JsonError::TooDeep { .. } | JsonError::Syntax { .. } => 400,
        }
    }
}

impl From<serde_json::Error> for JsonError {
    fn from(error: serde_json::Error) -> Self {
        JsonError::Syntax { line: error.line(), column: error.column() }
    }
}

/// Text that a parser may read.
#[derive(Debug)]
pub(crate) struct Gated<'a> {
    pub(crate) text: Cow<'a, str>,
    /// Deepest nesting met.
    pub(crate) depth: usize,
    /// Whether characters were replaced by U+FFFD.
    pub(crate) replaced: bool,
    /// Where the brackets below the top close.
    pub(crate) spans: Spans,
}

/// Where the objects and arrays of the second and third level of nesting open and close, as far as anybody needs to
/// know to cut a batch: a text of wrong brackets has wrong spans, and what is cut by them is no JSON.
#[derive(Debug, Default)]
pub(crate) struct Spans {
    /// By opening, ascending; both as indexes of the bracket.
    all: Vec<(u32, u32)>,
    /// The open ones of each level, as indexes of `all`.
    open: [Option<usize>; 2],
}

/// More are not written down.
const SPANS_MAX: usize = 16_384;

impl Spans {
    /// The index behind the bracket that closes the one at `at`, if it was written down.
    pub(super) fn end_of(&self, at: usize) -> Option<usize> {
        let at = u32::try_from(at).ok()?;
        let index = self.all.binary_search_by_key(&at, |(start, _)| *start).ok()?;
        Some(self.all[index].1 as usize + 1).filter(|end| *end > at as usize + 1)
    }

    fn opened(&mut self, depth: usize, at: usize) {
        if let (2 | 3, Ok(start)) = (depth, u32::try_from(at)) {
            let index = Some(self.all.len()).filter(|index| *index < SPANS_MAX);
            self.open[depth - 2] = index;
            // Until it closes, its end says that there is none.
            self.all.extend(index.map(|_| (start, start)));
        }
    }

    fn closed(&mut self, depth: usize, at: usize) {
        if let (2 | 3, Ok(end)) = (depth, u32::try_from(at))
            && let Some(index) = self.open[depth - 2].take()
        {
            self.all[index].1 = end;
        }
    }
}

/// Longest integer literal whose digits are kept as text; longer ones fail as out of range.
const INTEGER_DIGITS_MAX: usize = 309;

/// Most raw control characters that are escaped; each makes the text five bytes longer. The parser refuses the rest.
const CONTROLS_MAX: usize = 100_000;

/// Passes a body through the gate. O(n), no recursion; stops at the first limit met.
pub(crate) fn gate<'a>(bytes: &'a [u8], limits: &Limits) -> Result<Gated<'a>, JsonError> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    // The quick check first: nearly every body passes it.
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Pass::new(text, false).run(limits);
    }
    let text = String::from_utf8_lossy(bytes);
    let gated = Pass::new(&text, true).run(limits)?;
    Ok(Gated { text: Cow::Owned(gated.text.into_owned()), ..gated })
}

/// Deepest nesting of gated text.
pub(crate) fn depth_of(text: &str) -> usize {
    let bytes = text.as_bytes();
    let (mut depth, mut deepest, mut at) = (0usize, 0, 0);
    while at < bytes.len() {
        match bytes[at] {
            b'"' => at = string_end(bytes, at),
            b'{' | b'[' => {
                depth += 1;
                deepest = deepest.max(depth);
            }
            b'}' | b']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        at += 1;
    }
    deepest
}

/// The index of the closing quote of the string that opens at `at`, or the length.
pub(super) fn string_end(bytes: &[u8], at: usize) -> usize {
    let mut end = special(bytes, at + 1);
    while end < bytes.len() {
        match bytes[end] {
            b'"' => return end,
            b'\\' => end += 2,
            _ => end += 1,
        }
        end = special(bytes, end);
    }
    bytes.len()
}

/// The index of the first quote, backslash or control character at or behind `at`, or the length. Eight bytes at a
/// time: most of a body is inside strings.
pub(super) fn special(bytes: &[u8], mut at: usize) -> usize {
    const ONES: u64 = u64::from_le_bytes([1; 8]);
    const TOPS: u64 = ONES << 7;
    while let Some(eight) = bytes.get(at..).and_then(|rest| rest.first_chunk::<8>()) {
        let eight = u64::from_le_bytes(*eight);
        // The top bit of each byte that is zero; above a zero byte there may be false ones.
        let zeros = |bytes: u64| bytes.wrapping_sub(ONES) & !bytes & TOPS;
        let quotes = zeros(eight ^ (ONES * b'"' as u64));
        let backslashes = zeros(eight ^ (ONES * b'\\' as u64));
        let controls = eight.wrapping_sub(ONES * 0x20) & !eight & TOPS;
        let found = quotes | backslashes | controls;
        if found != 0 {
            return at + found.trailing_zeros() as usize / 8;
        }
        at += 8;
    }
    let rest = bytes.get(at..).unwrap_or_default();
    rest.iter().position(|byte| matches!(byte, b'"' | b'\\' | 0..=0x1f)).map_or(bytes.len(), |index| at + index)
}

struct Pass<'a> {
    text: &'a str,
    /// What was written so far, if anything had to change.
    repaired: Option<String>,
    /// Up to here `text` is in `repaired`.
    copied: usize,
    replaced: bool,
    /// Control characters escaped so far.
    controls: usize,
}

impl<'a> Pass<'a> {
    fn new(text: &'a str, replaced: bool) -> Self {
        Self { text, repaired: None, copied: 0, replaced, controls: 0 }
    }

    fn run(mut self, limits: &Limits) -> Result<Gated<'a>, JsonError> {
        let bytes = self.text.as_bytes();
        let (mut depth, mut deepest, mut brackets, mut at) = (0usize, 0, 0, 0);
        let mut spans = Spans::default();
        while at < bytes.len() {
            match bytes[at] {
                b'"' => at = self.string(at + 1),
                b'{' | b'[' => {
                    depth += 1;
                    brackets += 1;
                    deepest = deepest.max(depth);
                    spans.opened(depth, at);
                    if depth > limits.batch_depth_max {
                        return Err(JsonError::TooDeep { depth_max: limits.batch_depth_max });
                    }
                    if brackets > limits.brackets_max {
                        return Err(JsonError::TooManyBrackets { brackets_max: limits.brackets_max });
                    }
                    at += 1;
                }
                b'}' | b']' => {
                    spans.closed(depth, at);
                    depth = depth.saturating_sub(1);
                    at += 1;
                }
                b'-' | b'0'..=b'9' | b'N' | b'I' => at = self.literal(at),
                _ => at += 1,
            }
        }
        let text = match self.repaired {
            None => Cow::Borrowed(self.text),
            Some(mut repaired) => {
                repaired.push_str(&self.text[self.copied..]);
                // They are those of the text as it was.
                spans = Spans::default();
                Cow::Owned(repaired)
            }
        };
        Ok(Gated { text, depth: deepest, replaced: self.replaced, spans })
    }

    /// Reads the inside of a string; returns the index behind its closing quote.
    fn string(&mut self, mut at: usize) -> usize {
        let bytes = self.text.as_bytes();
        loop {
            at = special(bytes, at);
            let Some(byte) = bytes.get(at) else { return at };
            match *byte {
                b'"' => return at + 1,
                b'\\' if bytes.get(at + 1) == Some(&b'u') => at = self.unicode_escape(at),
                b'\\' => at += 2,
                control @ 0..=0x1f if self.controls < CONTROLS_MAX => {
                    self.controls += 1;
                    self.replace(at, at + 1, &format!("\\u{control:04x}"));
                    at += 1;
                }
                _ => at += 1,
            }
        }
    }

    /// Keeps pairs of surrogate escapes, replaces single ones; returns the index behind.
    fn unicode_escape(&mut self, at: usize) -> usize {
        let bytes = self.text.as_bytes();
        match hex4(bytes, at + 2) {
            Some(0xd800..=0xdbff) => {
                let paired = bytes.get(at + 6) == Some(&b'\\')
                    && bytes.get(at + 7) == Some(&b'u')
                    && matches!(hex4(bytes, at + 8), Some(0xdc00..=0xdfff));
                if paired {
                    return at + 12;
                }
            }
            Some(0xdc00..=0xdfff) => {}
            Some(_) => return at + 6,
            // Not four hex digits: the parser will say so.
            None => return at + 2,
        }
        self.replaced = true;
        self.replace(at, at + 6, "\\ufffd");
        at + 6
    }

    /// A number or a word outside strings; returns the index behind what was understood.
    fn literal(&mut self, at: usize) -> usize {
        let bytes = self.text.as_bytes();
        for word in ["NaN", "Infinity", "-Infinity"] {
            if bytes[at..].starts_with(word.as_bytes()) {
                self.replace(at, at + word.len(), "null");
                return at + word.len();
            }
        }
        let digits = at + usize::from(bytes[at] == b'-');
        let mut end = digits;
        while end < bytes.len() && bytes[end].is_ascii_digit() {
            end += 1;
        }
        let whole = !matches!(bytes.get(end), Some(b'.' | b'e' | b'E'));
        let literal = &self.text[at..end];
        if whole
            && (19..=INTEGER_DIGITS_MAX).contains(&(end - digits))
            && literal.parse::<i64>().is_err()
            && literal.parse::<u64>().is_err()
        {
            self.replace(at, end, &format!("\"{literal}\""));
        }
        // Digits behind a point or an exponent are no integers.
        while end < bytes.len() && matches!(bytes[end], b'0'..=b'9' | b'.' | b'e' | b'E' | b'+' | b'-') {
            end += 1;
        }
        end.max(at + 1)
    }

    fn replace(&mut self, from: usize, to: usize, with: &str) {
        let repaired = self.repaired.get_or_insert_with(|| String::with_capacity(self.text.len() + 64));
        repaired.push_str(&self.text[self.copied..from]);
        repaired.push_str(with);
        self.copied = to;
    }
}

fn hex4(bytes: &[u8], at: usize) -> Option<u32> {
    let digits = bytes.get(at..at + 4)?;
    digits.iter().try_fold(0, |value, digit| Some(value << 4 | char::from(*digit).to_digit(16)?))
}
