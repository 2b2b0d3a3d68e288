//! Request bodies, read with limits: size, silence, and the memory of all of them together.

use axum::body::Body;
use axum::http::{HeaderMap, StatusCode, header};
use bytes::{Bytes, BytesMut};
use http_body_util::BodyExt;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Why a body was not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BodyError {
    /// Larger than allowed, declared or counted.
    #[error("the body is larger than {max} bytes; send smaller batches")]
    TooLarge {
        /// The limit, bytes.
        max: usize,
    },
    /// Nothing came for too long.
    #[error("no bytes arrived for {seconds} s; send the body without pauses")]
    TooSlow {
        /// The limit.
        seconds: u64,
    },
    /// All memory for bodies is in use.
    #[error("the server reads too many large bodies now; send it again in {retry_after_s} s")]
    Busy {
        /// Seconds to wait.
        retry_after_s: u64,
    },
    /// The client broke off or the transfer coding was wrong.
    #[error("the body ended before it was complete")]
    Broken,
}

impl BodyError {
    /// The HTTP status that tells it best.
    pub fn status(&self) -> StatusCode {
        match self {
            BodyError::TooLarge { .. } => StatusCode::PAYLOAD_TOO_LARGE,
            BodyError::TooSlow { .. } => StatusCode::REQUEST_TIMEOUT,
            BodyError::Busy { .. } => StatusCode::SERVICE_UNAVAILABLE,
            BodyError::Broken => StatusCode::BAD_REQUEST,
        }
    }

    /// Seconds for `Retry-After`, where waiting helps.
    pub fn retry_after_s(&self) -> Option<u64> {
        if let BodyError::Busy { retry_after_s } = self { Some(*retry_after_s) } else { None }
    }

    /// The word under which it is counted.
    fn reason(&self) -> &'static str {
        match self {
            BodyError::TooLarge { .. } => "too_large",
            BodyError::TooSlow { .. } => "too_slow",
            BodyError::Busy { .. } => "busy",
            BodyError::Broken => "broken",
        }
    }
}

/// Reads bodies for the whole server.
#[derive(Clone)]
pub struct BodyReader {
    bytes_max: usize,
    silence_max: Duration,
    /// One permit per KiB of what bodies hold past [`SMALL_BYTES`].
    large: Arc<Semaphore>,
    /// One permit per KiB of the first [`SMALL_BYTES`] of bodies: large ones never take the place of small ones.
    small: Arc<Semaphore>,
}

/// A body in memory; gives its share of the memory back when dropped.
pub struct ReadBody {
    /// The bytes as sent.
    pub bytes: Bytes,
    _shares: [Share; 2],
}

/// Part of the memory of all bodies.
struct Share {
    from: Arc<Semaphore>,
    held: Option<OwnedSemaphorePermit>,
}

impl Share {
    /// Takes what is missing to `bytes`; waits a little for it, and never while there is nobody to give it back.
    async fn grow(&mut self, bytes: usize) -> Result<(), BodyError> {
        let have = self.held.as_ref().map_or(0, OwnedSemaphorePermit::num_permits);
        let missing = bytes.div_ceil(KIB).saturating_sub(have);
        if missing == 0 {
            return Ok(());
        }
        let missing = u32::try_from(missing).unwrap_or(u32::MAX);
        let more = match self.from.clone().try_acquire_many_owned(missing) {
            Ok(more) => more,
            Err(_) => tokio::time::timeout(MEMORY_WAIT_MAX, self.from.clone().acquire_many_owned(missing))
                .await
                .map_err(|_| BodyError::Busy { retry_after_s: 2 })?
                .expect("the semaphore is never closed"),
        };
        match &mut self.held {
            Some(held) => held.merge(more),
            None => self.held = Some(more),
        }
        Ok(())
    }
}

