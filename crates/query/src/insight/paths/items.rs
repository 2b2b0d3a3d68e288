//! The item of each row: page, screen or event name, cleaned, grouped, excluded.

use crate::bind::filter::Target;
use crate::bind::paths::BoundPaths;
use crate::journeys::{Marker, Marks};
use crate::limits::{Budget, QueryError};
use crate::predicate::{Ready, pattern, ready};
use crate::scan::{Mask, Scan};
use crate::values::{NONE_GROUP, Values};
use model::insight::paths::PathKind;
use regex::Regex;
use store::Snapshot;

/// Marks the rows that have an item, with its code.
pub(in crate::insight) struct Items<'a> {
    bound: &'a BoundPaths,
    values: &'a Values<'a>,
    filter: Ready,
    cleaning: Vec<(Regex, &'a str)>,
    /// Pattern and the pieces between its stars.
    groups: Vec<(&'a str, Vec<&'a str>)>,
    pub(super) codes: Codes,
}

/// Codes of the two ends, and of the gap in the middle of a long path.
#[derive(Debug, Clone, Copy)]
pub(super) struct Codes {
    pub(super) start: Option<u32>,
    pub(super) end: Option<u32>,
    pub(super) gap: u32,
}

/// What stands for the items left out of the middle of a path.
const GAP: &str = "...";

impl<'a> Items<'a> {
    pub(super) fn new(
        (snapshot, budget): (&Snapshot, &Budget<'_>),
        bound: &'a BoundPaths,
        values: &'a Values<'a>,
    ) -> Result<Self, QueryError> {
        let compiled = |(regex, alias): &'a (String, String)| {
            pattern(regex)
                .map(|regex| (regex, alias.as_str()))
                .map_err(|error| QueryError::Pattern(crate::QuestionError::new("cleaning", error.to_string())))
        };
        let code = |item: &Option<String>| item.as_deref().map(|item| values.group_of(Some(item))).transpose();
        Ok(Self {
            bound,
            values,
            filter: ready(snapshot, budget, &bound.filter)?,
            cleaning: bound.cleaning.iter().map(compiled).collect::<Result<_, _>>()?,
            groups: bound.groups.iter().map(|group| (group.as_str(), group.split('*').collect())).collect(),
            codes: Codes { start: code(&bound.start)?, end: code(&bound.end)?, gap: values.group_of(Some(GAP))? },
        })
    }

    /// The code of a raw item; that of missing ones when it is empty or excluded.
    fn code(&self, raw: Option<&str>) -> Result<u32, QueryError> {
        let Some(raw) = raw else { return Ok(NONE_GROUP) };
        let mut item = std::borrow::Cow::Borrowed(raw);
        for (regex, alias) in &self.cleaning {
            if let std::borrow::Cow::Owned(cleaned) = regex.replace_all(&item, regex::NoExpand(alias)) {
                item = cleaned.into();
            }
        }
        if let Some((pattern, _)) = self.groups.iter().find(|(_, pieces)| fits(&item, pieces)) {
            item = (*pattern).into();
        }
        if item.is_empty() || self.bound.exclude.iter().any(|excluded| **excluded == *item) {
            return Ok(NONE_GROUP);
        }
        self.values.group_of(Some(&item))
    }

    /// Writes the codes of the rows of `name`, which has not given a code yet, from a property.
    fn named(
        &self,
        scan: &Scan<'_>,
        name: &str,
        property: &str,
        (passing, codes): (&Mask, &mut [u32]),
        code: impl Fn(Option<&str>) -> Result<u32, QueryError>,
    ) -> Result<(), QueryError> {
        let mask = scan.named(name)?.and(passing.clone());
        if mask == Mask::None {
            return Ok(());
        }
        let mut wanted = mask.into_rows(codes.len());
        wanted.iter_mut().zip(codes.iter()).for_each(|(wanted, code)| *wanted &= *code == NONE_GROUP);
        let found = scan.groups(&Target::Property(property.to_owned()), &wanted, code)?;
        for ((code, found), wanted) in codes.iter_mut().zip(found).zip(wanted) {
            if wanted {
                *code = found;
            }
        }
        Ok(())
    }

