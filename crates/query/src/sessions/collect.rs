//! First phase: the events of sessions, segment by segment.

use super::{INFERRED, Key, SessionRow, Sessions};
use crate::bind::filter::Target;
use crate::journeys::{Journeys, Marker, Marks};
use crate::limits::{Budget, QueryError};
use crate::scan::Scan;
use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use store::Segment;

/// What this phase needs memory for, in errors.
pub(super) const SESSIONS: &str = "events of sessions";

/// All rows of one share of the sessions.
pub(super) struct Collected {
    /// One list per segment, each ascending by session.
    pub(super) segments: Vec<Vec<SessionRow>>,
    /// The sessions by their number.
    pub(super) names: Vec<Arc<str>>,
    /// What they take of the budget.
    pub(super) bytes: usize,
}

/// The sessions met so far in a pass, shared by its threads.
#[derive(Default)]
struct Names {
    numbers: HashMap<Arc<str>, u32>,
    names: Vec<Arc<str>>,
}

/// What one thread has read.
#[derive(Default)]
struct Part {
    segments: Vec<(usize, Vec<SessionRow>)>,
    bytes: usize,
}

/// One pass of some: the sessions whose share is `pass`.
struct Share<'a> {
    pass: u64,
    passes: u64,
    names: Mutex<Names>,
    budget: &'a Budget<'a>,
}

impl Share<'_> {
    /// The number of a session; `None`: another pass has it.
    fn number_of(&self, name: &str, bytes: &mut usize) -> Result<Option<u32>, QueryError> {
        if self.passes > 1 {
            let mut hasher = DefaultHasher::new();
            name.hash(&mut hasher);
            if hasher.finish() % self.passes != self.pass {
                return Ok(None);
            }
        }
        // A thread that panics ends the whole question, so a poisoned map is never used for an answer.
        let mut names = self.names.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(number) = names.numbers.get(name) {
            return Ok(Some(*number));
        }
        // The text, its number and the table's share of one entry.
        let more = name.len() + 80;
        self.budget.take(more, SESSIONS)?;
        *bytes += more;
        let number = names.names.len() as u32;
        let name: Arc<str> = name.into();
        names.names.push(name.clone());
        names.numbers.insert(name, number);
        Ok(Some(number))
    }
}

/// Of a row: it names no session; its session belongs to another pass.
const NO_SESSION: u32 = u32::MAX;
const ELSEWHERE: u32 = u32::MAX - 1;

/// What devices are told apart by, and the separator of their texts.
const DEVICE: [&str; 3] = ["context.did", "context.channel", "context.pdata.id"];
const SEPARATOR: char = '\u{1f}';
/// The producer of events that name none.
const PRODUCER: &str = "genie";

impl Share<'_> {
    /// The session of each row.
    fn sessions(&self, segment: &Segment, bytes: &mut usize) -> Result<Vec<u32>, QueryError> {
        let column = segment.session_ids()?;
        let mut numbers: Vec<Option<u32>> = vec![None; column.dictionary.len()];
        let mut of_row = |code: &u32| {
            let Some(name) = column.dictionary.get(*code as usize).filter(|name| !name.is_empty()) else {
                return Ok(NO_SESSION);
            };
            Ok(match numbers[*code as usize] {
                Some(number) => number,
                None => *numbers[*code as usize].insert(self.number_of(name, bytes)?.unwrap_or(ELSEWHERE)),
            })
        };
        column.codes.iter().map(&mut of_row).collect()
    }

    /// The device of each marked row.
    fn devices(&self, scan: &Scan<'_>, bits: &[u32], bytes: &mut usize) -> Result<Vec<u32>, QueryError> {
        let wanted: Vec<bool> = bits.iter().map(|bits| *bits != 0).collect();
        let mut texts: Vec<String> = vec![String::new()];
        let mut column = |property: &&str| {
            scan.groups(&Target::Property((*property).to_owned()), &wanted, |value| {
                let Some(value) = value else { return Ok(0) };
                texts.push(value.to_owned());
                Ok(texts.len() as u32 - 1)
            })
        };
        let columns = DEVICE.iter().map(&mut column).collect::<Result<Vec<_>, _>>()?;
        let mut known: HashMap<[u32; 3], u32> = HashMap::new();
        let mut devices = vec![NO_SESSION; bits.len()];
        for row in (0..bits.len()).filter(|row| wanted[*row]) {
            let key: [u32; 3] = std::array::from_fn(|index| columns[index][row]);
            devices[row] = match known.get(&key) {
                Some(device) => *device,
                None => {
                    let [device, channel, producer] = key.map(|code| &*texts[code as usize]);
                    let producer = if producer.is_empty() { PRODUCER } else { producer };
                    let name = format!("{device}{SEPARATOR}{channel}{SEPARATOR}{producer}");
                    *known.entry(key).or_insert(self.number_of(&name, bytes)?.unwrap_or(ELSEWHERE))
                }
            };
        }
        Ok(devices)
    }
}

