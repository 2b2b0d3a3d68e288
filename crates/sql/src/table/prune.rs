//! Leaves out files that cannot hold a wanted event_at: they are one day each.

use crate::job::EventsFile;
use datafusion::arrow::array::{ArrayRef, BooleanArray, TimestampMicrosecondArray, UInt64Array};
use datafusion::arrow::datatypes::SchemaRef;
use datafusion::catalog::Session;
use datafusion::common::{Column, DFSchema, Result, ScalarValue};
use datafusion::logical_expr::Expr;
use datafusion::logical_expr::utils::conjunction;
use datafusion::physical_optimizer::pruning::{PruningPredicateBuilder, PruningStatistics};
use std::collections::HashSet;
use std::sync::Arc;

const EVENT_AT: &str = "event_at";

/// Whether a filter is about event_at alone, so that [`prune`] can use it.
pub fn is_about_time(filter: &Expr) -> bool {
    let columns = filter.column_refs();
    !filter.is_volatile() && columns.len() == 1 && columns.iter().all(|column| column.name == EVENT_AT)
}

/// The files that may hold rows that pass all filters, in order.
pub fn prune(
    files: &[EventsFile],
    filters: &[Expr],
    schema: &SchemaRef,
    session: &dyn Session,
) -> Result<Vec<EventsFile>> {
    let wanted = conjunction(filters.iter().filter(|filter| is_about_time(filter)).cloned());
    let Some(wanted) = wanted else { return Ok(files.to_vec()) };
    let df_schema = DFSchema::try_from(Arc::clone(schema))?;
    let physical = session.create_physical_expr(wanted, &df_schema)?;
    // What it does not understand keeps all files.
    let Ok(predicate) = PruningPredicateBuilder::new().with_file_schema(Arc::clone(schema)).try_build(physical) else {
        return Ok(files.to_vec());
    };
    let kept = predicate.prune(&Days(files))?;
    Ok(files.iter().zip(kept).filter(|(_, kept)| *kept).map(|(file, _)| file.clone()).collect())
}

struct Days<'a>(&'a [EventsFile]);

impl Days<'_> {
    fn instants(&self, column: &Column, of: fn(&EventsFile) -> i64) -> Option<ArrayRef> {
        let values = TimestampMicrosecondArray::from_iter_values(self.0.iter().map(of));
        (column.name == EVENT_AT).then(|| Arc::new(values.with_timezone("UTC")) as ArrayRef)
    }
}

impl PruningStatistics for Days<'_> {
    fn min_values(&self, column: &Column) -> Option<ArrayRef> {
        self.instants(column, |file| file.first_at)
    }

    fn max_values(&self, column: &Column) -> Option<ArrayRef> {
        self.instants(column, |file| file.last_at)
    }

    fn num_containers(&self) -> usize {
        self.0.len()
    }

    fn null_counts(&self, column: &Column) -> Option<ArrayRef> {
        let none = UInt64Array::from_iter_values(self.0.iter().map(|_| 0));
        (column.name == EVENT_AT).then(|| Arc::new(none) as ArrayRef)
    }

    fn row_counts(&self) -> Option<ArrayRef> {
        Some(Arc::new(UInt64Array::from_iter_values(self.0.iter().map(|file| file.rows as u64))))
    }

    fn contained(&self, _: &Column, _: &HashSet<ScalarValue>) -> Option<BooleanArray> {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::Events;
    use datafusion::prelude::{SessionContext, col, lit};

    const DAY: i64 = 86_400_000_000;

    fn kept(filters: &[Expr]) -> Vec<i64> {
        let file =
            |day: i64| EventsFile { path: "x".into(), rows: 1, first_at: day * DAY, last_at: day * DAY + DAY - 1 };
        let files: Vec<_> = (0..5).map(file).collect();
        let session = SessionContext::new().state();
        let found = prune(&files, filters, &Events::new(&[]).schema, &session).expect("pruned");
        found.iter().map(|file| file.first_at / DAY).collect()
    }

    fn at(micros: i64) -> Expr {
        lit(ScalarValue::TimestampMicrosecond(Some(micros), Some("UTC".into())))
    }

    #[test]
    fn only_days_within_the_range_are_read() {
        assert_eq!(kept(&[]), [0, 1, 2, 3, 4]);
        assert_eq!(kept(&[col("event_at").gt_eq(at(2 * DAY))]), [2, 3, 4]);
        assert_eq!(kept(&[col("event_at").gt_eq(at(DAY)), col("event_at").lt(at(3 * DAY))]), [1, 2]);
        assert_eq!(kept(&[col("event_at").eq(at(4 * DAY + 5))]), [4]);
        assert_eq!(kept(&[col("event_at").gt(at(9 * DAY))]), [0; 0]);
    }

    #[test]
    fn filters_on_other_columns_keep_every_file() {
        assert_eq!(kept(&[col("event").eq(lit("x"))]), [0, 1, 2, 3, 4]);
        assert_eq!(kept(&[col("event_at").lt(at(DAY)).or(col("event").eq(lit("x")))]), [0, 1, 2, 3, 4]);
    }
}
