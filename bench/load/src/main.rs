//! Load for a running server. `telemetry-load --help` tells the commands; bench/README.md tells how figures are made.

mod batches;
mod client;
mod events;
mod kill;
mod process;
mod send;
mod server;

use anyhow::{Context, bail};
use batches::Door;
use clap::{Args, Parser, Subcommand};
use events::Recipe;
use hdrhistogram::Histogram;
use send::{Plan, Sent};
use serde_json::json;
use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::time::{SystemTime, UNIX_EPOCH};
use testkit::ledger::{Ledger, LedgerWriter};

/// Sends prepared events to a server, keeps a ledger, and compares the ledger with an export.
#[derive(Parser)]
#[command(name = "telemetry-load", arg_required_else_help = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Send events and print figures as JSON.
    Send(SendArgs),
    /// Hold idle connections beside busy ones and print figures as JSON.
    Connections(ConnectionArgs),
    /// Start a server, kill it under full load again and again, and keep a ledger for `check`.
    Kill {
        /// The binary `telemetry`.
        #[arg(long)]
        binary: PathBuf,
        /// Data directory, made anew.
        #[arg(long)]
        data: PathBuf,
        /// Where to keep the ledger.
        #[arg(long)]
        ledger: PathBuf,
        /// Kills.
        #[arg(long, default_value_t = 200)]
        rounds: u32,
        /// Seed of instants, orders and events; printed.
        #[arg(long, default_value_t = 1)]
        seed: u64,
        /// Setting of the server, NAME=VALUE; may be repeated.
        #[arg(long = "set")]
        settings: Vec<String>,
    },
    /// Compare a ledger with an export (JSON lines); exit code 1 when something is wrong.
    Check {
        /// The generator's ledger.
        #[arg(long)]
        ledger: PathBuf,
        /// Output of `telemetry export`.
        #[arg(long)]
        export: PathBuf,
    },
}

#[derive(Args)]
struct Target {
    /// `host:port` of the server.
    #[arg(long)]
    address: String,
    /// A write key.
    #[arg(long)]
    key: String,
    /// Process id of the server, for its CPU time and memory.
    #[arg(long)]
    pid: Option<u32>,
    /// Events of different seeds are different events.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Distinct persons.
    #[arg(long, default_value_t = 100_000)]
    persons: u64,
    /// Events in one batch.
    #[arg(long, default_value_t = 50)]
    batch: u32,
    /// Events in a row that are one person's: 50 is a phone's batch, 1 what a gateway that mixes phones sends.
    #[arg(long, default_value_t = 50)]
    in_a_row: u64,
}

#[derive(Args)]
struct SendArgs {
    #[command(flatten)]
    target: Target,
    /// Events in all.
    #[arg(long, default_value_t = 1_000_000)]
    events: u64,
    /// Events per second; without it, as fast as answers come.
    #[arg(long)]
    rate: Option<f64>,
    /// Connections in use.
    #[arg(long, default_value_t = 16)]
    connections: usize,
    /// Send a refused or unanswered batch again until it is acknowledged.
    #[arg(long)]
    insist: bool,
    /// One event in a thousand is broken and must become a failed event.
    #[arg(long)]
    broken: bool,
    /// Where to keep the ledger.
    #[arg(long)]
    ledger: Option<PathBuf>,
}

#[derive(Args)]
struct ConnectionArgs {
    #[command(flatten)]
    target: Target,
    /// Connections that only wait.
    #[arg(long, default_value_t = 10_000)]
    idle: usize,
    /// Connections in use.
    #[arg(long, default_value_t = 500)]
    busy: usize,
    /// Events in all.
    #[arg(long, default_value_t = 500_000)]
    events: u64,
    /// Events per second.
    #[arg(long, default_value_t = 20_000.0)]
    rate: f64,
}

fn main() -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    match Cli::parse().command {
        Command::Send(args) => runtime.block_on(run(args)),
        Command::Connections(args) => runtime.block_on(connections(args)),
        Command::Kill { binary, data, ledger, rounds, seed, settings } => {
            let plan = kill::Plan { rounds, seed, connections: 16, batch: 50 };
            runtime.block_on(kill::run(&binary, &data, &ledger, &settings, &plan))
        }
        Command::Check { ledger, export } => check(&ledger, &export),
    }
}

/// ms since 1970.
fn now_ms() -> anyhow::Result<u64> {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).context("the clock stands before 1970")?;
    Ok(now.as_millis() as u64)
}

impl Target {
    fn door(&self) -> Door {
        Door { address: self.address.clone(), key: self.key.clone() }
    }

    fn recipe(&self, per_second: f64, broken: bool) -> anyhow::Result<Recipe> {
        let first_ms = now_ms()? - 60_000;
        Ok(Recipe {
            seed: self.seed,
            persons: self.persons,
            in_a_row: self.in_a_row,
            first_ms,
            per_second: per_second as u64,
            broken,
        })
    }

    fn usage(&self) -> process::Usage {
        self.pid.map(process::usage).unwrap_or_default()
    }
}

