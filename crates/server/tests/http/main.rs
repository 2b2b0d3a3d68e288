//! The server as its clients meet it: the real binary, a real socket, a real folder.

mod access;
mod commands;
mod crash;
mod demo;
mod documented;
mod files;
mod ingest;
mod isolation;
mod openapi;
mod outcomes;
mod questions;
mod running;
mod sql;
