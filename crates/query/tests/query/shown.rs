//! Answers of insights over persons as golden files write them.

use crate::golden::shown_number;
use model::insight::funnel::FunnelAnswer;
use model::insight::paths::PathsAnswer;
use model::insight::{Answer, Explain};

pub fn explain(answer: &Answer) -> &Explain {
    match answer {
        Answer::Trends(answer) => &answer.explain,
        Answer::Funnel(answer) => &answer.explain,
        Answer::Retention(answer) => &answer.explain,
        Answer::Stickiness(answer) => &answer.explain,
        Answer::Lifecycle(answer) => &answer.explain,
        Answer::Paths(answer) => &answer.explain,
        Answer::Events(answer) => &answer.explain,
    }
}

/// The lines of a block; `None`: the answer has no such block.
pub fn of_persons(word: &str, answer: &Answer) -> Option<Vec<String>> {
    let numbers = |list: &[i64]| list.iter().map(i64::to_string).collect::<Vec<_>>().join(" ");
    Some(match (word, answer) {
        ("answer", Answer::Funnel(answer)) => funnel(answer),
        ("times", Answer::Funnel(answer)) => times(answer),
        ("answer", Answer::Retention(answer)) => {
            let cell = |cell: &Option<u64>| cell.map_or("null".to_owned(), |cell| cell.to_string());
            let row = |row: &model::insight::retention::RetentionRow| {
                named(&row.breakdown_value) + &row.cells.iter().map(cell).collect::<Vec<_>>().join(" ")
            };
            answer.rows.iter().map(row).collect()
        }
        ("times", Answer::Retention(answer)) => {
            let list = |list: &[Option<f64>]| list.iter().map(|mean| shown_number(*mean)).collect::<Vec<_>>().join(" ");
            let means = |means: &model::insight::retention::RetentionMeans| {
                format!(
                    "{}weighted {} | simple {}",
                    named(&means.breakdown_value),
                    list(&means.weighted),
                    list(&means.simple)
                )
            };
            answer.means.iter().map(means).collect()
        }
        ("buckets", Answer::Retention(answer)) => {
            let label = |bucket: &model::insight::trends::Bucket| {
                format!("{}{}", bucket.label, if bucket.incomplete { "*" } else { "" })
            };
            vec![answer.intervals.iter().map(label).collect::<Vec<_>>().join(" ")]
        }
        ("answer", Answer::Stickiness(answer)) => {
            let line = |line: &model::insight::stickiness::StickinessLine| {
                let counts = line.counts.iter().map(u64::to_string).collect::<Vec<_>>().join(" ");
                format!("{counts} | persons {}", line.persons)
            };
            answer.lines.iter().map(line).collect()
        }
        ("answer", Answer::Lifecycle(answer)) => vec![
            format!("new {}", numbers(&answer.new)),
            format!("returning {}", numbers(&answer.returning)),
            format!("resurrecting {}", numbers(&answer.resurrecting)),
            format!("dormant {}", numbers(&answer.dormant)),
        ],
        ("answer", Answer::Paths(answer)) => paths(answer),
        ("times", Answer::Paths(answer)) => {
            answer.drop_offs.iter().map(|end| format!("{} {}", end.node, end.count)).collect()
        }
        _ => return None,
    })
}

fn named(value: &Option<String>) -> String {
    value.as_ref().map_or(String::new(), |value| format!("{value}: "))
}

fn funnel(answer: &FunnelAnswer) -> Vec<String> {
    let row = |row: &model::insight::funnel::FunnelRow| {
        let counts: Vec<_> = row.steps.iter().map(|step| step.count.to_string()).collect();
        named(&row.breakdown_value) + &counts.join(" ")
    };
    let mut lines: Vec<String> = answer.rows.iter().flatten().map(row).collect();
    if let Some(times) = &answer.time_to_convert {
        lines.extend(times.bins.iter().map(|bin| format!("{} s: {}", bin.from_s, bin.count)));
        lines.push(format!("average {} s", shown_number(times.average_s)));
    }
    lines.extend(answer.trend.iter().flatten().map(|bucket| {
        let young = if bucket.bucket.incomplete { "*" } else { "" };
        format!("{}{young}: {}/{} {} %", bucket.bucket.label, bucket.entered, bucket.converted, bucket.rate)
    }));
    lines
}

fn times(answer: &FunnelAnswer) -> Vec<String> {
    let row = |row: &model::insight::funnel::FunnelRow| {
        let average: Vec<_> = row.steps.iter().map(|step| shown_number(step.average_s)).collect();
        let median: Vec<_> = row.steps.iter().map(|step| shown_number(step.median_s)).collect();
        format!("{}average {} | median {}", named(&row.breakdown_value), average.join(" "), median.join(" "))
    };
    answer.rows.iter().flatten().map(row).collect()
}

fn paths(answer: &PathsAnswer) -> Vec<String> {
    let edge = |edge: &model::insight::paths::Edge| {
        let average = shown_number(Some(edge.average_s));
        format!("{} > {} {} by {}, {average} s", edge.source, edge.target, edge.count, edge.persons)
    };
    answer.edges.iter().map(edge).collect()
}