impl Sessions<'_> {
    pub(super) fn collect(&self, marker: &dyn Marker, (pass, passes): (u64, u64)) -> Result<Collected, QueryError> {
        let next = AtomicUsize::new(0);
        let share = Share { pass, passes, names: Mutex::default(), budget: self.budget };
        let mut parts: Vec<Part> = (0..self.budget.threads()).map(|_| Part::default()).collect();
        Journeys::threads(&mut parts, |part| {
            loop {
                let index = next.fetch_add(1, Ordering::Relaxed);
                let Some(segment) = self.segments.get(index) else { return Ok(()) };
                self.budget.check()?;
                self.collect_segment(marker, (index, segment), &share, part)?;
                self.budget.passed(segment.rows());
            }
        })?;
        let mut segments = vec![Vec::new(); self.segments.len()];
        let mut bytes = 0;
        for part in parts {
            bytes += part.bytes;
            for (index, list) in part.segments {
                segments[index] = list;
            }
        }
        let names = share.names.into_inner().unwrap_or_else(PoisonError::into_inner).names;
        Ok(Collected { segments, names, bytes })
    }

    fn collect_segment(
        &self,
        marker: &dyn Marker,
        (index, segment): (usize, &Segment),
        share: &Share<'_>,
        part: &mut Part,
    ) -> Result<(), QueryError> {
        let marks = marker.mark(&Scan::new(segment, self.snapshot, self.budget))?;
        let Marks { bits, values } = marks.unwrap_or_else(|| Marks { bits: vec![0; segment.rows()], values: None });
        self.budget.check()?;
        let (event_at, ordinals) = (segment.event_at()?, segment.ordinals()?);
        let person_of = self.snapshot.person_of();
        let infer = self.key == (Key::Session { infer: true });
        let sessions = match self.key {
            Key::Session { .. } => share.sessions(segment, &mut part.bytes)?,
            Key::Device => share.devices(&Scan::new(segment, self.snapshot, self.budget), &bits, &mut part.bytes)?,
        };
        let mut list: Vec<SessionRow> = Vec::new();
        for row in 0..event_at.len() {
            let at = event_at[row];
            if at < self.reach.0 || at > self.reach.1 {
                continue;
            }
            let person = person_of[ordinals[row] as usize];
            let session = match sessions[row] {
                NO_SESSION if infer && u64::from(person) % share.passes == share.pass => INFERRED | person,
                NO_SESSION | ELSEWHERE => continue,
                session => session,
            };
            if list.len() == list.capacity() {
                let more = list.len().max(64);
                self.budget.take(more * size_of::<SessionRow>(), SESSIONS)?;
                part.bytes += more * size_of::<SessionRow>();
                list.reserve_exact(more);
            }
            let value = values.as_ref().map_or(0, |values| values[row]);
            let (segment, row, bits) = (index as u32, row as u32, bits[row]);
            list.push(SessionRow { at, person, bits, value, session, segment, row });
        }
        // Sessions are numbered as they are met, so most lists ascend already.
        list.sort_by_key(|row| row.session);
        part.segments.push((index, list));
        Ok(())
    }
}
