//! The elements of a click, from the one that was clicked outward, and what an action asks of them.
//!
//! A chain is text, innermost element first: `button.primary:attr__id="pay"text="Pay now";form.fees:attr__id="f"`. What
//! does not read as an element ends the chain. Definition: docs/semantics/actions.md, "Elements".

use regex::Regex;

/// Elements of one chain, and parts of one selector, at most.
const ELEMENTS_MAX: usize = 256;
const PARTS_MAX: usize = 32;

/// One element.
#[derive(Debug, Default, PartialEq)]
struct Element {
    tag: String,
    classes: Vec<String>,
    attributes: Vec<(String, String)>,
}

impl Element {
    fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(key, _)| key == name).map(|(_, value)| &**value)
    }

    /// The value of an attribute of the page's own, by its name there.
    fn of_page(&self, name: &str) -> Option<&str> {
        let own = self.attributes.iter().find(|(key, _)| key.strip_prefix("attr__") == Some(name));
        own.map(|(_, value)| &**value).or_else(|| match name {
            "id" => self.attribute("attr_id"),
            "href" => self.attribute("href"),
            _ => None,
        })
    }
}

/// Reads a chain, innermost first.
fn elements(chain: &str) -> Vec<Element> {
    let mut rest = chain;
    let mut read = Vec::new();
    while read.len() < ELEMENTS_MAX {
        let Some((element, after)) = element(rest) else { break };
        read.push(element);
        match after.strip_prefix(';') {
            Some(next) => rest = next,
            None => break,
        }
    }
    read
}

fn element(text: &str) -> Option<(Element, &str)> {
    let head_end = text.find([':', ';']).unwrap_or(text.len());
    let mut names = text[..head_end].split('.');
    let tag = names.next().filter(|tag| !tag.is_empty())?.to_ascii_lowercase();
    let classes = names.filter(|class| !class.is_empty()).map(str::to_owned).collect();
    let mut element = Element { tag, classes, attributes: Vec::new() };
    let mut rest = &text[head_end..];
    if let Some(attributes) = rest.strip_prefix(':') {
        rest = attributes;
        while !rest.is_empty() && !rest.starts_with(';') {
            let (key, value) = rest.split_once("=\"")?;
            let (value, after) = quoted(value)?;
            element.attributes.push((key.trim().to_owned(), value));
            rest = after;
        }
    }
    Some((element, rest))
}

/// The text up to the closing quote, `\"` within it read as a quote, and what stands behind.
fn quoted(text: &str) -> Option<(String, &str)> {
    let mut value = String::new();
    let mut letters = text.char_indices();
    while let Some((at, letter)) = letters.next() {
        match letter {
            '"' => return Some((value, &text[at + 1..])),
            '\\' if text[at + 1..].starts_with('"') => {
                letters.next();
                value.push('"');
            }
            letter => value.push(letter),
        }
    }
    None
}

/// How a text of an element must be.
pub(crate) enum TextTest {
    Exact(String),
    Contains(String),
    Regex(Regex),
}

impl TextTest {
    fn holds(&self, text: &str) -> bool {
        match self {
            TextTest::Exact(value) => text == value,
            TextTest::Contains(value) => text.contains(value.as_str()),
            TextTest::Regex(pattern) => pattern.is_match(text),
        }
    }
}

/// What an action asks of the elements of an event; all that is set must hold.
#[derive(Default)]
pub(crate) struct ElementTest {
    pub(crate) tag: Option<String>,
    pub(crate) text: Option<TextTest>,
    pub(crate) href: Option<TextTest>,
    pub(crate) selector: Option<Selector>,
}