const KIB: usize = 1024;
/// What nearly every body stays within.
const SMALL_BYTES: usize = 128 * KIB;
/// A body waits at most so long for memory. Bodies that wait hold some, so longer waits would only make more of them.
const MEMORY_WAIT_MAX: Duration = Duration::from_secs(1);
/// Bytes read on behind a body that is too large.
const DISCARD_BYTES_MAX: usize = 64 << 20;
/// Time for that.
const DISCARD_TIME_MAX: Duration = Duration::from_secs(3);

impl BodyReader {
    /// `bytes_max` for one body, `all_bytes_max` for all together.
    pub fn new(bytes_max: usize, all_bytes_max: usize, silence_max: Duration) -> Self {
        // A quarter is for small bodies; one body of the largest size always has room.
        let permits = |bytes: usize| Arc::new(Semaphore::new((bytes / KIB + 1).min(Semaphore::MAX_PERMITS)));
        let small = permits((all_bytes_max / 4).max(SMALL_BYTES));
        let large = permits((all_bytes_max - all_bytes_max / 4).max(bytes_max));
        BodyReader { bytes_max, silence_max, large, small }
    }

    /// Largest body, bytes.
    pub fn bytes_max(&self) -> usize {
        self.bytes_max
    }

    /// The same reader for bodies of at most `bytes_max`; the memory of all together stays one.
    pub fn at_most(&self, bytes_max: usize) -> BodyReader {
        BodyReader { bytes_max: bytes_max.min(self.bytes_max), ..self.clone() }
    }

    /// Reads one body whole.
    ///
    /// # Errors
    /// [`BodyError`]: a declared size above the limit is refused before a byte is kept; so is a sender that is silent,
    /// or slower than 1 KiB a second after that time.
    pub async fn read(&self, headers: &HeaderMap, body: Body) -> Result<ReadBody, BodyError> {
        let read = self.read_uncounted(headers, body).await;
        if let Err(error) = &read {
            metrics::counter!("telemetry_bodies_refused_total", "reason" => error.reason()).increment(1);
        }
        read
    }

    async fn read_uncounted(&self, headers: &HeaderMap, body: Body) -> Result<ReadBody, BodyError> {
        let started = Instant::now();
        let declared = headers
            .get(header::CONTENT_LENGTH)
            .and_then(|value| value.to_str().ok())
            .and_then(|text| text.parse::<usize>().ok());
        if declared.is_some_and(|length| length > self.bytes_max) {
            // A client that waits for `100 Continue` has sent nothing yet and is told without it.
            if !headers.contains_key(header::EXPECT) {
                discard(body).await;
            }
            return Err(BodyError::TooLarge { max: self.bytes_max });
        }
        let share = |from: &Arc<Semaphore>| Share { from: from.clone(), held: None };
        let (mut small, mut large) = (share(&self.small), share(&self.large));
        let mut buffer = BytesMut::with_capacity(declared.unwrap_or(0).min(64 * KIB));
        let mut body = body;
        loop {
            // One byte now and then is not silence, but it would hold the connection as long.
            let allowed = self.silence_max + Duration::from_secs((buffer.len() / KIB) as u64);
            let patience = self.silence_max.min(allowed.saturating_sub(started.elapsed()));
            let frame = tokio::time::timeout(patience, body.frame())
                .await
                .map_err(|_| BodyError::TooSlow { seconds: self.silence_max.as_secs() })?;
            let Some(frame) = frame else { break };
            let Ok(data) = frame.map_err(|_| BodyError::Broken)?.into_data() else { continue };
            if buffer.len() + data.len() > self.bytes_max {
                drop(buffer);
                discard(body).await;
                return Err(BodyError::TooLarge { max: self.bytes_max });
            }
            let bytes = buffer.len() + data.len();
            // Room for all of it at once, but only for a sender that has begun: growing by doubling holds it twice.
            if bytes > SMALL_BYTES
                && let Some(missing) = declared.and_then(|length| length.checked_sub(buffer.len()))
                && buffer.capacity() < buffer.len() + missing
            {
                buffer.reserve(missing);
            }
            let grown = match small.grow(bytes.min(SMALL_BYTES)).await {
                Ok(()) => large.grow(bytes.saturating_sub(SMALL_BYTES)).await,
                refused => refused,
            };
            if let Err(busy) = grown {
                drop((buffer, small, large));
                discard(body).await;
                return Err(busy);
            }
            buffer.extend_from_slice(&data);
        }
        Ok(ReadBody { bytes: buffer.freeze(), _shares: [small, large] })
    }
}

