//! What queries answer.

use crate::running::{Running, TOKEN, events, telemetry};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use serde_json::{Value, json};
use std::process::Command;

#[test]
fn buffer_and_files_are_one_table() {
    let mut server = Running::start();
    let sent = events(60);
    server.posthog(&sent[..40]);
    let counts = "SELECT count(*), count(DISTINCT uuid), min(event_at), sum(amount) FROM events";
    assert_eq!(server.rows(counts), json!([[40, 40, "2026-01-05T06:00:00Z", 195]]));
    server.restart();
    assert_eq!(server.rows(counts)[0][0], 40, "now from files");
    server.posthog(&sent[40..]);
    assert_eq!(server.rows(counts), json!([[60, 60, "2026-01-05T06:00:00Z", 442.5]]));
    let days = "SELECT CAST(event_at AS DATE) AS day, count(*) FROM events GROUP BY 1 ORDER BY 1";
    assert_eq!(server.rows(days), json!([["2026-01-05", 20], ["2026-01-06", 20], ["2026-01-07", 20]]));
    let one_day = "SELECT count(*) FROM events WHERE event_at >= '2026-01-06' AND event_at < '2026-01-07'";
    assert_eq!(server.rows(one_day), json!([[20]]));
    assert_eq!(server.folders(), 0, "nothing is left of them");
}

#[test]
fn an_answer_tells_names_types_and_where_it_is_from() {
    let server = Running::start();
    server.posthog(&events(8));
    let answer = server.sql(
        "SELECT event_at, event, amount, \"isNew\", tags, mixed, CAST(event_at AS DATE) AS d, 9007199254740993 AS big, \
         level, dialect, uuid FROM events ORDER BY event_at LIMIT 1",
    );
    let body = answer.json();
    let kinds: Vec<(&str, &str)> = body["columns"]
        .as_array()
        .expect("columns")
        .iter()
        .map(|column| (column["name"].as_str().expect("a name"), column["type"].as_str().expect("a type")))
        .collect();
    let expected = [
        ("event_at", "timestamp"),
        ("event", "text"),
        ("amount", "number"),
        ("isNew", "boolean"),
        ("tags", "json"),
        ("mixed", "text"),
        ("d", "date"),
        ("big", "integer"),
        ("level", "text"),
        ("dialect", "text"),
        ("uuid", "text"),
    ];
    assert_eq!(kinds, expected);
    assert_eq!(
        body["rows"],
        json!([[
            "2026-01-05T06:00:00Z",
            "visit",
            0,
            true,
            "[0,\"a\"]",
            "0",
            "2026-01-05",
            "9007199254740993",
            "full",
            "posthog",
            "00000000-0000-4000-8000-000000000000"
        ]])
    );
    assert_eq!((&body["truncated"], &body["warnings"]), (&json!(false), &json!([])));
    assert!(body["snapshot"].as_u64().is_some() && body["elapsed_ms"].as_u64().is_some(), "{body}");
}

#[test]
fn a_property_is_a_column_a_member_of_properties_and_part_of_its_json() {
    let server = Running::start();
    server.posthog(&events(8));
    let same = "SELECT count(*) FROM events WHERE \"edata.pageid\" = properties['edata.pageid'] \
                AND amount = properties['amount'] AND e.amount IS NOT DISTINCT FROM e.properties['amount']"
        .replace("FROM events", "FROM events e");
    assert_eq!(server.rows(&same), json!([[8]]));
    assert_eq!(
        server.rows("SELECT sum(properties['amount']), count(properties['no such']) FROM events"),
        json!([[7, 0]])
    );
    // A fixed name wins.
    let fixed =
        "SELECT DISTINCT event, properties['event'] AS a, \"properties.event\" FROM events WHERE event = 'visit'";
    let text = "a property of a fixed name";
    assert_eq!(server.rows(fixed), json!([["visit", text, text]]));
    // Out of a subquery only the JSON is left.
    let looked = "SELECT p['edata.pageid'], properties['mixed'] FROM (SELECT properties, properties AS p, event_at FROM events) x \
                  ORDER BY event_at LIMIT 2";
    let looked = server.sql(&looked.replace("p['edata.pageid'], ", ""));
    assert_eq!(looked.json()["rows"], json!([["0"], ["t0"]]), "{}", looked.text);
    let json = server.rows("SELECT properties FROM events ORDER BY event_at LIMIT 1");
    let object: Value = serde_json::from_str(json[0][0].as_str().expect("a text")).expect("JSON");
    assert_eq!(object["edata.pageid"], "home");
    assert_eq!((&object["amount"], &object["isNew"], &object["tags"]), (&json!(0), &json!(true), &json!([0, "a"])));
}

