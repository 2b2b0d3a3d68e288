//! What a load generator sent, what was acknowledged, and a comparison with what a server has.
//!
//! The file is the generator's own and is synced by it, so it survives whatever happens to the server. Records are
//! appended: a batch with the id and the row hash of each event, then each answer to that batch.

use serde::Deserialize;
use serde_json::value::RawValue;
use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::fs::File;
use std::io::{self, BufReader, BufWriter, Read, Write};
use std::path::Path;

/// The uuid of an event, big-endian bytes.
pub type EventId = [u8; 16];

const SENT: u8 = b'S';
const ANSWERED: u8 = b'A';

/// Appends to a ledger file.
pub struct LedgerWriter {
    file: BufWriter<File>,
}

impl LedgerWriter {
    /// Makes a new ledger, or empties the one that is there.
    ///
    /// # Errors
    /// The file cannot be made.
    pub fn create(path: &Path) -> io::Result<LedgerWriter> {
        Ok(LedgerWriter { file: BufWriter::with_capacity(1 << 20, File::create(path)?) })
    }

    /// Notes a batch before it is sent: id and row hash of each event, hash 0 for one that must fail.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn sent(&mut self, batch: u32, events: &[(EventId, u64)]) -> io::Result<()> {
        self.file.write_all(&[SENT])?;
        self.file.write_all(&batch.to_le_bytes())?;
        self.file.write_all(&(events.len() as u32).to_le_bytes())?;
        for (id, hash) in events {
            self.file.write_all(id)?;
            self.file.write_all(&hash.to_le_bytes())?;
        }
        Ok(())
    }

    /// Notes an answer: the HTTP status, 0 when the connection broke.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn answered(&mut self, batch: u32, status: u16) -> io::Result<()> {
        self.file.write_all(&[ANSWERED])?;
        self.file.write_all(&batch.to_le_bytes())?;
        self.file.write_all(&status.to_le_bytes())
    }

    /// Makes all notes durable.
    ///
    /// # Errors
    /// The file cannot be written or synced.
    pub fn sync(&mut self) -> io::Result<()> {
        self.file.flush()?;
        self.file.get_ref().sync_data()
    }
}

/// What the generator knows of one event.
#[derive(Debug, Clone, Copy)]
struct Known {
    hash: u64,
    acknowledged: bool,
    stored: u32,
    failed: u32,
}

/// A ledger, read back, and what was found of its events on the server.
#[derive(Debug, Default)]
pub struct Ledger {
    events: HashMap<EventId, Known>,
    answers: HashMap<u16, u64>,
    phantom: u64,
    corrupt: u64,
}

/// The result of a comparison. All but the first three must be 0.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Findings {
    /// Distinct events sent.
    pub sent: u64,
    /// Of them in a batch that was answered 200.
    pub acknowledged: u64,
    /// Rows found.
    pub stored: u64,
    /// Acknowledged and nowhere, neither as a row nor as a failed event.
    pub lost: u64,
    /// Rows that were never sent.
    pub phantom: u64,
    /// Rows beyond the first of an event.
    pub duplicate: u64,
    /// Rows that are not what was sent.
    pub corrupt: u64,
    /// Events that must fail and became rows, or the reverse.
    pub misjudged: u64,
}

impl Findings {
    /// Whether nothing is wrong.
    pub fn are_clean(&self) -> bool {
        (self.lost, self.phantom, self.duplicate, self.corrupt, self.misjudged) == (0, 0, 0, 0, 0)
    }
}

impl Ledger {
    /// Reads a ledger; a torn last record, of a generator that was killed, is dropped.
    ///
    /// # Errors
    /// The file cannot be read, or holds something else.
    pub fn read(path: &Path) -> io::Result<Ledger> {
        let mut file = BufReader::with_capacity(1 << 20, File::open(path)?);
        let mut ledger = Ledger::default();
        let mut batches: HashMap<u32, Vec<EventId>> = HashMap::new();
        loop {
            match ledger.record(&mut file, &mut batches) {
                Ok(true) => {}
                Ok(false) => return Ok(ledger),
                Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(ledger),
                Err(error) => return Err(error),
            }
        }
    }

