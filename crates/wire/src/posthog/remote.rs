//! The remote configuration: until it arrives posthog-js starts nothing. As an object and as a script.

use model::Level;
use serde_json::{Value, json};

/// `GET /api/surveys/`
pub const SURVEYS_BODY: &str = r#"{"surveys":[]}"#;
/// `GET /api/early_access_features/`
pub const EARLY_ACCESS_BODY: &str = r#"{"earlyAccessFeatures":[]}"#;
/// `GET /api/web_experiments/`
pub const WEB_EXPERIMENTS_BODY: &str = r#"{"experiments":[]}"#;
/// `GET /api/product_tours/`
pub const PRODUCT_TOURS_BODY: &str = r#"{"product_tours":[]}"#;
/// `GET /flags/definitions` and `GET /api/feature_flag/local_evaluation/`
pub const LOCAL_EVALUATION_BODY: &str = r#"{"flags":[],"group_type_mapping":{},"cohorts":{}}"#;

/// `GET /array/<token>/config`. `level` is the project's: what it forbids is not asked of the browser either, save
/// autocapture, whose switch must be a literal `false` for the SDK to start at all as its users expect.
pub fn remote_config(token: &str, level: Level) -> Value {
    json!({
        "token": token,
        // posthog-js looks for the word gzip-js; without it bodies come uncompressed.
        "supportedCompression": ["gzip", "gzip-js"],
        "analytics": {"endpoint": "/i/v0/e/"},
        "hasFeatureFlags": false,
        "autocapture_opt_out": false,
        "elementsChainAsString": true,
        "capturePerformance": false,
        "autocaptureExceptions": false,
        "errorTracking": {"autocaptureExceptions": false, "suppressionRules": []},
        "sessionRecording": false,
        "heatmaps": level >= Level::Enhanced,
        "surveys": false,
        "captureDeadClicks": false,
        "productTours": false,
        "conversations": false,
        "logs": {"captureConsoleLogs": false},
        "defaultIdentifiedOnly": true,
        "siteApps": [],
        "toolbarParams": {},
        "isAuthenticated": false,
    })
}

/// `GET /array/<token>/config.js`: puts the same object where posthog-js looks for it, beside those of other tokens.
pub fn remote_config_script(token: &str, level: Level) -> String {
    let key = script_safe(&Value::from(token).to_string());
    let config = script_safe(&remote_config(token, level).to_string());
    format!(
        "(function(){{var c=window._POSTHOG_REMOTE_CONFIG=window._POSTHOG_REMOTE_CONFIG||{{}};\
         c[{key}]={{config:{config},siteApps:[]}};}})();\n"
    )
}

/// JSON that stays data inside a script, also when the script is inlined in HTML.
fn script_safe(json: &str) -> String {
    let mut safe = String::with_capacity(json.len());
    for character in json.chars() {
        match character {
            '<' => safe.push_str("\\u003c"),
            '>' => safe.push_str("\\u003e"),
            '&' => safe.push_str("\\u0026"),
            '\u{2028}' => safe.push_str("\\u2028"),
            '\u{2029}' => safe.push_str("\\u2029"),
            other => safe.push(other),
        }
    }
    safe
}
