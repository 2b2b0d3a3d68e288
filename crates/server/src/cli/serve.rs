//! `telemetry serve`: opens the data directory, listens, and ends cleanly.

use super::{demo, open_store};
use crate::app::{App, Server};
use crate::config::{Config, Init};
use crate::http::{self, HttpOptions};
use crate::local::{self, Running};
use crate::secret::{self, Passwords, Purpose};
use crate::{api, checkpoint, clock};
use anyhow::{Context, bail};
use meta::{
    Act, DemoState, Initialization, Language, Meta, NewKey, NewMember, NewProject, NewToken, Role, Scope, SecretHash,
};
use metrics_exporter_prometheus::PrometheusBuilder;
use model::project::SunbirdValidation;
use model::time::WeekStart;
use std::io::{IsTerminal, Write};
use std::time::Duration;
use store::{Batch, HealthState};
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::watch;

/// Requests in flight get this long after a stop was asked for; the rest of the 10 s is for the last flush.
const DRAIN: Duration = Duration::from_secs(5);
/// The fill of the demo gets this long to end at a stop.
const FILL_END: Duration = Duration::from_secs(2);
/// How often the small chores run.
const CHORES_EVERY: Duration = Duration::from_secs(10);

/// Runs the server until SIGTERM or SIGINT.
///
/// # Errors
/// The data directory cannot be opened, or the address is taken.
pub fn run(config: Config, json: bool) -> anyhow::Result<()> {
    run_with(config, json, None)
}

/// As [`run`]; with `wanted` it also makes, fills and keeps the demo.
///
/// # Errors
/// As of [`run`] and of `telemetry demo`.
pub fn run_with(config: Config, json: bool, wanted: Option<demo::Wanted>) -> anyhow::Result<()> {
    let filter = tracing_subscriber::EnvFilter::try_new(&config.log).context("the setting `log`")?;
    let colours = std::io::stderr().is_terminal();
    tracing_subscriber::fmt().with_env_filter(filter).with_ansi(colours).with_writer(std::io::stderr).init();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let result = runtime.block_on(serve(config, json, wanted));
    // Questions that still run were cancelled; they must not hold the process.
    runtime.shutdown_timeout(Duration::from_secs(1));
    result
}

/// Files that are not connections: segment files being read and written, the WAL, the metadata.
const FILES_KEPT_BACK: u64 = 256;

/// Asks for as many open files as the system allows, and takes no more connections than that leaves room for: the
/// store must never be the one that finds no file left.
fn fit_connections(wanted: usize) -> usize {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let limit = getrlimit(Resource::Nofile);
    let raised = Rlimit { current: limit.maximum, maximum: limit.maximum };
    let files = if setrlimit(Resource::Nofile, raised).is_ok() { limit.maximum } else { limit.current };
    let Some(files) = files else { return wanted };
    let room = usize::try_from(files.saturating_sub(FILES_KEPT_BACK).max(files / 2)).unwrap_or(usize::MAX);
    if room < wanted {
        tracing::warn!(
            files,
            connections = room,
            "fewer connections than `connections_max`: raise the limit of open files"
        );
    }
    wanted.min(room)
}

