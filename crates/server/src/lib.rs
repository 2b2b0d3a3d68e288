//! The outside: HTTP, auth, settings, clock, jobs, embedded UI, and the binary `telemetry`.
//!
//! Alone knows tokio, the environment and the clock. An event's way in starts at [`ingest`]; a question's at [`api`].

pub mod api;
pub mod app;
pub mod auth;
pub mod body;
pub mod checkpoint;
pub mod cli;
pub mod clock;
pub mod config;
pub mod definitions;
pub mod demo;
pub mod embed;
pub mod export;
pub mod http;
pub mod ingest;
pub mod limits;
pub mod live;
pub mod local;
pub mod secret;
pub mod snapshots;
pub mod sql;
