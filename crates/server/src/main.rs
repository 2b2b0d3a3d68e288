//! The binary `telemetry`: reads the command line, hands over to `server`.

use clap::{Args, Parser, Subcommand, ValueEnum};
use server::cli;
use server::config::{Config, Sources};
use server::export::{Form, Formulas, TableOptions};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::ExitCode;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// User-behaviour analytics: one binary, one data directory, exact answers.
#[derive(Parser)]
#[command(name = "telemetry", version, propagate_version = true, arg_required_else_help = true)]
struct Cli {
    #[command(flatten)]
    settings: SettingFlags,
    /// Print results and errors as JSON.
    #[arg(long, global = true)]
    json: bool,
    #[command(subcommand)]
    command: Command,
}

#[derive(Args)]
struct SettingFlags {
    /// Data directory [default: data].
    #[arg(long, global = true, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Settings file [default: telemetry.toml in the data directory, if there].
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Any setting, as `telemetry config show` names it; may be repeated.
    #[arg(long = "set", global = true, value_name = "NAME=VALUE", value_parser = name_and_value)]
    set: Vec<(String, String)>,
}

#[derive(Subcommand)]
enum Command {
    /// Run the server: ingestion, API and web page.
    Serve {
        /// Address and port; port 0 picks a free one [default: 127.0.0.1:8400].
        #[arg(long, value_name = "ADDR")]
        listen: Option<String>,
    },
    /// Serve a directory of its own, filled with the life of a school app.
    ///
    /// The first start makes the owner demo@example.org and the project "e-Samwad (demo)" and fills it through the
    /// real ingest path, while the page is served already. An interrupted fill goes on at the next start; a filled
    /// directory is only served.
    Demo {
        /// Address and port; port 0 picks a free one [default: 127.0.0.1:8400].
        #[arg(long, value_name = "ADDR")]
        listen: Option<String>,
        /// Persons who use the app, up to 1000000 [default: 100000].
        #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=i64::from(demo::PERSONS_MAX)))]
        persons: Option<u32>,
        /// Days up to now, 2 to 400 [default: 90].
        #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(i64::from(demo::DAYS_MIN)..=i64::from(demo::DAYS_MAX)))]
        days: Option<u32>,
        /// Another number makes other events [default: 2026].
        #[arg(long, value_name = "N")]
        seed: Option<u64>,
        /// Go on sending events as the day goes on, until Ctrl-C.
        #[arg(long)]
        live: bool,
    },
    /// Read events from files into a project. The same file again adds nothing; an interrupted import goes on where it
    /// was. The server must be stopped.
    Import(ImportFlags),
    /// Write the events of a project into a file. The server must be stopped.
    Export(ExportFlags),
    /// Answer a question: a JSON file, or - for standard input.
    Query {
        /// Project: its number or its name; may be left out when there is only one.
        #[arg(long)]
        project: Option<String>,
        /// The question, as `POST /api/projects/{id}/query` takes it.
        #[arg(value_name = "FILE")]
        question: PathBuf,
    },
    /// Answer an SQL query on the tables events, persons and distinct_ids (docs/sql.md); the server must be stopped.
    Sql {
        /// Project: its number or its name; may be left out when there is only one.
        #[arg(long)]
        project: Option<String>,
        /// How the answer is printed [default: table, or json with --json].
        #[arg(long, value_enum)]
        format: Option<Shape>,
        /// File for the answer [default: standard output].
        #[arg(long, value_name = "FILE")]
        output: Option<PathBuf>,
        /// Rows at most [default: 10000 of table and json, 1000000 of csv and parquet].
        #[arg(long, value_name = "N")]
        rows: Option<usize>,
        /// One SELECT.
        #[arg(value_name = "SELECT")]
        sql: String,
    },
    /// Copy everything, as it is at one moment, the server running or not.
    Backup {
        /// A folder to make, or one file when the name ends in .tar, .tar.gz or .tgz; never overwritten.
        #[arg(value_name = "TARGET")]
        target: PathBuf,
    },
    /// Make a data directory of a backup; everything is checked before it is put in place.
    Restore {
        /// The folder or file that `telemetry backup` made.
        #[arg(value_name = "BACKUP")]
        backup: PathBuf,
        /// Move what is in the data directory aside, into a folder in it.
        #[arg(long)]
        force: bool,
    },
    /// Read every file of the data directory, or of a backup, and say what is wrong where.
    Verify {
        /// A backup, or another data directory [default: the data directory].
        #[arg(value_name = "PATH")]
        path: Option<PathBuf>,
    },
    /// Look at the machine, the settings and the data directory: what will hurt, and what to do.
    Doctor,
    /// Show the settings in force.
    Config {
        #[command(subcommand)]
        command: ConfigCommand,
    },
    /// Print the OpenAPI document of the API.
    #[command(hide = true)]
    Openapi,
}

