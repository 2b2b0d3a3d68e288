//! From counts to rows of the answer, percents and means.

use super::counts::Counts;
use crate::bind::retention::{BoundAggregate, BoundRetention};
use crate::insight::trends::finite;
use model::insight::retention::{AggregateMath, Reference, RetentionMeans, RetentionRow};

/// `counts` are of one group.
pub(super) fn rows(bound: &BoundRetention, name: Option<&str>, counts: &Counts) -> Vec<RetentionRow> {
    let intervals = bound.span.labels.len();
    let row = |row: usize| {
        let begun = |column: &usize| row + column < bound.begun;
        let cells: Vec<_> =
            (0..intervals - row).map(|column| begun(&column).then(|| counts.persons(row, column))).collect();
        let percent = |column: usize| {
            let of = match bound.reference {
                Reference::Previous if column > 0 => cells[column - 1],
                _ => cells[0],
            };
            Some(percent(cells[column]?, of?))
        };
        let percents = (0..cells.len()).map(percent).collect();
        let value = |aggregate, column| value(aggregate, bound.cumulative, counts, (row, column));
        let values = bound.aggregate.as_ref().map(|aggregate| {
            (0..intervals - row).map(|column| value(aggregate, column).filter(|_| begun(&column))).collect()
        });
        RetentionRow { breakdown_value: name.map(str::to_owned), row: row as u32, cells, values, percents }
    };
    (0..intervals).map(row).collect()
}

/// What the return events of a cell come to; of cumulative ones also those of all later cells of the row.
fn value(aggregate: &BoundAggregate, cumulative: bool, counts: &Counts, (row, column): (usize, usize)) -> Option<f64> {
    let mut numbers = counts.numbers(row, column);
    if cumulative {
        (column + 1..counts.intervals() - row).for_each(|later| numbers.merge(&counts.numbers(row, later)));
    }
    match aggregate.math {
        AggregateMath::Count => Some(numbers.count as f64),
        AggregateMath::Sum => finite(numbers.sum()),
        AggregateMath::Avg if numbers.count == 0 => None,
        AggregateMath::Avg => finite(numbers.sum() / numbers.count as f64),
    }
}

fn percent(count: u64, of: u64) -> f64 {
    if of == 0 { 0.0 } else { 100.0 * count as f64 / of as f64 }
}

/// Means per column, of each value's rows.
pub(super) fn means(bound: &BoundRetention, rows: &[RetentionRow]) -> Vec<RetentionMeans> {
    let intervals = bound.span.labels.len();
    let of_value = |rows: &[RetentionRow]| {
        let complete = |column: usize| {
            let reaches = move |row: &&RetentionRow| {
                let interval = row.row as usize + column;
                interval < bound.begun && bound.span.incomplete != Some(interval)
            };
            rows[..intervals - column].iter().filter(reaches).filter(|row| row.cells[0] > Some(0))
        };
        let weighted = |column: usize| {
            let sum = |column: usize, of: usize| complete(column).filter_map(|row| row.cells[of]).sum::<u64>();
            let size = sum(column, 0);
            (size > 0).then(|| percent(sum(column, column), size))
        };
        let simple = |column: usize| {
            let percents: Vec<f64> = complete(column).filter_map(|row| row.percents[column]).collect();
            (!percents.is_empty()).then(|| percents.iter().sum::<f64>() / percents.len() as f64)
        };
        RetentionMeans {
            breakdown_value: rows[0].breakdown_value.clone(),
            weighted: (0..intervals).map(weighted).collect(),
            simple: (0..intervals).map(simple).collect(),
        }
    };
    rows.chunks(intervals).map(of_value).collect()
}
