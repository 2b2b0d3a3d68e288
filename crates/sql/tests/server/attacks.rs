//! Queries that want more than answers: each is refused or stopped, and the server does not notice.

use crate::running::{Running, events, until};
use serde_json::json;

/// Refused before anything runs.
const REFUSED: &[&str] = &[
    // Changing and making.
    "DROP TABLE events",
    "DROP VIEW events",
    "DROP SCHEMA public CASCADE",
    "DROP FUNCTION now",
    "CREATE TABLE t (a INT)",
    "CREATE TABLE t AS SELECT * FROM events",
    "CREATE OR REPLACE VIEW events AS SELECT 1",
    "CREATE SCHEMA s",
    "CREATE DATABASE d",
    "CREATE FUNCTION f(INT) RETURNS INT RETURN $1",
    "CREATE INDEX i ON events (event)",
    "CREATE EXTERNAL TABLE t STORED AS CSV LOCATION '/etc/passwd'",
    "CREATE EXTERNAL TABLE t STORED AS PARQUET LOCATION 's3://bucket/x.parquet'",
    "CREATE UNBOUNDED EXTERNAL TABLE t STORED AS CSV LOCATION 'http://example.org/x.csv'",
    "ALTER TABLE events ADD COLUMN x INT",
    "TRUNCATE TABLE events",
    "INSERT INTO events VALUES (1)",
    "INSERT INTO events SELECT * FROM events",
    "UPDATE events SET event = 'x'",
    "DELETE FROM events",
    "MERGE INTO events USING persons ON true WHEN MATCHED THEN DELETE",
    "SELECT * INTO copy FROM events",
    "WITH a AS (SELECT 1) INSERT INTO events SELECT * FROM a",
    "WITH a AS (DELETE FROM events RETURNING *) SELECT * FROM a",
    // Files and the network.
    "COPY events TO '/var/x.csv'",
    "COPY (SELECT * FROM events) TO 'x.parquet' STORED AS PARQUET",
    "COPY (SELECT 1) TO 's3://bucket/x'",
    "COPY events FROM '/etc/passwd'",
    "SELECT * FROM read_csv('/etc/passwd')",
    "SELECT * FROM read_parquet('/etc/passwd')",
    "SELECT * FROM read_json('/etc/passwd')",
    "SELECT * FROM parquet_metadata('x.parquet')",
    "SELECT * FROM metadata_cache()",
    "SELECT * FROM statistics_cache()",
    "SELECT * FROM list_files_cache()",
    "SELECT * FROM generate_series(1, 1000000000000)",
    "SELECT * FROM range(1, 1000000000000)",
    "SELECT * FROM TABLE(generate_series(1, 10))",
    "SELECT * FROM LATERAL FLATTEN(input => events)",
    // Settings, plans, sessions.
    "SET datafusion.execution.batch_size = 1",
    "SET datafusion.catalog.information_schema = true",
    "SET TIME ZONE 'UTC'",
    "RESET datafusion.execution.batch_size",
    "SHOW TABLES",
    "SHOW ALL",
    "SHOW COLUMNS FROM events",
    "SHOW CREATE TABLE events",
    "SHOW FUNCTIONS",
    "DESCRIBE events",
    "EXPLAIN SELECT * FROM events",
    "EXPLAIN ANALYZE SELECT * FROM events",
    "EXPLAIN VERBOSE SELECT * FROM events",
    "EXPLAIN FORMAT TREE SELECT * FROM events",
    "USE other",
    "BEGIN",
    "COMMIT",
    "ROLLBACK",
    "PREPARE p AS SELECT 1",
    "EXECUTE p",
    "DEALLOCATE p",
    "DECLARE c CURSOR FOR SELECT 1",
    "FETCH 1 FROM c",
    "CALL f()",
    "GRANT ALL ON events TO me",
    "REVOKE ALL ON events FROM me",
    "KILL 1",
    "ANALYZE TABLE events",
    "VACUUM",
    "LOAD 'x.so'",
    "INSTALL httpfs",
    "ATTACH 'x.db' AS x",
    "PRAGMA table_info(events)",
    "SELECT 1; SELECT 2",
    "SELECT 1; DROP TABLE events",
    "SELECT 1 FOR UPDATE",
    // Endless by nature.
    "WITH RECURSIVE r AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM r) SELECT count(*) FROM r",
    "WITH RECURSIVE r AS (SELECT 1 AS n UNION ALL SELECT n FROM r) SELECT * FROM r",
];