#[derive(Subcommand)]
enum ConfigCommand {
    /// Every setting, its value, and where it came from.
    Show,
}

#[derive(Args)]
struct ImportFlags {
    /// Project: its number or its name.
    #[arg(long)]
    project: String,
    /// What the files hold [default: told by their beginning, and said].
    #[arg(long, value_enum)]
    format: Option<Format>,
    /// CSV: which column is which part of an event, as event=name,distinct_id=user,event_at=time,properties.page=page;
    /// parts are uuid, event, event_at, distinct_id, session_id, window_id, properties (a JSON object, or * for all
    /// other columns) and properties.KEY, with :number, :bool or :json behind it where it is no text.
    #[arg(long, value_name = "PART=COLUMN", value_delimiter = ',', value_parser = name_and_value)]
    map: Vec<(String, String)>,
    /// CSV: how event_at is written.
    #[arg(long, value_enum, default_value = "auto")]
    time: Time,
    /// CSV: what stands between cells; \t is a tab.
    #[arg(long, default_value = ",", value_parser = delimiter)]
    delimiter: u8,
    /// Read everything, write nothing, and say what an import would do.
    #[arg(long)]
    dry_run: bool,
    /// Read the files from their start, also when an import of them was interrupted.
    #[arg(long)]
    from_start: bool,
    /// JSON lines, JSON documents, CSV (all plain or gzip) or Parquet.
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
}

#[derive(Args)]
struct ExportFlags {
    /// Project: its number or its name; may be left out when there is only one.
    #[arg(long)]
    project: Option<String>,
    /// jsonl is what import reads back equal; csv is for spreadsheets, parquet for other engines.
    #[arg(long, value_enum, default_value = "jsonl")]
    format: ExportFormat,
    /// First day or instant, in the project's time zone: 2026-01-31, 2026-01-31T10:00:00+05:30, -7d, mStart.
    #[arg(long, value_name = "DATE", allow_hyphen_values = true)]
    from: Option<String>,
    /// Last day or instant, inclusive.
    #[arg(long, value_name = "DATE", allow_hyphen_values = true)]
    to: Option<String>,
    /// Only events of this name; may be repeated.
    #[arg(long = "event", value_name = "NAME")]
    events: Vec<String>,
    /// Only events that pass: key=value, or JSON as the filters of a question; may be repeated, all must hold.
    #[arg(long = "filter", value_name = "FILTER")]
    filters: Vec<String>,
    /// Export the failed events with their reasons instead.
    #[arg(long)]
    failed: bool,
    /// CSV: the columns, in order; what is no column of an event is the key of a property.
    #[arg(long, value_name = "NAMES", value_delimiter = ',')]
    columns: Vec<String>,
    /// CSV: texts that a spreadsheet would run as a formula get an apostrophe before them, or are kept as they are.
    #[arg(long, value_enum, default_value = "guard")]
    formulas: FormulaFlag,
    /// The file; - is standard output [default: -].
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Replace the file if it is there.
    #[arg(long)]
    force: bool,
    /// Pack with gzip.
    #[arg(long)]
    gzip: bool,
}

#[derive(Clone, Copy, ValueEnum)]
enum Format {
    /// Sunbird telemetry v3: events, lists of them, or batches.
    Sunbird,
    /// PostHog: batch exports, answers of its events API, or capture bodies.
    Posthog,
    /// Telemetry's own export.
    Native,
    /// A table with a header; see --map.
    Csv,
}

#[derive(Clone, Copy, ValueEnum)]
enum Time {
    /// Any of the others, told apart by form and size.
    Auto,
    /// RFC 3339 with an offset.
    Rfc3339,
    /// Seconds since 1970.
    Seconds,
    /// Milliseconds since 1970.
    Milliseconds,
    /// Microseconds since 1970.
    Microseconds,
}

#[derive(Clone, Copy, ValueEnum)]
enum ExportFormat {
    /// JSON lines.
    Jsonl,
    /// A table with a header.
    Csv,
    /// Typed columns.
    Parquet,
}

#[derive(Clone, Copy, ValueEnum)]
enum FormulaFlag {
    /// An apostrophe before them.
    Guard,
    /// As they are.
    Keep,
}

fn delimiter(text: &str) -> Result<u8, String> {
    match text {
        "\\t" | "\t" => Ok(b'\t'),
        _ => match text.as_bytes() {
            [byte] if byte.is_ascii() && !matches!(byte, b'"' | b'\n' | b'\r') => Ok(*byte),
            _ => Err("one ASCII character, or \\t for a tab".to_owned()),
        },
    }
}

