//! `telemetry verify`: reads every file of a data directory or a backup and says what is wrong where.

use super::backup::{archive, reader};
use super::{Usage, frozen, spinner};
use crate::config::Config;
use anyhow::{Context, bail};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use store::verify::{Finding, Severity, VerifyReport};
use store::{Disk, RealDisk};

/// Findings and sums of one check.
#[derive(Debug, Default, serde::Serialize)]
pub struct Report {
    /// Files, rows and findings of the events.
    #[serde(flatten)]
    pub events: VerifyReport,
    /// What was checked, when it is not a data directory at rest.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub of: Option<String>,
}

impl Report {
    fn find(&mut self, severity: Severity, path: impl Into<PathBuf>, detail: impl Into<String>) {
        self.events.findings.push(Finding { severity, path: path.into(), offset: None, detail: detail.into() });
    }

    /// The first finding that says that something is wrong.
    pub fn first_error(&self) -> Option<String> {
        self.events.findings.iter().find(|finding| finding.severity == Severity::Error).map(line)
    }
}

/// Verifies the data directory of the settings, or what `path` names: a data directory or a backup.
///
/// # Errors
/// Something is wrong; the findings have been printed.
pub fn run(config: &Config, path: Option<&Path>, json: bool) -> anyhow::Result<()> {
    let mut report = Report::default();
    let target = path.unwrap_or(&config.data);
    if !target.exists() {
        return Err(Usage(format!("there is nothing at {}", target.display())).into());
    }
    if target.is_file() {
        backup(target, &mut report, json)?;
    } else if target.join(archive::INFO).exists() || target.join(archive::SUMS).exists() {
        backup(target, &mut report, json)?;
        let data = target.join(archive::DATA);
        if data.is_dir() {
            data_directory(&data, &mut report, json)?;
        }
    } else if frozen::is_in_use(target) {
        let mut of_target = config.clone();
        of_target.data = target.to_owned();
        let source = frozen::source(&of_target)?;
        report.of =
            Some("a checkpoint that the running server made: the files as they are, without its WAL".to_owned());
        data_directory(&source.folder, &mut report, json)?;
        source.end()?;
    } else {
        if !target.join(meta::FILE_NAME).exists() && !target.join("MANIFEST").exists() {
            return Err(Usage(format!("{} is neither a data directory nor a backup", target.display())).into());
        }
        // So that no server starts meanwhile; a directory that cannot be written to has none.
        let lock = target.join("LOCK");
        let _lock = if lock.exists() { RealDisk.lock(&lock).ok() } else { None };
        data_directory(target, &mut report, json)?;
    }
    print(&report, json)
}

/// Checks a data directory that nothing changes meanwhile.
///
/// # Errors
/// The file system refuses.
pub fn data_directory(data: &Path, report: &mut Report, json: bool) -> anyhow::Result<()> {
    let bar = spinner(json);
    let disk: Arc<dyn Disk> = Arc::new(RealDisk);
    let events = store::verify::verify(&disk, data, &mut |path| bar.set_message(path.display().to_string()))?;
    bar.finish_and_clear();
    // Behind what was found in the form of a backup.
    let mut findings = std::mem::replace(&mut report.events, events).findings;
    findings.append(&mut report.events.findings);
    report.events.findings = findings;
    if super::backup::restore::refuse_unfinished(data).is_err() {
        report.find(Severity::Error, "", "a restore did not end: run the same `telemetry restore` again");
    }
    metadata(data, report)
}

/// Checks a copy of the metadata: SQLite makes files beside what it reads.
fn metadata(data: &Path, report: &mut Report) -> anyhow::Result<()> {
    if !data.join(meta::FILE_NAME).exists() {
        report.find(Severity::Error, meta::FILE_NAME, "missing; restore it from a backup");
        return Ok(());
    }
    let folder = tempfile::tempdir().context("cannot make a temporary folder")?;
    for end in ["", "-wal"] {
        let name = format!("{}{end}", meta::FILE_NAME);
        match std::fs::copy(data.join(&name), folder.path().join(&name)) {
            Ok(bytes) => {
                report.events.files += 1;
                report.events.bytes += bytes;
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            Err(error) => return Err(error).with_context(|| format!("cannot read {name}")),
        }
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    match runtime.block_on(meta::check_file(&folder.path().join(meta::FILE_NAME))) {
        Ok(wrong) => wrong.into_iter().for_each(|detail| report.find(Severity::Error, meta::FILE_NAME, detail)),
        Err(error) => {
            let error = anyhow::Error::new(error);
            report.find(Severity::Error, meta::FILE_NAME, format!("cannot be read: {error:#}"));
        }
    }
    Ok(())
}

fn backup(path: &Path, report: &mut Report, json: bool) -> anyhow::Result<()> {
    let bar = spinner(json);
    let read = reader::read(path, None, &mut |bytes| bar.inc(bytes))?;
    bar.finish_and_clear();
    report.of = Some(match &read.info {
        Some(info) => format!("a backup of {}, made by version {}", info.made_at, info.version),
        None => "a backup".to_owned(),
    });
    (report.events.files, report.events.bytes) = (read.files, read.bytes);
    if let Some(info) = read.info {
        (report.events.rows, report.events.generation) = (info.rows, info.generation);
    }
    for (name, detail) in read.wrong {
        report.find(Severity::Error, name, detail);
    }
    Ok(())
}

fn line(finding: &Finding) -> String {
    let at = finding.offset.map_or(String::new(), |offset| format!(" at byte {offset}"));
    format!("{}{at}: {}", finding.path.display(), finding.detail)
}

fn print(report: &Report, json: bool) -> anyhow::Result<()> {
    let errors = report.events.findings.iter().filter(|finding| finding.severity == Severity::Error).count();
    if json {
        let mut value = serde_json::to_value(report)?;
        value["ok"] = (errors == 0).into();
        println!("{}", serde_json::to_string_pretty(&value)?);
    } else {
        if let Some(of) = &report.of {
            println!("{of}");
        }
        for finding in &report.events.findings {
            let word = match finding.severity {
                Severity::Note => "note",
                Severity::Warning => "warning",
                Severity::Error => "WRONG",
            };
            println!("{word:8} {}", line(finding));
        }
        let events = &report.events;
        println!(
            "{} files, {} bytes, {} events in files and {} in the WAL: {}",
            events.files,
            events.bytes,
            events.rows,
            events.wal_rows,
            if errors == 0 { "nothing is wrong".to_owned() } else { format!("{errors} things are wrong") }
        );
    }
    if errors > 0 {
        bail!("{errors} things are wrong; restore what is damaged from a backup (docs/operating.md)");
    }
    Ok(())
}
