//! SQL without the program that answers it; with it: crates/sql/tests.

use crate::running::{Running, TOKEN, impression};
use serde_json::{Value, json};

const NOWHERE: (&str, &str) = ("TELEMETRY_SQL_BINARY", "/nowhere/telemetry-sql");

#[test]
fn without_the_program_an_answer_says_how_to_get_it() {
    let server = Running::start_with(&[NOWHERE]);
    let answer = server.api("POST", "/api/projects/1/sql", json!({"sql": "SELECT 1"}));
    assert_eq!((answer.status, answer.body["error"]["code"].as_str()), (503, Some("sql_unavailable")));
    assert!(answer.body["error"]["message"].as_str().is_some_and(|text| text.contains("make build")));
}

#[test]
fn the_schema_needs_no_program() {
    let server = Running::start_with(&[NOWHERE]);
    server.sunbird(&[impression("m", "p", "home", 1_767_592_800_000)]);
    let schema = server.api("GET", "/api/projects/1/sql/schema", Value::Null).body;
    assert_eq!(schema["available"], false);
    let columns = schema["tables"][0]["columns"].as_array().expect("columns");
    let page = columns.iter().find(|column| column["name"] == "edata.pageid").expect("a property");
    assert_eq!(page["type"], "text");
    assert_eq!(server.api("GET", "/api/projects/9/sql/schema", Value::Null).status, 404);
}

#[test]
fn a_wrong_request_names_its_field() {
    let server = Running::start_with(&[NOWHERE]);
    let ask = |body: Value| server.api("POST", "/api/projects/1/sql", body);
    assert_eq!(ask(json!({"sql": "SELECT 1", "rows_max": 0})).body["error"]["path"], "rows_max");
    assert_eq!(ask(json!({"sql": "SELECT 1", "format": "xml"})).body["error"]["path"], "format");
    assert_eq!(ask(json!({"sql": "SELECT 1", "rows": 5})).status, 400);
    let large = json!({"sql": "x".repeat(2 << 20)}).to_string();
    let authorization = format!("Bearer {TOKEN}");
    let answer = server.send("POST", "/api/projects/1/sql", &[("authorization", &authorization)], large.as_bytes());
    assert_eq!(answer.status, 413);
}
