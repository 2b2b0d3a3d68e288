//! Kills a server under full load again and again; afterwards nothing may be lost, doubled, invented or changed.

use crate::batches::{Batch, Door, prepare};
use crate::client::Client;
use crate::events::Recipe;
use crate::server::{Server, WRITE_KEY};
use anyhow::Context;
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use serde_json::json;
use std::cell::RefCell;
use std::path::Path;
use std::rc::Rc;
use std::time::Duration;
use testkit::ledger::LedgerWriter;

/// How to kill.
pub struct Plan {
    /// Kills.
    pub rounds: u32,
    /// Seed of instants, orders and events.
    pub seed: u64,
    /// Connections.
    pub connections: usize,
    /// Events in a batch.
    pub batch: u32,
}

/// Each batch is sent so many times.
const COPIES: u8 = 3;
/// Batches that are under way at once, in random order.
const WINDOW: usize = 400;
/// A kill comes so many milliseconds after the server listens.
const LIFE_MS: std::ops::Range<u64> = 50..3_000;

/// Batches made so far and copies that are still to be acknowledged.
struct Deck {
    batches: Vec<Rc<Batch>>,
    /// Index of a batch, once for each copy.
    open: Vec<u32>,
    random: StdRng,
    ledger: LedgerWriter,
    recipe: Recipe,
    door: Door,
    size: u32,
    /// No new batches from now on.
    ending: bool,
}

impl Deck {
    /// A random copy; makes more batches when few are open.
    fn draw(&mut self) -> std::io::Result<Option<(u32, Rc<Batch>)>> {
        if !self.ending && self.open.len() < WINDOW {
            let first = self.batches.len() as u32;
            let (made, _) = prepare(&self.recipe, &self.door, first..first + WINDOW as u32, self.size);
            for batch in made {
                let number = self.batches.len() as u32;
                self.ledger.sent(number, &batch.events)?;
                self.open.extend([number; COPIES as usize]);
                self.batches.push(Rc::new(batch));
            }
            self.ledger.sync()?;
        }
        if self.open.is_empty() {
            return Ok(None);
        }
        let index = self.random.random_range(0..self.open.len());
        let number = self.open.swap_remove(index);
        Ok(Some((number, Rc::clone(&self.batches[number as usize]))))
    }

    fn answered(&mut self, number: u32, status: u16) -> std::io::Result<()> {
        self.ledger.answered(number, status)?;
        if status != 200 {
            self.open.push(number);
        }
        Ok(())
    }
}

/// Runs all rounds, then stops the server well. Prints figures as JSON.
///
/// # Errors
/// The server does not start or end well, or the ledger cannot be written.
pub async fn run(binary: &Path, data: &Path, ledger: &Path, settings: &[String], plan: &Plan) -> anyhow::Result<()> {
    let mut server = Server::start(binary, data, settings)?;
    let door = Door { address: server.address.clone(), key: WRITE_KEY.to_owned() };
    let recipe = Recipe {
        seed: plan.seed,
        persons: 20_000,
        in_a_row: 7,
        first_ms: crate::now_ms()?,
        per_second: 20_000,
        broken: true,
    };
    let deck = Rc::new(RefCell::new(Deck {
        batches: Vec::new(),
        open: Vec::new(),
        random: StdRng::seed_from_u64(plan.seed),
        ledger: LedgerWriter::create(ledger).context("cannot make the ledger")?,
        recipe,
        door,
        size: plan.batch,
        ending: false,
    }));
    let local = tokio::task::LocalSet::new();
    let senders: Vec<_> = (0..plan.connections)
        .map(|_| {
            let client = Client::new(&server.address);
            local.spawn_local(deliver(Rc::clone(&deck), client))
        })
        .collect();
    let mut random = StdRng::seed_from_u64(plan.seed ^ 0xDEAD);
    let mut ready_ms = Vec::new();
    let rounds = local.run_until(async {
        for _ in 0..plan.rounds {
            tokio::time::sleep(Duration::from_millis(random.random_range(LIFE_MS))).await;
            server.kill()?;
            ready_ms.push(server.restart()?.as_secs_f64() * 1e3);
        }
        deck.borrow_mut().ending = true;
        for sender in senders {
            sender.await.context("a sender panicked")??;
        }
        anyhow::Ok(server)
    });
    let server = rounds.await?;
    deck.borrow_mut().ledger.sync()?;
    server.stop()?;
    ready_ms.sort_by(f64::total_cmp);
    let deck = deck.borrow();
    let report = json!({
        "kills": plan.rounds,
        "seed": plan.seed,
        "batches": deck.batches.len(),
        "events": deck.batches.len() as u64 * u64::from(plan.batch),
        "ready_again_ms": {
            "median": ready_ms.get(ready_ms.len() / 2),
            "max": ready_ms.last(),
        },
    });
    println!("{}", serde_json::to_string_pretty(&report)?);
    Ok(())
}

async fn deliver(deck: Rc<RefCell<Deck>>, mut client: Client) -> anyhow::Result<()> {
    loop {
        let drawn = deck.borrow_mut().draw()?;
        let Some((number, batch)) = drawn else { return Ok(()) };
        let status = client.ask(&batch.request).await.map_or(0, |answer| answer.status);
        deck.borrow_mut().answered(number, status)?;
        if status != 200 {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }
}
