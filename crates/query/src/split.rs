//! What splits rows into the values of a breakdown: one property, or up to three at once; numbers perhaps in bins.
//!
//! Definition: docs/semantics/trends.md, "Breakdown". The value of several properties is the JSON list of their texts,
//! null where one is missing; where all are missing there is no value.

use crate::bind::filter::Target;
use crate::bind::steps::BoundSplit;
use crate::kernels::NO_CELL;
use crate::limits::QueryError;
use crate::scan::Scan;
use model::property::canonical_number;
use std::collections::HashMap;

/// A split ready to run.
#[derive(Clone)]
pub(crate) struct Split<'a> {
    parts: Vec<Part<'a>>,
}

#[derive(Clone)]
struct Part<'a> {
    target: &'a Target,
    bins: Option<Bins>,
}

/// Bins of equal width from the least to the greatest number; the last is closed at its end.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Bins {
    low: f64,
    high: f64,
    count: u32,
}

impl Bins {
    /// `extremes`: the least and the greatest number; `None`: there is none.
    pub(crate) fn new(extremes: Option<(f64, f64)>, count: u32) -> Bins {
        let (low, high) = extremes.unwrap_or((0.0, 0.0));
        Bins { low, high, count: if low == high { 1 } else { count } }
    }

    fn edge(&self, bin: u32) -> f64 {
        if bin == self.count { self.high } else { (self.low / 2.0 + f64::from(bin) * self.half_width()) * 2.0 }
    }

    /// All is reckoned in halves, which are exact, for the distance of two finite numbers may be infinite.
    fn half_width(&self) -> f64 {
        (self.high / 2.0 - self.low / 2.0) / f64::from(self.count)
    }

    /// The bin of a number; `None`: it lies outside, as one of another period may.
    fn of(&self, number: f64) -> Option<u32> {
        if number < self.low || number > self.high {
            return None;
        }
        // The edges decide, for a quotient may be rounded over one of them.
        let mut bin = (((number / 2.0 - self.low / 2.0) / self.half_width()) as u32).min(self.count - 1);
        while bin > 0 && number < self.edge(bin) {
            bin -= 1;
        }
        while bin + 1 < self.count && number >= self.edge(bin + 1) {
            bin += 1;
        }
        Some(bin)
    }

    /// `[0, 10)`; the last `[90, 100]`.
    pub(crate) fn name(&self, bin: u32) -> String {
        let end = if bin + 1 == self.count { ']' } else { ')' };
        format!("[{}, {}{end}", canonical_number(self.edge(bin)), canonical_number(self.edge(bin + 1)))
    }

    /// The names of all bins in their order.
    pub(crate) fn names(&self) -> impl Iterator<Item = String> + '_ {
        (0..self.count).map(|bin| self.name(bin))
    }
}

