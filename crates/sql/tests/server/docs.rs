//! Every example of docs/sql.md works when pasted.

use crate::running::{Running, events};
use serde_json::json;

#[test]
fn the_examples_of_the_reference_answer() {
    let text = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/sql.md")).expect("readable");
    let server = Running::start();
    server.posthog(&events(40));
    server.posthog(&[json!({
        "event": "$identify", "distinct_id": "asha", "timestamp": "2026-01-08T00:00:00Z",
        "properties": {"$anon_distinct_id": "p3", "$set": {"name": "Asha"}},
    })]);
    let examples: Vec<&str> =
        text.split("```sql\n").skip(1).map(|rest| rest.split("```").next().unwrap_or_default()).collect();
    assert!(examples.len() >= 7);
    for example in examples {
        let answer = server.sql(example);
        assert_eq!(answer.status, 200, "{example}\n{}", answer.text);
        // The days and the pages of the examples need not be those of the test.
        let may_be_empty = example.contains("now()") || example.contains("IMPRESSION");
        assert!(may_be_empty || answer.json()["rows"] != json!([]), "{example}");
    }
}
