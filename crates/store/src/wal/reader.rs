//! Reads one WAL file: whole records, what is torn and what is damaged.

use crate::frame::{self, HEAD_BYTES};

/// What stands in one file, by offsets.
pub(crate) struct Scan {
    /// Offsets of whole records to replay, ascending.
    pub records: Vec<usize>,
    /// Durable damage: from, to, which check failed.
    pub damage: Vec<(usize, usize, &'static str)>,
    /// Where a half-written group begins, which was never acknowledged; the length when there is none.
    pub torn_from: usize,
}

/// Sorts the bytes of a file into records, damage and a torn tail.
///
/// Each record carries the durable length of the file at its writing. So damage below the greatest such length, or
/// below `durable_bytes` when the next file's head tells it, was acknowledged once; all above is a torn group.
pub(crate) fn scan(bytes: &[u8], head_is_good: bool, durable_bytes: Option<u64>) -> Scan {
    let mut records = Vec::new();
    let mut tags = Vec::new();
    let mut gaps = Vec::new();
    let mut at = HEAD_BYTES;
    if !head_is_good {
        at = frame::find_frame(bytes, 0).unwrap_or(bytes.len());
        gaps.push((0, at, "file head"));
    }
    while at < bytes.len() {
        match frame::read_frame(bytes, at) {
            Ok(Some(frame)) => {
                records.push(at);
                tags.push(frame.tag);
                at = frame.end;
            }
            Ok(None) => break,
            Err(detail) => {
                let next = frame::find_frame(bytes, at + 1).unwrap_or(bytes.len());
                gaps.push((at, next, detail));
                at = next;
            }
        }
    }
    if let Some(missing) = durable_bytes.filter(|durable| *durable > bytes.len() as u64) {
        gaps.push((bytes.len(), missing as usize, "missing end"));
    }
    let known = tags.iter().copied().max().unwrap_or(0).max(durable_bytes.unwrap_or(0));
    let torn_from = gaps.iter().map(|gap| gap.0).find(|from| *from as u64 >= known).unwrap_or(bytes.len());
    let torn_from = torn_from.min(bytes.len());
    records.retain(|record| *record < torn_from);
    gaps.retain(|gap| gap.0 < torn_from);
    Scan { records, damage: gaps, torn_from }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::frame::{Head, WAL, head, put_frame};

    /// Three groups: one record, two records, one record. Returns the bytes and the offset of each record.
    fn file() -> (Vec<u8>, Vec<usize>) {
        let mut bytes = head(&WAL, Head { number: 1, extra: 0 }).to_vec();
        let mut offsets = Vec::new();
        for group in [1, 2, 1] {
            let tag = if bytes.len() == HEAD_BYTES { 0 } else { bytes.len() as u64 };
            for record in 0..group {
                offsets.push(bytes.len());
                put_frame(&mut bytes, 1, tag, &[record; 40]);
            }
        }
        (bytes, offsets)
    }

    #[test]
    fn a_cut_at_every_byte_keeps_the_whole_records_before_it() {
        let (bytes, offsets) = file();
        for cut in HEAD_BYTES..=bytes.len() {
            let scan = scan(&bytes[..cut], true, None);
            let mut ends: Vec<_> = offsets[1..].to_vec();
            ends.push(bytes.len());
            let whole = ends.iter().filter(|end| **end <= cut).count();
            assert_eq!(scan.records, offsets[..whole], "cut at {cut}");
            assert!(scan.damage.is_empty(), "cut at {cut}");
        }
    }

    #[test]
    fn a_flipped_byte_at_every_place_costs_one_record_and_is_told() {
        let (bytes, offsets) = file();
        for at in HEAD_BYTES..bytes.len() {
            let mut flipped = bytes.clone();
            flipped[at] ^= 1;
            let scan = scan(&flipped, true, Some(bytes.len() as u64));
            let lost = offsets.iter().rposition(|offset| *offset <= at).expect("behind the head");
            let kept: Vec<_> = offsets.iter().enumerate().filter(|(i, _)| *i != lost).map(|(_, o)| *o).collect();
            assert_eq!(scan.records, kept, "byte {at}");
            assert_eq!(scan.damage.len(), 1, "byte {at}");
            assert_eq!(scan.torn_from, bytes.len());
        }
    }

    #[test]
    fn a_group_whose_first_half_is_missing_is_torn_not_damaged() {
        let (mut bytes, offsets) = file();
        bytes.truncate(offsets[3]);
        bytes[offsets[1] + 30] ^= 1;
        let scan = scan(&bytes, true, None);
        assert_eq!(scan.records, offsets[..1]);
        assert!(scan.damage.is_empty());
        assert_eq!(scan.torn_from, offsets[1]);
    }
}
