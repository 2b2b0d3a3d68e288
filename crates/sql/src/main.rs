//! The binary `telemetry-sql`: one job in, one result out. `telemetry` starts it; nobody else needs to.

use std::io::{BufRead, Read, Write};
use std::process::ExitCode;
use telemetry_sql::job::{Ending, Job};
use telemetry_sql::{Failure, FailureCode, limits, run};

/// A project with very many properties and files.
const JOB_BYTES_MAX: u64 = 64 << 20;
/// Plans nest deeper than results do; counted as memory in full.
const STACK_BYTES: usize = 8 << 20;

fn main() -> ExitCode {
    if std::env::args().len() > 1 {
        // Not with clap: there is nothing to choose.
        println!(
            "telemetry-sql {}: answers one SQL query for `telemetry serve` and `telemetry sql`",
            env!("CARGO_PKG_VERSION")
        );
        return ExitCode::SUCCESS;
    }
    let ended = match work() {
        Ok(summary) => (Ending::Done(summary), ExitCode::SUCCESS),
        Err(failure) => (Ending::Error(failure), ExitCode::FAILURE),
    };
    let line = serde_json::to_string(&ended.0).unwrap_or_default();
    // The server may be gone; then nobody wants to know.
    let _ = writeln!(std::io::stderr(), "\n{line}");
    ended.1
}

fn work() -> Result<telemetry_sql::job::Summary, Failure> {
    let internal =
        |what: &str, error: &dyn std::fmt::Display| Failure::new(FailureCode::Internal, format!("{what}: {error}"));
    limits::set().map_err(|error| internal("the limits cannot be set", &error))?;
    let mut line = Vec::new();
    std::io::stdin()
        .lock()
        .take(JOB_BYTES_MAX)
        .read_until(b'\n', &mut line)
        .map_err(|error| internal("no job", &error))?;
    let job: Job = serde_json::from_slice(&line).map_err(|error| internal("the job is not understood", &error))?;
    std::thread::spawn(end_with_the_server);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(job.threads.clamp(1, 16))
        .max_blocking_threads(2)
        .thread_stack_size(STACK_BYTES)
        .build()
        .map_err(|error| internal("no runtime", &error))?;
    // On a worker, whose stack is ours to choose.
    let task = runtime.spawn(async move { run::run(&job, std::io::BufWriter::new(std::io::stdout())).await });
    let result = runtime.block_on(task).map_err(|error| Failure::of_panic(&error.to_string()))?;
    runtime.shutdown_background();
    result
}

/// Standard input stays open as long as somebody waits for the result.
fn end_with_the_server() {
    let mut rest = [0; 64];
    while std::io::stdin().lock().read(&mut rest).is_ok_and(|bytes| bytes > 0) {}
    std::process::exit(3);
}
