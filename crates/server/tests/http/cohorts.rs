//! Cohorts and actions over HTTP: made, used by questions, opened, saved out of a number.

use crate::running::{Running, impression};
use serde_json::{Value, json};

/// 2026-01-05T06:00:00Z.
const MONDAY_MS: i64 = 1_767_592_800_000;

/// p0 to p4; each goes home, p0 to p2 see their fees, p0 pays.
fn school(server: &Running) {
    let pages = [("home", 5), ("fees", 3), ("pay", 1)];
    let visits = pages.iter().enumerate().flat_map(|(step, (page, count))| {
        (0..*count).map(move |n| {
            let at = MONDAY_MS + 60_000 * step as i64;
            impression(&format!("{page}{n}"), &format!("p{n}"), page, at)
        })
    });
    assert_eq!(server.sunbird(&visits.collect::<Vec<Value>>()).status, 200);
}

fn page(page: &str) -> Value {
    json!({"action": "page_view", "filters": [{"property": "edata.pageid", "value": page}]})
}

fn persons(server: &Running, filters: Value) -> Value {
    let question = json!({"kind": "trends", "date_from": "2026-01-05", "date_to": "2026-01-05",
        "series": [{"math": "dau"}], "filters": filters});
    let answer = server.api("POST", "/api/projects/1/query", question);
    assert_eq!(answer.status, 200, "{}", answer.body);
    answer.body["series"][0]["total"].clone()
}

#[test]
fn a_cohort_is_made_used_opened_and_deleted() {
    let server = Running::start();
    school(&server);
    let rule = json!({"performed": {"event": page("fees")}});
    let made = server.api("POST", "/api/projects/1/cohorts", json!({"name": "Saw fees", "rule": rule}));
    assert_eq!(made.status, 201, "{}", made.body);
    assert_eq!((&made.body["rule"]["performed"]["event"], &made.body["listed"]), (&page("fees"), &json!(0)));
    let id = made.body["id"].as_i64().expect("a number");
    let is_in = |operator: &str, id: i64| json!([{"type": "cohort", "operator": operator, "value": id}]);
    assert_eq!(persons(&server, is_in("in_cohort", id)), 3.0);
    assert_eq!(persons(&server, is_in("not_in_cohort", id)), 2.0);

    let people = server.api("GET", &format!("/api/projects/1/cohorts/{id}/people?limit=2"), json!(null));
    assert_eq!((people.status, people.body["persons"].as_u64()), (200, Some(3)), "{}", people.body);
    assert_eq!(people.body["people"], json!(["p0", "p1"]));
    let rest = format!("/api/projects/1/cohorts/{id}/people?limit=2&after={}", people.body["next"]);
    let rest = server.api("GET", &rest, json!(null));
    assert_eq!((&rest.body["people"], rest.body.get("next")), (&json!(["p2"]), None));

    // A cohort of a cohort, and none within itself.
    let not = json!({"name": "Others", "rule": {"not": {"cohort": id}}});
    let others = server.api("POST", "/api/projects/1/cohorts", not).body["id"].as_i64().expect("a number");
    assert_eq!(persons(&server, is_in("in_cohort", others)), 2.0);
    let path = format!("/api/projects/1/cohorts/{id}");
    let circle = server.api("PATCH", &path, json!({"rule": {"all": [{"cohort": others}]}}));
    assert_eq!((circle.status, &circle.body["error"]["code"]), (400, &json!("invalid_question")));
    assert_eq!(circle.body["error"]["path"], "rule.all[0].cohort.not.cohort");

    // A rule is counted before it is saved, under the same checks.
    let size = |body: Value| server.api("POST", "/api/projects/1/cohorts/size", body);
    let both = size(json!({"rule": {"all": [{"performed": {"event": page("home")}}, {"not": {"cohort": id}}]}}));
    assert_eq!((both.status, &both.body["persons"]), (200, &json!(2)), "{}", both.body);
    assert_eq!(size(json!({"rule": {"any": []}})).body["persons"], 0);
    let circle = size(json!({"rule": {"cohort": others}, "cohort": id}));
    assert_eq!(
        (circle.status, &circle.body["error"]["path"]),
        (400, &json!("rule.cohort.not.cohort")),
        "{}",
        circle.body
    );
    let strange = size(json!({"rule": {"cohort": 999}}));
    assert_eq!(strange.status, 400, "{}", strange.body);

    // A change holds for the next question.
    let pays = server.api("PATCH", &path, json!({"rule": {"performed": {"event": page("pay")}}}));
    assert_eq!(pays.status, 200, "{}", pays.body);
    assert_eq!(persons(&server, is_in("in_cohort", id)), 1.0);
    assert_eq!(persons(&server, is_in("in_cohort", others)), 4.0);

    let listed = server.api("GET", "/api/projects/1/cohorts", json!(null)).body;
    assert_eq!(listed["cohorts"].as_array().map(Vec::len), Some(2));
    assert_eq!(server.api("DELETE", &path, json!(null)).status, 204);
    let gone = json!({"kind": "trends", "series": [{}], "filters": is_in("in_cohort", others)});
    let gone = server.api("POST", "/api/projects/1/query", gone);
    assert_eq!((gone.status, &gone.body["error"]["path"]), (400, &json!("filters[0].value.not.cohort")));
    assert_eq!(server.api("GET", &path, json!(null)).status, 404);
}

