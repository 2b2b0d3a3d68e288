//! Settings: flags, environment, one TOML file, defaults; in this order, each with its origin.
//!
//! Everything is read here once and passed down; nothing else reads the environment.

use std::collections::BTreeMap;
use std::fmt;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::time::Duration;

/// Where a setting's value came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// Built in.
    Default,
    /// The TOML file at this path.
    File(PathBuf),
    /// An environment variable.
    Environment(String),
    /// A command-line flag.
    Flag,
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Origin::Default => write!(f, "default"),
            Origin::File(path) => write!(f, "file {}", path.display()),
            Origin::Environment(name) => write!(f, "environment {name}"),
            Origin::Flag => write!(f, "flag"),
        }
    }
}

/// One setting as `telemetry config show` prints it.
#[derive(Debug, Clone)]
pub struct Shown {
    /// `snake_case` name; the environment variable is `TELEMETRY_` and this in capitals.
    pub name: &'static str,
    /// The value in force.
    pub value: String,
    /// Where it came from.
    pub origin: Origin,
    /// What it does, with unit and reason.
    pub help: &'static str,
}

/// What went wrong while reading settings.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file is there but cannot be read.
    #[error("cannot read settings file {path}: {source}")]
    Unreadable {
        /// Which file.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// The file is not TOML of `name = value` lines.
    #[error("settings file {path} is not valid: {reason}")]
    Malformed {
        /// Which file.
        path: PathBuf,
        /// What is wrong.
        reason: String,
    },
    /// A value does not parse.
    #[error("{name} = {value:?} (from {origin}) is not valid: {reason}")]
    Invalid {
        /// Which setting.
        name: String,
        /// The text given.
        value: String,
        /// Where it came from.
        origin: Origin,
        /// What is wrong.
        reason: String,
    },
    /// A name that no setting has.
    #[error("unknown setting {name:?} (from {origin}); `telemetry config show` lists all")]
    Unknown {
        /// The name given.
        name: String,
        /// Where it came from.
        origin: Origin,
    },
}

/// Applied once, to an empty data directory, instead of the set-up page.
#[derive(Clone, Default)]
pub struct Init {
    /// Owner's e-mail address; nothing is applied without it.
    pub email: Option<String>,
    /// Owner's password.
    pub password: Option<String>,
    /// Organisation's name.
    pub organization: Option<String>,
    /// First project's name.
    pub project: Option<String>,
    /// First project's collection level.
    pub level: Option<model::Level>,
    /// First project's write key, else made at random.
    pub write_key: Option<String>,
    /// First project's secret key, else none.
    pub secret_key: Option<String>,
    /// A personal token of the owner with all scopes.
    pub token: Option<String>,
}

/// All settings of the server.
#[derive(Clone)]
pub struct Config {
    /// Data directory.
    pub data: PathBuf,
    /// Address to listen on.
    pub listen: SocketAddr,
    /// Whether cookies are marked Secure.
    pub public_url: Option<String>,
    /// Whether `X-Forwarded-For` and `X-Forwarded-Proto` are believed.
    pub trust_proxy: bool,
    /// Largest request body, also after inflating; bytes.
    pub body_bytes_max: usize,
    /// All request bodies in memory together; bytes.
    pub bodies_bytes_max: usize,
    /// Open connections.
    pub connections_max: usize,
    /// Time to send the request head.
    pub header_timeout: Duration,
    /// Longest silence inside a request body.
    pub body_timeout: Duration,
    /// Ingest requests per second for one (project, network); 0 is unlimited.
    pub ingest_requests_per_second: u32,
    /// Ingest requests in work at once; more are told to come back.
    pub ingest_requests_at_once: usize,
    /// Login attempts per minute for one (address, account).
    pub login_attempts_per_minute: u32,
    /// Longest question.
    pub query_timeout: Duration,
    /// Questions answered at once.
    pub queries_at_once: usize,
    /// Threads of one question.
    pub query_threads: usize,
    /// Memory of one question for counting; bytes.
    pub query_memory_bytes: usize,
    /// Memory for answers that were given; bytes, 0: none are kept.
    pub answer_cache_bytes: usize,
    /// The program that answers SQL; `None`: `telemetry-sql` beside our own.
    pub sql_binary: Option<PathBuf>,
    /// Longest SQL query.
    pub sql_timeout: Duration,
    /// SQL queries at once.
    pub sql_at_once: usize,
    /// Rows in the buffer that start a flush.
    pub flush_rows: usize,
    /// Bytes in the buffer that start a flush.
    pub flush_bytes: usize,
    /// Age of the oldest buffered row that starts a flush.
    pub flush_age: Duration,
    /// Memory of the buffer, above which ingestion answers 503; bytes.
    pub buffer_bytes_max: usize,
    /// Memory of decoded columns; bytes.
    pub column_cache_bytes: usize,
    /// Disk for columns that questions use in place; bytes, 0: none.
    pub column_files_bytes: u64,
    /// Log filter.
    pub log: String,
    /// Unattended set-up.
    pub init: Init,
    shown: Vec<Shown>,
}

