//! Answers of insights over persons as tab-separated tables.

use model::insight::correlation::CorrelationAnswer;
use model::insight::funnel::FunnelAnswer;
use model::insight::items::ItemsAnswer;
use model::insight::lifecycle::LifecycleAnswer;
use model::insight::paths::PathsAnswer;
use model::insight::retention::RetentionAnswer;
use model::insight::sessions::SessionsAnswer;
use model::insight::stickiness::{StickinessAnswer, StickinessLine};
use model::insight::trends::{Bucket, PeriodLabel};
use model::insight::web::{WebAnswer, WebNumbers};
use model::insight::workflow::WorkflowAnswer;
use std::fmt::Write;

fn number(value: Option<f64>) -> String {
    value.map_or("-".to_owned(), model::property::canonical_number)
}

fn name(bucket: &Bucket) -> String {
    format!("{}{}", bucket.label, if bucket.incomplete { " *" } else { "" })
}

/// One line per step, bin or bucket, as the view is.
pub fn funnel(text: &mut String, answer: &FunnelAnswer) {
    for row in answer.rows.iter().flatten() {
        if let Some(value) = &row.breakdown_value {
            let _ = writeln!(text, "{value}");
        }
        let _ = writeln!(text, "step\tpersons\tdropped\taverage s\tmedian s");
        for (step, numbers) in answer.steps.iter().zip(&row.steps) {
            let times = format!("{}\t{}", number(numbers.average_s), number(numbers.median_s));
            let _ = writeln!(text, "{step}\t{}\t{}\t{times}", numbers.count, numbers.dropped);
        }
    }
    for bin in answer.time_to_convert.iter().flat_map(|times| &times.bins) {
        let _ = writeln!(text, "{} s\t{}", bin.from_s, bin.count);
    }
    for bucket in answer.trend.iter().flatten() {
        let _ = writeln!(text, "{}\t{}\t{}\t{}", name(&bucket.bucket), bucket.entered, bucket.converted, bucket.rate);
    }
    let _ = writeln!(text, "# {}; {} rows", answer.explain.definition, answer.explain.rows_read);
}

/// One line per row.
pub fn retention(text: &mut String, answer: &RetentionAnswer) {
    for row in &answer.rows {
        let cells: Vec<_> = row.cells.iter().map(|cell| cell.map_or("-".to_owned(), |cell| cell.to_string())).collect();
        let value = row.breakdown_value.as_ref().map_or(String::new(), |value| format!("{value}\t"));
        let interval = answer.intervals.get(row.row as usize).map(name).unwrap_or_default();
        let _ = writeln!(text, "{value}{interval}\t{}", cells.join("\t"));
        if let Some(values) = &row.values {
            let values: Vec<_> = values.iter().map(|value| number(*value)).collect();
            let _ = writeln!(text, "{value}{interval}\t{}", values.join("\t"));
        }
    }
    let _ = writeln!(text, "# {}; {} rows", answer.explain.definition, answer.explain.rows_read);
}

/// One line per number of active buckets.
pub fn stickiness(text: &mut String, answer: &StickinessAnswer) {
    let name = |line: &StickinessLine| match line.compare_label {
        Some(PeriodLabel::Previous) => format!("{} before", line.label),
        _ => line.label.clone(),
    };
    let names: Vec<_> = answer.lines.iter().map(name).collect();
    let _ = writeln!(text, "active\t{}", names.join("\t"));
    for column in 0..answer.lines.iter().map(|line| line.counts.len()).max().unwrap_or(0) {
        let count = |line: &StickinessLine| line.counts.get(column).map_or("-".to_owned(), u64::to_string);
        let counts: Vec<_> = answer.lines.iter().map(count).collect();
        let _ = writeln!(text, "{}\t{}", column + 1, counts.join("\t"));
    }
    let _ = writeln!(text, "# {}; {} rows", answer.explain.definition, answer.explain.rows_read);
}

/// One line per factor, those of success first.
pub fn correlation(text: &mut String, answer: &CorrelationAnswer) {
    let _ = writeln!(text, "factor\tconverted\tdropped\todds ratio\tfrom\tto");
    let _ = writeln!(text, "all\t{}\t{}", answer.converted, answer.dropped);
    for factor in answer.success.iter().chain(&answer.failure) {
        let property = factor.property.as_ref().map_or(String::new(), |property| format!("{property} = "));
        let numbers = [factor.odds_ratio, factor.odds_ratio_low, factor.odds_ratio_high];
        let numbers = numbers.map(|number| format!("{number:.2}")).join("\t");
        let _ = writeln!(text, "{property}{}\t{}\t{}\t{numbers}", factor.value, factor.converted, factor.dropped);
    }
    let _ = writeln!(text, "# {}; {} rows", answer.explain.definition, answer.explain.rows_read);
}

