//! The binary `telemetry`: reads the command line, hands over to `server`.

use clap::{Args, Parser, Subcommand, ValueEnum};
use server::cli;
use server::config::{Config, Sources};
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
    /// Read events from files into a project; the same file again adds nothing.
    Import {
        /// Project: its number or its name.
        #[arg(long)]
        project: String,
        /// What the files hold.
        #[arg(long, value_enum)]
        format: Format,
        /// JSON lines or batch documents, plain or gzip.
        #[arg(required = true)]
        files: Vec<PathBuf>,
    },
    /// Answer a question: a JSON file, or - for standard input.
    Query {
        /// Project: its number or its name; may be left out when there is only one.
        #[arg(long)]
        project: Option<String>,
        /// The question, as `POST /api/projects/{id}/query` takes it.
        #[arg(value_name = "FILE")]
        question: PathBuf,
    },
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

#[derive(Clone, Copy, ValueEnum)]
enum Format {
    /// Sunbird telemetry v3.
    Sunbird,
    /// PostHog capture bodies or events.
    Posthog,
    /// Telemetry's own export.
    Native,
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
        Command::Import { project, format, files } => {
            let format = match format {
                Format::Sunbird => model::Dialect::Sunbird,
                Format::Posthog => model::Dialect::Posthog,
                Format::Native => model::Dialect::Native,
            };
            cli::import::run(&config, &project, format, &files, cli.json)
        }
        Command::Query { project, question } => cli::query::run(&config, project.as_deref(), &question, cli.json),
        Command::Config { command: ConfigCommand::Show } => cli::config::show(&config, cli.json),
        Command::Openapi => cli::openapi(),
    }
}
