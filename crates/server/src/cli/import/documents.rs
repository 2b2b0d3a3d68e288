//! JSON files cut into items, in bounded memory: one line each, or one element each of the list in a large document.
//!
//! A file is read as lines when its first line is whole, else as one document if it is one. Nothing is parsed here; an
//! item that is no JSON fails when it is decoded, and one that is too large is passed over and said so.

use super::source::{Item, PIECE_BYTES, PIECE_ITEMS, Piece};
use std::io::{BufRead, Cursor, Read};

/// Largest line or element. A line may be a whole batch.
pub const ITEM_BYTES_MAX: usize = 16 << 20;
/// Members under which a document holds its events.
const LISTS: [&str; 4] = ["events", "batch", "results", "data"];
/// Members that tell that an object is an event, not a wrapping.
const MARKS: [&str; 2] = ["event", "eid"];
const KEY_BYTES_MAX: usize = 16;

/// A file of JSON.
pub struct JsonItems {
    input: Box<dyn BufRead + Send>,
    /// `None`: lines.
    scanner: Option<Scanner>,
    number: u64,
}

impl JsonItems {
    /// Looks at the beginning and decides how the file is cut.
    pub fn open(mut input: Box<dyn BufRead + Send>) -> std::io::Result<JsonItems> {
        let mut head = Vec::new();
        // The first line that is not blank.
        let mut line_at = 0;
        while head[line_at..].trim_ascii().is_empty() && head.len() < ITEM_BYTES_MAX {
            line_at = head.len();
            if input.by_ref().take((ITEM_BYTES_MAX - line_at) as u64).read_until(b'\n', &mut head)? == 0 {
                break;
            }
        }
        let first = without_mark(&head[line_at..]).trim_ascii().to_vec();
        let document = if is_whole(&first) || !matches!(first.first(), Some(b'{' | b'[')) {
            false
        } else {
            input.by_ref().take((ITEM_BYTES_MAX - head.len()) as u64).read_to_end(&mut head)?;
            if head.len() < ITEM_BYTES_MAX {
                serde_json::from_slice::<serde::de::IgnoredAny>(without_mark(head.trim_ascii())).is_ok()
            } else {
                // Too large to try. A torn line hardly ever ends where a pretty printer breaks it.
                first.len() >= ITEM_BYTES_MAX - 1 || matches!(first.last(), Some(b'{' | b'[' | b',' | b':'))
            }
        };
        let input = Box::new(Cursor::new(head).chain(input));
        Ok(JsonItems { input, scanner: document.then(Scanner::default), number: 0 })
    }

    /// Whether the file is one document.
    pub fn is_document(&self) -> bool {
        self.scanner.is_some()
    }

    /// The next items behind number `skip`; `None` at the end.
    pub fn next_piece(&mut self, skip: u64) -> std::io::Result<Option<Piece>> {
        let mut piece = Piece::default();
        match &mut self.scanner {
            None => {
                let mut line = Vec::new();
                while piece.bytes.len() < PIECE_BYTES && piece.items.len() < PIECE_ITEMS {
                    line.clear();
                    let Some(too_large) = read_line(&mut *self.input, &mut line)? else { break };
                    self.number += 1;
                    if self.number > skip && (too_large || !line.trim_ascii().is_empty()) {
                        piece.push(self.number, without_mark(&line), too_large);
                    }
                }
            }
            Some(scanner) => loop {
                let chunk = self.input.fill_buf()?;
                if chunk.is_empty() {
                    scanner.end(&mut |bytes, too_large| {
                        self.number += 1;
                        if self.number > skip {
                            piece.push(self.number, bytes, too_large);
                        }
                    });
                    break;
                }
                let mut used = 0;
                for byte in chunk {
                    used += 1;
                    let ended = scanner.step(*byte);
                    if ended {
                        self.number += 1;
                        if self.number > skip {
                            piece.push(self.number, &scanner.item, scanner.too_large);
                        }
                        scanner.clear();
                        if piece.bytes.len() >= PIECE_BYTES || piece.items.len() >= PIECE_ITEMS {
                            break;
                        }
                    }
                }
                self.input.consume(used);
                if piece.bytes.len() >= PIECE_BYTES || piece.items.len() >= PIECE_ITEMS {
                    break;
                }
            },
        }
        Ok((!piece.items.is_empty()).then_some(piece))
    }
}

fn without_mark(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes)
}

/// Whether a line is a document of its own, so that the others are too.
fn is_whole(line: &[u8]) -> bool {
    matches!((line.first(), line.last()), (Some(b'{'), Some(b'}')) | (Some(b'['), Some(b']')))
}

