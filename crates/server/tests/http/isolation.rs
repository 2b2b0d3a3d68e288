//! Every route of the OpenAPI document, asked by those who may not: nobody, and the holders of ingest keys.

use crate::running::{Running, SECRET_KEY, WRITE_KEY};
use serde_json::Value;

/// Routes that answer everybody, because they reveal nothing of a project.
const PUBLIC: [&str; 6] =
    ["get /api/setup", "post /api/setup", "post /api/login", "post /api/logout", "get /health", "get /ready"];

#[test]
fn a_write_key_opens_no_read_route() {
    let server = Running::start();
    let document = server.send("GET", "/api/openapi.json", &[], b"").body;
    let paths = document["paths"].as_object().expect("paths");
    let mut asked = 0;
    for (path, methods) in paths {
        for method in methods.as_object().expect("methods").keys() {
            if PUBLIC.contains(&format!("{method} {path}").as_str()) {
                continue;
            }
            let path = path
                .replace("{id}", "1")
                .replace("{key}", "1")
                .replace("{seq}", "1")
                .replace("{distinct_id}", "p")
                .replace("{insight}", "1")
                .replace("{dashboard}", "1")
                .replace("{cohort}", "1")
                .replace("{action}", "1");
            assert!(!path.contains('{'), "a new parameter in {path}: add it here");
            let method = method.to_uppercase();
            for key in ["", WRITE_KEY, SECRET_KEY, "tmp_nobody"] {
                let authorization = format!("Bearer {key}");
                let headers = [("authorization", authorization.as_str()), ("x-telemetry", "1")];
                let answer = server.send(&method, &path, &headers, b"{}");
                assert_eq!(answer.status, 401, "{method} {path} with {key:?}: {}", answer.body);
                let query = format!("{path}?key={key}&token={key}&api_key={key}");
                assert_eq!(server.send(&method, &query, &[("x-telemetry", "1")], b"{}").status, 401);
                asked += 1;
            }
        }
    }
    assert!(asked > 100, "only {asked} requests: is the document empty?");
}

#[test]
fn an_unknown_route_and_method_answer_in_json() {
    let server = Running::start();
    let answer = server.api("GET", "/api/nowhere", Value::Null);
    assert_eq!((answer.status, answer.body["error"]["code"].as_str()), (404, Some("not_found")));
    let answer = server.api("DELETE", "/api/projects/1", Value::Null);
    assert_eq!((answer.status, answer.body["error"]["code"].as_str()), (405, Some("method_not_allowed")));
    assert_eq!(server.api("GET", "/api/projects/99/outcomes", Value::Null).status, 404);
}