impl ElementTest {
    /// Whether one element of the chain has the tag, text and address, and one passes the selector.
    pub(crate) fn holds(&self, chain: &str) -> bool {
        let elements = elements(chain);
        let plain = |element: &Element| {
            self.tag.as_ref().is_none_or(|tag| *tag == element.tag)
                && self.text.as_ref().is_none_or(|test| element.attribute("text").is_some_and(|t| test.holds(t.trim())))
                && self.href.as_ref().is_none_or(|test| element.of_page("href").is_some_and(|href| test.holds(href)))
        };
        let asks_plain = self.tag.is_some() || self.text.is_some() || self.href.is_some();
        (!asks_plain || elements.iter().any(plain))
            && self.selector.as_ref().is_none_or(|selector| selector.matches(&elements))
    }
}

/// A CSS selector of types, `#id`, `.class`, `[attribute]`, `[attribute="value"]`, descendants and children.
#[derive(Debug, PartialEq)]
pub(crate) struct Selector {
    /// From the left; the combinator is that to the part before.
    parts: Vec<(Combinator, Compound)>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Combinator {
    Descendant,
    Child,
}

/// What one element must be.
#[derive(Debug, Default, PartialEq)]
struct Compound {
    tag: Option<String>,
    id: Option<String>,
    classes: Vec<String>,
    attributes: Vec<(String, Option<String>)>,
}

impl Compound {
    fn is(&self, element: &Element) -> bool {
        let attribute = |(name, value): &(String, Option<String>)| match (element.of_page(name), value) {
            (Some(has), Some(value)) => has == value,
            (has, None) => has.is_some(),
            (None, Some(_)) => false,
        };
        self.tag.as_ref().is_none_or(|tag| *tag == element.tag)
            && self.id.as_ref().is_none_or(|id| element.of_page("id") == Some(id))
            && self.classes.iter().all(|class| element.classes.contains(class))
            && self.attributes.iter().all(attribute)
    }

    /// Reads one compound from the start of `text`; returns what stands behind.
    fn read(text: &str) -> Option<(Compound, &str)> {
        let mut compound = Compound::default();
        let name_end = |text: &str| {
            let is_name = |letter: char| letter.is_alphanumeric() || matches!(letter, '-' | '_');
            text.find(|letter| !is_name(letter)).unwrap_or(text.len())
        };
        let mut rest = text;
        if let Some(after) = rest.strip_prefix('*') {
            rest = after;
        } else {
            let (tag, after) = rest.split_at(name_end(rest));
            compound.tag = (!tag.is_empty()).then(|| tag.to_ascii_lowercase());
            rest = after;
        }
        loop {
            let kind = rest.chars().next();
            match kind {
                Some('#' | '.') => {
                    let (name, after) = rest[1..].split_at(name_end(&rest[1..]));
                    if name.is_empty() {
                        return None;
                    }
                    if kind == Some('#') {
                        compound.id = Some(name.to_owned());
                    } else {
                        compound.classes.push(name.to_owned());
                    }
                    rest = after;
                }
                Some('[') => {
                    let (inside, after) = bracket(&rest[1..])?;
                    let (name, value) = match inside.split_once('=') {
                        None => (inside, None),
                        Some((name, value)) => (name, Some(unquoted(value.trim())?)),
                    };
                    let name = name.trim();
                    if name.is_empty() || name_end(name) != name.len() {
                        return None;
                    }
                    compound.attributes.push((name.to_owned(), value));
                    rest = after;
                }
                _ => break,
            }
        }
        (rest.len() < text.len()).then_some((compound, rest))
    }
}

/// What stands up to the closing bracket, which does not count within quotes.
fn bracket(text: &str) -> Option<(&str, &str)> {
    let mut quote = None;
    for (at, letter) in text.char_indices() {
        match (quote, letter) {
            (None, ']') => return Some((&text[..at], &text[at + 1..])),
            (None, '"' | '\'') => quote = Some(letter),
            (Some(open), letter) if open == letter => quote = None,
            _ => {}
        }
    }
    None
}

fn unquoted(text: &str) -> Option<String> {
    let bare = ['"', '\''].into_iter().find_map(|quote| text.strip_prefix(quote)?.strip_suffix(quote));
    match bare {
        Some(bare) => Some(bare.to_owned()),
        None => (!text.is_empty() && !text.contains(['"', '\''])).then(|| text.to_owned()),
    }
}

impl Selector {
    /// `None`: not a selector of this kind.
    pub(crate) fn read(text: &str) -> Option<Selector> {
        let mut parts = Vec::new();
        let mut rest = text.trim();
        let mut combinator = Combinator::Descendant;
        loop {
            let (compound, after) = Compound::read(rest)?;
            parts.push((combinator, compound));
            let trimmed = after.trim_start();
            if trimmed.is_empty() {
                return (parts.len() <= PARTS_MAX).then_some(Selector { parts });
            }
            rest = match trimmed.strip_prefix('>') {
                Some(child) => {
                    combinator = Combinator::Child;
                    child.trim_start()
                }
                None if trimmed.len() < after.len() => {
                    combinator = Combinator::Descendant;
                    trimmed
                }
                None => return None,
            };
        }
    }