/// Reads on for a while without keeping anything: closing a connection on a client that still writes makes it see a
/// broken pipe instead of the 413, and posthog-node halves its batch only on a 413.
async fn discard(mut body: Body) {
    let reading = async {
        let mut discarded = 0;
        while discarded < DISCARD_BYTES_MAX
            && let Some(Ok(frame)) = body.frame().await
        {
            discarded += frame.into_data().map_or(0, |data| data.len());
        }
    };
    // What does not end in time is closed all the same.
    let _ = tokio::time::timeout(DISCARD_TIME_MAX, reading).await;
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reader(bytes_max: usize) -> BodyReader {
        BodyReader::new(bytes_max, bytes_max, Duration::from_millis(50))
    }

    #[tokio::test]
    async fn a_declared_size_above_the_limit_is_refused_unread() {
        let mut headers = HeaderMap::new();
        headers.insert(header::CONTENT_LENGTH, "100".parse().expect("a number"));
        headers.insert(header::EXPECT, "100-continue".parse().expect("a value"));
        let body = Body::from_stream(futures::stream::pending::<Result<Bytes, std::io::Error>>());
        assert_eq!(reader(99).read(&headers, body).await.err(), Some(BodyError::TooLarge { max: 99 }));
    }

    #[tokio::test]
    async fn a_counted_size_above_the_limit_is_cut() {
        let body = Body::from(vec![b'x'; 100]);
        assert_eq!(reader(99).read(&HeaderMap::new(), body).await.err(), Some(BodyError::TooLarge { max: 99 }));
        let read = reader(100).read(&HeaderMap::new(), Body::from(vec![b'x'; 100])).await.expect("it fits");
        assert_eq!(read.bytes.len(), 100);
    }

    #[tokio::test]
    async fn when_memory_is_full_large_bodies_are_told_to_wait_and_small_ones_pass() {
        let reader = BodyReader::new(1 << 20, 2 << 20, Duration::from_secs(15));
        let body = |bytes: usize| Body::from(vec![b'x'; bytes]);
        let none = HeaderMap::new();
        let first = reader.read(&none, body(1 << 20)).await.expect("it fits");
        let second = reader.read(&none, body(1 << 20)).await;
        assert_eq!(second.err(), Some(BodyError::Busy { retry_after_s: 2 }));
        assert!(reader.read(&none, body(64 << 10)).await.is_ok());
        drop(first);
        assert!(reader.read(&none, body(1 << 20)).await.is_ok());
    }

    #[tokio::test]
    async fn a_byte_now_and_then_is_cut_too() {
        let drip = futures::stream::unfold((), |()| async {
            tokio::time::sleep(Duration::from_millis(20)).await;
            Some((Ok::<_, std::io::Error>(Bytes::from_static(b"x")), ()))
        });
        let read = reader(1 << 20).read(&HeaderMap::new(), Body::from_stream(drip)).await;
        assert!(matches!(read.err(), Some(BodyError::TooSlow { .. })));
    }

    #[tokio::test]
    async fn silence_is_cut() {
        let body = Body::from_stream(futures::stream::pending::<Result<Bytes, std::io::Error>>());
        assert!(matches!(reader(9).read(&HeaderMap::new(), body).await.err(), Some(BodyError::TooSlow { .. })));
    }
}
