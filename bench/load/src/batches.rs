//! Requests made beforehand, so that a run measures the server and not the making of events.

use crate::events::Recipe;
use flate2::Compression;
use flate2::write::GzEncoder;
use std::io::Write;
use std::ops::Range;
use testkit::ledger::EventId;

/// One request, ready for the wire.
pub struct Batch {
    /// Head and gzip body.
    pub request: Vec<u8>,
    /// Id and row hash of each event.
    pub events: Vec<(EventId, u64)>,
}

/// Where requests go.
#[derive(Debug, Clone)]
pub struct Door {
    /// `host:port`.
    pub address: String,
    /// Write key.
    pub key: String,
}

/// Makes the batches with these numbers on all cores; each holds `size` events. Returns them and the mean event, bytes.
pub fn prepare(recipe: &Recipe, door: &Door, numbers: Range<u32>, size: u32) -> (Vec<Batch>, f64) {
    let threads = std::thread::available_parallelism().map_or(1, usize::from) as u32;
    let share = (numbers.end - numbers.start).div_ceil(threads).max(1);
    let mut all = Vec::with_capacity(numbers.len());
    let mut bytes = 0;
    std::thread::scope(|scope| {
        let parts: Vec<_> = (0..threads)
            .map(|part| {
                let from = (numbers.start + part * share).min(numbers.end);
                let to = (from + share).min(numbers.end);
                scope.spawn(move || {
                    let made: Vec<_> = (from..to).map(|number| one(recipe, door, number, size)).collect();
                    made
                })
            })
            .collect();
        for part in parts {
            // A panic of a maker is a bug of this program, and ends it.
            for (batch, raw) in part.join().expect("makers do not panic") {
                bytes += raw;
                all.push(batch);
            }
        }
    });
    let events = numbers.len() as f64 * f64::from(size);
    (all, bytes as f64 / events.max(1.0))
}

fn one(recipe: &Recipe, door: &Door, number: u32, size: u32) -> (Batch, usize) {
    let first = u64::from(number) * u64::from(size);
    let mut json = String::with_capacity(size as usize * 800 + 256);
    json.push_str(r#"{"id":"api.sunbird.telemetry","ver":"3.0","ets":"#);
    json.push_str(&recipe.first_ms.to_string());
    json.push_str(&format!(r#","params":{{"msgid":"batch-{}-{number}"}},"events":["#, recipe.seed));
    let mut events = Vec::with_capacity(size as usize);
    for index in 0..u64::from(size) {
        if index > 0 {
            json.push(',');
        }
        let made = recipe.write(first + index, &mut json);
        events.push((made.id, made.hash));
    }
    json.push_str("]}");
    let mut encoder = GzEncoder::new(Vec::with_capacity(json.len() / 6), Compression::new(6));
    // Writing into memory cannot fail.
    let body = encoder.write_all(json.as_bytes()).and_then(|()| encoder.finish()).expect("memory takes it");
    let mut request = format!(
        "POST /v1/telemetry HTTP/1.1\r\nhost: {}\r\nauthorization: Bearer {}\r\ncontent-type: application/json\r\n\
         content-encoding: gzip\r\ncontent-length: {}\r\n\r\n",
        door.address,
        door.key,
        body.len()
    )
    .into_bytes();
    request.extend_from_slice(&body);
    (Batch { request, events }, json.len())
}