impl Config {
    /// Every setting with its value and origin; secrets are not among them.
    pub fn shown(&self) -> &[Shown] {
        &self.shown
    }
}

/// What the command line and the environment say, before they are merged.
#[derive(Default)]
pub struct Sources {
    /// `name -> value` of flags.
    pub flags: BTreeMap<String, String>,
    /// The whole environment.
    pub environment: BTreeMap<String, String>,
    /// `--config`; else `telemetry.toml` in the data directory, if there is one.
    pub file: Option<PathBuf>,
    /// The data directory that nobody has to name; `data` when `None`.
    pub data_default: Option<&'static str>,
}

impl Sources {
    /// From the process.
    pub fn of_process(flags: BTreeMap<String, String>, file: Option<PathBuf>) -> Self {
        Sources { flags, environment: std::env::vars().collect(), file, data_default: None }
    }
}

struct Reader<'a> {
    sources: &'a Sources,
    file: BTreeMap<String, String>,
    file_path: PathBuf,
    shown: Vec<Shown>,
}

impl Reader<'_> {
    fn lookup(&self, name: &str) -> Option<(String, Origin)> {
        let variable = format!("TELEMETRY_{}", name.to_uppercase());
        if let Some(value) = self.sources.flags.get(name) {
            return Some((value.clone(), Origin::Flag));
        }
        if let Some(value) = self.sources.environment.get(&variable) {
            return Some((value.clone(), Origin::Environment(variable)));
        }
        self.file.get(name).map(|value| (value.clone(), Origin::File(self.file_path.clone())))
    }

    fn get<T: FromStr>(&mut self, name: &'static str, default: &str, help: &'static str) -> Result<T, ConfigError>
    where
        T::Err: fmt::Display,
    {
        let (value, origin) = self.lookup(name).unwrap_or_else(|| (default.to_owned(), Origin::Default));
        let parsed = value.parse().map_err(|reason: T::Err| ConfigError::Invalid {
            name: name.to_owned(),
            value: value.clone(),
            origin: origin.clone(),
            reason: reason.to_string(),
        })?;
        self.shown.push(Shown { name, value, origin, help });
        Ok(parsed)
    }

    fn seconds(&mut self, name: &'static str, default: &str, help: &'static str) -> Result<Duration, ConfigError> {
        self.get::<u64>(name, default, help).map(Duration::from_secs)
    }

    /// A text of which only the presence is shown.
    fn secret(&self, name: &str) -> Option<String> {
        self.lookup(name).map(|(value, _)| value).filter(|value| !value.is_empty())
    }
}

