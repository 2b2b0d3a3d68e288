//! A segment file that rots on disk: the answer leaves it out and says so.

use crate::running::{Running, impression};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

const AT_MS: i64 = 1_767_592_800_000;
const DAY_MS: i64 = 86_400_000;

/// Segment files, in the order of their days.
fn segments(data: &Path) -> Vec<PathBuf> {
    let list = |folder: &Path| {
        let mut paths: Vec<PathBuf> =
            std::fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("readable").path()).collect();
        paths.sort();
        paths
    };
    let days = list(&data.join("segments/1"));
    days.iter().flat_map(|day| list(day)).filter(|path| path.extension().is_some_and(|end| end == "parquet")).collect()
}

#[test]
fn an_answer_without_a_damaged_file_warns_of_it_and_counts_the_rest() {
    for how in ["head", "pages", "footer", "cut", "missing"] {
        let mut server = Running::start();
        let events: Vec<Value> =
            (0..40).map(|n| impression(&format!("d{n}"), "p", "home", AT_MS + (n % 2) * DAY_MS)).collect();
        assert_eq!(server.sunbird(&events).status, 200);
        server.stop();
        let path = segments(server.folder.path()).remove(0);
        let mut bytes = std::fs::read(&path).expect("readable");
        let len = bytes.len();
        match how {
            "head" => bytes[1] ^= 1,
            "pages" => bytes[len / 3] ^= 1,
            "footer" => bytes[len - 20] ^= 1,
            "cut" => bytes.truncate(len / 2),
            _ => {}
        }
        std::fs::write(&path, bytes).expect("written");
        if how == "missing" {
            std::fs::remove_file(&path).expect("removed");
        }
        server.restart();
        // A question that needs a column of each file: counts alone are known without reading one.
        let home = json!([{"property": "edata.pageid", "operator": "exact", "value": ["home"]}]);
        let question =
            json!({"kind": "trends", "series": [{"event": "IMPRESSION"}], "date_from": "all", "filters": home});
        for _ in 0..2 {
            let answer = server.api("POST", "/api/projects/1/query", question.clone());
            assert_eq!(answer.status, 200, "{how}: {}", answer.body);
            assert_eq!(answer.body["series"][0]["total"], 20.0, "{how}");
            let warnings = answer.body["explain"]["warnings"].as_array().expect("a list").clone();
            let names_it = |warning: &Value| {
                warning.as_str().is_some_and(|text| text.contains(".parquet") && text.contains("damaged"))
            };
            assert!(warnings.iter().any(names_it), "{how}: {warnings:?}");
        }
        // What was lost is welcome again, once the file is set aside.
        let give_up = std::time::Instant::now() + std::time::Duration::from_secs(20);
        loop {
            assert_eq!(server.sunbird(&events).status, 200);
            let answer = server.api("POST", "/api/projects/1/query", question.clone());
            if answer.body["series"][0]["total"] == 40.0 {
                break;
            }
            assert!(std::time::Instant::now() < give_up, "{how}: {}", answer.body["series"][0]["total"]);
            std::thread::sleep(std::time::Duration::from_millis(200));
        }
    }
}