    /// Whether some element, with those around it, passes. `elements`: innermost first.
    fn matches(&self, elements: &[Element]) -> bool {
        // Which elements may stand for the part at hand; the outermost part first.
        let mut may: Vec<bool> = Vec::new();
        for (index, (combinator, compound)) in self.parts.iter().enumerate() {
            let stands = |at: usize| {
                let around = || match combinator {
                    _ if index == 0 => true,
                    Combinator::Child => may.get(at + 1).copied().unwrap_or(false),
                    Combinator::Descendant => may.iter().skip(at + 1).any(|may| *may),
                };
                compound.is(&elements[at]) && around()
            };
            may = (0..elements.len()).map(stands).collect();
        }
        may.contains(&true)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CHAIN: &str = "span:nth-child=\"1\"text=\" Pay now \";button.primary.wide:attr__id=\"pay\"attr__type=\"submit\"\
                         text=\"Pay \\\"now\\\"; really\";form.fees:attr__id=\"f\";body";

    fn selects(selector: &str) -> bool {
        Selector::read(selector).expect("a selector").matches(&elements(CHAIN))
    }

    #[test]
    fn a_chain_is_read_from_the_inside_out() {
        let read = elements(CHAIN);
        assert_eq!(read.iter().map(|element| &*element.tag).collect::<Vec<_>>(), ["span", "button", "form", "body"]);
        assert_eq!(read[1].classes, ["primary", "wide"]);
        assert_eq!((read[1].of_page("id"), read[1].attribute("text")), (Some("pay"), Some("Pay \"now\"; really")));
        assert_eq!(elements(""), []);
        assert_eq!(elements("a:href=\"x"), [], "an open quote is no element");
        assert_eq!(elements("a;:text=\"x\"").len(), 1);
    }

    #[test]
    fn selectors_look_outward() {
        for yes in [
            "span",
            "button span",
            "button > span",
            "form span",
            "form.fees button.wide",
            "#pay",
            "body > form > button > span",
            "[type=submit]",
            "button[type=\"submit\"]",
            "* > span",
            "[id]",
        ] {
            assert!(selects(yes), "{yes}");
        }
        for no in ["form > span", "span button", "a", ".narrow", "#f span.x", "[type=reset]", "body > button"] {
            assert!(!selects(no), "{no}");
        }
        for wrong in ["", ">", "a >", "a > > b", ".", "a:hover", "a,b", "[=x]", "[a", "a[x=\"]", "a~b"] {
            assert_eq!(Selector::read(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn one_element_has_tag_text_and_address() {
        let text = |tag: &str, text: &str| ElementTest {
            tag: Some(tag.to_owned()),
            text: Some(TextTest::Exact(text.to_owned())),
            ..ElementTest::default()
        };
        assert!(text("span", "Pay now").holds(CHAIN), "blanks around do not count");
        assert!(!text("button", "Pay now").holds(CHAIN), "the text is that of the span");
        assert!(!text("span", "Pay").holds(""));
    }
}
