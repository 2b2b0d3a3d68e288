//! The metadata against real SQLite files in temporary folders: one module per subject.
#![allow(clippy::unwrap_used, reason = "a test that meets an unexpected error should stop there")]

mod audit;
mod cohorts;
mod copy;
mod demo;
mod file;
mod logins;
mod members;
mod projects;
mod saved;
mod setup;
mod tokens;

use meta::{Act, Language, Meta, NewMember, NewProject, Role};
use model::Level;
use model::project::SunbirdValidation;
use model::time::WeekStart;

/// An instant: the tests' clock.
const NOW: i64 = 1_790_000_000_000_000;

fn act() -> Act<'static> {
    Act { member: None, who: "test", at: NOW }
}

/// A fresh database; dropped with its folder.
async fn fresh() -> (tempfile::TempDir, Meta) {
    let dir = tempfile::tempdir().unwrap();
    let meta = Meta::open(dir.path()).await.unwrap();
    (dir, meta)
}

fn person(email: &str, role: Role) -> NewMember {
    NewMember {
        email: email.to_owned(),
        name: "Asha Thakur".to_owned(),
        role,
        language: Language::En,
        password_hash: format!("$argon2id$of-{email}"),
    }
}

fn app(name: &str, channels: &[&str]) -> NewProject {
    NewProject {
        name: name.to_owned(),
        level: Level::Enhanced,
        time_zone: "Asia/Kolkata".to_owned(),
        week_start: WeekStart::Monday,
        sunbird_validation: SunbirdValidation::Lenient,
        channels: channels.iter().map(|channel| (*channel).to_owned()).collect(),
        write_key: format!("tmw_of_{name}"),
    }
}
