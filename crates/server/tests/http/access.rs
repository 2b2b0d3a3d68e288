//! Set-up, login, cookies, roles.

use crate::running::{Running, TOKEN};
use serde_json::{Value, json};

const PAGE: (&str, &str) = ("x-telemetry", "1");

fn owner() -> Vec<u8> {
    json!({"email": "a@example.org", "password": "long enough 1", "name": "A"}).to_string().into_bytes()
}

#[test]
fn the_first_visitor_becomes_owner_and_the_second_does_not() {
    let server = Running::start_bare();
    assert_eq!(server.send("GET", "/api/setup", &[], b"").body["needed"], true);
    let made = server.send("POST", "/api/setup", &[PAGE], &owner());
    assert_eq!(made.status, 201, "{}", made.body);
    assert_eq!(made.body["member"]["role"], "owner");
    let cookie = made.header("set-cookie").expect("a cookie");
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"), "{cookie}");
    assert_eq!(server.send("POST", "/api/setup", &[PAGE], &owner()).status, 409);
    assert_eq!(server.send("GET", "/api/setup", &[], b"").body["needed"], false);
}

#[test]
fn a_cookie_alone_changes_nothing() {
    let server = Running::start_bare();
    let made = server.send("POST", "/api/setup", &[PAGE], &owner());
    let cookie = made.header("set-cookie").and_then(|text| text.split(';').next()).expect("a cookie").to_owned();
    let named = br#"{"name":"Education"}"#;
    assert_eq!(server.send("POST", "/api/organization", &[("cookie", &cookie)], named).status, 403);
    let foreign = [("cookie", cookie.as_str()), PAGE, ("sec-fetch-site", "cross-site")];
    assert_eq!(server.send("POST", "/api/organization", &foreign, named).status, 403);
    assert_eq!(server.send("POST", "/api/organization", &[("cookie", &cookie), PAGE], named).status, 200);
    assert_eq!(server.send("GET", "/api/me", &[("cookie", &cookie)], b"").body["organization"]["name"], "Education");
    assert_eq!(server.send("POST", "/api/logout", &[("cookie", &cookie), PAGE], b"").status, 204);
    assert_eq!(server.send("GET", "/api/me", &[("cookie", &cookie)], b"").status, 401);
}

#[test]
fn a_sixth_wrong_password_waits() {
    let server = Running::start();
    let attempt = |password: &str| {
        let body = json!({"email": "owner@example.org", "password": password}).to_string();
        server.send("POST", "/api/login", &[PAGE], body.as_bytes())
    };
    assert!((0..5).all(|_| attempt("wrong wrong wrong").status == 401));
    let refused = attempt("correct horse battery");
    assert_eq!(refused.status, 429);
    assert!(refused.header("retry-after").is_some());
}

#[test]
fn a_viewer_reads_and_changes_nothing() {
    let server = Running::start();
    let member = json!({"email": "v@example.org", "name": "V", "role": "viewer", "password": "long enough 2"});
    assert_eq!(server.api("POST", "/api/members", member).status, 201);
    let login = json!({"email": "V@example.org", "password": "long enough 2"}).to_string();
    let answer = server.send("POST", "/api/login", &[PAGE], login.as_bytes());
    let cookie = answer.header("set-cookie").and_then(|text| text.split(';').next()).expect("a cookie").to_owned();
    let as_viewer = |method: &str, path: &str, body: &[u8]| {
        server.send(method, path, &[("cookie", cookie.as_str()), PAGE], body).status
    };
    assert_eq!(as_viewer("GET", "/api/projects/1", b""), 200);
    assert_eq!(as_viewer("PATCH", "/api/projects/1", br#"{"name":"mine"}"#), 403);
    assert_eq!(
        as_viewer("POST", "/api/projects/1/insights", br#"{"name":"x","question":{"kind":"trends","series":[{}]}}"#),
        403
    );
    assert_eq!(as_viewer("POST", "/api/tokens", br#"{"name":"x","scopes":["admin"]}"#), 403);
    assert_eq!(as_viewer("POST", "/api/tokens", br#"{"name":"x","scopes":["read"]}"#), 201);
}

#[test]
fn a_read_token_of_one_project_sees_only_that() {
    let server = Running::start();
    let second = server.api("POST", "/api/projects", json!({"name": "Second", "level": "basic"}));
    assert_eq!(second.status, 201, "{}", second.body);
    let made = server.api("POST", "/api/tokens", json!({"name": "t", "scopes": ["read"], "project_id": 2}));
    let authorization = format!("Bearer {}", made.body["token"].as_str().expect("a token"));
    let get = |path: &str| server.send("GET", path, &[("authorization", &authorization)], b"");
    assert_eq!(get("/api/projects").body["projects"].as_array().map(Vec::len), Some(1));
    assert_eq!(get("/api/projects/2").status, 200);
    assert_eq!(get("/api/projects/1").status, 404);
    assert_eq!(get("/api/members").status, 403);
    let patch = server.send("PATCH", "/api/projects/2", &[("authorization", &authorization)], b"{\"name\":\"x\"}");
    assert_eq!(patch.status, 403);
}

#[test]
fn the_level_must_be_chosen() {
    let server = Running::start();
    let made = server.api("POST", "/api/projects", json!({"name": "No level"}));
    assert_eq!(made.status, 400);
    assert!(made.body["error"]["message"].as_str().is_some_and(|text| text.contains("level")), "{}", made.body);
    let wrong = server.api("POST", "/api/projects", json!({"name": "x", "level": "full", "time_zone": "Mars/Olympus"}));
    assert_eq!(wrong.body["error"]["path"], "time_zone");
}

#[test]
fn the_unattended_set_up_is_applied_once() {
    let mut server = Running::start();
    assert_eq!(server.api("PATCH", "/api/projects/1", json!({"name": "Renamed"})).status, 200);
    server.stop();
    server.restart();
    let projects = server.api("GET", "/api/projects", Value::Null).body;
    assert_eq!(projects["projects"].as_array().map(Vec::len), Some(1));
    assert_eq!(projects["projects"][0]["name"], "Renamed");
    assert_eq!(server.send("GET", "/api/me", &[("authorization", &format!("Bearer {TOKEN}"))], b"").status, 200);
}
