//! `telemetry demo`: serves a directory of its own, full of the life of a school app.
//!
//! The first start makes owner and project and fills it; an interrupted fill goes on; a filled directory is only
//! served. It is refused to fill a directory that somebody uses for their own data.

use super::Usage;
use crate::app::App;
use crate::config::Config;
use crate::demo::{self, Filler};
use crate::secret::{Passwords, Purpose, generate};
use crate::{cli, clock};
use anyhow::{Context, bail};
use indicatif::{ProgressBar, ProgressStyle};
use meta::{Act, DemoState, Meta};
use std::io::{IsTerminal, Write};
use std::net::SocketAddr;
use std::path::Path;
use std::time::Duration;

/// The directory when nobody names one.
pub const DIRECTORY: &str = "data-demo";
/// The owner of a demo directory.
const EMAIL: &str = "demo@example.org";
/// Known to everybody, so it is only given to servers that nobody else can reach.
const PASSWORD: &str = "demo demo demo";
/// How often the progress is looked at.
const LOOK_EVERY: Duration = Duration::from_millis(100);

/// What the command line says about the demo.
#[derive(Debug, Clone, Copy, Default)]
pub struct Wanted {
    /// Persons.
    pub persons: Option<u32>,
    /// Days up to now.
    pub days: Option<u32>,
    /// Seed.
    pub seed: Option<u64>,
    /// Goes on sending until the end.
    pub live: bool,
}

/// How to log in.
#[derive(Debug, Clone)]
pub struct Access {
    email: String,
    /// `None` when it is not for us to say.
    password: Option<String>,
}

/// Serves the demo until SIGTERM or SIGINT.
///
/// # Errors
/// As of `telemetry serve`; the directory is not a demo's, or was made with other settings; or the demo could not be
/// filled, then the next start goes on.
pub fn run(mut config: Config, wanted: Wanted, json: bool) -> anyhow::Result<()> {
    let init = &mut config.init;
    // Our own project comes later, with a plan; set-up makes only the owner.
    init.project = None;
    init.secret_key = None;
    init.email.get_or_insert_with(|| EMAIL.to_owned());
    init.organization.get_or_insert_with(|| "Education Department (demo)".to_owned());
    init.password.get_or_insert_with(|| match config.listen.ip().is_loopback() {
        true => PASSWORD.to_owned(),
        false => generate(Purpose::Login),
    });
    cli::serve::run_with(config, json, Some(wanted))
}

/// Makes owner, plan and project where they are missing.
///
/// # Errors
/// The directory has projects and none is a demo, or the demo was made with other settings.
pub async fn prepare(meta: &Meta, config: &Config, wanted: Wanted) -> anyhow::Result<Access> {
    let known = meta.demo().await?;
    if known.is_none() && !meta.projects().await?.is_empty() {
        let message = format!(
            "{} holds projects of your own; give the demo a directory of its own with --data, or start it in the page",
            config.data.display()
        );
        return Err(Usage(message).into());
    }
    let new = meta.needs_setup().await?;
    cli::serve::initialize(meta, &config.init).await?;
    if let Some(demo) = &known {
        check_same(&config.data, demo, wanted)?;
    }
    let plan = demo::plan(wanted.persons, wanted.days, wanted.seed);
    meta.create_demo(&Act { member: None, who: "demo", at: clock::now() }, &demo::project(), &plan).await?;
    access(meta, config, new).await
}

fn check_same(data: &Path, demo: &meta::Demo, wanted: Wanted) -> anyhow::Result<()> {
    let plan = demo.plan;
    let same = wanted.persons.is_none_or(|persons| persons == plan.persons)
        && wanted.days.is_none_or(|days| days == plan.days)
        && wanted.seed.is_none_or(|seed| seed == plan.seed);
    if same {
        return Ok(());
    }
    let message = format!(
        "{} was made with --persons {} --days {} --seed {}; leave these flags out, or name another directory with --data",
        data.display(),
        plan.persons,
        plan.days,
        plan.seed
    );
    Err(Usage(message).into())
}

async fn access(meta: &Meta, config: &Config, new: bool) -> anyhow::Result<Access> {
    let email = config.init.email.clone().unwrap_or_else(|| EMAIL.to_owned());
    let password = if new { config.init.password.clone() } else { Some(PASSWORD.to_owned()) };
    let stored = meta.member_for_login(&email).await?.map(|(_, hash)| hash);
    let right = match (&password, stored) {
        (Some(password), Some(stored)) => Passwords::default().verify(password.clone(), Some(stored)).await,
        _ => Ok(false),
    };
    let password = password.filter(|_| right == Ok(true));
    if password.as_deref() == Some(PASSWORD) && !config.listen.ip().is_loopback() {
        tracing::warn!(listen = %config.listen, "everybody knows the demo's password: change it in the page, or listen on 127.0.0.1");
    }
    Ok(Access { email, password })
}

/// Fills the demo, shows how far it is, tells how to log in, and with `--live` goes on until the end.
///
/// # Errors
/// The demo could not be filled.
pub async fn fill(app: App, address: SocketAddr, access: Access, wanted: Wanted, json: bool) -> anyhow::Result<()> {
    let before = app.meta.demo().await?.context("the demo is gone from the metadata")?;
    if before.progress.state != DemoState::Done {
        demo::start(&app).await?;
        watch(&app.demo, json).await;
    }
    let after = app.meta.demo().await?.context("the demo is gone from the metadata")?.progress;
    match after.state {
        DemoState::Done => {}
        // The server is stopping.
        DemoState::Running => return Ok(()),
        DemoState::Failed => {
            bail!("the demo was not filled: {}. Run the command again to go on", after.error.unwrap_or_default())
        }
    }
    tell(&app, address, &access, after.total, json)?;
    if wanted.live {
        demo::live::run(&app).await.context("the demo does not go on")?;
    }
    Ok(())
}

/// A bar on a terminal, else a line at every tenth.
async fn watch(filler: &Filler, json: bool) {
    let bar = match !json && std::io::stderr().is_terminal() {
        true => ProgressBar::new(0).with_style(
            ProgressStyle::with_template("filling the demo {bar:30} {human_pos} of {human_len} events {per_sec} {eta}")
                .unwrap_or_else(|_| ProgressStyle::default_bar()),
        ),
        false => ProgressBar::hidden(),
    };
    let mut tenths_told = 0;
    while let Some(now) = filler.running() {
        if now.total > 0 {
            bar.set_length(now.total);
            bar.set_position(now.sent);
            let tenths = now.sent * 10 / now.total;
            if bar.is_hidden() && !json && tenths > tenths_told {
                tenths_told = tenths;
                eprintln!("demo: {} of {} events", now.sent, now.total);
            }
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }
    bar.finish_and_clear();
}

fn tell(app: &App, address: SocketAddr, access: &Access, events: u64, json: bool) -> std::io::Result<()> {
    let mut out = std::io::stdout().lock();
    let data = app.config.data.display();
    if json {
        let told =
            serde_json::json!({ "demo": "done", "events": events, "email": access.email, "password": access.password });
        writeln!(out, "{told}")?;
    } else {
        let password = match &access.password {
            Some(password) => format!("with \"{password}\""),
            None => "with its password".to_owned(),
        };
        writeln!(
            out,
            "{events} events of {}. Open http://{address} and log in as {} {password}. Ctrl-C ends it; the data is in {data}.",
            demo::PROJECT,
            access.email
        )?;
    }
    out.flush()
}
