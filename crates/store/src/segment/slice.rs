//! Values of a column, in memory or in a mapped file; cheap to clone.

use crate::disk::Mapped;
use bytemuck::Pod;
use std::ops::{Deref, Range};
use std::sync::Arc;

/// A slice that owns what it lies in.
pub struct Slice<T> {
    first: *const T,
    length: usize,
    owner: Owner<T>,
}

/// Held for what the pointer points to.
#[derive(Clone)]
enum Owner<T> {
    Values(#[expect(dead_code, reason = "held, not read")] Arc<Vec<T>>),
    File(#[expect(dead_code, reason = "held, not read")] Arc<Mapped>),
}

#[expect(unsafe_code, reason = "a raw pointer is neither; what it points to is shared and never changed")]
// SAFETY: as of `Arc<Vec<T>>`.
unsafe impl<T: Send + Sync> Send for Slice<T> {}
#[expect(unsafe_code, reason = "as above")]
// SAFETY: as of `Arc<Vec<T>>`.
unsafe impl<T: Send + Sync> Sync for Slice<T> {}

impl<T: Pod> Slice<T> {
    /// The values in these bytes of a file. `None`: out of its bounds, or not whole values.
    pub(crate) fn of_file(file: &Arc<Mapped>, bytes: Range<usize>) -> Option<Slice<T>> {
        let values: &[T] = bytemuck::try_cast_slice(file.get(bytes)?).ok()?;
        Some(Slice { first: values.as_ptr(), length: values.len(), owner: Owner::File(Arc::clone(file)) })
    }
}

impl<T> Slice<T> {
    /// Whether the values lie in a file, so that they take no memory of ours.
    pub(crate) fn is_mapped(&self) -> bool {
        matches!(self.owner, Owner::File(_))
    }
}

impl<T> From<Vec<T>> for Slice<T> {
    fn from(values: Vec<T>) -> Slice<T> {
        let values = Arc::new(values);
        Slice { first: values.as_ptr(), length: values.len(), owner: Owner::Values(values) }
    }
}

impl<T> FromIterator<T> for Slice<T> {
    fn from_iter<I: IntoIterator<Item = T>>(values: I) -> Slice<T> {
        values.into_iter().collect::<Vec<T>>().into()
    }
}

impl<T> Deref for Slice<T> {
    type Target = [T];
    #[expect(unsafe_code, reason = "finding the values anew for each row would cost more than the row")]
    fn deref(&self) -> &[T] {
        // SAFETY: `first` and `length` are those of a slice of `owner`, which lives as long, never moves and never changes.
        unsafe { std::slice::from_raw_parts(self.first, self.length) }
    }
}

impl<T: Clone> Clone for Slice<T> {
    fn clone(&self) -> Self {
        Slice { first: self.first, length: self.length, owner: self.owner.clone() }
    }
}

impl<T> Default for Slice<T> {
    fn default() -> Self {
        Vec::new().into()
    }
}

impl<T: std::fmt::Debug> std::fmt::Debug for Slice<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        (**self).fmt(f)
    }
}

impl<T: PartialEq> PartialEq for Slice<T> {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}

impl<T: Eq> Eq for Slice<T> {}

impl<'a, T> IntoIterator for &'a Slice<T> {
    type Item = &'a T;
    type IntoIter = std::slice::Iter<'a, T>;
    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::disk::{Disk, faulty::FaultyDisk};
    use std::path::Path;

    #[test]
    fn values_outlive_what_they_were_made_of() {
        let disk = FaultyDisk::new(1);
        let path = Path::new("/columns/x");
        let bytes: Vec<u8> = [7_u32, 8, 9].iter().flat_map(|value| value.to_le_bytes()).collect();
        disk.create_dir_all(Path::new("/columns")).expect("made");
        disk.create(path).and_then(|file| file.append(&bytes)).expect("written");
        let file = Arc::new(disk.map(path).expect("mapped"));
        let all: Slice<u32> = Slice::of_file(&file, 0..12).expect("three");
        let last: Slice<u32> = Slice::of_file(&file, 8..12).expect("one");
        drop(file);
        let copy = all.clone();
        drop(all);
        assert_eq!((&*copy, &*last, copy.is_mapped()), (&[7, 8, 9][..], &[9][..], true));
        let owned: Slice<u32> = vec![7, 8, 9].into();
        assert_eq!((owned.clone(), owned.is_mapped()), (copy, false));
        assert!(Slice::<u32>::default().is_empty());
    }

    #[test]
    fn bytes_that_are_no_whole_values_are_none() {
        let disk = FaultyDisk::new(1);
        let path = Path::new("/x");
        disk.create(path).and_then(|file| file.append(&[1; 20])).expect("written");
        let file = Arc::new(disk.map(path).expect("mapped"));
        for (bytes, fits) in [(0..16, true), (0..20, true), (0..18, false), (2..18, false), (0..24, false)] {
            assert_eq!(Slice::<u32>::of_file(&file, bytes).is_some(), fits);
        }
    }
}
