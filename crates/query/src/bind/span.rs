//! The range of a question and its buckets, for all insights that count over time. Definition: docs/semantics/trends.md.

use super::Known;
use super::dates::{self, Range};
use crate::calendar::{self, Calendar};
use crate::question::QuestionError;
use model::Micros;
use model::insight::trends::Bucket;
use model::time::Interval;
use serde::Serialize;

/// Buckets of one question, at most; a week of minutes has 10 080 and is one too many, a day of them 1 440.
const BUCKETS_MAX: usize = 10_000;

/// A range in buckets, fully said.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct BoundSpan {
    /// Bucket width, for the reader of the answer.
    pub interval: Interval,
    /// Time zone of the labels, IANA.
    pub time_zone: String,
    /// Start, inclusive; µs UTC. May lie inside the first bucket.
    pub from: Micros,
    /// End, inclusive; µs UTC. May lie inside the last bucket.
    pub to: Micros,
    /// Bucket edges, µs UTC, strictly growing; one more than there are buckets. Bucket i is `[edges[i], edges[i+1])`.
    pub edges: Vec<Micros>,
    /// One per bucket: its local start.
    pub labels: Vec<String>,
    /// The bucket that held `now` when the question was bound.
    pub incomplete: Option<usize>,
}

impl BoundSpan {
    /// The buckets as they stand in answers.
    pub(crate) fn buckets(&self) -> Vec<Bucket> {
        let bucket = |(index, label): (usize, &String)| Bucket {
            label: label.clone(),
            start_utc: calendar::rfc3339(self.edges[index]),
            incomplete: self.incomplete == Some(index),
        };
        self.labels.iter().enumerate().map(bucket).collect()
    }
}

/// The dates of a question.
#[derive(Clone, Copy)]
pub(super) struct Asked<'a> {
    pub(super) from: Option<&'a str>,
    pub(super) to: Option<&'a str>,
    pub(super) interval: Interval,
    /// Whether week and month buckets leave the start where it is.
    pub(super) explicit: bool,
}

/// The range; with week and month buckets its start is widened to the bucket's, unless the question forbids it.
pub(super) fn range(asked: Asked<'_>, calendar: &Calendar, now: Micros, known: &Known) -> Result<Range, QuestionError> {
    let dates = (asked.from.unwrap_or("-7d"), asked.to);
    let mut range = dates::range(dates, asked.interval, calendar, now, known.earliest)?;
    if matches!(asked.interval, Interval::Week | Interval::Month) && !asked.explicit {
        range.from = calendar.truncate(range.from, asked.interval);
    }
    Ok(range)
}

/// The range and its buckets. Errors: dates, too many buckets. Warns of a partial first bucket.
pub(super) fn span(
    asked: Asked<'_>,
    calendar: &Calendar,
    now: Micros,
    known: &Known,
    warnings: &mut Vec<String>,
) -> Result<BoundSpan, QuestionError> {
    let Range { from, to } = range(asked, calendar, now, known)?;
    let edges = calendar.edges(from, to, asked.interval, BUCKETS_MAX).ok_or_else(|| {
        let message = format!("more than {BUCKETS_MAX} buckets; choose a wider interval or a shorter range");
        QuestionError::new("interval", message)
    })?;
    if from > edges[0] {
        warnings.push(format!("the first bucket is partial: it counts from {}", calendar::rfc3339(from)));
    }
    Ok(with_edges((from, to), asked.interval, edges, calendar, now))
}

/// A span over given edges.
pub(super) fn with_edges(
    (from, to): (Micros, Micros),
    interval: Interval,
    edges: Vec<Micros>,
    calendar: &Calendar,
    now: Micros,
) -> BoundSpan {
    let starts = &edges[..edges.len() - 1];
    BoundSpan {
        interval,
        time_zone: calendar.name.clone(),
        from,
        to,
        labels: starts.iter().map(|start| calendar.label(*start, interval)).collect(),
        incomplete: starts.iter().zip(&edges[1..]).position(|(start, end)| (*start..*end).contains(&now)),
        edges,
    }
}

/// `Asia/Kolkata days`.
pub(super) fn in_words(interval: Interval, calendar: &Calendar) -> String {
    let buckets = match interval {
        Interval::Minute => "minutes",
        Interval::Hour => "hours",
        Interval::Day => "days",
        Interval::Week => "weeks",
        Interval::Month => "months",
    };
    format!("{} {buckets}", calendar.name)
}
