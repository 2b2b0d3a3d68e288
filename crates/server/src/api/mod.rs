//! `/api`: what people and programs ask, change and see. One file per resource.

pub mod access;
pub mod actions;
pub mod cohorts;
pub mod dashboards;
pub mod demo;
pub mod error;
pub mod export;
pub mod input;
pub mod insights;
pub mod keys;
pub mod live;
pub mod members;
pub mod organization;
pub mod outcomes;
pub mod persons;
pub mod progress;
pub mod projects;
pub mod questions;
pub mod router;
pub mod sql;
pub mod summaries;
pub mod system;
pub mod tokens;
