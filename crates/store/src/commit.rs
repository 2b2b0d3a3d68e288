//! The writer: one thread that takes batches from the queue to their acknowledgement, a group at a time.
//!
//! Order: sort out duplicates → encode → one write and one fdatasync → apply, visible to snapshots → acknowledge.
//! State changes only after the fdatasync, so a refused group leaves nothing behind.

use crate::health::HealthState;
use crate::project::Project;
use crate::shared::Shared;
use crate::store::{Batch, Receipt};
use crate::wal::record::{self, Command};
use crate::wal::writer::{WalFailure, WalWriter};
use crate::{StoreError, frame, persons};
use model::Micros;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::sync::mpsc::SyncSender;

/// Answers an append.
pub(crate) type Done = Box<dyn FnOnce(Result<Receipt, StoreError>) + Send>;

/// What the queue holds.
pub(crate) enum Job {
    Append {
        batch: Batch,
        bytes: usize,
        done: Done,
    },
    Command {
        command: Command,
        done: SyncSender<Result<(), StoreError>>,
    },
    /// Close the fills and the WAL file; answer with the number that later WAL files have at least, and received_at.
    Seal {
        done: SyncSender<Sealed>,
    },
    Stop,
}

/// Where a seal cut the log.
pub(crate) struct Sealed {
    pub wal_from: u64,
    pub received_at: Micros,
    pub parts: Vec<crate::flush::Part>,
}

/// The state of the writer's thread.
pub(crate) struct Writer {
    pub shared: Arc<Shared>,
    pub wal: WalWriter,
    pub received_at: Micros,
}

/// A batch on its way through a group.
struct Entry {
    project: Arc<Project>,
    events: usize,
    /// Indexes of the events that are new.
    kept: Vec<u32>,
    uuids: Vec<[u8; 16]>,
    payload: Vec<u8>,
    done: Done,
}

enum Step {
    Batch(Entry),
    Command(Command, SyncSender<Result<(), StoreError>>),
}

/// A writer that panics must not leave callers waiting.
struct PanicGuard(Arc<Shared>);

impl Drop for PanicGuard {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.0.stop("the writer panicked".to_owned());
            self.0.queue.abandon();
        }
    }
}

impl Writer {
    /// Works until told to stop.
    pub fn run(mut self) {
        let _guard = PanicGuard(Arc::clone(&self.shared));
        loop {
            let mut group = Vec::new();
            for job in self.shared.queue.take() {
                match job {
                    Job::Append { .. } | Job::Command { .. } => group.push(job),
                    Job::Seal { done } => {
                        self.commit(std::mem::take(&mut group));
                        let sealed = self.seal();
                        // The asker waits for it; if it is gone, the next seal hands out the same fills again.
                        let _ = done.send(sealed);
                    }
                    Job::Stop => {
                        self.commit(group);
                        return;
                    }
                }
            }
            self.commit(group);
        }
    }

    fn seal(&mut self) -> Sealed {
        let wal_from = self.wal.rotate();
        let parts = self.shared.all_projects().into_iter().map(crate::flush::seal).collect();
        Sealed { wal_from, received_at: self.received_at, parts }
    }

    fn commit(&mut self, jobs: Vec<Job>) {
        if jobs.is_empty() {
            return;
        }
        let bytes: usize = jobs.iter().map(|job| if let Job::Append { bytes, .. } = job { *bytes } else { 0 }).sum();
        let steps = self.prepare(jobs);
        if !steps.is_empty() {
            let mut frames = Vec::new();
            let tag = self.wal.offset();
            for step in &steps {
                match step {
                    Step::Batch(entry) => frame::put_frame(&mut frames, record::BATCH, tag, &entry.payload),
                    Step::Command(command, _) => {
                        let (kind, payload) = command.encode();
                        frame::put_frame(&mut frames, kind, tag, &payload);
                    }
                }
            }
            match self.wal.append(&frames) {
                Ok(()) => {
                    self.shared.wrote(self.wal.current());
                    steps.into_iter().for_each(|step| self.finish(step));
                }
                Err(failure) => self.refuse(steps, failure),
            }
        }
        self.shared.queue.done(bytes);
    }

    /// Sorts out what cannot be written and what is there already.
    fn prepare(&mut self, jobs: Vec<Job>) -> Vec<Step> {
        let stopped = match self.shared.state() {
            HealthState::Stopped { reason } => Some(StoreError::Stopped { reason }),
            HealthState::Ready | HealthState::ReadOnly { .. } => None,
        };
        let mut steps = Vec::with_capacity(jobs.len());
        for job in jobs {
            match (job, &stopped) {
                (Job::Append { done, .. }, Some(error)) => done(Err(error.clone())),
                (Job::Command { done, .. }, Some(error)) => answer(&done, Err(error.clone())),
                (Job::Append { batch, done, .. }, None) => match self.entry(&batch) {
                    Ok((project, kept, uuids, payload)) => {
                        let events = batch.events.len();
                        steps.push(Step::Batch(Entry { project, events, kept, uuids, payload, done }));
                    }
                    Err(error) => done(Err(error)),
                },
                (Job::Command { command, done }, None) => steps.push(Step::Command(command, done)),
                (Job::Seal { .. } | Job::Stop, _) => {}
            }
        }
        steps
    }

