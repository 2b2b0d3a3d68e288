//! Sends prepared batches: at a fixed rate (open loop) or as fast as answers come.
//!
//! In the open loop every batch has its own instant, whatever became of the ones before, and its latency counts from
//! that instant: a server that stalls is charged for all that should have been sent meanwhile.

use crate::batches::Batch;
use crate::client::Client;
use hdrhistogram::Histogram;
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::io;
use std::rc::Rc;
use std::time::{Duration, Instant};
use testkit::ledger::LedgerWriter;

/// How to send.
pub struct Plan {
    /// Batches per second; `None`: as fast as answers come.
    pub batches_per_second: Option<f64>,
    /// Connections in use.
    pub connections: usize,
    /// Each batch is sent until it is answered 200; else its answer counts, whatever it is.
    pub insist: bool,
}

/// What came of it.
pub struct Sent {
    /// From the first to the last answer.
    pub elapsed: Duration,
    /// Answers by status; 0 stands for broken connections.
    pub answers: BTreeMap<u16, u64>,
    /// From the planned instant (or the sending, without a rate) to the 200; µs.
    pub latency_us: Histogram<u64>,
    /// From the sending to a refusal; µs.
    pub refusal_us: Histogram<u64>,
    /// Refusals without `Retry-After`.
    pub without_retry_after: u64,
}

struct State {
    next: Cell<usize>,
    sent: RefCell<Sent>,
    ledger: Option<RefCell<LedgerWriter>>,
}

/// Sends all batches and returns when each has its answer.
///
/// # Errors
/// The ledger cannot be written.
pub async fn send(
    address: &str,
    batches: Vec<Batch>,
    plan: &Plan,
    mut ledger: Option<LedgerWriter>,
) -> io::Result<Sent> {
    if let Some(ledger) = &mut ledger {
        for (number, batch) in batches.iter().enumerate() {
            ledger.sent(number as u32, &batch.events)?;
        }
        ledger.sync()?;
    }
    let latency = || Histogram::new_with_max(600_000_000, 3).map_err(io::Error::other);
    let sent = Sent {
        elapsed: Duration::ZERO,
        answers: BTreeMap::new(),
        latency_us: latency()?,
        refusal_us: latency()?,
        without_retry_after: 0,
    };
    let state = Rc::new(State { next: Cell::new(0), sent: RefCell::new(sent), ledger: ledger.map(RefCell::new) });
    let batches = Rc::new(batches);
    let started = Instant::now();
    let interval = plan.batches_per_second.map(|rate| Duration::from_secs_f64(1.0 / rate));
    let insist = plan.insist;
    let local = tokio::task::LocalSet::new();
    for _ in 0..plan.connections {
        let (state, batches, mut client) = (Rc::clone(&state), Rc::clone(&batches), Client::new(address));
        local.spawn_local(async move {
            loop {
                let index = state.next.replace(state.next.get() + 1);
                let Some(batch) = batches.get(index) else { return };
                let due = match interval {
                    Some(interval) => {
                        let due = started + interval * index as u32;
                        tokio::time::sleep_until(due.into()).await;
                        due
                    }
                    None => Instant::now(),
                };
                one(&state, &mut client, index, batch, due, insist).await;
            }
        });
    }
    local.await;
    let State { sent, ledger, .. } = Rc::into_inner(state).ok_or_else(|| io::Error::other("a sender still runs"))?;
    if let Some(ledger) = ledger {
        ledger.into_inner().sync()?;
    }
    let mut sent = sent.into_inner();
    sent.elapsed = started.elapsed();
    Ok(sent)
}

async fn one(state: &State, client: &mut Client, index: usize, batch: &Batch, due: Instant, insist: bool) {
    loop {
        let asked = Instant::now();
        let answer = client.ask(&batch.request).await;
        let (status, retry_after_s) = answer.map_or((0, 0), |answer| (answer.status, answer.retry_after_s));
        let us = |since: Instant| since.elapsed().as_micros() as u64;
        {
            let mut sent = state.sent.borrow_mut();
            *sent.answers.entry(status).or_default() += 1;
            match status {
                200 => sent.latency_us.saturating_record(us(due)),
                0 => {}
                _ => {
                    sent.refusal_us.saturating_record(us(asked));
                    sent.without_retry_after += u64::from(retry_after_s == 0);
                }
            }
        }
        if let Some(ledger) = &state.ledger {
            // A full disk under the ledger shows when it is synced at the end.
            let _ = ledger.borrow_mut().answered(index as u32, status);
        }
        if status == 200 || !insist {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}