#[test]
fn a_list_comes_as_json_as_a_file_and_out_of_a_number() {
    let server = Running::start();
    school(&server);
    let made = server.api("POST", "/api/projects/1/cohorts", json!({"name": "Two", "members": ["p1", "p4", "nobody"]}));
    assert_eq!((made.status, &made.body["listed"]), (201, &json!(3)), "{}", made.body);
    let id = made.body["id"].as_i64().expect("a number");
    let filter = |id: i64| json!([{"operator": "in_cohort", "value": id}]);
    assert_eq!(persons(&server, filter(id)), 2.0);
    let wrong = server.api("PATCH", &format!("/api/projects/1/cohorts/{id}"), json!({"rule": {"all": []}}));
    assert_eq!((wrong.status, &wrong.body["error"]["path"]), (400, &json!("rule")));

    // Those who left the funnel at its second step: p3 and p4.
    let question = json!({"kind": "funnel", "date_from": "2026-01-05", "date_to": "2026-01-05",
        "steps": [page("home"), page("fees")]});
    let number = json!({"question": question, "cell": {"step": -2}});
    let saved = server.api("POST", "/api/projects/1/cohorts", json!({"name": "Left", "people": number}));
    assert_eq!((saved.status, &saved.body["listed"]), (201, &json!(2)), "{}", saved.body);
    let left = saved.body["id"].as_i64().expect("a number");
    assert_eq!(persons(&server, filter(left)), 2.0);

    // Both as rows of a trend.
    let split = json!({"kind": "trends", "date_from": "2026-01-05", "date_to": "2026-01-05",
        "series": [{"action": "page_view", "math": "dau"}], "breakdown": {"cohorts": [id, left, 0]}});
    let answer = server.api("POST", "/api/projects/1/query", split).body;
    let rows: Vec<_> = answer["series"].as_array().expect("lines").iter().map(|line| line["total"].clone()).collect();
    assert_eq!(rows, [json!(2.0), json!(2.0), json!(5.0)]);

    let wrong = json!({"name": "Wrong", "people": {"question": question, "cell": {"step": 9}}});
    let wrong = server.api("POST", "/api/projects/1/cohorts", wrong);
    assert_eq!((wrong.status, &wrong.body["error"]["path"]), (400, &json!("people.cell.step")));
    let both =
        server.api("POST", "/api/projects/1/cohorts", json!({"name": "Both", "members": [], "rule": {"all": []}}));
    assert_eq!(both.status, 400);
}

#[test]
fn an_action_is_made_used_and_refused() {
    let server = Running::start();
    school(&server);
    let steps = json!([{"event": "IMPRESSION", "filters": [{"property": "edata.pageid", "value": ["fees", "pay"]}]}]);
    let made = server.api("POST", "/api/projects/1/actions", json!({"name": "Money", "steps": steps}));
    assert_eq!(made.status, 201, "{}", made.body);
    let id = made.body["id"].as_i64().expect("a number");
    let ask = |series: Value| {
        let question =
            json!({"kind": "trends", "date_from": "2026-01-05", "date_to": "2026-01-05", "series": [series]});
        server.api("POST", "/api/projects/1/query", question)
    };
    let answer = ask(json!({"action": id}));
    assert_eq!(
        (&answer.body["series"][0]["label"], &answer.body["series"][0]["total"]),
        (&json!("Money"), &json!(4.0))
    );
    let path = format!("/api/projects/1/actions/{id}");
    let narrower =
        json!({"steps": [{"event": "IMPRESSION", "filters": [{"property": "edata.pageid", "value": "pay"}]}]});
    assert_eq!(server.api("PATCH", &path, narrower).status, 200);
    assert_eq!(ask(json!({"action": id})).body["series"][0]["total"], 1.0);
    let wrong = json!({"name": "x", "steps": [{}, {"selector": "a:hover"}]});
    let wrong = server.api("POST", "/api/projects/1/actions", wrong);
    assert_eq!((wrong.status, &wrong.body["error"]["path"]), (400, &json!("steps[1].selector")));
    let all = server.api("GET", "/api/projects/1/actions", json!(null)).body;
    assert_eq!(all["actions"].as_array().map(Vec::len), Some(1));
    assert_eq!(all["built_in"][0]["name"], "page_view");
    assert_eq!(server.api("DELETE", &path, json!(null)).status, 204);
    let gone = ask(json!({"action": id}));
    assert_eq!((gone.status, &gone.body["error"]["path"]), (400, &json!("series[0].action")));
}
