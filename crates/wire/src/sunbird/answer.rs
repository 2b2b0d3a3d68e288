//! What a Sunbird client gets back. It reads only the status; the envelope is for people and gateways.

use serde_json::json;

/// The answer to an accepted batch: 200.
pub fn success_body(now_ms: i64) -> String {
    format!(r#"{{"id":"api.telemetry","ver":"1.0","ets":{now_ms},"params":{{}},"responseCode":"SUCCESS"}}"#)
}

/// The answer to a refused request. `status` chooses the response code (`CLIENT_ERROR` below 500, else
/// `SERVER_ERROR`), `err` is a short stable text, `errmsg` a sentence that says what to do.
pub fn error_body(now_ms: i64, status: u16, err: &str, errmsg: &str) -> String {
    let code = if status < 500 { "CLIENT_ERROR" } else { "SERVER_ERROR" };
    let params = json!({"err": err, "errmsg": errmsg});
    format!(r#"{{"id":"api.telemetry","ver":"1.0","ets":{now_ms},"params":{params},"responseCode":"{code}"}}"#)
}
