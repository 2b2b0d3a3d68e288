//! From counts to rows of the answer, percents and means.

use crate::bind::retention::BoundRetention;
use crate::values::Shown;
use model::insight::retention::{Reference, RetentionMeans, RetentionRow};

/// The counts of each row of the breakdown with its name.
pub(super) fn per_group(shown: &Shown, counts: &[u64], intervals: usize) -> Vec<(Option<String>, Vec<u64>)> {
    let size = intervals * intervals;
    let of = |group: usize| counts.get(group * size..(group + 1) * size).map(<[u64]>::to_vec).unwrap_or_default();
    shown.rows().into_iter().map(|(group, name)| (Some(name), of(group))).collect()
}

/// `counts` are of one group; empty: nobody.
pub(super) fn rows(bound: &BoundRetention, name: Option<&str>, counts: &[u64]) -> Vec<RetentionRow> {
    let intervals = bound.span.labels.len();
    let row = |row: usize| {
        let count = |column: usize| counts.get(row * intervals + column).copied().unwrap_or(0);
        let cells: Vec<_> =
            (0..intervals - row).map(|column| (row + column < bound.begun).then(|| count(column))).collect();
        let percent = |column: usize| {
            let of = match bound.reference {
                Reference::Previous if column > 0 => cells[column - 1],
                _ => cells[0],
            };
            Some(percent(cells[column]?, of?))
        };
        let percents = (0..cells.len()).map(percent).collect();
        RetentionRow { breakdown_value: name.map(str::to_owned), row: row as u32, cells, percents }
    };
    (0..intervals).map(row).collect()
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
