//! The bytes of a whole file, mapped where the disk can.

use std::fs::File;
use std::io;
use std::ops::Deref;

/// Bytes of a file that nobody changes; they begin at an address that suits every number.
pub struct Mapped(Source);

enum Source {
    Map(memmap2::Mmap),
    /// As words, for their alignment, and how many bytes of them count.
    Words(Vec<u64>, usize),
}

impl Mapped {
    /// Maps a file of ours whose name is given once and whose content is never written again.
    #[expect(unsafe_code, reason = "the one place where a file becomes memory")]
    pub(super) fn of_file(file: &File) -> io::Result<Mapped> {
        // SAFETY: nobody writes to a file that has got its name, or cuts it; removing the name leaves the pages.
        let map = unsafe { memmap2::Mmap::map(file)? };
        Ok(Mapped(Source::Map(map)))
    }

    pub(crate) fn of_bytes(bytes: Vec<u8>) -> Mapped {
        let mut words = vec![0_u64; bytes.len().div_ceil(8)];
        bytemuck::cast_slice_mut::<u64, u8>(&mut words)[..bytes.len()].copy_from_slice(&bytes);
        Mapped(Source::Words(words, bytes.len()))
    }
}

impl Deref for Mapped {
    type Target = [u8];
    fn deref(&self) -> &[u8] {
        match &self.0 {
            Source::Map(map) => map,
            Source::Words(words, bytes) => &bytemuck::cast_slice(words)[..*bytes],
        }
    }
}
