//! The period that an answer is compared to. Definition: docs/semantics/trends.md, "Compare".

use crate::bind::dates::{self, Moment, Unit};
use crate::bind::span::{self, BoundSpan};
use crate::calendar::Calendar;
use crate::question::QuestionError;
use model::Micros;
use model::insight::trends::Compare;

/// Buckets of a compared period, at most: as many as a question may have.
const BUCKETS_MAX: usize = 10_000;

/// The comparison and the dates of a question.
pub(in crate::bind) struct Compared<'a> {
    pub(in crate::bind) compare: Option<&'a Compare>,
    pub(in crate::bind) from: Option<&'a str>,
    pub(in crate::bind) to: Option<&'a str>,
}

/// `None`: nothing is compared.
pub(in crate::bind) fn previous(
    asked: &Compared<'_>,
    current: &BoundSpan,
    calendar: &Calendar,
    now: Micros,
) -> Result<Option<BoundSpan>, QuestionError> {
    let Some(compare) = asked.compare else { return Ok(None) };
    let (from, to, edges) = match compare.to.as_deref() {
        Some(text) => shifted(text, current, calendar)?,
        None => match whole_unit_before(asked, calendar, now) {
            Some((from, to)) => (from, to, calendar.edges(from, to, current.interval, BUCKETS_MAX)),
            None => {
                let edges = calendar.last_buckets(current.edges[0] - 1, current.interval, current.labels.len());
                (edges[0], edges[edges.len() - 1] - 1, Some(edges))
            }
        },
    };
    let edges = edges.ok_or_else(|| QuestionError::new("compare.to", "the other period has too many buckets"))?;
    Ok(Some(span::with_edges((from, to), current.interval, edges, calendar, now)))
}

type Ends = (Micros, Micros, Option<Vec<Micros>>);

/// Both ends so much earlier.
fn shifted(text: &str, current: &BoundSpan, calendar: &Calendar) -> Result<Ends, QuestionError> {
    let Some(Moment::Back { count: count @ 1.., unit }) = dates::moment(text, calendar) else {
        let message = format!("`{text}` is not a distance back");
        return Err(QuestionError::new("compare.to", message).allowing(["-1d", "-1w", "-1m", "-1q", "-1y"]));
    };
    let from = dates::before(current.from, count, unit, calendar);
    let to = dates::before(current.to, count, unit, calendar);
    Ok((from, to.max(from), calendar.edges(from, to.max(from), current.interval, BUCKETS_MAX)))
}

/// Of `wStart`, `mStart`, `qStart`, `yStart` to now: the unit before.
fn whole_unit_before(asked: &Compared<'_>, calendar: &Calendar, now: Micros) -> Option<(Micros, Micros)> {
    let from = dates::moment(asked.from?, calendar)?;
    let Moment::Edge { count: 0, unit: unit @ (Unit::Week | Unit::Month | Unit::Quarter | Unit::Year), end: false } =
        from
    else {
        return None;
    };
    if asked.to.is_some() {
        return None;
    }
    let edge = |end: bool| dates::start(Moment::Edge { count: 1, unit, end }, now, calendar);
    Some((edge(false), edge(true)))
}
