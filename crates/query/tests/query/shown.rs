//! Answers of insights over persons as golden files write them.

use crate::golden::shown_number;
use model::insight::correlation::{CorrelationAnswer, Factor};
use model::insight::funnel::FunnelAnswer;
use model::insight::items::{ItemAnswer, ItemRow};
use model::insight::paths::PathsAnswer;
use model::insight::sessions::SessionRow;
use model::insight::trends::PeriodLabel;
use model::insight::web::{WebAnswer, WebNumbers, WebRow};
use model::insight::workflow::WorkflowRow;
use model::insight::{Answer, Explain};

pub fn explain(answer: &Answer) -> &Explain {
    match answer {
        Answer::Trends(answer) => &answer.explain,
        Answer::Funnel(answer) => &answer.explain,
        Answer::Retention(answer) => &answer.explain,
        Answer::Stickiness(answer) => &answer.explain,
        Answer::Lifecycle(answer) => &answer.explain,
        Answer::Correlation(answer) => &answer.explain,
        Answer::Paths(answer) => &answer.explain,
        Answer::Web(answer) => &answer.explain,
        Answer::Items(answer) => &answer.explain,
        Answer::Workflow(answer) => &answer.explain,
        Answer::Sessions(answer) => &answer.explain,
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
                let values = |values: &Vec<Option<f64>>| {
                    let values = values.iter().map(|value| shown_number(*value));
                    format!(" | {}", values.collect::<Vec<_>>().join(" "))
                };
                let cells = row.cells.iter().map(cell).collect::<Vec<_>>().join(" ");
                named(&row.breakdown_value) + &cells + &row.values.as_ref().map_or_else(String::new, values)
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
                let before = if line.compare_label == Some(PeriodLabel::Previous) { "before: " } else { "" };
                format!("{before}{counts} | persons {}", line.persons)
            };
            answer.lines.iter().map(line).collect()
        }
        ("answer", Answer::Lifecycle(answer)) => vec![
            format!("new {}", numbers(&answer.new)),
            format!("returning {}", numbers(&answer.returning)),
            format!("resurrecting {}", numbers(&answer.resurrecting)),
            format!("dormant {}", numbers(&answer.dormant)),
        ],
        ("answer", Answer::Correlation(answer)) => correlation(answer),
        ("answer", Answer::Paths(answer)) => paths(answer),
        ("answer", Answer::Web(answer)) => web(answer),
        ("answer", Answer::Items(answer)) => answer.items.iter().flat_map(item).collect(),
        ("answer", Answer::Workflow(answer)) => answer.workflows.iter().map(workflow).collect(),
        ("answer", Answer::Sessions(answer)) => {
            let mut lines: Vec<_> = answer.sessions.iter().map(session).collect();
            lines.extend(answer.next.as_ref().map(|_| "…".to_owned()));
            lines
        }
        ("times", Answer::Sessions(answer)) => answer.sessions.iter().map(origin).collect(),
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

/// The numbers, with those of the other period, then the tables.
fn web(answer: &WebAnswer) -> Vec<String> {
    let shown = |numbers: &WebNumbers| {
        let [seconds, bounces] = [numbers.duration_s, numbers.bounce_rate].map(shown_number);
        let counts = [numbers.visitors, numbers.views, numbers.sessions].map(|count| count.to_string());
        [counts[0].clone(), counts[1].clone(), counts[2].clone(), format!("{seconds} s"), bounces]
    };
    let line = |numbers: &WebNumbers, beside: [String; 5]| {
        let [visitors, views, sessions, seconds, bounce] = shown(numbers);
        let [a, b, c, d, e] = beside;
        format!("visitors {visitors}{a}, views {views}{b}, sessions {sessions}{c}, {seconds}{d}, bounce {bounce}{e}")
    };
    let beside = match (&answer.previous, &answer.change) {
        (Some(previous), Some(change)) => {
            let changes = [change.visitors, change.views, change.sessions, change.duration_s, change.bounce_rate];
            let mut beside = shown(previous);
            for (text, change) in beside.iter_mut().zip(changes) {
                let change = change
                    .map_or("null".to_owned(), |change| format!("{}{change} %", if change > 0 { "+" } else { "" }));
                *text = format!(" ({text}, {change})");
            }
            beside
        }
        _ => Default::default(),
    };
    let mut lines = vec![line(&answer.current, beside)];
    for table in &answer.tables {
        let name = serde_json::to_value(table.table).expect("tables are JSON");
        let name = name.as_str().unwrap_or_default();
        let more = table.count > table.rows.len() as u64;
        lines.push(if more { format!("{name} of {}", table.count) } else { name.to_owned() });
        let row = |row: &WebRow| format!("{}: {}", row.value, line(&row.current, Default::default()));
        lines.extend(table.rows.iter().map(row));
    }
    lines
}

