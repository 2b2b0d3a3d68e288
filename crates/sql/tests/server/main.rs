//! The whole way of a query: HTTP, the real server, the real process, real files.
//!
//! These tests need the server's binary beside ours (`cargo build -p telemetry-server`), or in `TELEMETRY_BIN`.

mod answers;
mod attacks;
mod docs;
mod limits;
mod running;
