//! Binds a question for the people behind a number. Definition: docs/semantics/people.md.

use super::BoundQuestion;
use super::correlation::BoundFactor;
use super::span::BoundSpan;
use super::trends::BoundTrends;
use crate::question::QuestionError;
use model::insight::funnel::FunnelView;
use model::insight::lifecycle::Status;
use model::insight::people::{Cell, PeopleQuestion};
use model::insight::trends::{Math, PeriodLabel};
use model::insight::web::WebTable;
use serde::Serialize;

/// People on one page when the question does not say, and at most.
const LIMIT_DEFAULT: u32 = 100;
const LIMIT_MAX: u32 = 1_000;

/// The people behind a number, fully said.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct BoundPeople {
    /// The question that the number answers.
    pub question: BoundQuestion,
    /// Which number.
    pub cell: BoundCell,
    /// People on the page, at least 1.
    pub limit: usize,
    /// Only people behind this ordinal.
    pub after: Option<u32>,
}

/// A number of an answer; positions exist in it, values may not.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum BoundCell {
    /// A bucket, or the total, of a line.
    Trends {
        /// Its series.
        series: usize,
        /// Its bucket; `None`: the total.
        bucket: Option<usize>,
        /// Its value.
        value: Option<String>,
        /// Of which period.
        period: PeriodLabel,
    },
    /// A step of a row.
    Step {
        /// From 0.
        step: usize,
        /// Whether those are meant who did not get there.
        dropped: bool,
        /// The value of the row.
        value: Option<String>,
    },
    /// A bin of the times to convert.
    Bin(usize),
    /// A bucket of a funnel's trend.
    Entered {
        /// Its bucket.
        bucket: usize,
        /// Whether only those are meant who converted.
        converted: bool,
    },
    /// A cell of a retention.
    Retained {
        /// Its row.
        row: usize,
        /// Its column.
        column: usize,
        /// The value of the row.
        value: Option<String>,
    },
    /// A column of a stickiness.
    Active {
        /// Its series.
        series: usize,
        /// Active buckets, at least 1.
        column: usize,
        /// Of which period.
        period: PeriodLabel,
    },
    /// A status in a bucket.
    Status(Status, usize),
    /// Persons with a factor of a correlation.
    Factor {
        /// Its position among the factors of the question, and its value; `None`: all persons of the funnel.
        factor: Option<(usize, String)>,
        /// Whether those are meant who converted, or who dropped out; `None`: both.
        converted: Option<bool>,
    },
    /// An edge, or with only a source the end of paths.
    Way {
        /// Position from 0 and item.
        source: (usize, String),
        /// Position from 0 and item.
        target: Option<(usize, String)>,
    },
    /// An item of an assessment.
    Item {
        /// Its id.
        item: String,
        /// Whether only right attempts are meant.
        correct: bool,
    },
    /// A row of a table of web analytics; `None`: the whole.
    Row(Option<(WebTable, String)>),
}

pub(super) fn bind(asked: &PeopleQuestion, question: BoundQuestion) -> Result<BoundPeople, QuestionError> {
    let limit = asked.limit.unwrap_or(LIMIT_DEFAULT);
    if !(1..=LIMIT_MAX).contains(&limit) {
        return Err(QuestionError::new("limit", format!("must be 1 to {LIMIT_MAX}, not {limit}")));
    }
    let after = match asked.after.as_deref() {
        None => None,
        Some(cursor) => {
            Some(cursor.parse().map_err(|_| QuestionError::new("after", "is not a `next` of an earlier page"))?)
        }
    };
    let mut fields = Fields { cell: asked.cell.clone() };
    let cell = cell(&question, &mut fields)?;
    fields.rest_is_empty()?;
    Ok(BoundPeople { question, cell, limit: limit as usize, after })
}

impl BoundPeople {
    /// Where cohorts split: the same question of the one whose row is meant, `None` if there is no such row. Else itself.
    pub(crate) fn of_row(&self) -> Option<BoundPeople> {
        let (value, rows) = match (&self.cell, &self.question) {
            (BoundCell::Trends { value, .. }, BoundQuestion::Trends(bound)) => (value, &bound.cohorts),
            (BoundCell::Step { value, .. }, BoundQuestion::Funnel(bound)) => (value, &bound.cohorts),
            (BoundCell::Retained { value, .. }, BoundQuestion::Retention(bound)) => (value, &bound.cohorts),
            _ => return Some(self.clone()),
        };
        if rows.is_empty() {
            return Some(self.clone());
        }
        let (_, cohort) = rows.iter().find(|(name, _)| Some(name) == value.as_ref())?;
        let question = match &self.question {
            BoundQuestion::Trends(bound) => BoundQuestion::Trends(bound.of_cohort(cohort)),
            BoundQuestion::Funnel(bound) => BoundQuestion::Funnel(bound.of_cohort(cohort)),
            BoundQuestion::Retention(bound) => BoundQuestion::Retention(bound.of_cohort(cohort)),
            other => other.clone(),
        };
        let mut cell = self.cell.clone();
        if let BoundCell::Trends { value, .. } | BoundCell::Step { value, .. } | BoundCell::Retained { value, .. } =
            &mut cell
        {
            *value = None;
        }
        Some(BoundPeople { question, cell, limit: self.limit, after: self.after })
    }
}