/// An item, its answers and choices.
fn item(row: &ItemRow) -> Vec<String> {
    let numbers = [row.share_correct, row.difficulty, row.discrimination, row.average_s, row.median_s];
    let [share, difficulty, discrimination, mean, median] = numbers.map(shown_number);
    let counts = format!("{} persons, {} attempts, {} right", row.persons, row.attempts, row.correct);
    let quality = format!("share {share}, difficulty {difficulty}, discrimination {discrimination}");
    let times = format!("mean {mean} s, median {median} s, {} responses", row.responses);
    let mut lines = vec![format!("{}: {counts}, {quality}, {times}", row.item)];
    for (word, list) in [("answer", &row.answers), ("choice", &row.choices)] {
        let answer = |answer: &ItemAnswer| {
            let right = answer.correct.map_or_else(String::new, |correct| format!(", {correct} right"));
            format!("{word} {}: {}, share {}{right}", answer.value, answer.count, shown_number(Some(answer.share)))
        };
        lines.extend(list.iter().map(answer));
    }
    lines
}

/// A workflow with its pages.
fn workflow(row: &WorkflowRow) -> String {
    let events: Vec<_> = row.events.iter().map(|(name, count)| format!("{name} {count}")).collect();
    let pages: Vec<_> =
        row.pages.iter().map(|page| format!("; {} {} s in {}", page.page, page.time_spent_s, page.visits)).collect();
    let mode = if row.mode.is_empty() { String::new() } else { format!(" {}", row.mode) };
    let times = format!("{} s of {} s", row.time_spent_s, row.time_diff_s);
    let interactions = format!("{} interactions, {} a minute", row.interactions, row.interactions_per_minute);
    format!("{}{mode} of {}: {times}, {interactions}; {}{}", row.kind, row.person, events.join(", "), pages.concat())
}

/// What it was.
fn session(row: &SessionRow) -> String {
    let inferred = row.session_id.strip_prefix("i-");
    let number = inferred.map(|uuid| model::Uuid::parse_str(uuid).expect("a uuid").as_u128());
    let id = number.map_or_else(|| row.session_id.clone(), |number| format!("i-#{number}"));
    let bounce = row.bounce.map_or("", |bounce| if bounce { ", bounce" } else { ", no bounce" });
    let long = if row.too_long { ", too long" } else { "" };
    format!(
        "{id} of {}: {} s{long}, {} events, {} pages, {} screens, {} clicks{bounce}",
        row.person, row.duration_s, row.events, row.pageviews, row.screens, row.clicks
    )
}

/// Where it came from and went through.
fn origin(row: &SessionRow) -> String {
    let said = [
        ("in", &row.entry_page),
        ("out", &row.exit_page),
        ("domain", &row.referring_domain),
        ("source", &row.utm_source),
        ("medium", &row.utm_medium),
        ("campaign", &row.utm_campaign),
        ("device", &row.device),
        ("browser", &row.browser),
        ("os", &row.os),
        ("country", &row.country),
        ("language", &row.language),
    ];
    let said = said.into_iter().filter_map(|(name, text)| Some(format!(", {name} {}", text.as_ref()?)));
    format!("{}{}", row.channel, said.collect::<String>())
}

/// Both sides, then the factors of success and those of failure.
fn correlation(answer: &CorrelationAnswer) -> Vec<String> {
    let skewed = if answer.skewed { ", skewed" } else { "" };
    let factor = |factor: &Factor| {
        let property = factor.property.as_ref().map_or(String::new(), |property| format!("{property} = "));
        let [odds, low, high] = [factor.odds_ratio, factor.odds_ratio_low, factor.odds_ratio_high];
        let [odds, low, high] = [odds, low, high].map(|number| shown_number(Some(number)));
        format!("{property}{} {}/{}: {odds} ({low} to {high})", factor.value, factor.converted, factor.dropped)
    };
    let mut lines = vec![format!("converted {}, dropped {}{skewed}", answer.converted, answer.dropped)];
    lines.extend(answer.success.iter().chain(&answer.failure).map(factor));
    lines
}

fn paths(answer: &PathsAnswer) -> Vec<String> {
    let edge = |edge: &model::insight::paths::Edge| {
        let average = shown_number(Some(edge.average_s));
        format!("{} > {} {} by {}, {average} s", edge.source, edge.target, edge.count, edge.persons)
    };
    answer.edges.iter().map(edge).collect()
}
