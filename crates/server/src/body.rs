//! Request bodies, read with limits: size, silence, and the memory of all of them together.

use axum::body::Body;
use axum::http::{HeaderMap, header};
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
    /// The client broke off or the transfer coding was wrong.
    #[error("the body ended before it was complete")]
    Broken,
}

/// Reads bodies for the whole server.
#[derive(Clone)]
pub struct BodyReader {
    bytes_max: usize,
    silence_max: Duration,
    /// One permit per KiB of all bodies in memory.
    memory: Arc<Semaphore>,
}

/// A body in memory; gives its share of the memory back when dropped.
pub struct ReadBody {
    /// The bytes as sent.
    pub bytes: Bytes,
    _share: Option<OwnedSemaphorePermit>,
}

const KIB: usize = 1024;
/// Bytes read on behind a body that is too large.
const DISCARD_BYTES_MAX: usize = 64 << 20;
/// Time for that.
const DISCARD_TIME_MAX: Duration = Duration::from_secs(3);

impl BodyReader {
    /// `bytes_max` for one body, `all_bytes_max` for all together.
    pub fn new(bytes_max: usize, all_bytes_max: usize, silence_max: Duration) -> Self {
        let permits = (all_bytes_max.max(bytes_max) / KIB + 1).min(Semaphore::MAX_PERMITS);
        BodyReader { bytes_max, silence_max, memory: Arc::new(Semaphore::new(permits)) }
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
        let mut share: Option<OwnedSemaphorePermit> = None;
        let mut held = 0;
        let mut buffer = BytesMut::with_capacity(declared.unwrap_or(0).min(64 * KIB));
        let mut body = body;
        loop {
            let frame = tokio::time::timeout(self.silence_max, body.frame())
                .await
                .map_err(|_| BodyError::TooSlow { seconds: self.silence_max.as_secs() })?;
            let Some(frame) = frame else { break };
            let Ok(data) = frame.map_err(|_| BodyError::Broken)?.into_data() else { continue };
            // One byte now and then is not silence, but it would hold the connection as long.
            let allowed = self.silence_max + Duration::from_secs((buffer.len() / KIB) as u64);
            if started.elapsed() > allowed {
                return Err(BodyError::TooSlow { seconds: self.silence_max.as_secs() });
            }
            if buffer.len() + data.len() > self.bytes_max {
                drop(buffer);
                discard(body).await;
                return Err(BodyError::TooLarge { max: self.bytes_max });
            }
            let needed = (buffer.len() + data.len()).div_ceil(KIB);
            if needed > held {
                let wanted = (needed - held) as u32;
                let more = tokio::time::timeout(self.silence_max, self.memory.clone().acquire_many_owned(wanted))
                    .await
                    .map_err(|_| BodyError::TooSlow { seconds: self.silence_max.as_secs() })?
                    .expect("the semaphore is never closed");
                match &mut share {
                    Some(share) => share.merge(more),
                    None => share = Some(more),
                }
                held = needed;
            }
            buffer.extend_from_slice(&data);
        }
        Ok(ReadBody { bytes: buffer.freeze(), _share: share })
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