#[test]
fn persons_are_as_after_merging() {
    let mut server = Running::start();
    server.posthog(&events(20));
    server.posthog(&[json!({
        "event": "$identify", "distinct_id": "asha", "timestamp": "2026-01-08T00:00:00Z",
        "properties": {"$anon_distinct_id": "p3", "$set": {"name": "Asha", "age": 9, "list": [1]}},
    })]);
    for _ in 0..2 {
        let ids = "SELECT DISTINCT distinct_id, person_id FROM events WHERE distinct_id <> person_id";
        assert_eq!(server.rows(ids), json!([["p3", "asha"]]));
        assert_eq!(server.rows("SELECT count(DISTINCT person_id) FROM events"), json!([[10]]));
        let person = "SELECT p.identified, p.properties['name'], p.properties['age'], count(*) FROM events e \
                      JOIN persons p ON p.person_id = e.person_id WHERE p.identified GROUP BY 1, 2, 3";
        assert_eq!(server.rows(person), json!([[true, "Asha", "9", 3]]));
        let merged = "SELECT person_id, count(*) FROM distinct_ids GROUP BY person_id HAVING count(*) > 1";
        assert_eq!(server.rows(merged), json!([["asha", 2]]));
        assert_eq!(server.rows("SELECT count(*) FROM persons"), json!([[10]]));
        server.restart();
    }
}

#[test]
fn the_schema_is_what_a_query_finds() {
    let mut server = Running::start();
    let empty = server.api("GET", "/api/projects/1/sql/schema", &Value::Null).json();
    assert_eq!(empty["available"], true);
    assert_eq!(server.rows("SELECT count(*), max(event_at) FROM events"), json!([[0, null]]));
    server.posthog(&events(8));
    server.restart();
    server.posthog(&[json!({"event": "x", "distinct_id": "q", "properties": {"amount": "much", "new": {"a": [1]}}})]);
    let schema = server.api("GET", "/api/projects/1/sql/schema", &Value::Null).json();
    let tables = schema["tables"].as_array().expect("tables");
    assert_eq!(tables.iter().map(|table| &table["name"]).collect::<Vec<_>>(), ["events", "persons", "distinct_ids"]);
    for table in tables {
        let answer = server.sql(&format!("SELECT * FROM {} LIMIT 0", table["name"].as_str().expect("a name"))).json();
        let plain = |columns: &Value| -> Vec<(Value, Value)> {
            let columns = columns.as_array().expect("columns").iter();
            columns.map(|column| (column["name"].clone(), column["type"].clone())).collect()
        };
        assert_eq!(plain(&table["columns"]), plain(&answer["columns"]));
    }
    let amounts = server.rows("SELECT amount FROM events WHERE amount IN ('much', '0.25') ORDER BY 1");
    assert_eq!(amounts, json!([["0.25"], ["much"]]), "of two kinds: as text");
}

