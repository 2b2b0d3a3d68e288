//! Which rows are attempts and responses, and of which item.

use crate::bind::filter::{BoundFilter, Target};
use crate::journeys::{Marker, Marks};
use crate::limits::{Budget, QueryError};
use crate::predicate::{Ready, ready};
use crate::scan::{Mask, Scan};
use crate::values::{NONE_GROUP, Values};
use store::Snapshot;

/// Bits of a row: an attempt; it was right; a response.
pub(in crate::insight) const ATTEMPT: u32 = 1;
pub(in crate::insight) const CORRECT: u32 = 2;
pub(super) const RESPONSE: u32 = 4;

/// The events that are read.
pub(super) const NAMES: [&str; 2] = ["ASSESS", "RESPONSE"];

/// Marks rows with the bits above and the code of their item.
pub(in crate::insight) struct Attempts<'a> {
    pub(super) values: &'a Values<'a>,
    filter: Ready,
}

impl<'a> Attempts<'a> {
    pub(in crate::insight) fn new(
        (snapshot, budget): (&Snapshot, &Budget<'_>),
        filter: &BoundFilter,
        values: &'a Values<'a>,
    ) -> Result<Self, QueryError> {
        Ok(Self { values, filter: ready(snapshot, budget, filter)? })
    }

    /// The code of a property's value in each row that has the bit.
    pub(super) fn codes(
        &self,
        scan: &Scan<'_>,
        property: &str,
        (bits, bit): (&[u32], u32),
    ) -> Result<Vec<u32>, QueryError> {
        let wanted: Vec<bool> = bits.iter().map(|bits| bits & bit != 0).collect();
        scan.groups(&Target::Property(property.to_owned()), &wanted, |value| self.values.group_of(value))
    }
}

impl Marker for Attempts<'_> {
    fn mark(&self, scan: &Scan<'_>) -> Result<Option<Marks>, QueryError> {
        let rows = scan.segment.rows();
        let base = scan.mask(&self.filter)?;
        let (mut bits, mut items) = (vec![0; rows], vec![NONE_GROUP; rows]);
        for (name, bit, item) in [("ASSESS", ATTEMPT, "edata.item.id"), ("RESPONSE", RESPONSE, "edata.target.id")] {
            let mask = scan.named(name)?.and(base.clone());
            if mask == Mask::None {
                continue;
            }
            let wanted = mask.into_rows(rows);
            let item = Target::Property(item.to_owned());
            let found = scan.groups(&item, &wanted, |value| self.values.group_of(value))?;
            for row in (0..rows).filter(|row| wanted[*row] && found[*row] != NONE_GROUP) {
                (bits[row], items[row]) = (bit, found[row]);
            }
        }
        if bits.iter().all(|bits| *bits == 0) {
            return Ok(None);
        }
        let wanted: Vec<bool> = bits.iter().map(|bits| *bits == ATTEMPT).collect();
        let pass = Target::Property("edata.pass".to_owned());
        let passed = scan.groups(&pass, &wanted, |value| {
            Ok(u32::from(value.is_some_and(|value| value.eq_ignore_ascii_case("yes"))))
        })?;
        for row in (0..rows).filter(|row| wanted[*row] && passed[*row] == 1) {
            bits[row] |= CORRECT;
        }
        Ok(Some(Marks { bits, values: Some(items) }))
    }
}
