//! `telemetry config show`.

use crate::config::Config;

/// Prints each setting, its value and where it came from.
///
/// # Errors
/// None in practice; printing JSON can fail only out of memory.
pub fn show(config: &Config, json: bool) -> anyhow::Result<()> {
    if json {
        let settings: Vec<_> = config
            .shown()
            .iter()
            .map(|s| {
                serde_json::json!({
                    "name": s.name, "value": s.value, "origin": s.origin.to_string(), "help": s.help,
                })
            })
            .collect();
        println!("{}", serde_json::to_string_pretty(&serde_json::json!({ "settings": settings }))?);
        return Ok(());
    }
    let width = |part: fn(&crate::config::Shown) -> usize| config.shown().iter().map(part).max().unwrap_or(0);
    let (names, values) = (width(|s| s.name.len()), width(|s| s.value.len()));
    for shown in config.shown() {
        println!("{:names$}  {:values$}  {}", shown.name, shown.value, shown.origin);
        println!("{:names$}  # {}", "", shown.help);
    }
    Ok(())
}