    fn record(&mut self, file: &mut impl Read, batches: &mut HashMap<u32, Vec<EventId>>) -> io::Result<bool> {
        let mut kind = [0; 1];
        if file.read(&mut kind)? == 0 {
            return Ok(false);
        }
        let mut four = [0; 4];
        file.read_exact(&mut four)?;
        let batch = u32::from_le_bytes(four);
        match kind[0] {
            SENT => {
                file.read_exact(&mut four)?;
                let mut ids = Vec::new();
                for _ in 0..u32::from_le_bytes(four) {
                    let (mut id, mut hash) = ([0; 16], [0; 8]);
                    file.read_exact(&mut id)?;
                    file.read_exact(&mut hash)?;
                    let known = Known { hash: u64::from_le_bytes(hash), acknowledged: false, stored: 0, failed: 0 };
                    self.events.entry(id).or_insert(known);
                    ids.push(id);
                }
                batches.insert(batch, ids);
            }
            ANSWERED => {
                let mut two = [0; 2];
                file.read_exact(&mut two)?;
                let status = u16::from_le_bytes(two);
                *self.answers.entry(status).or_default() += 1;
                if status == 200 {
                    for id in batches.get(&batch).into_iter().flatten() {
                        if let Some(known) = self.events.get_mut(id) {
                            known.acknowledged = true;
                        }
                    }
                }
            }
            _ => return Err(io::Error::new(io::ErrorKind::InvalidData, "not a ledger")),
        }
        Ok(true)
    }

    /// Answers by HTTP status; 0 stands for connections that broke.
    pub fn answers(&self) -> &HashMap<u16, u64> {
        &self.answers
    }

    /// Notes a row of the server: a line of its export in JSON.
    ///
    /// # Errors
    /// The line is not a row.
    pub fn found_row(&mut self, line: &str) -> Result<(), serde_json::Error> {
        let row: Row<'_> = serde_json::from_str(line)?;
        match id_of(&row.uuid).and_then(|id| self.events.get_mut(&id)) {
            Some(known) => {
                known.stored += 1;
                self.corrupt += u64::from(known.hash != 0 && row.hash() != known.hash);
            }
            None => self.phantom += 1,
        }
        Ok(())
    }

    /// Notes a failed event of the server by the id that it would have had.
    pub fn found_failed(&mut self, id: &EventId) {
        match self.events.get_mut(id) {
            Some(known) => known.failed += 1,
            None => self.phantom += 1,
        }
    }

    /// Compares. `with_failed`: the failed events were noted too; else one that must fail may be anywhere but among
    /// the rows.
    pub fn findings(&self, with_failed: bool) -> Findings {
        let count = |is: &dyn Fn(&Known) -> bool| self.events.values().filter(|known| is(known)).count() as u64;
        let must_fail = |known: &Known| known.hash == 0;
        let is_lost = |known: &Known| {
            let is_found = if must_fail(known) { known.failed > 0 || !with_failed } else { known.stored > 0 };
            known.acknowledged && !is_found
        };
        Findings {
            sent: self.events.len() as u64,
            acknowledged: count(&|known| known.acknowledged),
            stored: self.events.values().map(|known| u64::from(known.stored)).sum(),
            lost: count(&is_lost),
            phantom: self.phantom,
            duplicate: self.events.values().map(|known| u64::from(known.stored.saturating_sub(1))).sum(),
            corrupt: self.corrupt,
            misjudged: count(&|known| if must_fail(known) { known.stored > 0 } else { known.failed > 0 }),
        }
    }
}

fn id_of(text: &str) -> Option<EventId> {
    let digits: String = text.chars().filter(|c| *c != '-').collect();
    u128::from_str_radix(&digits, 16).ok().map(u128::to_be_bytes)
}

/// A line of an export, as far as it is compared.
#[derive(Deserialize)]
struct Row<'a> {
    #[serde(borrow)]
    uuid: Cow<'a, str>,
    #[serde(borrow)]
    event: Cow<'a, str>,
    event_at: Instant,
    #[serde(borrow)]
    distinct_id: Cow<'a, str>,
    #[serde(borrow, default)]
    session_id: Option<Cow<'a, str>>,
    #[serde(borrow)]
    properties: BTreeMap<Cow<'a, str>, &'a RawValue>,
}

/// RFC 3339 text, or µs since 1970.
#[derive(Deserialize)]
#[serde(untagged)]
enum Instant {
    Micros(i64),
    Text(String),
}