/// Reads one line without its newline; `Some(true)`: it was too large and is not all there. `None` at the end.
fn read_line(input: &mut dyn BufRead, line: &mut Vec<u8>) -> std::io::Result<Option<bool>> {
    if input.take(ITEM_BYTES_MAX as u64).read_until(b'\n', line)? == 0 {
        return Ok(None);
    }
    if line.last() == Some(&b'\n') {
        line.pop();
        return Ok(Some(false));
    }
    if line.len() < ITEM_BYTES_MAX {
        return Ok(Some(false));
    }
    let mut rest = Vec::new();
    loop {
        rest.clear();
        if input.take(1 << 20).read_until(b'\n', &mut rest)? == 0 || rest.last() == Some(&b'\n') {
            return Ok(Some(true));
        }
    }
}

/// Finds the elements of the list in a document, byte by byte.
#[derive(Default)]
struct Scanner {
    depth: usize,
    in_string: bool,
    escaped: bool,
    /// The top is an object.
    top_is_object: bool,
    /// Depth inside the list whose elements are the items.
    list_depth: Option<usize>,
    /// The object at the top had a list.
    had_list: bool,
    /// The object at the top is an event itself.
    is_event: bool,
    /// The next string at depth 1 is a key.
    key_next: bool,
    in_key: bool,
    key: Vec<u8>,
    collecting: bool,
    item: Vec<u8>,
    too_large: bool,
}

impl Scanner {
    fn begin(&mut self) {
        self.item.clear();
        self.too_large = false;
        self.collecting = true;
    }

    fn clear(&mut self) {
        self.item.clear();
        self.too_large = false;
        self.collecting = false;
    }

    fn keep(&mut self, byte: u8) {
        if self.collecting && !self.too_large {
            if self.item.len() >= ITEM_BYTES_MAX {
                self.too_large = true;
                self.item.clear();
            } else {
                self.item.push(byte);
            }
        }
    }

    /// Takes one byte in; `true`: an item is complete.
    fn step(&mut self, byte: u8) -> bool {
        if self.in_string {
            self.keep(byte);
            self.step_in_string(byte);
            return false;
        }
        let in_list = self.list_depth == Some(self.depth);
        match byte {
            b' ' | b'\t' | b'\r' | b'\n' => {
                self.keep(byte);
                // What stands outside of any document ends with its line.
                return self.depth == 0 && self.collecting && byte == b'\n';
            }
            b'"' => {
                if !self.collecting && (in_list || self.depth == 0) {
                    self.begin();
                }
                self.in_string = true;
                self.in_key = self.depth == 1 && self.top_is_object && self.list_depth.is_none() && self.key_next;
                if self.in_key {
                    self.key.clear();
                }
                self.keep(byte);
            }
            b'{' | b'[' => self.open(byte, in_list),
            b'}' | b']' => return self.close(byte),
            b',' if in_list => return self.collecting,
            _ => {
                if self.depth == 1 && self.top_is_object && matches!(byte, b',' | b':') {
                    self.key_next = byte == b',';
                }
                if (in_list || self.depth == 0) && !self.collecting {
                    self.begin();
                }
                self.keep(byte);
            }
        }
        false
    }

    fn step_in_string(&mut self, byte: u8) {
        if self.escaped {
            self.escaped = false;
        } else if byte == b'\\' {
            self.escaped = true;
        } else if byte == b'"' {
            self.in_string = false;
            if std::mem::take(&mut self.in_key) && MARKS.iter().any(|mark| mark.as_bytes() == self.key) {
                self.is_event = true;
            }
            return;
        }
        if self.in_key && self.key.len() <= KEY_BYTES_MAX {
            self.key.push(byte);
        }
    }

    fn open(&mut self, byte: u8, in_list: bool) {
        if self.depth == 0 {
            self.top_is_object = byte == b'{';
            (self.had_list, self.is_event, self.key_next) = (false, false, true);
            if self.top_is_object {
                self.begin();
            } else {
                self.clear();
                self.list_depth = Some(1);
                self.had_list = true;
            }
        } else if in_list && !self.collecting {
            self.begin();
        } else if self.depth == 1
            && self.top_is_object
            && self.list_depth.is_none()
            && byte == b'['
            && !self.is_event
            && LISTS.iter().any(|list| list.as_bytes() == self.key)
        {
            self.clear();
            self.list_depth = Some(2);
            self.had_list = true;
            self.depth += 1;
            return;
        }
        self.depth += 1;
        self.keep(byte);
    }