async fn serve(config: Config, json: bool, wanted: Option<demo::Wanted>) -> anyhow::Result<()> {
    let (store, report) = open_store(&config)?;
    if report.events_replayed > 0 || report.torn_bytes > 0 {
        tracing::info!(
            events = report.events_replayed,
            torn_bytes = report.torn_bytes,
            orphans = report.orphans_removed,
            "recovered from the WAL"
        );
    }
    for quarantined in &report.quarantined {
        tracing::error!(path = %quarantined.path.display(), detail = %quarantined.detail, "a damaged file was set aside");
    }
    checkpoint::thaw_all(&config.data);
    let meta = Meta::open(&config.data).await.context("cannot open the metadata")?;
    let access = match wanted {
        Some(wanted) => Some(demo::prepare(&meta, &config, wanted).await?),
        None => {
            initialize(&meta, &config.init).await?;
            None
        }
    };
    let listener = http::listen(config.listen).with_context(|| format!("cannot listen on {}", config.listen))?;
    let address = listener.local_addr()?;
    let prometheus = PrometheusBuilder::new().install_recorder().context("cannot install the metrics")?;
    let (stop, stopping) = watch::channel(false);
    let app = Server::new(config, store, meta, stopping.clone()).await?;
    // Before anybody knows that we are up: a signal must find its handler.
    let signals = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    let running = Running::announce(&app.config.data, address).context("cannot write server.json")?;
    announce(&app, address, json)?;
    let chores = tokio::spawn(chores(app.clone(), prometheus.clone()));
    tokio::spawn(try_full_disk_again(app.clone()));
    tokio::spawn(stop_on_signal(signals, stop.clone()));
    let filling = fill(&app, address, access.zip(wanted), json, stop);
    let options = HttpOptions {
        connections_max: fit_connections(app.config.connections_max),
        header_timeout: app.config.header_timeout,
        drain: DRAIN,
    };
    let router = api::router::router(&app, prometheus, local::router(&app, &running));
    http::serve(listener, router, options, stopping).await?;
    // It sees the stop too; the store and the metadata are still open for what it has under way.
    let filled = tokio::time::timeout(FILL_END, filling).await;
    chores.abort();
    Running::withdraw(&app.config.data);
    if let Err(error) = app.write_key_uses().await {
        tracing::warn!(%error, "last uses of keys were not noted");
    }
    let store = app.store.clone();
    tokio::task::spawn_blocking(move || store.close()).await?.context("cannot close the store")?;
    app.meta.close().await;
    tracing::info!("stopped");
    match filled {
        Ok(Ok(filled)) => filled,
        // Cut off: the next start goes on.
        Ok(Err(_)) | Err(_) => Ok(()),
    }
}

/// Goes on with a fill that an earlier process has begun.
async fn go_on(app: &App) -> Result<(), meta::MetaError> {
    match app.meta.demo().await? {
        Some(demo) if demo.progress.state == DemoState::Running => crate::demo::start(app).await,
        _ => Ok(()),
    }
}

/// Fills the demo in the background: as the command `demo` wants it, else what an earlier process has left unfinished.
fn fill(
    app: &App,
    address: std::net::SocketAddr,
    wanted: Option<(demo::Access, demo::Wanted)>,
    json: bool,
    stop: watch::Sender<bool>,
) -> tokio::task::JoinHandle<anyhow::Result<()>> {
    let app = app.clone();
    tokio::spawn(async move {
        let Some((access, wanted)) = wanted else {
            if let Err(error) = go_on(&app).await {
                tracing::warn!(%error, "the demo does not go on");
            }
            return Ok(());
        };
        let filled = demo::fill(app, address, access, wanted, json).await;
        if filled.is_err() {
            // Nobody may take a half-filled demo for a whole one: the command ends with the error.
            let _ = stop.send(true);
        }
        filled
    })
}

/// The line that people and scripts read to know where to go.
fn announce(app: &App, address: std::net::SocketAddr, json: bool) -> std::io::Result<()> {
    let mut out = std::io::stdout().lock();
    if json {
        writeln!(out, "{}", serde_json::json!({ "listening": format!("http://{address}"), "data": app.config.data }))?;
    } else {
        writeln!(out, "telemetry {} listening on http://{address}", env!("CARGO_PKG_VERSION"))?;
        writeln!(out, "data in {}; stop with Ctrl-C", app.config.data.display())?;
    }
    out.flush()
}

async fn stop_on_signal((mut terminate, mut interrupt): (Signal, Signal), stop: watch::Sender<bool>) {
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
    tracing::info!("stopping: requests in flight are finished, the buffer is written");
    let _ = stop.send(true);
}

