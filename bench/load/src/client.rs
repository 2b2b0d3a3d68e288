//! The smallest HTTP/1.1 client that keeps its connection: one request, one answer.

use std::io;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// An answer as far as the load looks at it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// Seconds of `Retry-After`, 0 without.
    pub retry_after_s: u64,
}

/// One connection; opened again when it breaks.
pub struct Client {
    address: String,
    stream: Option<TcpStream>,
    buffer: Vec<u8>,
}

/// Longer than any deadline of the server.
const PATIENCE: Duration = Duration::from_secs(60);
const HEAD_BYTES_MAX: usize = 64 << 10;

impl Client {
    /// Not yet connected.
    pub fn new(address: &str) -> Client {
        Client { address: address.to_owned(), stream: None, buffer: Vec::with_capacity(4096) }
    }

    /// Sends a request whole and waits for its answer. An error means that nobody knows what became of it.
    ///
    /// # Errors
    /// The connection could not be made, broke, or stayed silent.
    pub async fn ask(&mut self, request: &[u8]) -> io::Result<Answer> {
        match tokio::time::timeout(PATIENCE, self.exchange(request)).await {
            Ok(Ok(answer)) => Ok(answer),
            failed => {
                self.stream = None;
                failed.unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into()))
            }
        }
    }

    /// Opens the connection now, for those that only wait.
    ///
    /// # Errors
    /// The server does not take it.
    pub async fn connect(&mut self) -> io::Result<()> {
        if self.stream.is_none() {
            let stream = TcpStream::connect(&self.address).await?;
            stream.set_nodelay(true)?;
            self.stream = Some(stream);
        }
        Ok(())
    }

    async fn exchange(&mut self, request: &[u8]) -> io::Result<Answer> {
        self.connect().await?;
        let Some(stream) = &mut self.stream else { return Err(io::ErrorKind::NotConnected.into()) };
        stream.write_all(request).await?;
        self.buffer.clear();
        let head = loop {
            if stream.read_buf(&mut self.buffer).await? == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            if let Some(end) = self.buffer.windows(4).position(|four| four == b"\r\n\r\n") {
                break end + 4;
            }
            if self.buffer.len() > HEAD_BYTES_MAX {
                return Err(io::Error::other("the head of the answer does not end"));
            }
        };
        let text = String::from_utf8_lossy(&self.buffer[..head]).to_ascii_lowercase();
        let field = |name: &str| {
            let line = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'));
            line.and_then(|value| value.trim().parse::<u64>().ok())
        };
        let status = text.split(' ').nth(1).and_then(|word| word.parse().ok());
        let status = status.ok_or_else(|| io::Error::other("no status line"))?;
        let length = field("content-length").ok_or_else(|| io::Error::other("an answer without a length"))? as usize;
        while self.buffer.len() < head + length {
            if stream.read_buf(&mut self.buffer).await? == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
        }
        if text.contains("connection: close") {
            self.stream = None;
        }
        Ok(Answer { status, retry_after_s: field("retry-after").unwrap_or(0) })
    }
}
