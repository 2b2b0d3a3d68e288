//! What every request handler needs, made once by `cli::serve` and passed down.

use crate::body::BodyReader;
use crate::config::Config;
use crate::limits::Limit;
use crate::live::Live;
use crate::secret::Passwords;
use crate::sql::Sql;
use axum::http::HeaderMap;
use meta::{Directory, KeyId, Meta, SecretHash};
use model::Micros;
use parking_lot::{Mutex, RwLock};
use std::collections::{HashMap, HashSet};
use std::net::IpAddr;
use std::sync::Arc;
use store::Store;
use tokio::sync::{Semaphore, watch};

/// Wrong tokens that are remembered; past it they are forgotten all at once.
const UNKNOWN_TOKENS_MAX: usize = 10_000;

/// The running server; cheap to clone.
pub type App = Arc<Server>;

/// A school's staff room is one network; more accounts a minute than this from one is guessing.
const ACCOUNTS_OF_A_NETWORK: u32 = 12;

/// Each takes a thread and reads everything.
const EXPORTS_AT_ONCE: usize = 2;

/// Everything the handlers share.
pub struct Server {
    /// Settings.
    pub config: Config,
    /// Events.
    pub store: Arc<Store>,
    /// What people configure.
    pub meta: Meta,
    /// Reads request bodies under the limits.
    pub bodies: BodyReader,
    /// Hashes and checks passwords.
    pub passwords: Passwords,
    /// The live tail.
    pub live: Live,
    /// Ingest requests by project and network.
    pub ingest_limit: Limit<(u32, [u8; 6])>,
    /// Ingest requests in work: past them a flood is refused cheaply, and what was accepted stays quick.
    pub ingest_turns: Semaphore,
    /// Login attempts by network and account.
    pub login_limit: Limit<([u8; 6], String)>,
    /// Login attempts by network, whatever the account.
    pub login_network_limit: Limit<[u8; 6]>,
    /// The fill of the demo project.
    pub demo: crate::demo::Filler,
    /// Questions at once.
    pub queries: Semaphore,
    /// Cohorts that were answered for the last snapshots.
    pub cohorts: Arc<query::CohortCache>,
    /// Answers that were given for the last snapshots.
    pub answers: Arc<query::AnswerCache>,
    /// Downloads of events at once.
    pub exports: Arc<Semaphore>,
    /// SQL questions, each in a process of its own.
    pub sql: Sql,
    /// Large bodies decoded at once: one may grow to many times its size on its way to the store.
    pub decodes: Semaphore,
    /// Held while a checkpoint is made: one at a time.
    pub freezing: tokio::sync::Mutex<()>,
    /// Turns true when the server is to stop; ends the streams.
    pub stop: watch::Receiver<bool>,
    directory: RwLock<Arc<Directory>>,
    unknown_tokens: Mutex<HashSet<SecretHash>>,
    key_uses: Mutex<HashMap<KeyId, Micros>>,
}

impl Server {
    /// Puts the parts together.
    ///
    /// # Errors
    /// The metadata could not be read.
    pub async fn new(
        config: Config,
        store: Arc<Store>,
        meta: Meta,
        stop: watch::Receiver<bool>,
    ) -> Result<App, meta::MetaError> {
        let directory = RwLock::new(Arc::new(meta.directory().await?));
        Ok(Arc::new(Server {
            bodies: BodyReader::new(config.body_bytes_max, config.bodies_bytes_max, config.body_timeout),
            passwords: Passwords::default(),
            live: Live::default(),
            ingest_limit: Limit::per_second(config.ingest_requests_per_second),
            ingest_turns: Semaphore::new(config.ingest_requests_at_once.max(1)),
            login_limit: Limit::per_minute(config.login_attempts_per_minute),
            login_network_limit: Limit::per_minute(
                config.login_attempts_per_minute.saturating_mul(ACCOUNTS_OF_A_NETWORK),
            ),
            demo: crate::demo::Filler::default(),
            queries: Semaphore::new(config.queries_at_once.max(1)),
            cohorts: Arc::default(),
            answers: Arc::new(query::AnswerCache::new(config.answer_cache_bytes)),
            exports: Arc::new(Semaphore::new(EXPORTS_AT_ONCE)),
            sql: Sql::new(store.clone(), &config),
            decodes: Semaphore::new(2),
            freezing: tokio::sync::Mutex::default(),
            stop,
            directory,
            unknown_tokens: Mutex::default(),
            key_uses: Mutex::default(),
            config,
            store,
            meta,
        }))
    }

    /// Keys, channels and rules as they are now; loaded again when they have changed.
    ///
    /// # Errors
    /// The metadata could not be read.
    pub async fn directory(&self) -> Result<Arc<Directory>, meta::MetaError> {
        let known = self.directory.read().clone();
        if known.version() >= self.meta.directory_version() {
            return Ok(known);
        }
        let fresh = Arc::new(self.meta.directory().await?);
        let mut current = self.directory.write();
        if fresh.version() > current.version() {
            *current = fresh;
        }
        Ok(current.clone())
    }

    /// Whether a token was found to be nobody's. Tokens are random, so one that was wrong never becomes right.
    pub fn is_unknown_token(&self, token: &SecretHash) -> bool {
        self.unknown_tokens.lock().contains(token)
    }

    /// Remembers that a token is nobody's, so that the metadata is not asked again.
    pub fn note_unknown_token(&self, token: SecretHash) {
        let mut unknown = self.unknown_tokens.lock();
        if unknown.len() >= UNKNOWN_TOKENS_MAX {
            unknown.clear();
        }
        unknown.insert(token);
    }

    /// Notes that a key was used; written in the background by [`Server::write_key_uses`].
    pub fn note_key_use(&self, key: Option<KeyId>, at: Micros) {
        if let Some(key) = key {
            self.key_uses.lock().insert(key, at);
        }
    }

    /// Writes the noted uses of keys.
    ///
    /// # Errors
    /// The metadata could not be written; the uses are forgotten.
    pub async fn write_key_uses(&self) -> Result<(), meta::MetaError> {
        let uses: Vec<_> = self.key_uses.lock().drain().collect();
        if uses.is_empty() { Ok(()) } else { self.meta.touch_keys(&uses).await }
    }

    /// The address of the client: the peer, or what a trusted proxy says.
    pub fn client_address(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        if !self.config.trust_proxy {
            return peer;
        }
        // The last entry is the one that our own proxy wrote; those before it came from outside.
        headers
            .get_all("x-forwarded-for")
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(','))
            .next_back()
            .and_then(|text| text.trim().parse().ok())
            .unwrap_or(peer)
    }

    /// Whether the browser talks https to us or to the proxy before us, so that cookies can be marked Secure.
    pub fn is_https(&self, headers: &HeaderMap) -> bool {
        let forwarded = || headers.get("x-forwarded-proto").is_some_and(|proto| proto.as_bytes() == b"https");
        self.config.public_url.as_deref().is_some_and(|url| url.starts_with("https://"))
            || (self.config.trust_proxy && forwarded())
    }
}