/// Small things that need a clock: expiry of failed events, last uses of keys, forgetting idle limits.
async fn chores(app: App, prometheus: metrics_exporter_prometheus::PrometheusHandle) {
    let mut turn = tokio::time::interval(CHORES_EVERY);
    loop {
        turn.tick().await;
        prometheus.run_upkeep();
        app.ingest_limit.forget_idle();
        app.login_limit.forget_idle();
        app.login_network_limit.forget_idle();
        if let Err(error) = app.write_key_uses().await {
            tracing::warn!(%error, "uses of keys were not noted");
        }
        checkpoint::thaw_forgotten(&app.config.data, clock::now());
        let store = app.store.clone();
        match tokio::task::spawn_blocking(move || store.expire(clock::now())).await {
            Ok(Ok(report)) if report.failed_files_removed > 0 => {
                tracing::info!(files = report.failed_files_removed, "failed events expired");
            }
            Ok(Err(error)) => tracing::warn!(%error, "failed events could not be expired"),
            Ok(Ok(_)) | Err(_) => {}
        }
    }
}

/// While the disk is full, tries a write without events now and then: a balancer that watches `/ready` sends none.
async fn try_full_disk_again(app: App) {
    let mut turn = tokio::time::interval(Duration::from_secs(2));
    loop {
        turn.tick().await;
        if matches!(app.store.health().state, HealthState::ReadOnly { .. })
            && let Some(project) = app.store.projects().first().copied()
        {
            let store = app.store.clone();
            // A refusal is what the state says already.
            let _ = tokio::task::spawn_blocking(move || store.append(Batch::new(project, clock::now()))).await;
        }
    }
}

/// Unattended set-up from the environment: applied once, only to an empty data directory.
pub(super) async fn initialize(meta: &Meta, init: &Init) -> anyhow::Result<()> {
    let Some(email) = &init.email else { return Ok(()) };
    if !meta.needs_setup().await? {
        return Ok(());
    }
    let password = init.password.clone().context("TELEMETRY_INIT_PASSWORD must be set beside TELEMETRY_INIT_EMAIL")?;
    secret::check_new_password(&password).map_err(|reason| anyhow::anyhow!("TELEMETRY_INIT_PASSWORD: {reason}"))?;
    let project = match (&init.project, init.level) {
        (Some(name), Some(level)) => Some(NewProject {
            name: name.clone(),
            level,
            time_zone: "Asia/Kolkata".to_owned(),
            week_start: WeekStart::default(),
            sunbird_validation: SunbirdValidation::default(),
            channels: Vec::new(),
            write_key: init.write_key.clone().unwrap_or_else(|| secret::generate(Purpose::WriteKey)),
        }),
        (Some(_), None) => {
            bail!("TELEMETRY_INIT_LEVEL must be set beside TELEMETRY_INIT_PROJECT: security, basic, enhanced or full")
        }
        (None, _) => None,
    };
    let password_hash = Passwords::default().hash(password).await.map_err(anyhow::Error::msg)?;
    let initialization = Initialization {
        owner: NewMember {
            email: email.clone(),
            name: email.split('@').next().unwrap_or(email).to_owned(),
            role: Role::Owner,
            language: Language::En,
            password_hash,
        },
        organization: init.organization.clone(),
        project,
        key: init.secret_key.as_ref().map(|secret| NewKey::Secret {
            name: "set-up".to_owned(),
            prefix: secret::visible_prefix(secret),
            hash: SecretHash::of(secret),
        }),
        token: init.token.as_ref().map(|token| NewToken {
            name: "set-up".to_owned(),
            scopes: vec![Scope::Read, Scope::Write, Scope::Admin],
            project: None,
            prefix: secret::visible_prefix(token),
            hash: SecretHash::of(token),
        }),
    };
    let act = Act { member: None, who: "set-up", at: clock::now() };
    if let Some(made) = meta.initialize(&act, &initialization).await? {
        tracing::info!(project = made.project.map(|project| project.name), "set up from the environment");
    }
    Ok(())
}
