//! What an attack costs: memory and processor time of the server's process, and a neighbour who only wants to send.

use crate::running::{Running, WRITE_KEY, impression};
use serde_json::json;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// 2026-01-05T06:00:00Z.
pub const AT_MS: i64 = 1_767_592_800_000;

/// Whether the whole size was asked for.
pub fn is_torture() -> bool {
    std::env::var_os("TELEMETRY_TORTURE").is_some()
}

/// `small`, or `large` where the whole size was asked for.
pub fn sized(small: usize, large: usize) -> usize {
    if is_torture() { large } else { small }
}

fn status_kib(pid: u32, name: &str) -> usize {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).expect("a running process of Linux");
    let line = status.lines().find(|line| line.starts_with(name)).expect("memory is told");
    line.split_whitespace().nth(1).and_then(|text| text.parse().ok()).expect("KiB")
}

/// User and system time of a process, ms.
pub fn cpu_ms(pid: u32) -> u64 {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).expect("a running process of Linux");
    let fields: Vec<&str> = stat.rsplit(") ").next().expect("a name in brackets").split(' ').collect();
    let ticks = |at: usize| fields[at].parse::<u64>().expect("ticks");
    // A tick is 10 ms on every Linux of today.
    (ticks(11) + ticks(12)) * 10
}

/// Open files of a process.
pub fn files(pid: u32) -> usize {
    std::fs::read_dir(format!("/proc/{pid}/fd")).expect("a running process of Linux").count()
}

/// What a piece of work cost the server.
#[derive(Debug, Clone, Copy)]
pub struct Cost {
    /// The highest resident memory during the work less that before it, MiB.
    pub extra_mib: usize,
    /// Processor time, ms.
    pub cpu_ms: u64,
}

/// Does some work and says what it cost the server. The figure is printed, so that it can be kept.
pub fn cost(server: &Running, what: &str, work: impl FnOnce()) -> Cost {
    let pid = server.pid();
    // Resets the high-water mark to what is resident now.
    std::fs::write(format!("/proc/{pid}/clear_refs"), "5").expect("a process of our own");
    let (before, cpu) = (status_kib(pid, "VmRSS"), cpu_ms(pid));
    work();
    let extra_mib = status_kib(pid, "VmHWM").saturating_sub(before) / 1024;
    let cost = Cost { extra_mib, cpu_ms: cpu_ms(pid) - cpu };
    eprintln!("{what}: {extra_mib} MiB more, {} ms of processor time", cost.cpu_ms);
    cost
}

/// Resident memory now, MiB.
pub fn resident_mib(server: &Running) -> usize {
    status_kib(server.pid(), "VmRSS") / 1024
}

/// Sends small batches one after the other until it is stopped.
pub struct Neighbour {
    stop: Arc<AtomicBool>,
    /// `None` once it was joined.
    thread: Option<JoinHandle<Vec<Duration>>>,
    /// Names its events, so that two neighbours do not send the same.
    id: String,
}

const NEIGHBOUR_EVENTS: usize = 5;

impl Neighbour {
    /// Starts sending.
    pub fn of(server: &Running) -> Neighbour {
        let (url, stop) = (server.url.clone(), Arc::new(AtomicBool::new(false)));
        let stopped = stop.clone();
        let id = format!("neighbour-{}", uuid::Uuid::now_v7());
        let name = id.clone();
        let thread = std::thread::spawn(move || {
            let agent: ureq::Agent = ureq::Agent::config_builder().http_status_as_error(false).build().into();
            let mut waits = Vec::new();
            while !stopped.load(Ordering::Relaxed) {
                let n = waits.len();
                let events: Vec<_> = (0..NEIGHBOUR_EVENTS)
                    .map(|each| impression(&format!("{name}-{n}-{each}"), "neighbour", &name, AT_MS))
                    .collect();
                let body = json!({ "events": events }).to_string();
                let started = Instant::now();
                let answer = agent.post(format!("{url}/v1/telemetry?key={WRITE_KEY}")).send(body.as_bytes());
                assert_eq!(answer.expect("the neighbour is answered").status(), 200);
                waits.push(started.elapsed());
                std::thread::sleep(Duration::from_millis(5));
            }
            waits
        });
        Neighbour { stop, thread: Some(thread), id }
    }

