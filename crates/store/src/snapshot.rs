//! What one query sees, frozen.

use crate::persons::properties::PersonProperties;
use crate::text_table::TextTable;
use crate::{PropertyColumn, Segment};
use model::ProjectId;
use parking_lot::Mutex;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

/// A frozen view of one project. Cheap to take and to clone; later writes do not change it, and the files it names stay.
#[derive(Clone)]
pub struct Snapshot {
    inner: Arc<Inner>,
}

pub(crate) struct Inner {
    pub id: u64,
    pub project: ProjectId,
    pub segments: Vec<Arc<Segment>>,
    pub person_of: Arc<Vec<u32>>,
    pub ids: Arc<TextTable>,
    pub properties: PersonProperties,
    /// Columns of person properties that were asked for.
    pub columns: Mutex<HashMap<Box<str>, Arc<PropertyColumn>>>,
    pub warnings: Vec<String>,
}

impl std::fmt::Debug for Snapshot {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Snapshot").field("id", &self.id()).field("segments", &self.segments()).finish_non_exhaustive()
    }
}

impl Snapshot {
    pub(crate) fn new(inner: Inner) -> Snapshot {
        Snapshot { inner: Arc::new(inner) }
    }

    /// Grows with every visible change: append, flush, compaction, merge, undo. Per project; also over restarts.
    pub fn id(&self) -> u64 {
        self.inner.id
    }

    /// Whose events.
    pub fn project(&self) -> ProjectId {
        self.inner.project
    }

    /// All rows, each in exactly one segment; ascending by day, within a day files by number, then the buffer's chunks.
    pub fn segments(&self) -> &[Arc<Segment>] {
        &self.inner.segments
    }

    /// Root ordinal of each ordinal; its length is the number of ordinals known.
    pub fn person_of(&self) -> &[u32] {
        &self.inner.person_of
    }

    /// The ordinal of a distinct_id, if an event or a claim has named it.
    pub fn ordinal_of(&self, distinct_id: &str) -> Option<u32> {
        // The table may have grown since; its newer numbers are not part of this view.
        self.inner.ids.find(distinct_id).filter(|ordinal| (*ordinal as usize) < self.inner.person_of.len())
    }

    /// The distinct_id of an ordinal below `person_of().len()`.
    pub fn distinct_id(&self, ordinal: u32) -> Option<Arc<str>> {
        if (ordinal as usize) < self.inner.person_of.len() { self.inner.ids.get(ordinal) } else { None }
    }

    /// A person property as of this view, one row per ordinal: the value of the person that it stands for.
    pub fn person_property(&self, key: &str) -> Arc<PropertyColumn> {
        let mut columns = self.inner.columns.lock();
        if let Some(column) = columns.get(key) {
            return Arc::clone(column);
        }
        let column = Arc::new(self.inner.properties.column(key, &self.inner.person_of));
        columns.insert(key.into(), Arc::clone(&column));
        column
    }

    /// The keys of all person properties with the number of persons who have each, in byte order.
    pub fn person_property_keys(&self) -> BTreeMap<Box<str>, u64> {
        self.inner.properties.keys()
    }

    /// Texts of ordinals; it may have grown since.
    pub(crate) fn ids(&self) -> &TextTable {
        &self.inner.ids
    }

    /// What is missing from this view: one sentence for each file set aside as damaged.
    pub fn warnings(&self) -> &[String] {
        &self.inner.warnings
    }
}
