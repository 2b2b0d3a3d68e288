//! Workflow summaries against vectors of Sunbird's summariser, and against the oracle.

use crate::differential::{Case, case, cases, several};
use crate::stored::Stored;
use model::insight::workflow::{WorkflowQuestion, WorkflowRow};
use model::insight::{Answer, Question};
use model::property::PropertyLimits;
use model::{Dialect, Event, Level, Properties, Uuid};
use proptest::prelude::*;
use serde_json::{Value as Json, json};
use std::path::Path;
use testkit::oracle;
use testkit::oracle::identity::Persons;
use testkit::questions::workflow as questions;

const NOW: i64 = 1_768_000_000_000_000;

/// An event as the door makes it of a Sunbird one.
fn event(index: usize, json: &Json) -> Event {
    let mut members = json.as_object().expect("an object").clone();
    let name = members.remove("eid").expect("a name");
    let ets = members.remove("ets").and_then(|ets| ets.as_i64()).expect("milliseconds");
    let text = |path: &str| json.pointer(path).and_then(Json::as_str);
    Event {
        uuid: Uuid::from_u128(index as u128 + 1),
        event: name.as_str().expect("text").into(),
        event_at: ets * 1_000,
        received_at: NOW,
        distinct_id: text("/actor/id").expect("an actor").into(),
        session_id: text("/context/sid").map(Into::into),
        window_id: None,
        level: Level::Full,
        dialect: Dialect::Sunbird,
        properties: Properties::from_json(&members, PropertyLimits::default()),
    }
}

/// A row as the vectors write it.
fn as_vector(row: &WorkflowRow) -> Json {
    let millis = |text: &str| text.parse::<jiff::Timestamp>().expect("an instant").as_millisecond();
    let page = |page: &model::insight::workflow::WorkflowPage| {
        json!({"id": page.page, "type": page.kind, "env": page.env, "time_spent": page.time_spent_s,
            "visit_count": page.visits})
    };
    let env = |env: &model::insight::workflow::WorkflowEnv| json!({"env": env.env, "time_spent": env.time_spent_s, "count": env.visits});
    json!({
        "dimensions": {"type": row.kind, "mode": row.mode, "did": row.device_id, "sid": row.session_id},
        "start_time": millis(&row.start), "end_time": millis(&row.end),
        "time_diff": row.time_diff_s, "time_spent": row.time_spent_s,
        "interact_events_count": row.interactions, "interact_events_per_min": row.interactions_per_minute,
        "events_summary": row.events,
        "page_summary": row.pages.iter().map(page).collect::<Vec<_>>(),
        "env_summary": row.envs.iter().map(env).collect::<Vec<_>>(),
        "item_responses_count": row.items.len(),
    })
}

#[test]
fn the_vectors_of_the_summariser_hold() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/workflow-vectors.json");
    let vectors: Json = serde_json::from_slice(&std::fs::read(file).expect("readable")).expect("JSON");
    let vectors = vectors["vectors"].as_array().expect("a list");
    assert_eq!(vectors.len(), 10);
    for vector in vectors {
        let events: Vec<Event> =
            vector["events"].as_array().expect("a list").iter().enumerate().map(|(i, json)| event(i, json)).collect();
        let stored = Stored::new(NOW);
        stored.append(&events);
        let clock = model::project::ProjectClock { time_zone: "UTC".into(), week_start: Default::default() };
        let question = WorkflowQuestion { date_from: Some("all".into()), ..WorkflowQuestion::default() };
        for compacted in [false, true] {
            if compacted {
                stored.compact();
            }
            let Some(Answer::Workflow(answer)) = stored.ask(&Question::Workflow(question.clone()), &clock) else {
                panic!("workflows were asked");
            };
            let mut shown: Vec<Json> = answer.workflows.iter().map(as_vector).collect();
            let mut expected = vector["expected"].as_array().expect("a list").clone();
            for summary in &mut expected {
                // The hash of who, what and when names a summary there; here they stand beside each other.
                summary.as_object_mut().expect("an object").remove("mid");
            }
            let by_text = |json: &Json| json.to_string();
            shown.sort_by_key(by_text);
            expected.sort_by_key(by_text);
            assert_eq!(shown, expected, "{}", vector["name"]);
        }
    }
}

fn worked(most: usize) -> impl Strategy<Value = Case> {
    (case(most), proptest::collection::vec(any::<u16>(), 1..200)).prop_map(|(mut case, seeds)| {
        case.events = questions::with_workflows(case.events, &seeds, case.world.now);
        case
    })
}

fn check(stored: &Stored, case: &Case, persons: &Persons, question: &WorkflowQuestion) -> Result<(), TestCaseError> {
    let answer = stored.ask(&Question::Workflow(question.clone()), &case.world.clock);
    let expected = oracle::workflow::workflows(&case.events, persons, question, &case.world);
    let (Some(Answer::Workflow(answer)), Some(expected)) = (answer, expected) else {
        return Err(TestCaseError::fail("it has an answer"));
    };
    prop_assert_eq!(answer.count, expected.len() as u64);
    let limit = question.limit.unwrap_or(100) as usize;
    prop_assert_eq!(answer.workflows.len(), expected.len().min(limit));
    let starts: Vec<_> = answer.workflows.iter().map(|row| &row.start).collect();
    prop_assert!(starts.is_sorted_by(|a, b| a >= b), "newest first");
    let shown = answer.workflows.into_iter().map(|mut row| {
        row.person = persons.name_of(&row.person);
        row.items.iter_mut().for_each(|item| item.at.clear());
        serde_json::to_string(&row).expect("rows are JSON")
    });
    let wanted = expected.into_iter().map(|(start, end, row)| {
        let row = WorkflowRow { start: query::rfc3339(start), end: query::rfc3339(end), ..row };
        serde_json::to_string(&row).expect("rows are JSON")
    });
    let (mut shown, mut wanted): (Vec<_>, Vec<_>) = (shown.collect(), wanted.collect());
    shown.sort();
    wanted.sort();
    if shown.len() == wanted.len() {
        prop_assert_eq!(shown, wanted);
    } else {
        prop_assert!(shown.iter().all(|row| wanted.contains(row)), "{:?} {:?}", shown, wanted);
    }
    Ok(())
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn workflows_agree_with_the_oracle(case in worked(100), asked in several(questions::workflows())) {
        let stored = Stored::cut(&case.events, &case.cuts, case.world.now);
        let persons = Persons::after(&case.events);
        let case = case.told(&persons);
        for question in &asked {
            check(&stored, &case, &persons, question)
                .map_err(|error| TestCaseError::fail(format!("{error}\nfor {question:?}")))?;
        }
    }
}
