//! Sunbird events of a school app, about 0.7 KB each, and what the server must make of them.
//!
//! An event is told by its number and the seed, so that a checker needs no copy of what was sent. The expected row is
//! written here a second time, by hand, and not by the server's own decoder: the two agree or one of them is wrong.

use std::fmt::Write;
use testkit::ledger::{EventId, canonical_hash};
use uuid::Uuid;

/// Namespace of event ids made of a `mid`, as docs/ingest/sunbird.md states it.
const MID_NAMESPACE: Uuid = Uuid::from_u128(0x6f1c_2f0e_0f5b_5d3a_9a5e_7b1d_4c83_21e6);
/// Every so many events one lacks its actor, device and session, and must become a failed event.
const BROKEN_EVERY: u64 = 1_000;

const PAGES: [(&str, &str); 8] = [
    ("home", "/home"),
    ("attendance-month", "/attendance/month"),
    ("exam-dates", "/exams/dates"),
    ("marks", "/marks/term"),
    ("homework", "/homework/today"),
    ("leave-form", "/leave/new"),
    ("meetings", "/meetings"),
    ("notices", "/notices"),
];

/// What events are made of.
#[derive(Debug, Clone, Copy)]
pub struct Recipe {
    /// Events of two seeds have different ids.
    pub seed: u64,
    /// So many distinct persons.
    pub persons: u64,
    /// So many events in a row are one person's, as in the batch of a phone; 1 is what a gateway that mixes phones sends.
    pub in_a_row: u64,
    /// event_at of the first event, ms since 1970.
    pub first_ms: u64,
    /// Events per second of event time.
    pub per_second: u64,
    /// Whether one event in a thousand is broken.
    pub broken: bool,
}

/// One event: its identity and the hash of the row that it must become; 0 when it must fail.
pub struct Made {
    /// As stored.
    pub id: EventId,
    /// Of the canonical row.
    pub hash: u64,
}

