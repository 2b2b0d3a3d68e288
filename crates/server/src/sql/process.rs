//! One run of `telemetry-sql`: started with nothing of ours but three pipes, fed, and never left alone.

use super::job::{Ending, Failure, FailureCode, Job, Summary};
use super::spool::{Sink, Spool};
use super::{RESULT_BYTES_MAX, SqlError};
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::{ExitStatus, Stdio};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt};
use tokio::process::Command;

/// What is kept of its standard error, from the end.
const STDERR_BYTES: usize = 256 << 10;
const PIECE_BYTES: usize = 64 << 10;

/// Runs a job; the result goes into `sink`. Dropping the future kills the process.
pub async fn run(binary: &Path, job: &Job, mut sink: Sink) -> Result<(Summary, Spool), SqlError> {
    let mut child = Command::new(binary)
        // What it needs to know stands in the job; our environment may hold secrets.
        .env_clear()
        .current_dir("/")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .map_err(|error| SqlError::Failed(format!("cannot start it: {error}")))?;
    let (Some(mut stdin), Some(mut stdout), Some(stderr)) =
        (child.stdin.take(), child.stdout.take(), child.stderr.take())
    else {
        return Err(SqlError::Failed("it has no pipes".to_owned()));
    };
    let mut line = serde_json::to_vec(job).map_err(|error| SqlError::Failed(error.to_string()))?;
    line.push(b'\n');
    let feed = async {
        // It may end before it has read all; what it says on standard error counts.
        let _ = stdin.write_all(&line).await;
        let _ = stdin.flush().await;
        Ok(())
    };
    let take = async {
        let mut piece = vec![0; PIECE_BYTES];
        loop {
            let bytes = stdout.read(&mut piece).await?;
            if bytes == 0 {
                return sink.flush().await;
            }
            if sink.bytes() > RESULT_BYTES_MAX * 2 {
                return Err(std::io::Error::other("the result is larger than it may be"));
            }
            sink.write(&piece[..bytes]).await?;
        }
    };
    // When the disk refuses, the process is killed on the way out.
    let ((), (), said) = tokio::try_join!(feed, take, async { Ok(tail(stderr).await) })?;
    // Open until here: its end tells the process that nobody waits any more.
    drop(stdin);
    drop(stdout);
    let status = child.wait().await?;
    match ending(&said) {
        Some(Ending::Done(summary)) if status.success() => Ok((summary, sink.into_spool()?)),
        Some(Ending::Error(failure)) => Err(failed(failure, &said)),
        _ => Err(broken(status, &said)),
    }
}

/// The end of a stream, up to a limit.
async fn tail(mut stream: impl AsyncRead + Unpin) -> String {
    let mut kept = Vec::new();
    let mut piece = vec![0; PIECE_BYTES];
    while let Ok(bytes) = stream.read(&mut piece).await
        && bytes > 0
    {
        kept.extend_from_slice(&piece[..bytes]);
        if kept.len() > STDERR_BYTES {
            kept.drain(..kept.len() - STDERR_BYTES);
        }
    }
    String::from_utf8_lossy(&kept).into_owned()
}

fn ending(said: &str) -> Option<Ending> {
    serde_json::from_str(said.lines().rev().find(|line| !line.is_empty())?).ok()
}

fn failed(failure: Failure, said: &str) -> SqlError {
    let Failure { code, message, position } = failure;
    match code {
        FailureCode::Invalid => SqlError::Invalid { message, position },
        FailureCode::Refused => SqlError::Refused(message),
        FailureCode::OutOfMemory => SqlError::OutOfMemory(message),
        FailureCode::Internal => SqlError::Failed(format!("{message}\n{said}")),
    }
}

const SIGABRT: i32 = 6;
const SIGKILL: i32 = 9;
const SIGSEGV: i32 = 11;
const SIGXCPU: i32 = 24;

/// It died without a word of its own: of which limit?
fn broken(status: ExitStatus, said: &str) -> SqlError {
    // The asker is told which limit it most likely was; what the process said itself stays here.
    tracing::info!(%status, said, "a query's process ended early");
    let memory = || {
        SqlError::OutOfMemory(
            "the query needs more memory than it may have: narrow the dates, select fewer columns or group first"
                .to_owned(),
        )
    };
    match status.signal() {
        _ if said.contains("overflowed its stack") => deep(),
        Some(SIGSEGV) => deep(),
        // An allocation that the system refuses ends the process; so does the system when memory is short.
        Some(SIGABRT | SIGKILL) => memory(),
        _ if said.contains("Cannot allocate memory") => memory(),
        Some(SIGXCPU) => SqlError::OutOfMemory("the query used up its processor time".to_owned()),
        _ => SqlError::Failed(format!("{status}\n{said}")),
    }
}

fn deep() -> SqlError {
    SqlError::Refused("the query is nested too deeply; split it with WITH".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_death_is_told_by_its_signal() {
        let by = |signal: i32, said: &str| broken(ExitStatus::from_raw(signal), said);
        assert!(matches!(by(SIGABRT, "memory allocation of 9 bytes failed"), SqlError::OutOfMemory(_)));
        assert!(matches!(by(SIGABRT, "thread 'main' has overflowed its stack"), SqlError::Refused(_)));
        assert!(matches!(by(SIGSEGV, ""), SqlError::Refused(_)));
        assert!(matches!(by(1 << 8, "what?"), SqlError::Failed(_)));
    }

    #[test]
    fn the_last_line_counts() {
        let said = "a panic\n{\"done\":{\"columns\":[],\"rows\":0,\"truncated\":false}}\n\
                    {\"error\":{\"code\":\"refused\",\"message\":\"no\"}}\n";
        assert!(matches!(ending(said), Some(Ending::Error(Failure { code: FailureCode::Refused, .. }))));
        assert!(ending("thread panicked").is_none());
    }
}