#[test]
fn more_keys_than_columns_are_all_within_reach() {
    let mut server = Running::start();
    let wide = |from: usize| {
        let properties: serde_json::Map<String, Value> =
            (from..from + 400).map(|n| (format!("key {n:05}"), json!(n))).collect();
        json!({"event": "wide", "distinct_id": "w", "timestamp": "2026-01-05T06:00:00Z", "properties": properties})
    };
    server.posthog(&(0..4).map(|n| wide(n * 400)).collect::<Vec<_>>());
    for _ in 0..2 {
        let last =
            "SELECT sum(\"key 01599\"), max(properties['key 01598']), count(properties['key 99999']) FROM events";
        assert_eq!(server.rows(last), json!([[1599, 1598, 0]]));
        let all = server.rows("SELECT properties FROM events");
        let keys = |row: &Value| -> usize {
            let object: Value = serde_json::from_str(row[0].as_str().expect("a text")).expect("JSON");
            object.as_object().expect("an object").keys().filter(|key| key.starts_with("key ")).count()
        };
        assert_eq!(all.as_array().expect("rows").iter().map(keys).sum::<usize>(), 1_600);
        server.restart();
    }
}

#[test]
fn downloads_are_csv_and_parquet_and_long_answers_are_cut_off() {
    let server = Running::start();
    server.posthog(&events(50));
    let ask = |body: Value| server.api("POST", "/api/projects/1/sql", &body);
    let query = "SELECT distinct_id, amount, NULL AS nothing, 'a,b' AS t FROM events ORDER BY amount";
    let csv = ask(json!({"sql": query, "format": "csv"}));
    assert!(csv.header("content-type").starts_with("text/csv"));
    assert_eq!(csv.header("content-disposition"), "attachment; filename=\"result.csv\"");
    assert!(csv.text.starts_with("distinct_id,amount,nothing,t\r\np0,0,,\"a,b\"\r\np1,0.25,,"), "{}", csv.text);
    assert_eq!(csv.text.lines().count(), 51);
    let cut = ask(json!({"sql": query, "format": "csv", "rows_max": 7}));
    assert_eq!((cut.header("x-telemetry-rows"), cut.header("x-telemetry-truncated")), ("7", "true"));
    // As many rows as may be are allowed for, not taken room for.
    for few in [
        "SELECT DISTINCT mixed FROM events ORDER BY mixed DESC",
        "SELECT event, max(amount) AS most FROM events GROUP BY event ORDER BY most DESC",
        "SELECT distinct_id, event_at FROM events ORDER BY event_at",
    ] {
        let answer = ask(json!({"sql": few, "rows_max": 1_000_000}));
        assert_eq!(answer.status, 200, "{few}: {}", answer.text);
    }
    let cut = ask(json!({"sql": query, "rows_max": 50})).json();
    assert_eq!((cut["rows"].as_array().map(Vec::len), &cut["truncated"]), (Some(50), &json!(false)));
    let cut = ask(json!({"sql": query, "rows_max": 49})).json();
    assert_eq!((cut["rows"].as_array().map(Vec::len), &cut["truncated"]), (Some(49), &json!(true)));
    assert_eq!(ask(json!({"sql": query, "rows_max": 1_000_001})).json()["error"]["path"], "rows_max");
    assert_eq!(ask(json!({"sql": query, "rows_max": 0})).status, 400);
    assert_eq!(ask(json!({"sql": query, "format": "xml"})).status, 400);
    assert_eq!(ask(json!({"query": query})).status, 400);
}

#[test]
fn a_wrong_query_is_told_what_and_where() {
    let server = Running::start();
    server.posthog(&events(4));
    let wrong = |sql: &str| {
        let answer = server.sql(sql);
        assert_eq!((answer.status, answer.code().as_str()), (400, "sql_invalid"), "{sql}: {}", answer.text);
        let body = answer.json();
        (body["error"]["message"].as_str().expect("a message").to_owned(), body["error"]["position"].clone())
    };
    assert_eq!(wrong("SELECT event\nFROM events WHERE").1["line"], 2);
    let (message, position) = wrong("SELECT pageid FROM events");
    assert!(message.contains("did you mean \"edata.pageid\""), "{message}");
    assert_eq!(position, json!({"line": 1, "column": 8}));
    assert!(wrong("SELECT * FROM users").0.contains("there are events, persons and distinct_ids"));
    assert!(wrong("SELECT CAST('abc' AS INT)").0.contains("abc"));
    assert!(wrong("SELECT 1 / 0").0.contains("division by zero"));
    assert!(wrong("SELECT nofunction(1)").0.contains("nofunction"));
    assert!(wrong("SELECT event, count(*) FROM events").0.contains("GROUP BY"));
}