/// Reads all settings.
///
/// # Errors
/// A value that does not parse, an unknown name, or a settings file that cannot be read, each with its origin.
pub fn read(sources: &Sources) -> Result<Config, ConfigError> {
    let data_default = sources.data_default.unwrap_or("data");
    let data_first = sources
        .flags
        .get("data")
        .or_else(|| sources.environment.get("TELEMETRY_DATA"))
        .map_or_else(|| PathBuf::from(data_default), PathBuf::from);
    let (file_path, wanted) = match &sources.file {
        Some(path) => (path.clone(), true),
        None => (data_first.join("telemetry.toml"), false),
    };
    let file = read_file(&file_path, wanted)?;
    let mut r = Reader { sources, file, file_path, shown: Vec::new() };
    let config = Config {
        data: r.get("data", data_default, "data directory")?,
        listen: r.get("listen", "127.0.0.1:8400", "address and port to listen on; port 0 picks a free one")?,
        public_url: {
            let url: String = r.get("public_url", "", "URL that browsers use; https marks cookies Secure")?;
            (!url.is_empty()).then_some(url)
        },
        trust_proxy: r.get("trust_proxy", "false", "believe X-Forwarded-For/-Proto: only behind a reverse proxy")?,
        body_bytes_max: r.get(
            "body_bytes_max",
            "20971520",
            "largest request body in bytes, raw and inflated; posthog-js batches on every path",
        )?,
        bodies_bytes_max: r.get(
            "bodies_bytes_max",
            "268435456",
            "all request bodies in memory together, bytes; more wait, so memory stays bounded",
        )?,
        connections_max: r.get("connections_max", "12000", "open connections; more wait to be accepted")?,
        header_timeout: r.seconds("header_timeout", "10", "seconds to send the request head; stops slow-loris")?,
        body_timeout: r.seconds("body_timeout", "15", "longest silence inside a request body, seconds")?,
        ingest_requests_per_second: r.get(
            "ingest_requests_per_second",
            "10000",
            "ingest requests per second for one project and network (/24, /48); 0 is unlimited",
        )?,
        ingest_requests_at_once: r.get(
            "ingest_requests_at_once",
            "256",
            "ingest requests in work at once; more wait half a second, then get 429 (503 to PostHog clients)",
        )?,
        login_attempts_per_minute: r.get("login_attempts_per_minute", "5", "for one network address and account")?,
        query_timeout: r.seconds("query_timeout", "30", "longest question, seconds")?,
        queries_at_once: r.get("queries_at_once", "4", "questions answered at once; more wait")?,
        query_threads: r.get("query_threads", "2", "threads of one question")?,
        query_memory_bytes: r.get("query_memory_bytes", "134217728", "memory of one question for counting, bytes")?,
        answer_cache_bytes: r.get(
            "answer_cache_bytes",
            "33554432",
            "memory for answers that were given, bytes; 0 reckons each anew",
        )?,
        sql_binary: {
            let path: String = r.get("sql_binary", "", "program that answers SQL [telemetry-sql beside telemetry]")?;
            (!path.is_empty()).then(|| PathBuf::from(path))
        },
        sql_timeout: r.seconds("sql_timeout", "30", "longest SQL query, seconds")?,
        sql_at_once: r.get("sql_at_once", "2", "SQL queries at once, each of up to 512 MiB; more wait a little")?,
        flush_rows: r.get("flush_rows", "200000", "rows in the buffer that start a flush to segment files")?,
        flush_bytes: r.get("flush_bytes", "67108864", "bytes in the buffer that start a flush")?,
        flush_age: r.seconds("flush_age", "300", "age of the oldest buffered row that starts a flush, seconds")?,
        buffer_bytes_max: r.get(
            "buffer_bytes_max",
            "268435456",
            "memory of the buffer; above it ingestion answers 429 (503 to PostHog clients)",
        )?,
        column_cache_bytes: r.get("column_cache_bytes", "134217728", "memory of decoded columns, bytes")?,
        column_files_bytes: r.get(
            "column_files_bytes",
            "4294967296",
            "disk for columns that questions use in place, bytes; 0 keeps none",
        )?,
        log: r.get("log", "info", "log filter, as `info` or `server=debug,warn`")?,
        init: Init {
            email: r.secret("init_email"),
            password: r.secret("init_password"),
            organization: r.secret("init_organization"),
            project: r.secret("init_project"),
            level: r
                .secret("init_level")
                .map(|value| {
                    value.parse().map_err(|reason| ConfigError::Invalid {
                        name: "init_level".to_owned(),
                        value: value.clone(),
                        origin: Origin::Environment("TELEMETRY_INIT_LEVEL".to_owned()),
                        reason,
                    })
                })
                .transpose()?,
            write_key: r.secret("init_write_key"),
            secret_key: r.secret("init_secret_key"),
            token: r.secret("init_token"),
        },
        shown: Vec::new(),
    };
    check_names(&r)?;
    Ok(Config { shown: r.shown, ..config })
}

