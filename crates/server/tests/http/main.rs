//! The server as its clients meet it: the real binary, a real socket, a real folder.

mod access;
mod backup;
mod cohorts;
mod commands;
mod crash;
mod damage;
mod demo;
mod documented;
mod files;
mod full;
mod ingest;
mod isolation;
mod openapi;
mod outcomes;
mod questions;
mod running;
mod sdk;
mod sql;
mod stop;