/// One line per bucket.
pub fn lifecycle(text: &mut String, answer: &LifecycleAnswer) {
    let _ = writeln!(text, "bucket\tnew\treturning\tresurrecting\tdormant");
    for (index, bucket) in answer.buckets.iter().enumerate() {
        let lists = [&answer.new, &answer.returning, &answer.resurrecting, &answer.dormant];
        let numbers = lists.map(|list| list[index].to_string());
        let _ = writeln!(text, "{}\t{}", name(bucket), numbers.join("\t"));
    }
    let _ = writeln!(text, "# {}; {} rows", answer.explain.definition, answer.explain.rows_read);
}

/// One line per edge.
pub fn paths(text: &mut String, answer: &PathsAnswer) {
    let _ = writeln!(text, "source\ttarget\tcount\tpersons\taverage s");
    for edge in &answer.edges {
        let average = model::property::canonical_number(edge.average_s);
        let _ = writeln!(text, "{}\t{}\t{}\t{}\t{average}", edge.source, edge.target, edge.count, edge.persons);
    }
    let _ = writeln!(text, "# {}; {} rows", answer.explain.definition, answer.explain.rows_read);
}

/// One line per session.
pub fn sessions(text: &mut String, answer: &SessionsAnswer) {
    let _ = writeln!(text, "start\tsession\tperson\tseconds\tevents\tviews\tclicks\tentry\texit\tchannel");
    for row in &answer.sessions {
        let page = |page: &Option<String>| page.clone().unwrap_or_else(|| "-".to_owned());
        let views = row.pageviews + row.screens;
        let numbers = format!("{}\t{}\t{views}\t{}", row.duration_s, row.events, row.clicks);
        let ends = format!("{}\t{}", page(&row.entry_page), page(&row.exit_page));
        let _ = writeln!(text, "{}\t{}\t{}\t{numbers}\t{ends}\t{}", row.start, row.session_id, row.person, row.channel);
    }
    let _ =
        writeln!(text, "# {} sessions; {}; {} rows", answer.count, answer.explain.definition, answer.explain.rows_read);
}

/// The whole, then each table.
pub fn web(text: &mut String, answer: &WebAnswer) {
    let numbers = |numbers: &WebNumbers| {
        let means = format!("{}\t{}", number(numbers.duration_s), number(numbers.bounce_rate));
        format!("{}\t{}\t{}\t{means}", numbers.visitors, numbers.views, numbers.sessions)
    };
    let _ = writeln!(text, "\tvisitors\tviews\tsessions\tmean s\tbounce %");
    let _ = writeln!(text, "all\t{}", numbers(&answer.current));
    if let Some(previous) = &answer.previous {
        let _ = writeln!(text, "before\t{}", numbers(previous));
    }
    for table in &answer.tables {
        let _ = writeln!(text, "\n{:?}", table.table);
        for row in &table.rows {
            let _ = writeln!(text, "{}\t{}", row.value, numbers(&row.current));
        }
    }
    let _ = writeln!(text, "# {}; {} rows", answer.explain.definition, answer.explain.rows_read);
}

/// One line per item.
pub fn items(text: &mut String, answer: &ItemsAnswer) {
    let _ = writeln!(text, "item\tpersons\tattempts\tright\tdifficulty\tdiscrimination\tmean s\tresponses");
    for row in &answer.items {
        let quality = format!("{}\t{}", number(row.difficulty), number(row.discrimination));
        let counts = format!("{}\t{}\t{}", row.persons, row.attempts, row.correct);
        let _ = writeln!(text, "{}\t{counts}\t{quality}\t{}\t{}", row.item, number(row.average_s), row.responses);
    }
    let _ =
        writeln!(text, "# {} items; {}; {} rows", answer.count, answer.explain.definition, answer.explain.rows_read);
}

/// One line per workflow.
pub fn workflow(text: &mut String, answer: &WorkflowAnswer) {
    let _ = writeln!(text, "start\ttype\tmode\tdevice\tperson\tspent s\tinteractions\tpages");
    for row in &answer.workflows {
        let who = format!("{}\t{}\t{}\t{}", row.kind, row.mode, row.device_id, row.person);
        let numbers = format!("{}\t{}\t{}", row.time_spent_s, row.interactions, row.pages.len());
        let _ = writeln!(text, "{}\t{who}\t{numbers}", row.start);
    }
    let _ = writeln!(
        text,
        "# {} workflows; {}; {} rows",
        answer.count, answer.explain.definition, answer.explain.rows_read
    );
}
