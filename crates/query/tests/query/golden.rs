//! Golden files: cases that an analyst can check with a pencil. Their format is in `tests/golden/README.md`.
//!
//! Every case runs twice: out of the buffer, and with a flush and compaction behind each block of events.
//! `GOLDEN_FILL=1` fills blank answers; read what it wrote before you believe it.

use crate::shown;
use crate::stored::Stored;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use model::cohort::CohortRule;
use model::event::{Dialect, Event};
use model::insight::trends::TrendsAnswer;
use model::insight::{Answer, Question};
use model::project::ProjectClock;
use model::property::PropertyLimits;
use model::time::WeekStart;
use model::{Level, Micros, Properties, Uuid};
use query::{Known, KnownAction, KnownCohort, KnownMembers, QuestionError};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

#[test]
fn trends() {
    check_folder("trends");
}

#[test]
fn funnels() {
    check_folder("funnel");
}

#[test]
fn retentions() {
    check_folder("retention");
}

#[test]
fn stickiness() {
    check_folder("stickiness");
}

#[test]
fn lifecycle() {
    check_folder("lifecycle");
}

#[test]
fn correlations() {
    check_folder("correlation");
}

#[test]
fn paths() {
    check_folder("paths");
}

#[test]
fn web() {
    check_folder("web");
}

#[test]
fn items() {
    check_folder("items");
}

#[test]
fn workflow() {
    check_folder("workflow");
}

#[test]
fn sessions() {
    check_folder("sessions");
}

#[test]
fn filters() {
    check_folder("filters");
}

#[test]
fn cohorts() {
    check_folder("cohorts");
}

#[test]
fn actions() {
    check_folder("actions");
}

#[test]
fn events() {
    check_folder("events");
}

fn check_folder(name: &str) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(name);
    let entries = std::fs::read_dir(&folder).expect("the folder of golden files is there");
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.expect("readable").path()).collect();
    files.sort();
    assert!(!files.is_empty());
    for file in files {
        let text = std::fs::read_to_string(&file).expect("readable");
        for compacted in [false, true] {
            let filled = Case::new(&file, compacted).run(&text);
            if filled != text {
                std::fs::write(&file, filled).expect("writable");
            }
        }
    }
}

/// A keyword at the start of a line and what stands behind it, continuation lines included.
struct Block<'a> {
    word: &'a str,
    body: Vec<&'a str>,
}

const WORDS: [&str; 12] = [
    "clock",
    "action",
    "cohort",
    "events",
    "then",
    "ask",
    "answer",
    "times",
    "buckets",
    "warning",
    "definition",
    "error",
];

fn blocks(text: &str) -> Vec<Block<'_>> {
    let mut blocks: Vec<Block<'_>> = Vec::new();
    for line in text.lines() {
        let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
        if WORDS.contains(&word) {
            blocks.push(Block { word, body: vec![rest.trim()] });
        } else if line.starts_with(' ')
            && let Some(block) = blocks.last_mut()
        {
            block.body.push(line.trim());
        }
    }
    blocks
}

struct Case<'a> {
    file: &'a Path,
    compacted: bool,
    clock: ProjectClock,
    zone: TimeZone,
    now: Micros,
    stored: Option<Stored>,
    sent: Vec<Event>,
    known: Known,
    answer: Option<Result<Answer, QuestionError>>,
}

impl<'a> Case<'a> {
    fn new(file: &'a Path, compacted: bool) -> Self {
        let clock = ProjectClock { time_zone: "UTC".into(), week_start: WeekStart::Monday };
        let (known, zone) = (Known::default(), TimeZone::UTC);
        Case { file, compacted, clock, zone, now: 0, stored: None, sent: Vec::new(), known, answer: None }
    }

    /// Runs all blocks; returns the text with blank answers filled, if that is wanted.
    fn run(mut self, text: &str) -> String {
        if text.lines().any(|line| line.starts_with("| filter")) {
            self.filter_table(text);
            return text.to_owned();
        }
        let mut filled = text.to_owned();
        for block in blocks(text) {
            match block.word {
                "clock" => self.set_clock(block.body[0]),
                "events" => self.send(&block.body),
                "action" => self.action(&block.body.join(" ")),
                "cohort" => self.cohort(&block.body.join(" ")),
                "then" => self.then(block.body[0]),
                "ask" => self.ask(&block.body.join(" ")),
                word => {
                    let mut shown = self.shown(word);
                    shown.retain(|line| !line.is_empty());
                    let expected: Vec<_> = block.body.iter().filter(|line| !line.is_empty()).copied().collect();
                    if expected.is_empty() && std::env::var_os("GOLDEN_FILL").is_some() {
                        let lines = shown.join("\n         ");
                        filled = filled.replacen(&format!("\n{word}\n"), &format!("\n{word:<9}{lines}\n"), 1);
                    } else if word == "warning" {
                        assert!(shown.join("; ").contains(expected[0]), "{}: warnings {shown:?}", self.file.display());
                    } else {
                        assert_eq!(shown, expected, "{} (compacted: {}): {word}", self.file.display(), self.compacted);
                    }
                }
            }
        }
        filled
    }