/// splitmix64: the same number, the same event.
fn mixed(seed: u64, number: u64) -> u64 {
    let state = seed.wrapping_mul(0xA24B_AED4_963E_E407).wrapping_add(number.wrapping_mul(0x9E37_79B9_7F4A_7C15));
    let state = (state ^ (state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let state = (state ^ (state >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    state ^ (state >> 31)
}

impl Recipe {
    /// Appends the JSON of event `number` to `out`.
    pub fn write(&self, number: u64, out: &mut String) -> Made {
        let (a, b) = (mixed(self.seed, number * 2), mixed(self.seed, number * 2 + 1));
        // Squared: some persons are far more active than others.
        let share = (mixed(!self.seed, number / self.in_a_row.max(1)) % 1_000_000) as f64 / 1e6;
        let person = (share * share * self.persons as f64) as u64;
        let ms = self.first_ms + number * 1_000 / self.per_second.max(1);
        let (page, uri) = PAGES[(b % 8) as usize];
        let interact = (b >> 8).is_multiple_of(3);
        let broken = self.broken && number % BROKEN_EVERY == BROKEN_EVERY - 1;
        let eid = if interact { "INTERACT" } else { "IMPRESSION" };
        let mid = format!("{eid}:{a:016x}{b:016x}");
        let distinct_id = format!("parent-{:08x}", mixed(7, person) as u32);
        let sid = format!("s{person:x}-{:x}", ms / 1_800_000);
        let did = format!("d{:012x}", mixed(9, person) & 0xffff_ffff_ffff);
        let version = ["2.3.9", "2.4.0", "2.4.1"][(person % 3) as usize];
        let school = person % 977;
        let (actor, session, device) =
            if broken { ("", String::new(), String::new()) } else { (distinct_id.as_str(), sid.clone(), did.clone()) };
        let duration = (b >> 16) % 6_000;
        let seconds = format!("{}.{:02}", duration / 100, duration % 100);
        let edata = if interact {
            format!(
                r#"{{"type":"CLICK","subtype":"card","id":"open-{page}","pageid":"{page}","target":{{"id":"card-{}","type":"Card","ver":"1"}},"plugin":{{"id":"org.hp.cards","ver":"1.0","category":"ui"}},"extra":{{"pos":[{{"x":{}}},{{"y":{}}}]}}}}"#,
                b % 40,
                a % 360,
                b % 740
            )
        } else {
            format!(
                r#"{{"type":"view","subtype":"scroll","pageid":"{page}","uri":"{uri}","duration":{seconds},"visits":[{{"objid":"card-{}","objtype":"Card","objver":"1.0","index":{}}}]}}"#,
                b % 40,
                b % 5
            )
        };
        // Writing into a String cannot fail.
        let _ = write!(
            out,
            r#"{{"eid":"{eid}","ets":{ms},"ver":"3.0","mid":"{mid}","actor":{{"id":"{actor}","type":"User"}},"context":{{"channel":"hp-education","pdata":{{"id":"hp.esamwad.app","ver":"{version}","pid":"esamwad"}},"env":"{page}","sid":"{session}","did":"{device}","cdata":[{{"id":"HP-{school:04}","type":"School"}}],"rollup":{{"l1":"hp","l2":"district-{:02}","l3":"block-{:03}"}}}},"object":{{"id":"student-{:08x}","type":"Student","ver":"1.0","rollup":{{"l1":"class-{:02}"}}}},"tags":["{version}"],"edata":{edata}}}"#,
            school % 12,
            school % 77,
            mixed(3, person) as u32,
            person % 12 + 1
        );
        let id = Uuid::new_v5(&MID_NAMESPACE, mid.as_bytes()).into_bytes();
        if broken {
            return Made { id, hash: 0 };
        }
        let text = |value: &str| format!("\"{value}\"");
        let mut row = vec![
            ("$device_id", text(&did)),
            ("actor.type", text("User")),
            ("context.cdata", format!(r#"[{{"id":"HP-{school:04}","type":"School"}}]"#)),
            ("context.channel", text("hp-education")),
            ("context.did", text(&did)),
            ("context.env", text(page)),
            ("context.pdata.id", text("hp.esamwad.app")),
            ("context.pdata.pid", text("esamwad")),
            ("context.pdata.ver", text(version)),
            ("context.rollup.l1", text("hp")),
            ("context.rollup.l2", format!("\"district-{:02}\"", school % 12)),
            ("context.rollup.l3", format!("\"block-{:03}\"", school % 77)),
            ("context.sid", text(&sid)),
            ("object.id", format!("\"student-{:08x}\"", mixed(3, person) as u32)),
            ("object.rollup.l1", format!("\"class-{:02}\"", person % 12 + 1)),
            ("object.type", text("Student")),
            ("object.ver", text("1.0")),
            ("tags", format!(r#"["{version}"]"#)),
            ("ver", text("3.0")),
            ("edata.pageid", text(page)),
            ("edata.subtype", text(if interact { "card" } else { "scroll" })),
            ("edata.type", text(if interact { "CLICK" } else { "view" })),
        ];
        if interact {
            row.extend([
                ("edata.extra.pos", format!(r#"[{{"x":{}}},{{"y":{}}}]"#, a % 360, b % 740)),
                ("edata.id", format!("\"open-{page}\"")),
                ("edata.plugin.category", text("ui")),
                ("edata.plugin.id", text("org.hp.cards")),
                ("edata.plugin.ver", text("1.0")),
                ("edata.target.id", format!("\"card-{}\"", b % 40)),
                ("edata.target.type", text("Card")),
                ("edata.target.ver", text("1")),
            ]);
        } else {
            let visit = format!(r#"[{{"objid":"card-{}","objtype":"Card","objver":"1.0","index":{}}}]"#, b % 40, b % 5);
            row.extend([
                ("edata.duration", format!("{}", duration as f64 / 100.0)),
                ("edata.uri", text(uri)),
                ("edata.visits", visit),
            ]);
        }
        Made { id, hash: canonical_hash(eid, ms as i64 * 1_000, &distinct_id, Some(&sid), row) }
    }
}