impl ImportFlags {
    fn options(self) -> cli::import::ImportOptions {
        use cli::import::{Format as F, TimeFormat};
        cli::import::ImportOptions {
            project: self.project,
            format: self.format.map(|format| match format {
                Format::Sunbird => F::Sunbird,
                Format::Posthog => F::Posthog,
                Format::Native => F::Native,
                Format::Csv => F::Csv,
            }),
            map: self.map,
            time: match self.time {
                Time::Auto => TimeFormat::Auto,
                Time::Rfc3339 => TimeFormat::Rfc3339,
                Time::Seconds => TimeFormat::Seconds,
                Time::Milliseconds => TimeFormat::Milliseconds,
                Time::Microseconds => TimeFormat::Microseconds,
            },
            delimiter: self.delimiter,
            dry_run: self.dry_run,
            from_start: self.from_start,
            files: self.files,
        }
    }
}

impl ExportFlags {
    fn options(self) -> cli::export::ExportOptions {
        let formulas = match self.formulas {
            FormulaFlag::Guard => Formulas::Guard,
            FormulaFlag::Keep => Formulas::Keep,
        };
        cli::export::ExportOptions {
            project: self.project,
            form: match self.format {
                ExportFormat::Jsonl => Form::Jsonl,
                ExportFormat::Csv => Form::Csv(TableOptions { columns: self.columns, formulas }),
                ExportFormat::Parquet => Form::Parquet,
            },
            from: self.from,
            to: self.to,
            events: self.events,
            filters: self.filters,
            failed: self.failed,
            output: self.output,
            force: self.force,
            gzip: self.gzip,
        }
    }
}

#[derive(Clone, Copy, ValueEnum)]
enum Shape {
    /// Tab-separated, for reading.
    Table,
    /// As the API answers.
    Json,
    /// RFC 4180.
    Csv,
    /// A Parquet file.
    Parquet,
}

fn name_and_value(text: &str) -> Result<(String, String), String> {
    let (name, value) = text.split_once('=').ok_or("write NAME=VALUE")?;
    Ok((name.trim().to_owned(), value.trim().to_owned()))
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    let json = cli.json;
    match run(cli) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let message = format!("{error:#}");
            if json {
                eprintln!("{}", serde_json::json!({ "error": { "message": message } }));
            } else {
                eprintln!("telemetry: {message}");
            }
            // 2: the caller can mend it (settings, files, questions); 1: the machine failed.
            let callers = error.is::<server::config::ConfigError>() || error.is::<cli::Usage>();
            ExitCode::from(if callers { 2 } else { 1 })
        }
    }
}

fn run(cli: Cli) -> anyhow::Result<()> {
    let mut flags: BTreeMap<String, String> = cli.settings.set.into_iter().collect();
    if let Some(data) = cli.settings.data {
        flags.insert("data".to_owned(), data.to_string_lossy().into_owned());
    }
    if let Command::Serve { listen: Some(listen) } | Command::Demo { listen: Some(listen), .. } = &cli.command {
        flags.insert("listen".to_owned(), listen.clone());
    }
    let mut sources = Sources::of_process(flags, cli.settings.config);
    if let Command::Demo { .. } = &cli.command {
        sources.data_default = Some(cli::demo::DIRECTORY);
    }
    let config: Config = server::config::read(&sources)?;
    match cli.command {
        Command::Serve { .. } => cli::serve::run(config, cli.json),
        Command::Demo { persons, days, seed, live, .. } => {
            cli::demo::run(config, cli::demo::Wanted { persons, days, seed, live }, cli.json)
        }
        Command::Import(flags) => cli::import::run(&config, &flags.options(), cli.json),
        Command::Export(flags) => cli::export::run(&config, &flags.options(), cli.json),
        Command::Query { project, question } => cli::query::run(&config, project.as_deref(), &question, cli.json),
        Command::Sql { project, format, output, rows, sql } => {
            let shape = match format {
                Some(Shape::Table) => cli::sql::Shape::Table,
                Some(Shape::Json) => cli::sql::Shape::Json,
                Some(Shape::Csv) => cli::sql::Shape::Csv,
                Some(Shape::Parquet) => cli::sql::Shape::Parquet,
                None if cli.json => cli::sql::Shape::Json,
                None => cli::sql::Shape::Table,
            };
            let (project, output) = (project.as_deref(), output.as_deref());
            cli::sql::run(&config, &cli::sql::Asked { project, sql: &sql, shape, output, rows_max: rows })
        }
        Command::Backup { target } => cli::backup::run(&config, &target, cli.json),
        Command::Restore { backup, force } => cli::backup::restore::run(&config.data, &backup, force, cli.json),
        Command::Verify { path } => cli::verify::run(&config, path.as_deref(), cli.json),
        Command::Doctor => cli::doctor::run(&config, cli.json),
        Command::Config { command: ConfigCommand::Show } => cli::config::show(&config, cli.json),
        Command::Openapi => cli::openapi(),
    }
}