impl Row<'_> {
    fn hash(&self) -> u64 {
        let event_at = match &self.event_at {
            Instant::Micros(micros) => *micros,
            // What is no instant has the hash of no row.
            Instant::Text(at) => at.parse::<jiff::Timestamp>().map_or(i64::MIN, |at| at.as_microsecond()),
        };
        let members = self.properties.iter().map(|(key, value)| (&**key, value.get().to_owned())).collect();
        canonical_hash(&self.event, event_at, &self.distinct_id, self.session_id.as_deref(), members)
    }
}

/// A hash of what a row must say. `properties`: flattened key and compact JSON of the value, in any order.
pub fn canonical_hash(
    event: &str,
    event_at: i64,
    distinct_id: &str,
    session_id: Option<&str>,
    mut properties: Vec<(&str, String)>,
) -> u64 {
    properties.sort();
    let mut text = format!("{event}\u{1}{event_at}\u{1}{distinct_id}\u{1}{}", session_id.unwrap_or_default());
    for (key, value) in properties {
        text.push('\u{1}');
        text.push_str(key);
        text.push('\u{2}');
        match value.parse::<f64>() {
            // 2, 2.0 and 2e0 are one number.
            Ok(number) => text.push_str(&number.to_string()),
            Err(_) => text.push_str(&value),
        }
    }
    // 0 stands for an event that must fail.
    xxhash_rust::xxh3::xxh3_64(text.as_bytes()).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    const A: EventId = [1; 16];
    const B: EventId = [2; 16];
    const C: EventId = [3; 16];

    fn find(ledger: &mut Ledger, id: &EventId, number: u32) {
        let uuid = u128::from_be_bytes(*id);
        let line = format!(
            r#"{{"uuid":"{uuid:032x}","event":"e","event_at":5,"distinct_id":"d","properties":{{"n":{number}.0}}}}"#
        );
        ledger.found_row(&line).expect("a row");
    }

    fn ledger(write: impl FnOnce(&mut LedgerWriter)) -> Ledger {
        let file = tempfile::NamedTempFile::new().expect("a file");
        let mut writer = LedgerWriter::create(file.path()).expect("made");
        write(&mut writer);
        writer.sync().expect("synced");
        Ledger::read(file.path()).expect("read")
    }

    #[test]
    fn each_kind_of_harm_is_found() {
        let hash = canonical_hash("e", 5, "d", None, vec![("n", "1".into())]);
        let three = |writer: &mut LedgerWriter| {
            writer.sent(0, &[(A, hash), (B, hash)]).expect("written");
            writer.sent(1, &[(C, 0)]).expect("written");
            writer.answered(0, 200).expect("written");
            writer.answered(0, 200).expect("written");
            writer.answered(1, 503).expect("written");
        };
        let mut clean = ledger(three);
        find(&mut clean, &A, 1);
        find(&mut clean, &B, 1);
        assert!(clean.findings(true).are_clean(), "{:?}", clean.findings(true));
        assert_eq!((clean.findings(true).acknowledged, clean.answers()[&200]), (2, 2));

        let mut harmed = ledger(three);
        find(&mut harmed, &A, 2);
        find(&mut harmed, &A, 1);
        find(&mut harmed, &[9; 16], 1);
        find(&mut harmed, &C, 1);
        let found = harmed.findings(true);
        let harm = (found.lost, found.phantom, found.duplicate, found.corrupt, found.misjudged);
        assert_eq!(harm, (1, 1, 1, 1, 1), "B is lost, 9 was never sent, A is there twice and wrong once, C is a row");
    }

    #[test]
    fn a_torn_last_record_is_dropped() {
        let file = tempfile::NamedTempFile::new().expect("a file");
        let mut writer = LedgerWriter::create(file.path()).expect("made");
        writer.sent(0, &[(A, 7)]).expect("written");
        writer.sent(1, &[(B, 7)]).expect("written");
        writer.sync().expect("synced");
        let whole = std::fs::read(file.path()).expect("read");
        for cut in [1, 9, 20] {
            std::fs::write(file.path(), &whole[..whole.len() - cut]).expect("cut");
            assert_eq!(Ledger::read(file.path()).expect("read").findings(true).sent, 1, "{cut} bytes less");
        }
    }
}
