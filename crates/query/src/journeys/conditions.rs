//! The common marker: a bit per condition, by event name and filters, and the code of the value in a breakdown.

use super::{Marker, Marks};
use crate::bind::action::BoundAction;
use crate::bind::filter::BoundFilter;
use crate::bind::steps::BoundMatch;
use crate::kernels::hits;
use crate::limits::{Budget, QueryError};
use crate::predicate::{Ready, ready};
use crate::scan::{Mask, Scan};
use crate::split::Split;
use crate::values::Values;
use store::Snapshot;

/// Which bit of a row says what.
pub(crate) struct Conditions<'a> {
    snapshot: &'a Snapshot,
    budget: &'a Budget<'a>,
    base: Ready,
    list: Vec<Condition<'a>>,
    values: Option<(Split<'a>, &'a Values<'a>)>,
    also: Option<Also<'a>>,
}

/// Rows that another marker marks: their values are its own, their bit is this one.
struct Also<'a> {
    marker: Box<dyn Marker + 'a>,
    names: Option<Vec<&'a str>>,
    bit: u32,
}

struct Condition<'a> {
    event: Option<&'a str>,
    /// `None`: no conditions but the name.
    filter: Option<Ready>,
    /// Whether the filter of all conditions counts too.
    based: bool,
    bit: u32,
}

impl<'a> Conditions<'a> {
    pub(crate) fn new(snapshot: &'a Snapshot, budget: &'a Budget<'a>, base: &BoundFilter) -> Result<Self, QueryError> {
        let base = ready(snapshot, budget, base)?;
        Ok(Self { snapshot, budget, base, list: Vec::new(), values: None, also: None })
    }

    /// `bit` where name, filters and the filter of all conditions hold.
    pub(crate) fn matching(&mut self, of: &'a BoundMatch, bit: u32) -> Result<(), QueryError> {
        let filter = match &of.filter {
            BoundFilter::All(members) if members.is_empty() => None,
            filter => Some(ready(self.snapshot, self.budget, filter)?),
        };
        self.list.push(Condition { event: of.event.as_deref(), filter, based: true, bit });
        Ok(())
    }

    /// `bit` where the name or the action holds, whatever the filters say.
    pub(crate) fn named(
        &mut self,
        (event, action): (&'a Option<String>, &Option<BoundAction>),
        bit: u32,
    ) -> Result<(), QueryError> {
        let of_action = |action: &BoundAction| ready(self.snapshot, self.budget, &action.filter);
        let filter = action.as_ref().map(of_action).transpose()?;
        self.list.push(Condition { event: event.as_deref(), filter, based: false, bit });
        Ok(())
    }

    /// `bit` on every row that passes the filter of all conditions.
    pub(crate) fn any(&mut self, bit: u32) {
        self.list.push(Condition { event: None, filter: None, based: true, bit });
    }

    /// Rows carry the code of their value in this split; [`NO_CELL`] outside of all bins.
    pub(crate) fn with_values(&mut self, split: Split<'a>, values: &'a Values<'a>) {
        self.values = Some((split, values));
    }

    /// `bit` on the rows that `marker` marks among events of these names (`None`: of all); rows carry its values.
    pub(crate) fn also(&mut self, marker: impl Marker + 'a, names: Option<Vec<&'a str>>, bit: u32) {
        self.also = Some(Also { marker: Box::new(marker), names, bit });
    }

    /// All names asked for; `None`: some condition takes all events.
    pub(crate) fn names(&self) -> Option<Vec<&'a str>> {
        let mut names: Vec<&str> = self.list.iter().map(|condition| condition.event).collect::<Option<_>>()?;
        if let Some(also) = &self.also {
            names.extend(also.names.as_ref()?);
        }
        Some(names)
    }

    /// The bits of rows by name alone, and of conditions with filters one by one.
    fn bits(&self, scan: &Scan<'_>, based: bool, base: &Mask, bits: &mut [u32]) -> Result<(), QueryError> {
        let (plain, filtered): (Vec<_>, Vec<_>) = self
            .list
            .iter()
            .filter(|condition| condition.based == based)
            .partition(|condition| condition.filter.is_none());
        if !plain.is_empty() {
            let of_all = plain.iter().filter(|condition| condition.event.is_none()).fold(0, |all, one| all | one.bit);
            let stats = scan.segment.stats();
            let named = plain.iter().any(|condition| condition.event.is_some_and(|name| stats.may_have_event(name)));
            if named {
                let events = scan.segment.events()?;
                let of_name = |name: &str| {
                    let own = plain.iter().filter(|condition| condition.event == Some(name));
                    own.fold(of_all, |all, one| all | one.bit)
                };
                let table: Vec<u32> = events.dictionary.iter().map(|name| of_name(name)).collect();
                hits::or_table(&events.codes, &table, base.as_rows(), bits);
            } else if of_all != 0 {
                hits::or_bit(base.as_rows(), of_all, bits);
            }
        }
        for condition in filtered {
            let mask = match condition.event {
                Some(name) => scan.named(name)?,
                None => Mask::All,
            };
            let (Some(filter), false) = (&condition.filter, mask == Mask::None) else { continue };
            match mask.and(base.clone()).and(scan.mask(filter)?) {
                Mask::None => {}
                mask => hits::or_bit(mask.as_rows(), condition.bit, bits),
            }
        }
        Ok(())
    }
}

impl Marker for Conditions<'_> {
    fn mark(&self, scan: &Scan<'_>) -> Result<Option<Marks>, QueryError> {
        let mut bits = vec![0; scan.segment.rows()];
        self.bits(scan, false, &Mask::All, &mut bits)?;
        match scan.mask(&self.base)? {
            Mask::None => {}
            base => self.bits(scan, true, &base, &mut bits)?,
        }
        let also = match &self.also {
            Some(also) => also.marker.mark(scan)?.map(|marks| (marks, also.bit)),
            None => None,
        };
        if let Some((marks, bit)) = &also {
            bits.iter_mut().zip(&marks.bits).for_each(|(bits, own)| *bits |= if *own == 0 { 0 } else { *bit });
        }
        if hits::count(&bits) == 0 {
            return Ok(None);
        }
        let values = match &self.values {
            None => also.and_then(|(marks, _)| marks.values),
            Some((split, values)) => {
                let wanted: Vec<bool> = bits.iter().map(|bits| *bits != 0).collect();
                Some(split.groups(scan, &wanted, |value| values.group_of(value))?)
            }
        };
        Ok(Some(Marks { bits, values }))
    }
}