/// Nothing of the kind is there.
const INVALID: &[&str] = &[
    "SELECT * FROM '/etc/passwd'",
    "SELECT * FROM \"/etc/passwd\"",
    "SELECT * FROM '/etc/passwd.csv'",
    "SELECT * FROM 'file:///etc/passwd'",
    "SELECT * FROM \"file:///etc/hosts.json\"",
    "SELECT * FROM 'http://127.0.0.1:1/x.parquet'",
    "SELECT * FROM \"s3://bucket/x.parquet\"",
    "SELECT * FROM '../../meta.sqlite'",
    "SELECT * FROM 'segments/2/2026-01-05/00000001.parquet'",
    "SELECT * FROM information_schema.tables",
    "SELECT * FROM information_schema.columns",
    "SELECT * FROM information_schema.df_settings",
    "SELECT * FROM telemetry.information_schema.routines",
    "SELECT * FROM pg_catalog.pg_tables",
    "SELECT * FROM sqlite_master",
    "SELECT * FROM datafusion.public.events",
    "SELECT * FROM members",
    "SELECT * FROM project2.events",
    "SELECT * FROM \"2\".events",
    "SELECT version()",
    "SELECT input_file_name() FROM events",
    "SELECT file_row_index() FROM events",
    "SELECT with_metadata(event, 'telemetry.key', 'x') FROM events",
    "SELECT arrow_metadata(event) FROM events",
    "SELECT getenv('HOME')",
    "SELECT current_setting('data_directory')",
    "SELECT pg_read_file('/etc/passwd')",
    "SELECT pg_sleep(1000)",
    "SELECT load_extension('x')",
    "SELECT system('id')",
    "SELECT _rest FROM events",
    "SELECT ordinal FROM events",
    "SELECT 1 WHERE regexp_like('a', '(')",
    "SELECT regexp_like('a', '((a{1000}){1000}){1000}')",
    "SELECT event FROM events WHERE event = $1",
    "SELECT @@version",
    "\u{0}",
    "SELECT '\u{0}' FROM nowhere",
    "🙈",
    "--",
    "/* */",
];

/// Valid, and far too much: stopped by a limit, whichever comes first, or cut off.
const BOMBS: &[&str] = &[
    "SELECT count(*) FROM events a, events b, events c, events d, events e, events f, events g, events h, events i",
    "SELECT a.uuid FROM events a CROSS JOIN events b CROSS JOIN events c CROSS JOIN events d ORDER BY 1",
    "SELECT a.event, b.event, c.event, d.event, count(*) FROM events a, events b, events c, events d GROUP BY a.uuid, b.uuid, \
     c.uuid, d.uuid, 1, 2, 3, 4",
    "SELECT repeat('x', 1000000000)",
    "SELECT repeat(repeat('x', 100000), 100000)",
    "SELECT length(repeat(uuid, 100000000)) FROM events",
    "SELECT lpad('x', 2000000000, 'ab')",
    "SELECT rpad('x', 2147483647, 'ab')",
    "SELECT array_length(range(0, 10000000000))",
    "SELECT unnest(generate_series(1, 10000000000)) AS n ORDER BY n DESC",
    "SELECT array_repeat(array_repeat('x', 100000), 100000)",
    "SELECT array_resize(make_array(1), 2000000000, 0)",
    "SELECT string_agg(a.properties || b.properties, ',') FROM events a, events b, events c",
    "SELECT array_agg(a.uuid) FROM events a, events b, events c, events d",
    "SELECT count(DISTINCT a.uuid || b.uuid || c.uuid || d.uuid) FROM events a, events b, events c, events d",
    "SELECT a.uuid, row_number() OVER (ORDER BY b.uuid, c.uuid, d.uuid) FROM events a, events b, events c, events d",
    "SELECT median(a.amount + b.amount * c.amount) FROM events a, events b, events c, events d",
    "SELECT * FROM (SELECT unnest(range(0, 100000000)) AS n) x JOIN (SELECT unnest(range(0, 100000000)) AS n) y ON x.n = y.n",
    "SELECT factorial(1000000)",
    "SELECT power(10, 400), 9223372036854775807 + 1",
    "SELECT replace(repeat('a', 30000000), 'a', repeat('b', 30000000))",
    "SELECT regexp_replace(repeat('a', 50000000), '(a*)*b', 'x', 'g')",
    "SELECT concat(repeat('a', 200000000), repeat('b', 200000000), repeat('c', 200000000))",
];

