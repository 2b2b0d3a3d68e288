//! Whether any event is there twice: all sorted lists of uuids of a project, merged a piece at a time.

use super::{Check, Severity};
use crate::StoreError;
use model::{ProjectId, Uuid};
use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};
use std::path::{Path, PathBuf};

/// Uuids read at once from one file.
const PIECE: usize = 1_024;
/// Findings of one project; the rest is counted.
const TOLD_MAX: u64 = 20;

/// Where the uuids of one project stand.
pub(super) struct Sources(Vec<Source>);

struct Source {
    /// As people find it.
    name: String,
    ready: VecDeque<[u8; 16]>,
    /// The sidecar, the offset of the next uuid in it, and how many there are yet.
    file: Option<(PathBuf, u64, u64)>,
}

impl Sources {
    /// `logged` are those of the WAL, in any order.
    pub fn new(mut logged: Vec<[u8; 16]>) -> Sources {
        logged.sort_unstable();
        Sources(vec![Source { name: "the WAL".to_owned(), ready: logged.into(), file: None }])
    }

    pub fn add_memory(&mut self, day: String, number: u64, sorted: Vec<[u8; 16]>) {
        self.0.push(Source { name: format!("{day}/{number:08}"), ready: sorted.into(), file: None });
    }

    pub fn add_file(&mut self, day: String, number: u64, path: &Path, uuids_at: u64, rows: u64) {
        let file = Some((path.to_owned(), uuids_at, rows));
        self.0.push(Source { name: format!("{day}/{number:08}"), ready: VecDeque::new(), file });
    }
}

impl Check<'_> {
    pub fn duplicates(&mut self, project: ProjectId, sources: Sources) -> Result<(), StoreError> {
        let mut sources = sources.0;
        let mut heap = BinaryHeap::new();
        for index in 0..sources.len() {
            self.push_next(&mut sources, index, &mut heap)?;
        }
        let folder = self.dir.join("segments").join(project.to_string());
        let mut before: Option<([u8; 16], usize)> = None;
        let mut found = 0;
        while let Some(Reverse((uuid, index))) = heap.pop() {
            if let Some((_, other)) = before.filter(|(known, _)| *known == uuid) {
                found += 1;
                if found <= TOLD_MAX {
                    let (a, b) = (&sources[other].name, &sources[index].name);
                    let detail = format!("event {} is there twice: in {a} and {b}", Uuid::from_bytes(uuid));
                    self.find(Severity::Error, &folder, None, detail);
                }
            }
            before = Some((uuid, index));
            self.push_next(&mut sources, index, &mut heap)?;
        }
        if found > TOLD_MAX {
            self.find(Severity::Error, &folder, None, format!("{found} events in all are there twice"));
        }
        Ok(())
    }

    fn push_next(
        &mut self,
        sources: &mut [Source],
        index: usize,
        heap: &mut BinaryHeap<Reverse<([u8; 16], usize)>>,
    ) -> Result<(), StoreError> {
        let source = &mut sources[index];
        if source.ready.is_empty()
            && let Some((path, at, left)) = &mut source.file
            && *left > 0
        {
            let count = (*left).min(PIECE as u64);
            let mut bytes = vec![0; count as usize * 16];
            let file = self.disk.open(path).map_err(|error| StoreError::io(path, error))?;
            file.read_exact_at(&mut bytes, *at).map_err(|error| StoreError::io(path, error))?;
            source.ready.extend(bytes.as_chunks::<16>().0);
            *at += count * 16;
            *left -= count;
        }
        if let Some(uuid) = source.ready.pop_front() {
            heap.push(Reverse((uuid, index)));
        }
        Ok(())
    }
}