/// Names in the file and among `--set` flags that no setting has: a typing error must not pass silently.
fn check_names(reader: &Reader<'_>) -> Result<(), ConfigError> {
    const INIT: [&str; 8] = [
        "init_email",
        "init_password",
        "init_organization",
        "init_project",
        "init_level",
        "init_write_key",
        "init_secret_key",
        "init_token",
    ];
    let known = |name: &str| reader.shown.iter().any(|shown| shown.name == name) || INIT.contains(&name);
    let from_file = reader.file.keys().map(|name| (name, Origin::File(reader.file_path.clone())));
    let from_flags = reader.sources.flags.keys().map(|name| (name, Origin::Flag));
    match from_file.chain(from_flags).find(|(name, _)| !known(name)) {
        Some((name, origin)) => Err(ConfigError::Unknown { name: name.clone(), origin }),
        None => Ok(()),
    }
}

fn read_file(path: &Path, wanted: bool) -> Result<BTreeMap<String, String>, ConfigError> {
    let text = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound && !wanted => return Ok(BTreeMap::new()),
        Err(source) => return Err(ConfigError::Unreadable { path: path.to_owned(), source }),
    };
    let malformed = |reason: String| ConfigError::Malformed { path: path.to_owned(), reason };
    let table: toml::Table = text.parse().map_err(|error: toml::de::Error| malformed(error.to_string()))?;
    table
        .into_iter()
        .map(|(name, value)| match value {
            toml::Value::String(text) => Ok((name, text)),
            toml::Value::Integer(number) => Ok((name, number.to_string())),
            toml::Value::Boolean(flag) => Ok((name, flag.to_string())),
            _ => Err(malformed(format!("{name} must be a text, a whole number or true/false"))),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sources(flags: &[(&str, &str)], environment: &[(&str, &str)]) -> Sources {
        let map = |pairs: &[(&str, &str)]| pairs.iter().map(|(k, v)| (k.to_string(), v.to_string())).collect();
        Sources { flags: map(flags), environment: map(environment), ..Sources::default() }
    }

    fn origin(config: &Config, name: &str) -> Origin {
        config.shown().iter().find(|shown| shown.name == name).expect("a setting").origin.clone()
    }

    #[test]
    fn a_flag_wins_over_the_environment_and_the_file() {
        let dir = tempfile::tempdir().expect("a temp dir");
        std::fs::write(dir.path().join("telemetry.toml"), "listen = \"0.0.0.0:1\"\nquery_threads = 7\n")
            .expect("write");
        let data = dir.path().to_str().expect("utf-8");
        let both = [("data", data), ("listen", "127.0.0.1:3")];
        let config = read(&sources(&both, &[("TELEMETRY_LISTEN", "127.0.0.1:2")])).expect("valid");
        assert_eq!(config.listen.port(), 3);
        assert_eq!(origin(&config, "listen"), Origin::Flag);
        let config = read(&sources(&[("data", data)], &[("TELEMETRY_LISTEN", "127.0.0.1:2")])).expect("valid");
        assert_eq!(config.listen.port(), 2);
        assert_eq!(config.query_threads, 7);
        assert!(matches!(origin(&config, "query_threads"), Origin::File(_)));
        assert_eq!(origin(&config, "log"), Origin::Default);
    }

    #[test]
    fn a_wrong_value_names_its_setting_and_origin() {
        let error = read(&sources(&[], &[("TELEMETRY_LISTEN", "here")])).err().expect("an error").to_string();
        assert!(error.contains("listen") && error.contains("TELEMETRY_LISTEN"), "{error}");
        let error = read(&sources(&[("lisen", "x")], &[])).err().expect("an error").to_string();
        assert!(error.contains("lisen"), "{error}");
    }

    #[test]
    fn no_secret_is_ever_shown() {
        let config = read(&sources(&[], &[("TELEMETRY_INIT_PASSWORD", "hush-hush")])).expect("valid");
        assert_eq!(config.init.password.as_deref(), Some("hush-hush"));
        assert!(config.shown().iter().all(|shown| !shown.value.contains("hush")));
    }
}