#[test]
fn the_command_answers_like_the_server() {
    let mut server = Running::start();
    server.posthog(&events(12));
    server.stop();
    let file = server.folder.path().join("answer.parquet");
    let run = |arguments: &[&str]| {
        let output = Command::new(telemetry())
            .arg("--data")
            .arg(server.folder.path())
            .args(arguments)
            .env("TELEMETRY_SQL_BINARY", env!("CARGO_BIN_EXE_telemetry-sql"))
            .env("TELEMETRY_SQL_TIMEOUT", "120")
            .output()
            .expect("the binary starts");
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        (output.status.code(), text(&output.stdout), text(&output.stderr))
    };
    let query = "SELECT event, count(*) AS n FROM events GROUP BY event ORDER BY event";
    assert_eq!(run(&["sql", query]).1, "event\tn\nsearch\t8\nvisit\t4\n");
    let json: Value = serde_json::from_str(&run(&["--json", "sql", query]).1).expect("JSON");
    assert_eq!(json["rows"], json!([["search", 8], ["visit", 4]]));
    assert_eq!(run(&["sql", "--format", "csv", "--rows", "1", query]).1, "event,n\r\nsearch,8\r\n");
    let name = file.to_str().expect("UTF-8");
    assert_eq!(run(&["sql", "--project", "e-Samwad", "--format", "parquet", "--output", name, query]).0, Some(0));
    let read = ParquetRecordBatchReaderBuilder::try_new(std::fs::File::open(&file).expect("a file")).expect("Parquet");
    assert_eq!(read.metadata().file_metadata().num_rows(), 2);
    let (status, _, error) = run(&["sql", "SELECT x FROM events"]);
    assert_eq!(status, Some(2));
    assert!(error.contains("there is no column x") && error.contains("line 1, column 8"), "{error}");
    assert_eq!(run(&["sql", "DROP TABLE events"]).0, Some(2));
    assert_eq!(run(&["sql", "--project", "nobody's", query]).0, Some(2));
}

#[test]
fn each_project_is_alone() {
    let server = Running::start();
    server.posthog(&events(5));
    let made =
        server.api("POST", "/api/projects", &json!({"name": "Other", "level": "full", "time_zone": "Asia/Kolkata"}));
    assert_eq!(made.status, 201, "{}", made.text);
    let keys = server.api("GET", "/api/projects/2/keys", &Value::Null).json();
    let key = keys["keys"][0]["key"].as_str().expect("a write key").to_owned();
    server.posthog_to(&key, &[json!({"event": "theirs", "distinct_id": "x", "properties": {"hidden": 1}})]);
    assert_eq!(server.rows("SELECT count(*) FROM events WHERE event = 'theirs'"), json!([[0]]));
    assert_eq!(server.sql("SELECT hidden FROM events").code(), "sql_invalid");
    assert_eq!(server.rows("SELECT count(*) FROM distinct_ids WHERE distinct_id = 'x'"), json!([[0]]));
    let path = "/api/projects/2/sql";
    let theirs = server.api("POST", path, &json!({"sql": "SELECT event, hidden FROM events"}));
    assert_eq!(theirs.json()["rows"], json!([["theirs", 1]]));
    let token = server.api("POST", "/api/tokens", &json!({"name": "one", "scopes": ["read"], "project_id": 2})).json();
    let token = token["token"].as_str().expect("a token");
    let ask = |path: &str, token: &str| server.send("POST", path, token, br#"{"sql": "SELECT 1"}"#).status;
    assert_eq!((ask(path, token), ask("/api/projects/1/sql", token)), (200, 404));
    assert_eq!((ask("/api/projects/99/sql", TOKEN), ask(path, "tmw_nobody")), (404, 401));
}
