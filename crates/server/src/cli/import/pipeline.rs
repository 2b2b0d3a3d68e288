//! The way of the pieces: one thread reads and inflates, several decode and gate, the caller takes the results in order.
//!
//! A piece holds tickets, one for each 2 MiB, from reading until it was taken, so that memory is bounded however the
//! threads run.

use super::decode::{Decoded, Decoder, FileFacts};
use super::source::{Piece, Source};
use super::{FileFailure, ImportOptions};
use indicatif::ProgressBar;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};

/// Pieces of the usual size between the reader and the taker at once.
const TICKETS: usize = 8;
/// More threads would wait for the store.
const DECODERS_MAX: usize = 4;

/// A file to read.
pub struct Todo {
    /// Where it is.
    pub path: PathBuf,
    /// Number of the last item to pass over.
    pub skip: u64,
}

/// What the taker gets, in the order of the files.
pub enum Step {
    /// A file was opened.
    Opened {
        /// Index into the files.
        file: usize,
        /// What it holds, in words.
        description: String,
        /// Columns that are not read.
        unread_columns: Vec<String>,
    },
    /// Items were decoded.
    Decoded {
        /// Index into the files.
        file: usize,
        /// Number of the last of them.
        last: u64,
        /// What they are.
        decoded: Decoded,
    },
    /// A file was read to its end, or not.
    Ended {
        /// Index into the files.
        file: usize,
        /// Why the rest was not read.
        failure: Option<FileFailure>,
    },
}

enum Work {
    Step(Step),
    Piece { file: usize, facts: Arc<FileFacts>, piece: Piece },
}

/// Reads all files and hands each step to `take`, in order. Ends at the first error of `take`.
pub fn run(
    files: &[Todo],
    options: &ImportOptions,
    decoder: &Decoder,
    bar: &ProgressBar,
    mut take: impl FnMut(Step) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let decoders = std::thread::available_parallelism().map_or(1, usize::from).min(DECODERS_MAX);
    let (tickets, ticket_taken) = sync_channel::<()>(TICKETS);
    let (to_decode, decodable) = sync_channel::<(u64, usize, Work)>(TICKETS);
    let (to_taker, results) = sync_channel::<(u64, usize, Step)>(TICKETS);
    for _ in 0..TICKETS {
        tickets.send(())?;
    }
    let decodable = Mutex::new(decodable);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let mut reader = Reader { files, options, bar, number: 0, to_decode, ticket_taken };
            // The taker has gone: nobody needs the rest.
            let _ = reader.run();
        });
        for _ in 0..decoders {
            let (decodable, to_taker) = (&decodable, to_taker.clone());
            scope.spawn(move || {
                loop {
                    let next = decodable.lock().unwrap_or_else(PoisonError::into_inner).recv();
                    let Ok((number, weight, work)) = next else { return };
                    let step = match work {
                        Work::Step(step) => step,
                        Work::Piece { file, facts, piece } => {
                            Step::Decoded { file, last: piece.last(), decoded: decoder.decode(&facts, &piece) }
                        }
                    };
                    if to_taker.send((number, weight, step)).is_err() {
                        return;
                    }
                }
            });
        }
        drop(to_taker);
        let mut waiting = BTreeMap::new();
        let mut next = 0;
        // Moved in, so that an early end closes the channels and the threads end too.
        let (results, tickets) = (results, tickets);
        while let Ok((number, weight, step)) = results.recv() {
            waiting.insert(number, (weight, step));
            while let Some((weight, step)) = waiting.remove(&next) {
                take(step)?;
                next += 1;
                for _ in 0..weight {
                    // The reader may have ended.
                    let _ = tickets.try_send(());
                }
            }
        }
        Ok(())
    })
}

struct Reader<'a> {
    files: &'a [Todo],
    options: &'a ImportOptions,
    bar: &'a ProgressBar,
    number: u64,
    to_decode: SyncSender<(u64, usize, Work)>,
    ticket_taken: Receiver<()>,
}

/// Nobody takes any more.
struct Gone;

impl Reader<'_> {
    fn run(&mut self) -> Result<(), Gone> {
        for (index, file) in self.files.iter().enumerate() {
            let failure = self.file(index, file)?.err();
            self.send(Work::Step(Step::Ended { file: index, failure }))?;
        }
        Ok(())
    }

    fn send(&mut self, work: Work) -> Result<(), Gone> {
        let weight = match &work {
            Work::Step(_) => 1,
            Work::Piece { piece, .. } => piece.weight().min(TICKETS),
        };
        for _ in 0..weight {
            self.ticket_taken.recv().map_err(|_| Gone)?;
        }
        self.to_decode.send((self.number, weight, work)).map_err(|_| Gone)?;
        self.number += 1;
        Ok(())
    }

    /// Inner error: the rest of the file cannot be read.
    fn file(&mut self, index: usize, file: &Todo) -> Result<Result<(), FileFailure>, Gone> {
        let mut source = match Source::open(&file.path, self.options, file.skip, self.bar) {
            Ok(source) => source,
            Err(failure) => return Ok(Err(failure)),
        };
        let name = file.path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
        self.bar.set_message(name.clone());
        self.send(Work::Step(Step::Opened {
            file: index,
            description: source.description.clone(),
            unread_columns: source.unread_columns.clone(),
        }))?;
        let facts = Arc::new(FileFacts { name, format: source.format, mapping: source.mapping.clone() });
        loop {
            match source.next_piece(file.skip) {
                Ok(Some(piece)) => self.send(Work::Piece { file: index, facts: Arc::clone(&facts), piece })?,
                Ok(None) => return Ok(Ok(())),
                Err(failure) => return Ok(Err(failure)),
            }
        }
    }
}
