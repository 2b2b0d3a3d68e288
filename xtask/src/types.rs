//! The page's types, from the server's code: handlers → OpenAPI document → TypeScript.
//!
//! A test of the server fails when the document is not that of the code.

use anyhow::{Context, Result, ensure};
use std::path::Path;
use std::process::Command;

/// Writes `ui/openapi.json` and `ui/src/api/wire.ts`.
pub fn write(root: &Path) -> Result<()> {
    let made = Command::new("cargo")
        .args(["run", "--quiet", "--package", "telemetry-server", "--", "openapi"])
        .current_dir(root)
        .output()
        .context("cannot run cargo")?;
    ensure!(made.status.success(), "the server did not build:\n{}", String::from_utf8_lossy(&made.stderr));
    std::fs::write(root.join("ui/openapi.json"), made.stdout).context("cannot write ui/openapi.json")?;
    let status = Command::new("npm")
        .args(["run", "--silent", "types"])
        .current_dir(root.join("ui"))
        .status()
        .context("cannot run npm; the types are made by ui/scripts/types.mjs")?;
    ensure!(status.success(), "npm run types failed in ui/");
    println!("made ui/openapi.json and ui/src/api/wire.ts");
    Ok(())
}
