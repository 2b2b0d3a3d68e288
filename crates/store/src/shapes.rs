//! Which properties a row in memory has, said once for all rows that have the same.
//!
//! An app sends few kinds of events, so rows keep values only; their keys and kinds stand in a shape that they share.
//! A shape lives as long as the fill of the buffer that made it.

use crate::text_table::FastHash;
use model::property::Kind;
use parking_lot::RwLock;
use std::collections::HashMap;
use std::sync::Arc;

/// Where one property of a shape stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Place {
    /// Code of the key in the fill's texts.
    pub key: u32,
    pub kind: Kind,
    /// Index of its first slot; a number takes two, all else one.
    pub slot: u32,
}

/// Keys and kinds of a row's properties, in the order of its slots.
pub(crate) struct Shape {
    /// Code of the key, and the kind in the lowest two bits.
    tags: Arc<[u32]>,
}

impl Shape {
    /// Its properties in order.
    pub fn places(&self) -> impl Iterator<Item = Place> {
        let mut next = 0;
        self.tags.iter().map(move |tag| {
            let kind = crate::wal::record::kind_of(u64::from(*tag));
            let slot = next;
            next += if kind == Kind::Number { 2 } else { 1 };
            Place { key: tag >> 2, kind, slot }
        })
    }
}

/// Shapes numbered from 0; append-only, shared between threads.
#[derive(Default)]
pub(crate) struct ShapeTable {
    inner: RwLock<Inner>,
}

#[derive(Default)]
struct Inner {
    codes: HashMap<Arc<[u32]>, u32, FastHash>,
    shapes: Vec<Arc<Shape>>,
}

impl ShapeTable {
    /// The number of the shape with these tags, and the bytes that it takes if it is new.
    pub fn intern(&self, tags: &[u32]) -> (u32, usize) {
        if let Some(code) = self.inner.read().codes.get(tags) {
            return (*code, 0);
        }
        let mut inner = self.inner.write();
        let code = inner.shapes.len() as u32;
        let tags: Arc<[u32]> = tags.into();
        let bytes = tags.len() * 4 + 96;
        inner.shapes.push(Arc::new(Shape { tags: Arc::clone(&tags) }));
        inner.codes.insert(tags, code);
        (code, bytes)
    }

    /// The shape of a number that this table gave.
    pub fn get(&self, code: u32) -> Arc<Shape> {
        Arc::clone(&self.inner.read().shapes[code as usize])
    }

    /// All shapes in order of their numbers.
    pub fn all(&self) -> Vec<Arc<Shape>> {
        self.inner.read().shapes.clone()
    }
}
