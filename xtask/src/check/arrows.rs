//! The arrows of knowledge between crates: model <- {wire, store, meta} <- query <- server; sql knows none of them,
//! testkit is for tests only.

use anyhow::{Context, Result, bail};
use serde_json::Value;
use std::path::Path;
use std::process::Command;

/// What each crate may know of the workspace: for its product, and in its tests.
const ALLOWED: &[(&str, &[&str], &[&str])] = &[
    ("telemetry-model", &[], &[]),
    ("telemetry-wire", &["telemetry-model"], &["telemetry-testkit"]),
    ("telemetry-store", &["telemetry-model"], &["telemetry-testkit"]),
    ("telemetry-meta", &["telemetry-model"], &["telemetry-testkit"]),
    ("telemetry-query", &["telemetry-model", "telemetry-store"], &["telemetry-testkit"]),
    ("telemetry-demo", &[], &["telemetry-model", "telemetry-wire"]),
    (
        "telemetry-server",
        &[
            "telemetry-model",
            "telemetry-wire",
            "telemetry-store",
            "telemetry-meta",
            "telemetry-query",
            "telemetry-demo",
        ],
        &["telemetry-testkit"],
    ),
    ("telemetry-sql", &[], &[]),
    ("telemetry-testkit", &["telemetry-model"], &[]),
    // A tool beside the product: it knows the server by HTTP only.
    ("telemetry-load", &["telemetry-testkit"], &[]),
    ("xtask", &[], &[]),
];

/// Libraries that only the crates named beside them may use: what a room must never know.
const RESERVED: &[(&str, &[&str])] = &[
    ("datafusion", &["telemetry-sql"]),
    ("axum", &["telemetry-server"]),
    ("hyper", &["telemetry-server"]),
    ("clap", &["telemetry-server", "telemetry-load"]),
    ("sqlx", &["telemetry-meta"]),
    ("parquet", &["telemetry-store", "telemetry-sql"]),
    ("arrow", &["telemetry-store"]),
];

/// Rooms without a runtime: their code is synchronous.
const SYNCHRONOUS: &[&str] =
    &["telemetry-model", "telemetry-wire", "telemetry-store", "telemetry-query", "telemetry-demo", "telemetry-testkit"];

/// Reads the manifests through `cargo metadata` and compares them with the tables above.
pub fn check(root: &Path) -> Result<()> {
    let output = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .args(["metadata", "--no-deps", "--format-version", "1", "--offline"])
        .current_dir(root)
        .output()?;
    if !output.status.success() {
        bail!("cargo metadata failed: {}", String::from_utf8_lossy(&output.stderr));
    }
    let metadata: Value = serde_json::from_slice(&output.stdout).context("cargo metadata is not JSON")?;
    let wrong = violations(&metadata)?;
    if wrong.is_empty() { Ok(()) } else { bail!("{}", wrong.join("\n")) }
}

/// One line for each arrow that must not be.
fn violations(metadata: &Value) -> Result<Vec<String>> {
    let packages = metadata["packages"].as_array().context("no packages in cargo metadata")?;
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let names: Vec<String> = packages.iter().map(|package| text(&package["name"])).collect();
    let mut wrong = Vec::new();
    for package in packages {
        let name = text(&package["name"]);
        let Some((_, product, tests)) = ALLOWED.iter().find(|(allowed, ..)| *allowed == name) else {
            wrong.push(format!("{name}: not in the table of xtask/src/check/arrows.rs; say there what it may know"));
            continue;
        };
        for dependency in package["dependencies"].as_array().into_iter().flatten() {
            let other = text(&dependency["name"]);
            let for_tests = dependency["kind"] == "dev";
            if names.contains(&other) {
                let known = product.contains(&other.as_str()) || (for_tests && tests.contains(&other.as_str()));
                if !known {
                    let kind = if for_tests { "in tests " } else { "" };
                    wrong.push(format!("{name} must not know {other} {kind}(ARCHITECTURE.md)"));
                }
                continue;
            }
            let reserved = RESERVED.iter().find(|(library, _)| is_of(library, &other));
            if let Some((library, owners)) = reserved
                && !owners.contains(&name.as_str())
                && !for_tests
            {
                wrong.push(format!("{name} must not use {other}; {library} belongs to {owners:?}"));
            }
            if other == "tokio" && !for_tests && SYNCHRONOUS.contains(&name.as_str()) {
                wrong.push(format!("{name} is synchronous and must not use tokio"));
            }
        }
    }
    Ok(wrong)
}

/// Whether a crate is the library or a part of it: `arrow-array` is of `arrow`.
fn is_of(library: &str, other: &str) -> bool {
    other.strip_prefix(library).is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn package(name: &str, dependencies: &[(&str, Option<&str>)]) -> Value {
        let dependencies: Vec<Value> =
            dependencies.iter().map(|(name, kind)| json!({"name": name, "kind": kind})).collect();
        json!({"name": name, "dependencies": dependencies})
    }

    fn found(packages: &[Value]) -> Vec<String> {
        violations(&json!({"packages": packages})).expect("well-formed metadata")
    }

    #[test]
    fn an_arrow_upwards_is_found() {
        let packages = [
            package("telemetry-model", &[]),
            package("telemetry-store", &[("telemetry-query", None)]),
            package("telemetry-query", &[("telemetry-store", None)]),
        ];
        let wrong = found(&packages);
        assert_eq!(wrong.len(), 1, "{wrong:?}");
        assert!(wrong[0].starts_with("telemetry-store must not know telemetry-query"));
    }

    #[test]
    fn testkit_is_for_tests_only() {
        let testkit = package("telemetry-testkit", &[]);
        assert!(
            found(&[testkit.clone(), package("telemetry-query", &[("telemetry-testkit", Some("dev"))])]).is_empty()
        );
        assert_eq!(found(&[testkit, package("telemetry-query", &[("telemetry-testkit", None)])]).len(), 1);
    }

    #[test]
    fn a_library_of_another_room_and_a_crate_without_a_rule_are_found() {
        assert_eq!(found(&[package("telemetry-query", &[("sqlx", None)])]).len(), 1);
        assert_eq!(found(&[package("telemetry-server", &[("datafusion-common", None)])]).len(), 1);
        assert_eq!(found(&[package("telemetry-wire", &[("tokio", None)])]).len(), 1);
        assert_eq!(found(&[package("telemetry-extra", &[])]).len(), 1);
    }
}