/// The fields of a cell that nobody has taken yet.
struct Fields {
    cell: Cell,
}

fn missing(name: &str) -> QuestionError {
    QuestionError::new(format!("cell.{name}"), "is missing")
}

/// A position that must be below `count`.
fn position(given: Option<u32>, name: &str, count: usize) -> Result<usize, QuestionError> {
    let given = given.ok_or_else(|| missing(name))? as usize;
    if given < count {
        return Ok(given);
    }
    let message = format!("the answer has positions 0 to {}, not {given}", count.saturating_sub(1));
    Err(QuestionError::new(format!("cell.{name}"), message))
}

impl Fields {
    /// The value of a row, exactly where the question has a breakdown.
    fn value(&mut self, broken_down: bool) -> Result<Option<String>, QuestionError> {
        if !broken_down {
            return Ok(None);
        }
        self.cell.breakdown_value.take().map(Some).ok_or_else(|| missing("breakdown_value"))
    }

    fn rest_is_empty(&self) -> Result<(), QuestionError> {
        let cell = &self.cell;
        let given = [
            ("series", cell.series.is_some()),
            ("period", cell.period.is_some()),
            ("bucket", cell.bucket.is_some()),
            ("breakdown_value", cell.breakdown_value.is_some()),
            ("property", cell.property.is_some()),
            ("step", cell.step.is_some()),
            ("converted", cell.converted.is_some()),
            ("row", cell.row.is_some()),
            ("column", cell.column.is_some()),
            ("status", cell.status.is_some()),
            ("source", cell.source.is_some()),
            ("target", cell.target.is_some()),
            ("table", cell.table.is_some()),
        ];
        match given.iter().find(|(_, given)| *given) {
            None => Ok(()),
            Some((name, _)) => {
                Err(QuestionError::new(format!("cell.{name}"), "does not belong to a number of this question"))
            }
        }
    }
}

/// The period that is meant, and its buckets.
fn period<'a>(
    asked: Option<PeriodLabel>,
    current: &'a BoundSpan,
    previous: Option<&'a BoundSpan>,
) -> Result<(PeriodLabel, &'a BoundSpan), QuestionError> {
    match (asked.unwrap_or(PeriodLabel::Current), previous) {
        (PeriodLabel::Current, _) => Ok((PeriodLabel::Current, current)),
        (PeriodLabel::Previous, Some(span)) => Ok((PeriodLabel::Previous, span)),
        (PeriodLabel::Previous, None) => Err(QuestionError::new("cell.period", "the question compares nothing")),
    }
}

/// Why a line of a trend cannot be listed.
fn unlisted(bound: &BoundTrends, series: usize) -> Option<&'static str> {
    use Math::{UniqueGroup, UniqueSession};
    match bound.series[series].math {
        _ if bound.series[series].of_sessions() => Some("sessions are counted here, which cannot be listed yet"),
        UniqueSession | UniqueGroup => Some("sessions or groups are counted here, which cannot be listed yet"),
        _ if bound.formula.is_some() => Some("a formula has no people; ask for its series without it"),
        _ if bound.cumulative || bound.smoothing > 1 => {
            Some("a running sum or mean has no people; ask for the plain trend")
        }
        _ => None,
    }
}