impl<'a> Split<'a> {
    /// A split without bins.
    pub(crate) fn plain(bound: &'a BoundSplit) -> Split<'a> {
        Split { parts: bound.parts.iter().map(|part| Part { target: &part.target, bins: None }).collect() }
    }

    /// A split whose bins are known: one entry per part.
    pub(crate) fn with_bins(bound: &'a BoundSplit, bins: Vec<Option<Bins>>) -> Split<'a> {
        Split { parts: bound.parts.iter().zip(bins).map(|(part, bins)| Part { target: &part.target, bins }).collect() }
    }

    /// The bins, if they alone split.
    pub(crate) fn only_bins(&self) -> Option<&Bins> {
        match &self.parts[..] {
            [Part { bins, .. }] => bins.as_ref(),
            _ => None,
        }
    }

    /// The group of each wanted row, [`NO_CELL`] for the others; `group_of` as in [`Scan::groups`].
    pub(crate) fn groups(
        &self,
        scan: &Scan<'_>,
        wanted: &[bool],
        mut group_of: impl FnMut(Option<&str>) -> Result<u32, QueryError>,
    ) -> Result<Vec<u32>, QueryError> {
        if let [part] = &self.parts[..] {
            return part.groups(scan, wanted, &mut group_of);
        }
        // Each part numbers its texts from 1, missing ones are 0; then each combination that occurs is asked once.
        let mut texts: Vec<Vec<String>> = vec![Vec::new(); self.parts.len()];
        let mut codes: Vec<Vec<u32>> = Vec::with_capacity(self.parts.len());
        for (part, texts) in self.parts.iter().zip(&mut texts) {
            let mut known: HashMap<String, u32> = HashMap::new();
            codes.push(part.groups(scan, wanted, &mut |value| {
                let Some(value) = value else { return Ok(0) };
                if let Some(code) = known.get(value) {
                    return Ok(*code);
                }
                texts.push(value.to_owned());
                known.insert(value.to_owned(), texts.len() as u32);
                Ok(texts.len() as u32)
            })?);
        }
        let mut known: HashMap<Vec<u32>, u32> = HashMap::new();
        let mut groups = vec![NO_CELL; wanted.len()];
        let mut own = vec![0; self.parts.len()];
        for row in (0..wanted.len()).filter(|row| wanted[*row]) {
            own.iter_mut().zip(&codes).for_each(|(own, codes)| *own = codes[row]);
            if own.contains(&NO_CELL) {
                continue;
            }
            groups[row] = match known.get(&own) {
                Some(group) => *group,
                None => {
                    let text = |(code, texts): (&u32, &Vec<String>)| {
                        code.checked_sub(1).map(|index| texts[index as usize].clone())
                    };
                    let list: Vec<Option<String>> = own.iter().zip(&texts).map(text).collect();
                    let value = list.iter().any(Option::is_some).then(|| serde_json::json!(list).to_string());
                    let group = group_of(value.as_deref())?;
                    known.insert(own.clone(), group);
                    group
                }
            };
        }
        Ok(groups)
    }
}

impl Part<'_> {
    fn groups(
        &self,
        scan: &Scan<'_>,
        wanted: &[bool],
        group_of: &mut dyn FnMut(Option<&str>) -> Result<u32, QueryError>,
    ) -> Result<Vec<u32>, QueryError> {
        let Some(bins) = &self.bins else { return scan.groups(self.target, wanted, group_of) };
        let numbers = scan.numbers(self.target)?;
        let (values, present) = numbers.slices();
        let mut known: Vec<Option<u32>> = vec![None; bins.count as usize];
        let mut missing = None;
        let mut groups = vec![NO_CELL; wanted.len()];
        for row in (0..wanted.len()).filter(|row| wanted[*row]) {
            if present.get(row) != Some(&true) {
                groups[row] = match missing {
                    Some(group) => group,
                    None => *missing.insert(group_of(None)?),
                };
            } else if let Some(bin) = bins.of(values[row]) {
                groups[row] = match known[bin as usize] {
                    Some(group) => group,
                    None => *known[bin as usize].insert(group_of(Some(&bins.name(bin)))?),
                };
            }
        }
        Ok(groups)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_number_is_in_the_bin_between_whose_edges_it_lies() {
        let bins = Bins::new(Some((0.0, 1.0)), 10);
        for tenth in 0..10 {
            // What multiplying gives is what the edge is, so it begins its bin.
            assert_eq!(bins.of(f64::from(tenth) * 0.1), Some(tenth), "{tenth}");
        }
        assert_eq!((bins.of(1.0), bins.of(1.1), bins.of(-0.1)), (Some(9), None, None));
        assert_eq!((bins.name(0), bins.name(9)), ("[0, 0.1)".to_owned(), "[0.9, 1]".to_owned()));
        assert_eq!(Bins::new(Some((5.0, 5.0)), 4).names().collect::<Vec<_>>(), ["[5, 5]"]);
        let widest = Bins::new(Some((f64::MIN, f64::MAX)), 3);
        assert_eq!((widest.of(f64::MIN), widest.of(0.0), widest.of(f64::MAX)), (Some(0), Some(1), Some(2)));
    }
}