    #[expect(clippy::type_complexity, reason = "taken apart at once by its only caller")]
    fn entry(&mut self, batch: &Batch) -> Result<(Arc<Project>, Vec<u32>, Vec<[u8; 16]>, Vec<u8>), StoreError> {
        let project = self.shared.project(batch.project);
        let mut kept = Vec::with_capacity(batch.events.len());
        let mut uuids = Vec::with_capacity(batch.events.len());
        let mut dedup = project.dedup.lock();
        let mut failed = None;
        for (index, event) in batch.events.iter().enumerate() {
            match dedup.insert(event.uuid.into_bytes()) {
                Ok(true) => {
                    kept.push(index as u32);
                    uuids.push(event.uuid.into_bytes());
                }
                Ok(false) => {}
                Err(error) => {
                    failed = Some(error);
                    break;
                }
            }
        }
        let received_at = self.received_at.max(batch.received_at);
        let payload = if failed.is_none() { record::encode_batch(batch, &kept, received_at) } else { Vec::new() };
        if payload.len() > frame::PAYLOAD_BYTES_MAX {
            let reason = format!("a batch of {} bytes is more than {}", payload.len(), frame::PAYLOAD_BYTES_MAX);
            failed = Some(StoreError::Refused { reason });
        }
        if let Some(error) = failed {
            uuids.into_iter().for_each(|uuid| dedup.remove(uuid));
            return Err(error);
        }
        drop(dedup);
        self.received_at = received_at;
        Ok((project, kept, uuids, payload))
    }

    /// Makes a durable step visible and answers.
    fn finish(&mut self, step: Step) {
        match step {
            Step::Batch(entry) => {
                // The same bytes that a replay would read.
                let batch = match record::decode_batch(&entry.payload) {
                    Ok(batch) => batch,
                    Err(error) => {
                        self.shared.stop(format!("a record just written cannot be read: {error}"));
                        (entry.done)(Err(StoreError::Stopped { reason: error.to_string() }));
                        return;
                    }
                };
                let applied = entry.project.state.write().apply_batch(&batch, &self.shared.cache);
                self.shared.buffered(applied.rows, applied.bytes);
                let mut kept = entry.kept.iter().copied().peekable();
                let is_duplicate = |index: &u32| kept.next_if_eq(index).is_none();
                let duplicates = (0..entry.events as u32).filter(is_duplicate).collect();
                let warnings = applied.warnings.iter().map(|(row, code)| (entry.kept[*row as usize], *code)).collect();
                (entry.done)(Ok(Receipt {
                    stored: entry.kept.len() as u32,
                    duplicates,
                    snapshot: applied.version,
                    received_at: batch.received_at,
                    warnings,
                }));
            }
            Step::Command(command, done) => answer(&done, self.shared.apply_command(&command)),
        }
    }

    fn refuse(&mut self, steps: Vec<Step>, failure: WalFailure) {
        let error = match failure {
            WalFailure::Refused(error) => {
                self.shared.read_only(&error);
                error
            }
            WalFailure::Fatal(reason) => {
                self.shared.stop(reason.clone());
                StoreError::Stopped { reason }
            }
        };
        for step in steps {
            match step {
                Step::Batch(entry) => {
                    let mut dedup = entry.project.dedup.lock();
                    entry.uuids.into_iter().for_each(|uuid| dedup.remove(uuid));
                    drop(dedup);
                    (entry.done)(Err(error.clone()));
                }
                Step::Command(_, done) => answer(&done, Err(error.clone())),
            }
        }
    }
}

fn answer(done: &SyncSender<Result<(), StoreError>>, result: Result<(), StoreError>) {
    // A caller that went away needs no answer.
    let _ = done.send(result);
}

impl Shared {
    /// Applies a durable command.
    pub fn apply_command(&self, command: &Command) -> Result<(), StoreError> {
        let project = self.project(command.project());
        match command {
            Command::Retried { ids, at, .. } => project.state.write().mark_retried(ids, *at),
            Command::Undo { seq, by, at, .. } => {
                let mut state = project.state.write();
                let committed = persons::log::read(&*self.disk, &self.dir, project.id, state.identity_bytes)?;
                state.undo(committed, *seq, by, *at);
            }
        }
        self.dirty.store(true, Ordering::Release);
        Ok(())
    }
}
