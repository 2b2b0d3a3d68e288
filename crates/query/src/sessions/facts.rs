//! What an event says of its session beside the time: page, campaign, device. Both dialects.
//!
//! Texts are numbered, and so is each combination that occurs, so that a row carries one number for all of them.

use super::channel::{self, Hints};
use crate::bind::filter::{BoundFilter, Target};
use crate::journeys::{Marker, Marks};
use crate::kernels::hits;
use crate::limits::{Budget, QueryError};
use crate::predicate::{Ready, ready};
use crate::scan::{Mask, Scan};
use crate::values::{NONE_GROUP, Values};
use std::collections::HashMap;
use std::sync::{PoisonError, RwLock};
use store::Snapshot;

/// Bits of a row: a page view of either dialect; a screen; a click of either dialect; it passes the filters.
pub(crate) const PAGE: u32 = 1;
pub(crate) const SCREEN: u32 = 2;
pub(crate) const CLICK: u32 = 4;
pub(crate) const PASSES: u32 = 8;

/// One thing that events say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fact {
    Url,
    Page,
    Channel,
    ReferringDomain,
    UtmSource,
    UtmMedium,
    UtmCampaign,
    UtmTerm,
    UtmContent,
    Device,
    Browser,
    Os,
    Country,
    Language,
}

impl Fact {
    /// The properties that say it, best first; those of pages depend on the event, the channel is made of several.
    fn properties(self) -> &'static [&'static str] {
        match self {
            Fact::Url | Fact::Page | Fact::Channel => &[],
            Fact::ReferringDomain => &["$referring_domain"],
            Fact::UtmSource => &["utm_source"],
            Fact::UtmMedium => &["utm_medium"],
            Fact::UtmCampaign => &["utm_campaign"],
            Fact::UtmTerm => &["utm_term"],
            Fact::UtmContent => &["utm_content"],
            Fact::Device => &["$device_type"],
            Fact::Browser => &["$browser", "edata.uaspec.agent"],
            Fact::Os => &["$os", "edata.uaspec.system"],
            Fact::Country => &["$geoip_country_code"],
            Fact::Language => &["$browser_language", "context.lang"],
        }
    }
}

/// What the channel is made of, in the order of [`Hints`].
const CHANNEL: [&str; 7] =
    ["$referring_domain", "utm_source", "utm_medium", "utm_campaign", "gclid", "gad_source", "fbclid"];

/// Marks rows with the bits above and the number of their combination of facts.
pub(crate) struct Facts<'a> {
    wanted: &'a [Fact],
    values: &'a Values<'a>,
    filter: Ready,
    budget: &'a Budget<'a>,
    met: RwLock<Combinations>,
}

/// Combinations met so far; number 0 is that of nothing.
#[derive(Default)]
struct Combinations {
    numbers: HashMap<Box<[u32]>, u32>,
    list: Vec<Box<[u32]>>,
}

/// What is shown of a text; `None`: nothing.
type Shown = fn(&str) -> Option<&str>;

/// A present text; `null` is what careless clients write for nothing.
fn present(value: Option<&str>) -> Option<&str> {
    value.filter(|value| *value != "null")
}

impl<'a> Facts<'a> {
    pub(crate) fn new(
        wanted: &'a [Fact],
        filter: &BoundFilter,
        values: &'a Values<'a>,
        (snapshot, budget): (&Snapshot, &'a Budget<'a>),
    ) -> Result<Self, QueryError> {
        let nothing: Box<[u32]> = vec![NONE_GROUP; wanted.len()].into();
        let met = Combinations { numbers: HashMap::from([(nothing.clone(), 0)]), list: vec![nothing] };
        Ok(Self { wanted, values, filter: ready(snapshot, budget, filter)?, budget, met: RwLock::new(met) })
    }

    /// Calls `with` with the codes of a combination, one per wanted fact.
    pub(crate) fn with<T>(&self, number: u32, with: impl FnOnce(&[u32]) -> T) -> Option<T> {
        let met = self.met.read().unwrap_or_else(PoisonError::into_inner);
        met.list.get(number as usize).map(|codes| with(codes))
    }

    /// The number of a combination.
    fn number_of(&self, codes: &[u32]) -> Result<u32, QueryError> {
        let mut met = self.met.write().unwrap_or_else(PoisonError::into_inner);
        if let Some(number) = met.numbers.get(codes) {
            return Ok(*number);
        }
        self.budget.take(2 * size_of_val(codes) + 80, "what events say of their sessions")?;
        let number = met.list.len() as u32;
        met.list.push(codes.into());
        met.numbers.insert(codes.into(), number);
        Ok(number)
    }

    /// The codes of one property, by row; where `codes` has none yet and `wanted` holds.
    fn fill(
        &self,
        scan: &Scan<'_>,
        property: &str,
        wanted: Option<&[bool]>,
        codes: &mut [u32],
        shown: impl Fn(&str) -> Option<&str>,
    ) -> Result<(), QueryError> {
        let open: Vec<bool> = match wanted {
            None => codes.iter().map(|code| *code == NONE_GROUP).collect(),
            Some(wanted) => codes.iter().zip(wanted).map(|(code, wanted)| *wanted && *code == NONE_GROUP).collect(),
        };
        let found = scan.groups(&Target::Property(property.to_owned()), &open, |value| {
            self.values.group_of(value.and_then(&shown).filter(|shown| !shown.is_empty()))
        })?;
        for ((code, found), open) in codes.iter_mut().zip(found).zip(open) {
            if open {
                *code = found;
            }
        }
        Ok(())
    }