    fn pages(&self, scan: &Scan<'_>, passing: &Mask, codes: &mut [u32]) -> Result<(), QueryError> {
        let page = |raw: Option<&str>| self.code(raw.map(without_slash));
        self.named(scan, "$pageview", "$current_url", (passing, &mut *codes), page)?;
        let uri = |raw: Option<&str>| self.code(raw.filter(|raw| is_path_or_address(raw)).map(without_slash));
        self.named(scan, "IMPRESSION", "edata.uri", (passing, &mut *codes), uri)?;
        // A page that is excluded by its address must not come back by its id.
        let mut addressed = vec![NONE_GROUP; codes.len()];
        self.named(scan, "IMPRESSION", "edata.uri", (passing, &mut addressed), |raw| {
            Ok(u32::from(raw.is_some_and(is_path_or_address)))
        })?;
        let by_id = passing.clone().and(Mask::Rows(addressed.iter().map(|code| *code == NONE_GROUP).collect()));
        self.named(scan, "IMPRESSION", "edata.pageid", (&by_id, codes), |raw| self.code(raw))
    }

    fn events(&self, scan: &Scan<'_>, passing: &Mask, codes: &mut [u32]) -> Result<(), QueryError> {
        let wanted = passing.clone().into_rows(codes.len());
        // A page without an item is dropped, not called by its event.
        let pages = self.bound.kinds.contains(&PathKind::Pages);
        let is_event = |name: &&str| !(name.starts_with('$') || pages && *name == "IMPRESSION");
        let own = |raw: Option<&str>| self.code(raw.filter(is_event));
        let found = scan.groups(&Target::Event, &wanted, own)?;
        for ((code, found), wanted) in codes.iter_mut().zip(found).zip(wanted) {
            if wanted && *code == NONE_GROUP {
                *code = found;
            }
        }
        Ok(())
    }
}

impl Marker for Items<'_> {
    fn mark(&self, scan: &Scan<'_>) -> Result<Option<Marks>, QueryError> {
        let passing = scan.mask(&self.filter)?;
        if passing == Mask::None {
            return Ok(None);
        }
        let mut codes = vec![NONE_GROUP; scan.segment.rows()];
        for kind in &self.bound.kinds {
            match kind {
                PathKind::Pages => self.pages(scan, &passing, &mut codes)?,
                PathKind::Screens => {
                    self.named(scan, "$screen", "$screen_name", (&passing, &mut codes), |raw| self.code(raw))?;
                }
                PathKind::Events => self.events(scan, &passing, &mut codes)?,
            }
        }
        let bits = codes.iter().map(|code| u32::from(*code != NONE_GROUP)).collect();
        Ok(Some(Marks { bits, values: Some(codes) }))
    }
}

/// Without one slash at the end, unless that is all there is.
fn without_slash(raw: &str) -> &str {
    if raw.len() > 1 { raw.strip_suffix('/').unwrap_or(raw) } else { raw }
}

fn is_path_or_address(raw: &str) -> bool {
    raw.starts_with('/') || raw.contains("://")
}

/// Whether a whole item has these pieces one after another, anything between them.
fn fits(item: &str, pieces: &[&str]) -> bool {
    let [first, middle @ .., last] = pieces else { return pieces.first().is_some_and(|only| *only == item) };
    let Some(mut rest) = item.strip_prefix(first) else { return false };
    for piece in middle {
        let Some(at) = rest.find(piece) else { return false };
        rest = &rest[at + piece.len()..];
    }
    rest.len() >= last.len() && rest.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stars_stand_for_any_text() {
        let fits = |item: &str, pattern: &str| fits(item, &pattern.split('*').collect::<Vec<_>>());
        assert!(fits("/a/1/b", "/a/*/b") && fits("/a//b", "/a/*/b") && fits("anything", "*") && fits("", "*"));
        assert!(fits("/a", "/a") && !fits("/a/", "/a") && !fits("/a/b", "/a/*/b") && !fits("ab", "ab*b"));
        assert!(fits("xaybz", "x*a*b*z") && !fits("xbyaz", "x*a*b*z") && fits("aa", "a*a") && !fits("a", "a*a"));
    }

    #[test]
    fn one_slash_at_the_end_goes() {
        assert_eq!(["/a/", "/a//", "/", ""].map(without_slash), ["/a", "/a/", "/", ""]);
    }
}