    /// Stops; checks that all it sent is stored, and returns the wait that 99 of 100 batches stayed within.
    pub fn all_stored(mut self, server: &Running) -> Duration {
        self.stop.store(true, Ordering::Relaxed);
        let id = std::mem::take(&mut self.id);
        let thread = self.thread.take().expect("joined only here");
        let mut waits = thread.join().expect("the neighbour was never refused");
        assert!(!waits.is_empty());
        let question = json!({
            "kind": "trends", "date_from": "all", "series": [{"event": "IMPRESSION", "math": "total",
                "filters": [{"property": "edata.pageid", "operator": "exact", "value": id}]}]
        });
        let answer = server.api("POST", "/api/projects/1/query", question);
        assert_eq!(answer.status, 200, "{}", answer.body);
        assert_eq!(answer.body["series"][0]["total"].as_f64(), Some((waits.len() * NEIGHBOUR_EVENTS) as f64));
        waits.sort_unstable();
        waits[waits.len() * 99 / 100]
    }
}

impl Drop for Neighbour {
    /// A test that fails takes its server down: the neighbour ends first, so that its end is not what one reads.
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// One of the counters in `/metrics`, all its labels together.
pub fn metric(server: &Running, name: &str) -> f64 {
    let text = server.send("GET", "/metrics", &[], b"").body;
    let lines = text.as_str().expect("text").lines().filter(|line| !line.starts_with('#'));
    lines
        .filter(|line| line.starts_with(name) && matches!(line.as_bytes().get(name.len()), Some(b'{' | b' ')))
        .filter_map(|line| line.rsplit(' ').next()?.parse::<f64>().ok())
        .sum()
}

/// A connection without a client's good manners.
pub fn connect(server: &Running) -> TcpStream {
    let address = server.url.strip_prefix("http://").expect("plain HTTP");
    let stream = TcpStream::connect(address).expect("the server listens");
    stream.set_read_timeout(Some(Duration::from_secs(30))).expect("a socket");
    stream
}

/// Sends bytes as they are, and reads until the server closes. What it answered as text, and whether it did close
/// (else it waits for more).
pub fn exchange(server: &Running, bytes: &[u8]) -> (String, bool) {
    let mut stream = connect(server);
    stream.set_read_timeout(Some(Duration::from_millis(1_500))).expect("a socket");
    // The server may close while we still send; what it said before is there to read.
    let _ = stream.write_all(bytes);
    let mut heard = Vec::new();
    let mut piece = [0; 4096];
    loop {
        match stream.read(&mut piece) {
            Ok(0) => return (String::from_utf8_lossy(&heard).into_owned(), true),
            Ok(count) => heard.extend_from_slice(&piece[..count]),
            Err(error) if matches!(error.kind(), std::io::ErrorKind::WouldBlock | std::io::ErrorKind::TimedOut) => {
                return (String::from_utf8_lossy(&heard).into_owned(), false);
            }
            Err(_) => return (String::from_utf8_lossy(&heard).into_owned(), true),
        }
    }
}

/// The statuses of all answers in a text.
pub fn statuses(heard: &str) -> Vec<u16> {
    heard
        .match_indices("HTTP/1.1 ")
        .filter_map(|(at, word)| heard.get(at + word.len()..at + word.len() + 3)?.parse().ok())
        .collect()
}

/// Two thousand clients and what else runs at once would measure each other.
static CROWD: std::sync::RwLock<()> = std::sync::RwLock::new(());

/// While it is held, no other test of this binary runs.
pub fn alone() -> std::sync::RwLockWriteGuard<'static, ()> {
    // A test that failed with it says so itself.
    CROWD.write().unwrap_or_else(std::sync::PoisonError::into_inner)
}

/// While it is held, none runs that wants to be alone.
pub fn among_others() -> std::sync::RwLockReadGuard<'static, ()> {
    CROWD.read().unwrap_or_else(std::sync::PoisonError::into_inner)
}
