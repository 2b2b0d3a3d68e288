//! From cells to rows of the answer: running sums, the formula, trailing means.

use super::{Lines, finite};
use crate::bind::trends::BoundTrends;
use model::insight::trends::{PeriodLabel, SeriesAnswer};

/// The numbers of one row before they are shown.
struct Numbers {
    data: Vec<Option<f64>>,
    total: Option<f64>,
}

/// By series, or the one formula, then by `rows`, which are groups in their order with their names.
pub(super) fn rows(
    bound: &BoundTrends,
    mut lines: Vec<Lines>,
    rows: &[(usize, Option<String>)],
    compare_label: Option<PeriodLabel>,
) -> Vec<SeriesAnswer> {
    let buckets = bound.span.labels.len();
    if bound.cumulative {
        lines.iter_mut().flat_map(|lines| lines.cells.chunks_mut(buckets)).for_each(run);
    }
    let labels: Vec<&str> = match (&bound.formula, &bound.formula_text) {
        (Some(_), text) => vec![text],
        (None, _) => bound.series.iter().map(|series| series.label.as_str()).collect(),
    };
    let mut shaped = Vec::with_capacity(labels.len() * rows.len());
    for (index, label) in labels.into_iter().enumerate() {
        for (group, value) in rows {
            let Numbers { mut data, total } = numbers(bound, &lines, (index, *group));
            if bound.smoothing > 1 {
                data = smoothed(&data, bound.smoothing);
            }
            shaped.push(SeriesAnswer {
                label: label.to_owned(),
                series: index as u32,
                breakdown_value: value.clone(),
                compare_label,
                // JSON has no infinity.
                sum: data.iter().flatten().fold(0.0, |sum, number| sum + number).clamp(f64::MIN, f64::MAX),
                data,
                total,
            });
        }
    }
    shaped
}

fn numbers(bound: &BoundTrends, lines: &[Lines], (index, group): (usize, usize)) -> Numbers {
    let buckets = bound.span.labels.len();
    match &bound.formula {
        None => {
            let data = lines[index].cells[group * buckets..][..buckets].to_vec();
            Numbers { data, total: lines[index].totals[group] }
        }
        Some(formula) => {
            let of_bucket =
                |bucket: usize| finite(formula.value(&|series| lines[series].cells[group * buckets + bucket]));
            Numbers {
                data: (0..buckets).map(of_bucket).collect(),
                total: finite(formula.value(&|series| lines[series].totals[group])),
            }
        }
    }
}

/// Each number becomes the sum up to it; null counts as 0.
fn run(line: &mut [Option<f64>]) {
    let mut sum = 0.0;
    for number in line {
        sum += number.unwrap_or(0.0);
        *number = finite(sum);
    }
}

/// The mean of each number and up to `width - 1` before it; null counts as 0.
fn smoothed(data: &[Option<f64>], width: usize) -> Vec<Option<f64>> {
    let mean = |end: usize| {
        let window = &data[(end + 1).saturating_sub(width)..=end];
        finite(window.iter().map(|number| number.unwrap_or(0.0)).sum::<f64>() / window.len() as f64)
    };
    (0..data.len()).map(mean).collect()
}