    /// The page or address of each page view and screen.
    fn pages(&self, scan: &Scan<'_>, url: bool) -> Result<Vec<u32>, QueryError> {
        let rows = scan.segment.rows();
        let mut codes = vec![NONE_GROUP; rows];
        let mut named = |name: &str, properties: &[(&str, Shown)]| {
            let mask = scan.named(name)?;
            if mask == Mask::None {
                return Ok(());
            }
            let wanted = mask.into_rows(rows);
            properties
                .iter()
                .try_for_each(|(property, shown)| self.fill(scan, property, Some(&wanted), &mut codes, shown))
        };
        if url {
            named("$pageview", &[("$current_url", whole)])?;
            named("IMPRESSION", &[("edata.uri", address)])?;
        } else {
            named("$pageview", &[("$pathname", whole), ("$current_url", |url| Some(path_of(url)))])?;
            named("$screen", &[("$screen_name", whole)])?;
            named("IMPRESSION", &[("edata.uri", |uri| address(uri).map(path_of)), ("edata.pageid", whole)])?;
        }
        Ok(codes)
    }

    /// The channel of each row that says anything about it.
    fn channels(&self, scan: &Scan<'_>) -> Result<Vec<u32>, QueryError> {
        let rows = scan.segment.rows();
        let mut columns: [Vec<u32>; 7] = [(); 7].map(|()| vec![NONE_GROUP; rows]);
        for (property, codes) in CHANNEL.iter().zip(&mut columns) {
            self.fill(scan, property, None, codes, |value| present(Some(value)))?;
        }
        let mut known: HashMap<[u32; 7], u32> = HashMap::new();
        let mut codes = vec![NONE_GROUP; rows];
        for (row, code) in codes.iter_mut().enumerate() {
            let said: [u32; 7] = std::array::from_fn(|index| columns[index][row]);
            if said == [NONE_GROUP; 7] {
                continue;
            }
            *code = match known.get(&said) {
                Some(code) => *code,
                None => *known.entry(said).or_insert(self.values.group_of(Some(self.channel_of(said)))?),
            };
        }
        Ok(codes)
    }

    fn channel_of(&self, said: [u32; 7]) -> &'static str {
        let texts = said.map(|code| self.values.with_name(code, str::to_lowercase));
        let text = |index: usize| texts[index].as_deref();
        channel::channel(&Hints {
            domain: text(0),
            source: text(1),
            medium: text(2),
            campaign: text(3),
            gclid: text(4).is_some(),
            gad_source: text(5),
            fbclid: text(6).is_some(),
        })
    }

    fn codes(&self, scan: &Scan<'_>, fact: Fact) -> Result<Vec<u32>, QueryError> {
        match fact {
            Fact::Url => self.pages(scan, true),
            Fact::Page => self.pages(scan, false),
            Fact::Channel => self.channels(scan),
            fact => {
                let mut codes = vec![NONE_GROUP; scan.segment.rows()];
                for property in fact.properties() {
                    self.fill(scan, property, None, &mut codes, |value| present(Some(value)))?;
                }
                Ok(codes)
            }
        }
    }
}

impl Marker for Facts<'_> {
    fn mark(&self, scan: &Scan<'_>) -> Result<Option<Marks>, QueryError> {
        let rows = scan.segment.rows();
        let mut bits = vec![0; rows];
        let events = scan.segment.events()?;
        let table: Vec<u32> = events.dictionary.iter().map(|name| bit_of(name)).collect();
        hits::or_table(&events.codes, &table, None, &mut bits);
        hits::or_bit(scan.mask(&self.filter)?.as_rows(), PASSES, &mut bits);
        let columns = self.wanted.iter().map(|fact| self.codes(scan, *fact)).collect::<Result<Vec<_>, _>>()?;
        let mut known: HashMap<Box<[u32]>, u32> = HashMap::new();
        let mut values = vec![0; rows];
        let mut last: (Vec<u32>, u32) = (vec![NONE_GROUP; columns.len()], 0);
        let mut said = last.0.clone();
        for (row, value) in values.iter_mut().enumerate() {
            said.iter_mut().zip(&columns).for_each(|(said, column)| *said = column[row]);
            // Neighbours mostly say the same.
            if said != last.0 {
                let number = match known.get(&said[..]) {
                    Some(number) => *number,
                    None => *known.entry(said[..].into()).or_insert(self.number_of(&said)?),
                };
                last.0.copy_from_slice(&said);
                last.1 = number;
            }
            *value = last.1;
        }
        Ok(Some(Marks { bits, values: Some(values) }))
    }
}

fn bit_of(name: &str) -> u32 {
    match name {
        "$pageview" | "IMPRESSION" => PAGE,
        "$screen" => SCREEN,
        "$autocapture" | "INTERACT" => CLICK,
        _ => 0,
    }
}

fn whole(text: &str) -> Option<&str> {
    Some(text)
}

/// A text that is a path or an address.
fn address(text: &str) -> Option<&str> {
    (text.starts_with('/') || text.contains("://")).then_some(text)
}

/// The path of an address: without scheme, host, query and fragment.
pub(crate) fn path_of(url: &str) -> &str {
    let path = match url.split_once("://") {
        Some((_, rest)) => rest.find(['/', '?', '#']).map_or("", |at| &rest[at..]),
        None => url,
    };
    match &path[..path.find(['?', '#']).unwrap_or(path.len())] {
        "" => "/",
        path => path,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_has_neither_host_nor_query() {
        let cases = [
            ("https://school.example/fees/12?x=/y#z", "/fees/12"),
            ("https://school.example", "/"),
            ("https://school.example?x=1", "/"),
            ("/fees/?a", "/fees/"),
            ("file:///a/b", "/a/b"),
            ("home", "home"),
            ("", "/"),
        ];
        for (url, path) in cases {
            assert_eq!(path_of(url), path, "{url}");
        }
    }
}