    fn close(&mut self, byte: u8) -> bool {
        if self.depth > 0 && self.list_depth == Some(self.depth) {
            // The list ends, and with it a last element without brackets.
            self.list_depth = None;
            self.depth -= 1;
            return self.collecting;
        }
        self.keep(byte);
        self.depth = self.depth.saturating_sub(1);
        let element_ended = self.collecting && self.list_depth == Some(self.depth);
        let event_ended = self.depth == 0 && self.collecting && !self.had_list;
        element_ended || event_ended
    }

    /// What is left at the end of the file.
    fn end(&mut self, take: &mut dyn FnMut(&[u8], bool)) {
        if self.collecting && !self.item.trim_ascii().is_empty() || self.too_large {
            take(&self.item, self.too_large);
        }
        self.clear();
    }
}

impl Piece {
    fn push(&mut self, number: u64, bytes: &[u8], too_large: bool) {
        let start = self.bytes.len();
        if !too_large {
            self.bytes.extend_from_slice(bytes);
        }
        self.items.push(Item { number, range: start..self.bytes.len(), too_large });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// All items as text, each with its number.
    fn items(text: &str, skip: u64) -> Vec<(u64, String)> {
        let mut file = JsonItems::open(Box::new(Cursor::new(text.to_owned().into_bytes()))).expect("readable");
        let mut all = Vec::new();
        while let Some(piece) = file.next_piece(skip).expect("readable") {
            for item in &piece.items {
                let text = String::from_utf8_lossy(&piece.bytes[item.range.clone()]).trim().to_owned();
                all.push((item.number, if item.too_large { "too large".to_owned() } else { text }));
            }
        }
        all
    }

    fn texts(text: &str) -> Vec<String> {
        items(text, 0).into_iter().map(|(_, text)| text).collect()
    }

    #[test]
    fn lines_are_numbered_as_an_editor_numbers_them() {
        let text = "\u{feff}{\"a\":1}\n\n{\"b\":2}\r\n[1,2]\nnot json";
        let all = [(1, "{\"a\":1}"), (3, "{\"b\":2}"), (4, "[1,2]"), (5, "not json")];
        assert_eq!(items(text, 0), all.map(|(number, text)| (number, text.to_owned())));
        assert_eq!(items(text, 3).len(), 2);
    }

    #[test]
    fn a_document_is_cut_into_the_elements_of_its_list() {
        let elements = ["{\"a\": [1, {\"b\": \"]}\\\"\"}]}", "{}", "7", "\"x,y\"", "[1]", "null"];
        let list = format!("[\n{}\n]", elements.join(",\n"));
        assert_eq!(texts(&list), elements);
        for key in LISTS {
            let wrapped =
                format!("{{\n\"id\": \"x\", \"params\": {{\"events\": [9]}},\n\"{key}\": {list},\n\"n\": [3]}}\n");
            assert_eq!(texts(&wrapped), elements, "{key}");
        }
        assert_eq!(items(&list, 4), [(5, "[1]".to_owned()), (6, "null".to_owned())]);
    }

    #[test]
    fn an_event_over_many_lines_is_one_item() {
        let event = "{\n \"eid\": \"START\",\n \"data\": [1, 2]\n}";
        assert_eq!(texts(event), [event]);
        // Two of them are no document; each line fails for itself.
        assert_eq!(texts(&format!("{event}\n{event}")).len(), 8);
    }

    #[test]
    fn a_torn_first_line_does_not_take_the_others_with_it() {
        assert_eq!(texts("{\"broken\n{\"a\":1}\n"), ["{\"broken", "{\"a\":1}"]);
    }

    #[test]
    fn a_large_document_is_streamed_and_a_torn_end_is_an_item() {
        let element = format!("{{\"a\":\"{}\"}}", "x".repeat(1 << 20));
        let mut text = "[\n".to_owned();
        for _ in 0..20 {
            text += &element;
            text += ",\n";
        }
        text += "{\"torn\": ";
        let all = items(&text, 0);
        assert_eq!(all.len(), 21);
        assert!(all[..20].iter().all(|(_, text)| *text == element));
        assert_eq!(all[20].1, "{\"torn\":");
    }

    #[test]
    fn a_line_or_an_element_that_is_too_large_is_passed_over() {
        let large = "x".repeat(ITEM_BYTES_MAX);
        assert_eq!(texts(&format!("{{}}\n{{\"a\":\"{large}\"}}\n{{}}\n")), ["{}", "too large", "{}"]);
        assert_eq!(texts(&format!("[\n{{\"a\":\"{large}\"}},\n{{}}]")), ["too large", "{}"]);
    }
}