fn cell(question: &BoundQuestion, fields: &mut Fields) -> Result<BoundCell, QuestionError> {
    let cell = &mut fields.cell;
    Ok(match question {
        BoundQuestion::Trends(bound) => {
            let series = position(cell.series.take(), "series", bound.series.len())?;
            if let Some(why) = unlisted(bound, series) {
                return Err(QuestionError::new("cell.series", why));
            }
            let previous = bound.previous.as_ref().map(|previous| &previous.span);
            let (period, span) = period(cell.period.take(), &bound.span, previous)?;
            let bucket = cell.bucket.take();
            let bucket = bucket.map(|bucket| position(Some(bucket), "bucket", span.labels.len())).transpose()?;
            BoundCell::Trends {
                series,
                bucket,
                value: fields.value(bound.breakdown.is_some() || !bound.cohorts.is_empty())?,
                period,
            }
        }
        BoundQuestion::Funnel(bound) => match bound.view {
            FunnelView::Steps => {
                let step = cell.step.take().ok_or_else(|| missing("step"))?;
                let count = bound.steps.len();
                let number = step.unsigned_abs() as usize;
                if number == 0 || number > count || step == -1 {
                    let message = format!("must be 1 to {count}, or -2 to -{count} for those who dropped, not {step}");
                    return Err(QuestionError::new("cell.step", message));
                }
                BoundCell::Step {
                    step: number - 1,
                    dropped: step < 0,
                    value: fields.value(bound.breakdown.is_some() || !bound.cohorts.is_empty())?,
                }
            }
            FunnelView::TimeToConvert => BoundCell::Bin(position(cell.bucket.take(), "bucket", usize::MAX)?),
            FunnelView::Trend => BoundCell::Entered {
                bucket: position(cell.bucket.take(), "bucket", bound.span.labels.len())?,
                converted: cell.converted.take().unwrap_or(false),
            },
        },
        BoundQuestion::Retention(bound) => {
            let intervals = bound.span.labels.len();
            let row = position(cell.row.take(), "row", intervals)?;
            let column = position(cell.column.take(), "column", intervals - row)?;
            if row + column >= bound.begun {
                return Err(QuestionError::new("cell.column", "lies in the future"));
            }
            BoundCell::Retained {
                row,
                column,
                value: fields.value(bound.breakdown.is_some() || !bound.cohorts.is_empty())?,
            }
        }
        BoundQuestion::Stickiness(bound) => {
            let series = position(cell.series.take(), "series", bound.series.len())?;
            let (period, span) = period(cell.period.take(), &bound.span, bound.previous.as_ref())?;
            let column = position(cell.column.take(), "column", span.labels.len() + 1)?;
            if column == 0 {
                return Err(QuestionError::new("cell.column", "is the number of active buckets, at least 1"));
            }
            BoundCell::Active { series, column, period }
        }
        BoundQuestion::Lifecycle(bound) => {
            let bucket = position(cell.bucket.take(), "bucket", bound.span.labels.len())?;
            BoundCell::Status(cell.status.take().ok_or_else(|| missing("status"))?, bucket)
        }
        BoundQuestion::Correlation(bound) => {
            let property = cell.property.take();
            let factor = match cell.breakdown_value.take() {
                Some(value) => {
                    let is_it = |factor: &BoundFactor| factor.property == property;
                    let index = bound.factors.iter().position(is_it).ok_or_else(|| {
                        QuestionError::new("cell.property", "must name one of the question's properties")
                    })?;
                    Some((index, value))
                }
                None if property.is_some() => return Err(missing("breakdown_value")),
                None => None,
            };
            BoundCell::Factor { factor, converted: cell.converted.take() }
        }
        BoundQuestion::Paths(_) => {
            let source = node(cell.source.take().ok_or_else(|| missing("source"))?, "source")?;
            let target = cell.target.take().map(|target| node(target, "target")).transpose()?;
            if target.as_ref().is_some_and(|target| target.0 != source.0 + 1) {
                return Err(QuestionError::new("cell.target", "must be at the position after the source's"));
            }
            BoundCell::Way { source, target }
        }
        BoundQuestion::Items(_) => BoundCell::Item {
            item: cell.breakdown_value.take().ok_or_else(|| missing("breakdown_value"))?,
            correct: cell.converted.take().unwrap_or(false),
        },
        BoundQuestion::Web(_) => {
            let row = match (cell.table.take(), cell.breakdown_value.take()) {
                (None, None) => None,
                (Some(_), None) => return Err(missing("breakdown_value")),
                (None, Some(_)) => return Err(missing("table")),
                (Some(table), Some(value)) => Some((table, value)),
            };
            BoundCell::Row(row)
        }
        BoundQuestion::Events(_) | BoundQuestion::Sessions(_) | BoundQuestion::Workflow(_) => {
            return Err(QuestionError::new("question.kind", "a list has no numbers to open"));
        }
    })
}

/// `2_/fees`: position and item.
fn node(text: String, name: &str) -> Result<(usize, String), QuestionError> {
    let parsed = text.split_once('_').and_then(|(position, item)| Some((position.parse().ok()?, item.to_owned())));
    match parsed {
        Some((position @ 1..=32, item)) => Ok((position - 1_usize, item)),
        _ => Err(QuestionError::new(format!("cell.{name}"), "is not a node like `2_/fees`")),
    }
}