    fn set_clock(&mut self, text: &str) {
        for part in text.split(',').map(str::trim) {
            if let Some(now) = part.strip_prefix("now ") {
                self.now = self.instant(now);
            } else if let Some(day) = part.strip_prefix("weeks from ") {
                self.clock.week_start = if day == "sunday" { WeekStart::Sunday } else { WeekStart::Monday };
            } else {
                self.zone = TimeZone::get(part).expect("a known time zone");
                self.clock.time_zone = part.to_owned();
            }
        }
        self.stored = Some(Stored::new(self.now));
        self.sent.clear();
    }

    /// `2026-01-11T12:00` on the project's wall, or with `Z`.
    fn instant(&self, text: &str) -> Micros {
        match text.parse::<jiff::Timestamp>() {
            Ok(at) => at.as_microsecond(),
            Err(_) => {
                let local: DateTime = text.parse().unwrap_or_else(|_| panic!("{text} in {}", self.file.display()));
                self.zone.to_timestamp(local).expect("in range").as_microsecond()
            }
        }
    }

    fn stored(&self) -> &Stored {
        self.stored.as_ref().expect("a case starts with its clock")
    }

    fn send(&mut self, lines: &[&str]) {
        let mut batch = Vec::new();
        for line in lines {
            let (id, items) = line.split_once(": ").expect("`distinct_id: events`");
            for item in items.split(';').map(str::trim) {
                let (head, json) = item.split_at(item.find('{').unwrap_or(item.len()));
                let json = if json.is_empty() { "{}" } else { json };
                let object = serde_json::from_str(json).unwrap_or_else(|error| panic!("{json}: {error}"));
                let properties = Properties::from_json(&object, PropertyLimits::default());
                let mut words = head.split_whitespace();
                let name = words.next().expect("an event has a name");
                let (mut session, mut number) = (None, None);
                for word in words {
                    if let Some(id) = word.strip_prefix("s=") {
                        session = Some(id);
                    } else if let Some(digits) = word.strip_prefix('#') {
                        number = Some(digits.parse::<u128>().expect("a number"));
                    } else {
                        let next = (self.sent.len() + batch.len() + 1) as u128;
                        batch.push(Event {
                            uuid: Uuid::from_u128(number.take().unwrap_or(next)),
                            event: name.into(),
                            event_at: self.instant(word),
                            received_at: self.now,
                            distinct_id: id.into(),
                            session_id: session.map(Into::into),
                            window_id: None,
                            level: Level::Full,
                            dialect: Dialect::Native,
                            properties: properties.clone(),
                        });
                    }
                }
            }
        }
        self.stored().append(&batch);
        self.sent.extend(batch);
        if self.compacted {
            self.stored().compact();
        }
    }

    /// `number name [steps]`.
    fn action(&mut self, text: &str) {
        let (id, rest) = text.split_once(' ').expect("a number");
        let (name, steps) = rest.split_at(rest.find('[').expect("a list of steps"));
        let steps = serde_json::from_str(steps).unwrap_or_else(|error| panic!("{steps}: {error}"));
        let name = name.trim().to_owned();
        self.known.actions.insert(id.parse().expect("a number"), KnownAction { name, steps });
    }

    /// `number name [ids]` or `number name {rule}`.
    fn cohort(&mut self, text: &str) {
        let (id, rest) = text.split_once(' ').expect("a number");
        let (name, json) = rest.split_at(rest.find(['[', '{']).expect("ids or a rule"));
        let wrong = |error: serde_json::Error| -> ! { panic!("{json}: {error}") };
        let members = if json.starts_with('[') {
            let ids: Vec<Box<str>> = serde_json::from_str(json).unwrap_or_else(|error| wrong(error));
            KnownMembers::Listed(ids.into())
        } else {
            let rule: CohortRule = serde_json::from_str(json).unwrap_or_else(|error| wrong(error));
            KnownMembers::Rule(rule.into())
        };
        let name = name.trim().to_owned();
        self.known.cohorts.insert(id.parse().expect("a number"), KnownCohort { name, members });
    }

    fn then(&mut self, step: &str) {
        match step {
            "flush" => self.stored().flush(),
            "compact" => self.stored().compact(),
            "again" => assert_eq!(self.stored().append(&self.sent), 0, "all are duplicates"),
            "reopen" => self.stored.as_mut().expect("a case starts with its clock").reopen(),
            "undo" => self.stored().undo(),
            step => panic!("{}: unknown step {step}", self.file.display()),
        }
    }

    fn ask(&mut self, json: &str) {
        let snapshot = self.stored().snapshot();
        let question = query::parse(json.as_bytes());
        let known = Known { earliest: Known::of(&snapshot).earliest, ..self.known.clone() };
        let bound = question.and_then(|question| query::bind(&question, &self.clock, self.now, &known));
        self.answer =
            Some(bound.map(|bound| query::answer(&snapshot, &bound, &Default::default()).expect("within limits")));
    }

