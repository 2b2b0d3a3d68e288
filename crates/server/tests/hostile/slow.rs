//! Thousands who send one byte now and then.

use crate::load::{Neighbour, cost, metric, sized, statuses};
use crate::running::{Running, WRITE_KEY};
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// Time to send a request head, and the longest silence inside a body: the defaults of the server.
const HEADERS_MAX: Duration = Duration::from_secs(10);
const BODY_MAX: Duration = Duration::from_secs(15);
/// For two thousand timers that are due at once; what the machine is late beside that is measured.
const SLACK: Duration = Duration::from_secs(10);

/// How late a timer of this process was at worst until now. A machine that is busy with other things wakes both sides
/// late, and that is not the server's doing.
async fn watch_lateness(worst: Arc<Mutex<Duration>>) {
    const TICK: Duration = Duration::from_millis(100);
    loop {
        let started = Instant::now();
        tokio::time::sleep(TICK).await;
        let late = started.elapsed().saturating_sub(TICK);
        let mut worst = worst.lock().expect("nobody panics with it");
        *worst = late.max(*worst);
    }
}

/// As many open files as the system allows; how many slow clients that leaves room for.
fn crowd(wanted: usize) -> usize {
    let maximum = getrlimit(Resource::Nofile).maximum;
    setrlimit(Resource::Nofile, Rlimit { current: maximum, maximum }).expect("the own limit may be raised");
    let room = maximum.map_or(wanted, |files| (files.saturating_sub(512) / 2) as usize);
    assert!(room >= 200, "raise the limit of open files: {maximum:?} are too few for this test");
    if room < wanted {
        eprintln!("only {room} slow clients: the limit of open files is {maximum:?}");
    }
    wanted.min(room)
}

/// Sends `start`, then a byte every two seconds until the server closes; the statuses it answered and when it closed.
async fn drip(address: String, start: String) -> (Vec<u16>, Duration) {
    let mut stream = TcpStream::connect(&address).await.expect("the server listens");
    let started = Instant::now();
    stream.write_all(start.as_bytes()).await.expect("the first bytes are taken");
    let (mut heard, mut piece) = (Vec::new(), [0; 512]);
    loop {
        match tokio::time::timeout(Duration::from_secs(2), stream.read(&mut piece)).await {
            Ok(Ok(0) | Err(_)) => return (statuses(&String::from_utf8_lossy(&heard)), started.elapsed()),
            Ok(Ok(count)) => heard.extend_from_slice(&piece[..count]),
            // It may have closed in this instant; the next read says so.
            Err(_) => drop(stream.write_all(b"x").await),
        }
        assert!(started.elapsed() < Duration::from_secs(60), "the server never closed");
    }
}

#[test]
fn slow_heads_and_slow_bodies_are_closed_and_disturb_nobody() {
    let _turn = crate::load::alone();
    let each = crowd(sized(2_000, 5_000)) / 2;
    let server = Running::start();
    let address = server.url.strip_prefix("http://").expect("plain HTTP").to_owned();
    let quiet = || {
        let alone = Neighbour::of(&server);
        std::thread::sleep(Duration::from_secs(2));
        alone.all_stored(&server)
    };
    let before = quiet();
    let neighbour = Neighbour::of(&server);
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("a runtime");
    let what = format!("{each} slow heads and {each} slow bodies");
    let spent = cost(&server, &what, || {
        runtime.block_on(async {
            let head = "POST /v1/telemetry HTTP/1.1\r\nHost: h\r\nX-Slow: ".to_owned();
            let body = format!(
                "POST /v1/telemetry?key={WRITE_KEY} HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\n\
                 Content-Length: 100000\r\n\r\n{{\"events\":["
            );
            let chunked = "POST /batch/ HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n1000\r\n[".to_owned();
            let worst = Arc::new(Mutex::new(Duration::ZERO));
            let watch = tokio::spawn(watch_lateness(worst.clone()));
            // Late on the server's side and then on ours.
            let slack = || SLACK + 2 * *worst.lock().expect("nobody panics with it");
            let heads: Vec<_> = (0..each).map(|_| tokio::spawn(drip(address.clone(), head.clone()))).collect();
            let bodies: Vec<_> = (0..each)
                .map(|n| tokio::spawn(drip(address.clone(), if n % 2 == 0 { body.clone() } else { chunked.clone() })))
                .collect();
            for head in heads {
                let (answers, closed_after) = head.await.expect("no panic");
                // A head that never ends has no answer, or 408.
                assert!(answers.iter().all(|status| *status == 408), "{answers:?}");
                assert!(closed_after <= HEADERS_MAX + slack(), "{closed_after:?}, slack {:?}", slack());
            }
            for body in bodies {
                let (answers, closed_after) = body.await.expect("no panic");
                assert_eq!(answers, [408], "after {closed_after:?}");
                assert!(closed_after >= BODY_MAX, "{closed_after:?}");
                assert!(closed_after <= BODY_MAX + slack(), "{closed_after:?}, slack {:?}", slack());
            }
            watch.abort();
            eprintln!("timers were late by {:?} at worst", worst.lock().expect("nobody panics with it"));
        });
    });
    let beside = neighbour.all_stored(&server);
    let alone = before.max(quiet());
    eprintln!("99 of 100 batches of a neighbour: {alone:?} alone, {beside:?} beside them");
    assert!(beside <= alone * 5 + Duration::from_millis(250), "{alone:?} alone, {beside:?} beside them");
    // A connection costs tens of KiB: what it has sent, and the state of its task.
    assert!(spent.extra_mib <= 2 * each * 64 / 1024 + 16, "{spent:?}");
    assert_eq!(metric(&server, "telemetry_bodies_refused_total"), each as f64);
    assert_eq!(server.outcomes()["failed"], 0);
}