/// Deep and wide: made by a program.
fn made() -> Vec<String> {
    let many = |piece: &str, count: usize| piece.repeat(count);
    vec![
        format!("SELECT {}1{}", many("(", 5_000), many(")", 5_000)),
        format!("SELECT 1{}", many("+1", 30_000)),
        format!("SELECT {}1", many("- ", 30_000)),
        format!("SELECT {}true", many("NOT ", 15_000)),
        format!("SELECT {} 1 {}", many("(SELECT ", 3_000), many(")", 3_000)),
        format!("SELECT {} 1 {}", many("CASE WHEN true THEN ", 2_000), many(" END", 2_000)),
        format!("SELECT * FROM {} events {}", many("(SELECT * FROM ", 2_000), many(") x", 2_000)),
        format!("SELECT 1 {}", many(" UNION ALL SELECT 1", 3_000)),
        format!("SELECT count(*) FROM events e0 {}", (1..400).map(|n| format!(", events e{n}")).collect::<String>()),
        format!("SELECT event FROM events WHERE event IN ('x'{})", many(",'y'", 15_000)),
        format!("SELECT {}1{}", many("make_array(", 1_000), many(")", 1_000)),
        format!("SELECT '{}'", many("x", 70_000)),
        format!("SELECT 1 AS \"{}\"", many("x", 60_000)),
        format!(
            "WITH a0 AS (SELECT * FROM events){} SELECT count(*) FROM a30",
            (1..=30)
                .map(|n| format!(", a{n} AS (SELECT * FROM a{0} UNION ALL SELECT * FROM a{0})", n - 1))
                .collect::<String>()
        ),
    ]
}

#[test]
fn no_attack_gets_anything_and_the_server_stays_well() {
    let server = Running::start_with(&[("TELEMETRY_SQL_TIMEOUT", "10")]);
    server.posthog(&events(400));
    let folder = server.folder.path().to_str().expect("UTF-8").to_owned();
    let healthy = || assert_eq!(server.rows("SELECT count(*) FROM events"), json!([[400]]));
    healthy();
    let mut tried = 0;
    let mut attack = |sql: &str, expected: &[(u16, &str)]| {
        let answer = server.sql(sql);
        let (status, code) = (answer.status, if answer.status == 200 { String::new() } else { answer.code() });
        let shown: String = sql.chars().take(90).collect();
        let text: String = answer.text.chars().take(600).collect();
        assert!(expected.contains(&(status, code.as_str())), "{shown}: {status} {text}");
        for secret in [folder.as_str(), ".parquet:", "/registry/", "root:", "hush-hush", "panicked"] {
            assert!(!text.contains(secret), "{shown} tells {secret}: {text}");
        }
        tried += 1;
    };
    for sql in REFUSED {
        // What the parser does not even know is as good.
        attack(sql, &[(400, "sql_refused"), (400, "sql_invalid")]);
    }
    for sql in INVALID {
        attack(sql, &[(400, "sql_invalid")]);
    }
    let stopped =
        [(422, "sql_too_slow"), (422, "sql_out_of_memory"), (400, "sql_refused"), (400, "sql_invalid"), (200, "")];
    for sql in BOMBS {
        attack(sql, &stopped);
        healthy();
    }
    for sql in made() {
        attack(&sql, &stopped);
    }
    assert!(tried >= 150, "only {tried}");
    healthy();
    until("all processes have ended", || server.children().is_empty());
    until("no files are left", || server.folders() == 0);
    server.posthog(&events(401)[400..]);
    assert_eq!(server.rows("SELECT count(*) FROM events"), json!([[401]]), "what is sent is still taken");
    assert_eq!(server.api("GET", "/ready", &serde_json::Value::Null).status, 200);
}

#[test]
fn the_refused_are_refused_by_name() {
    let server = Running::start();
    for (sql, word) in [
        ("DROP TABLE events", "DROP"),
        ("COPY events TO 'x'", "COPY"),
        ("EXPLAIN SELECT 1", "EXPLAIN"),
        ("SET a = 1", "SET"),
        ("SHOW TABLES", "SHOW"),
        ("INSERT INTO events VALUES (1)", "INSERT"),
        ("SELECT 1; SELECT 2", "more than one statement"),
        ("SELECT * FROM generate_series(1, 2)", "table function"),
        ("WITH RECURSIVE r AS (SELECT 1) SELECT * FROM r", "recursive"),
    ] {
        let answer = server.sql(sql);
        assert_eq!((answer.status, answer.code().as_str()), (400, "sql_refused"), "{sql}: {}", answer.text);
        assert!(answer.text.contains(word), "{sql}: {}", answer.text);
    }
}