    /// The last answer, as the block of this name shows it.
    fn shown(&self, word: &str) -> Vec<String> {
        let answer = self.answer.as_ref().expect("asked before it is answered");
        match (word, answer) {
            ("error", Err(error)) => vec![error.to_string()],
            ("warning", Ok(answer)) => shown::explain(answer).warnings.clone(),
            ("definition", Ok(answer)) => vec![shown::explain(answer).definition.clone()],
            ("answer", Ok(Answer::Trends(answer))) => lines(answer),
            ("buckets", Ok(Answer::Trends(answer))) => {
                let bucket = |bucket: &model::insight::trends::Bucket| {
                    format!("{}{}", bucket.label, if bucket.incomplete { "*" } else { "" })
                };
                vec![answer.buckets.iter().map(bucket).collect::<Vec<_>>().join(" ")]
            }
            ("answer", Ok(Answer::Events(answer))) => {
                let number = |uuid: &str| format!("#{}", Uuid::parse_str(uuid).expect("a uuid").as_u128());
                let mut numbers: Vec<_> = answer.events.iter().map(|row| number(&row.uuid)).collect();
                numbers.extend(answer.next.as_ref().map(|_| "…".to_owned()));
                vec![numbers.join(" ")]
            }
            (word, Ok(answer)) if shown::of_persons(word, answer).is_some() => {
                shown::of_persons(word, answer).unwrap_or_default()
            }
            (word, answer) => panic!("{}: no {word} in {answer:?}", self.file.display()),
        }
    }

    /// `| filter | value | value |` and rows of `| operator value | 0 | 1 |`: one event per value of the property `k`.
    fn filter_table(&mut self, text: &str) {
        let clock = blocks(text).into_iter().find(|block| block.word == "clock");
        self.set_clock(clock.map_or("UTC, now 2026-01-15T12:00", |block| block.body[0]));
        let rows: Vec<Vec<&str>> = text
            .lines()
            .filter(|line| line.starts_with("| "))
            .map(|line| line.trim_matches('|').split(" | ").map(|cell| cell.trim().trim_matches('`')).collect())
            .collect();
        let values = &rows[0][1..];
        let at = self.now;
        let event = |(index, value): (usize, &&str)| {
            let json = if *value == "absent" { "{}".to_owned() } else { format!("{{\"k\":{value}}}") };
            let object = serde_json::from_str(&json).unwrap_or_else(|error| panic!("{value}: {error}"));
            Event {
                uuid: Uuid::from_u128(index as u128 + 1),
                event: "x".into(),
                event_at: at,
                received_at: at,
                distinct_id: "p".into(),
                session_id: None,
                window_id: None,
                level: Level::Full,
                dialect: Dialect::Native,
                properties: Properties::from_json(&object, PropertyLimits::default()),
            }
        };
        self.sent = values.iter().enumerate().map(event).collect();
        self.stored().append(&self.sent);
        if self.compacted {
            self.stored().compact();
        }
        for row in &rows[1..] {
            let (operator, value) = row[0].split_once(' ').unwrap_or((row[0], "null"));
            let json = format!(
                "{{\"kind\":\"events\",\"filters\":[{{\"property\":\"k\",\"operator\":\"{operator}\",\"value\":{value}}}]}}"
            );
            let question: Question = query::parse(json.as_bytes()).unwrap_or_else(|error| panic!("{json}: {error}"));
            let Some(Answer::Events(answer)) = self.stored().ask(&question, &self.clock) else { panic!("{json}") };
            let passing: BTreeSet<_> = answer.events.iter().map(|row| row.uuid.clone()).collect();
            let shown = self.sent.iter().map(|event| if passing.contains(&event.uuid.to_string()) { "1" } else { "0" });
            assert_eq!(shown.collect::<Vec<_>>(), row[1..], "{}: {}", self.file.display(), row[0]);
        }
    }
}

/// `1 0 null | sum 1 | total 1`, with the series and the value in front where there are several.
fn lines(answer: &TrendsAnswer) -> Vec<String> {
    let several = answer.series.iter().any(|line| line.series > 0);
    let line = |line: &model::insight::trends::SeriesAnswer| {
        let name = match (several, &line.breakdown_value) {
            (false, None) => String::new(),
            (true, None) => format!("{}: ", line.label),
            (false, Some(value)) => format!("{value}: "),
            (true, Some(value)) => format!("{} = {value}: ", line.label),
        };
        let data: Vec<_> = line.data.iter().map(|number| shown_number(*number)).collect();
        format!("{name}{} | sum {} | total {}", data.join(" "), shown_number(Some(line.sum)), shown_number(line.total))
    };
    answer.series.iter().map(line).collect()
}

/// At most 4 decimals.
pub fn shown_number(number: Option<f64>) -> String {
    number.map_or("null".to_owned(), |number| format!("{}", (number * 1e4).round() / 1e4))
}