async fn run(args: SendArgs) -> anyhow::Result<()> {
    let target = &args.target;
    let size = target.batch.max(1);
    let recipe = target.recipe(args.rate.unwrap_or(100_000.0), args.broken)?;
    let count = u32::try_from(args.events / u64::from(size)).context("too many batches")?;
    let (batches, event_bytes) = batches::prepare(&recipe, &target.door(), 0..count, size);
    let ledger = args.ledger.as_deref().map(LedgerWriter::create).transpose()?;
    let plan = Plan {
        batches_per_second: args.rate.map(|rate| rate / f64::from(size)),
        connections: args.connections,
        insist: args.insist,
    };
    let wire_bytes: usize = batches.iter().map(|batch| batch.request.len()).sum();
    let (before, own_before) = (target.usage(), process::usage(std::process::id()));
    let sent = send::send(&target.address, batches, &plan, ledger).await?;
    let (after, own_after) = (target.usage(), process::usage(std::process::id()));
    let events = u64::from(count) * u64::from(size);
    let stored = sent.answers.get(&200).copied().unwrap_or(0) * u64::from(size);
    let report = json!({
        "events": events,
        "event_bytes": event_bytes.round(),
        "wire_bytes_per_event": (wire_bytes as f64 / events as f64).round(),
        "acknowledged_events": stored,
        "seconds": round(sent.elapsed.as_secs_f64()),
        "events_per_second": (stored as f64 / sent.elapsed.as_secs_f64()).round(),
        "answers": answers(&sent),
        "acknowledged_ms": millis(&sent.latency_us),
        "refused_ms": millis(&sent.refusal_us),
        "refused_without_retry_after": sent.without_retry_after,
        "server_cpu_us_per_event": round((after.cpu_s - before.cpu_s) * 1e6 / stored.max(1) as f64),
        "generator_cpu_us_per_event": round((own_after.cpu_s - own_before.cpu_s) * 1e6 / events as f64),
        "server_resident_mib": after.resident_bytes >> 20,
        "server_resident_mib_max": after.resident_bytes_max >> 20,
        "server_cpu_s_by_thread": target.pid.map(process::threads).unwrap_or_default(),
    });
    println!("{}", serde_json::to_string_pretty(&report)?);
    Ok(())
}

async fn connections(args: ConnectionArgs) -> anyhow::Result<()> {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let target = &args.target;
    let limit = getrlimit(Resource::Nofile).maximum;
    setrlimit(Resource::Nofile, Rlimit { current: limit, maximum: limit }).context("cannot raise the open files")?;
    let recipe = target.recipe(args.rate, false)?;
    let count = u32::try_from(args.events / u64::from(target.batch)).context("too many batches")?;
    let (batches, _) = batches::prepare(&recipe, &target.door(), 0..count, target.batch);
    let before = target.usage();
    let mut idle = Vec::with_capacity(args.idle);
    for number in 0..args.idle {
        let mut client = client::Client::new(&target.address);
        client.connect().await.with_context(|| format!("idle connection {number} was refused"))?;
        let asked = client.ask(format!("GET /health HTTP/1.1\r\nhost: {}\r\n\r\n", target.address).as_bytes()).await;
        if asked.map(|answer| answer.status).ok() != Some(200) {
            bail!("idle connection {number} got no answer");
        }
        idle.push(client);
    }
    let with_idle = target.usage();
    let plan =
        Plan { batches_per_second: Some(args.rate / f64::from(target.batch)), connections: args.busy, insist: false };
    let sent = send::send(&target.address, batches, &plan, None).await?;
    let report = json!({
        "idle": idle.len(),
        "busy": args.busy,
        "answers": answers(&sent),
        "acknowledged_ms": millis(&sent.latency_us),
        "kib_per_idle_connection":
            round((with_idle.resident_bytes.saturating_sub(before.resident_bytes)) as f64 / 1024.0 / args.idle as f64),
        "server_resident_mib_max": target.usage().resident_bytes_max >> 20,
    });
    println!("{}", serde_json::to_string_pretty(&report)?);
    Ok(())
}

fn answers(sent: &Sent) -> serde_json::Value {
    sent.answers.iter().map(|(status, count)| (status.to_string(), json!(count))).collect()
}

fn millis(us: &Histogram<u64>) -> serde_json::Value {
    let at = |quantile: f64| round(us.value_at_quantile(quantile) as f64 / 1e3);
    json!({"p50": at(0.5), "p90": at(0.9), "p99": at(0.99), "p999": at(0.999), "max": round(us.max() as f64 / 1e3)})
}

fn round(number: f64) -> f64 {
    (number * 100.0).round() / 100.0
}

fn check(ledger: &std::path::Path, export: &std::path::Path) -> anyhow::Result<()> {
    let mut ledger = Ledger::read(ledger).with_context(|| format!("cannot read {}", ledger.display()))?;
    let file = std::fs::File::open(export).with_context(|| format!("cannot read {}", export.display()))?;
    for (number, line) in BufReader::with_capacity(1 << 20, file).lines().enumerate() {
        ledger.found_row(&line?).with_context(|| format!("line {} of {}", number + 1, export.display()))?;
    }
    let findings = ledger.findings(false);
    println!("{findings:?}, answers {:?}", ledger.answers());
    if findings.are_clean() { Ok(()) } else { bail!("the server does not hold what it acknowledged") }
}
