//! `telemetry query`: answers a question from a file, on a data directory without a server.

use super::{Usage, find_project, open_meta, open_store};
use crate::clock;
use crate::config::Config;
use crate::definitions::Definitions;
use crate::snapshots::on_snapshot;
use anyhow::Context;
use model::insight::Answer;
use query::QueryLimits;
use std::io::Read;
use std::path::Path;

/// Answers one question and prints the answer: JSON with `--json`, else a table.
///
/// # Errors
/// An unreadable file, a wrong question (with the path of the field), or a data directory in use.
pub fn run(config: &Config, project: Option<&str>, question: &Path, json: bool) -> anyhow::Result<()> {
    let mut bytes = Vec::new();
    if question == Path::new("-") {
        std::io::stdin().read_to_end(&mut bytes).context("cannot read standard input")?;
    } else {
        bytes =
            std::fs::read(question).map_err(|error| Usage(format!("cannot read {}: {error}", question.display())))?;
    }
    let parsed = query::parse(&bytes).map_err(usage)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let named = serde_json::to_value(&parsed)?;
    let (project, definitions) = runtime.block_on(async {
        let meta = open_meta(config).await?;
        let project = find_project(&meta, project).await?;
        let definitions = Definitions::of(&meta, project.id, &named).await?;
        anyhow::Ok((project, definitions))
    })?;
    let (store, _) = open_store(config)?;
    let limits = QueryLimits { threads: config.query_threads, ..QueryLimits::default() };
    let answer = on_snapshot(&store, project.id, |snapshot| -> anyhow::Result<Answer> {
        let now = clock::now();
        let bound = query::bind(&parsed, &project.clock(), now, &definitions.known(snapshot)).map_err(usage)?;
        let mut answer = query::answer(snapshot, &bound, &limits)?;
        answer.explain_mut().asked_at = Some(query::rfc3339(now));
        Ok(answer)
    })?;
    store.close()?;
    if json {
        println!("{}", serde_json::to_string_pretty(&answer)?);
    } else {
        print!("{}", as_table(&answer));
    }
    Ok(())
}

fn usage(error: query::QuestionError) -> anyhow::Error {
    let allowed =
        if error.allowed.is_empty() { String::new() } else { format!(" (allowed: {})", error.allowed.join(", ")) };
    Usage(format!("the question is wrong: {error}{allowed}")).into()
}

/// Tab-separated, so that it reads on a terminal and pastes into a sheet.
fn as_table(answer: &Answer) -> String {
    use std::fmt::Write;
    let mut text = String::new();
    match answer {
        Answer::Trends(trends) => {
            let names: Vec<String> = trends
                .series
                .iter()
                .map(|series| match &series.breakdown_value {
                    Some(value) => format!("{} {value}", series.label),
                    None => series.label.clone(),
                })
                .collect();
            let _ = writeln!(text, "bucket\t{}", names.join("\t"));
            let cell = |value: Option<f64>| value.map_or("-".to_owned(), model::property::canonical_number);
            for (index, bucket) in trends.buckets.iter().enumerate() {
                let cells: Vec<_> = trends.series.iter().map(|series| cell(series.data[index])).collect();
                let note = if bucket.incomplete { " *" } else { "" };
                let _ = writeln!(text, "{}{note}\t{}", bucket.label, cells.join("\t"));
            }
            let totals: Vec<_> = trends.series.iter().map(|series| cell(series.total)).collect();
            let _ = writeln!(text, "total\t{}", totals.join("\t"));
            let _ = writeln!(text, "# {}; {} rows", trends.explain.definition, trends.explain.rows_read);
        }
        Answer::Funnel(funnel) => super::tables::funnel(&mut text, funnel),
        Answer::Retention(retention) => super::tables::retention(&mut text, retention),
        Answer::Stickiness(stickiness) => super::tables::stickiness(&mut text, stickiness),
        Answer::Lifecycle(lifecycle) => super::tables::lifecycle(&mut text, lifecycle),
        Answer::Correlation(correlation) => super::tables::correlation(&mut text, correlation),
        Answer::Paths(paths) => super::tables::paths(&mut text, paths),
        Answer::Web(web) => super::tables::web(&mut text, web),
        Answer::Items(items) => super::tables::items(&mut text, items),
        Answer::Workflow(workflow) => super::tables::workflow(&mut text, workflow),
        Answer::Sessions(sessions) => super::tables::sessions(&mut text, sessions),
        Answer::Events(events) => {
            for event in &events.events {
                let properties = serde_json::Value::Object(event.properties.clone());
                let _ = writeln!(text, "{}\t{}\t{}\t{properties}", event.event_at, event.event, event.distinct_id);
            }
        }
    }
    text
}
