//! What the process may use up, kept by the operating system.
//!
//! Set before the job is read and never raised again. Time is the server's to keep: it kills.

use rustix::process::{Resource, Rlimit, setrlimit};

/// Memory of one query with everything around it; bytes.
pub const MEMORY_BYTES: u64 = 512 << 20;
/// Private writable memory: what is left of [`MEMORY_BYTES`] when the program itself is in memory.
const DATA_BYTES: u64 = 400 << 20;
/// Address space. Far more is reserved than used, so this only stops what [`DATA_BYTES`] does not count.
const ADDRESS_BYTES: u64 = 3 << 30;
/// What sorts, joins and groups may hold; the rest is for decoding, planning and writing.
pub const POOL_BYTES: usize = 224 << 20;
/// Processor time, should the server be gone without a word; seconds.
const CPU_S: u64 = 120;
/// Open files: one per thread and file that is read now.
const FILES: u64 = 64;

/// Sets the limits of this process.
///
/// # Errors
/// The system refuses; then nothing may be run.
pub fn set() -> std::io::Result<()> {
    let limits = [
        (Resource::Core, 0),
        // No file can grow: nothing is written but the pipes.
        (Resource::Fsize, 0),
        (Resource::Nofile, FILES),
        (Resource::Cpu, CPU_S),
        (Resource::As, ADDRESS_BYTES),
        (Resource::Data, DATA_BYTES),
    ];
    for (resource, most) in limits {
        let ours = rustix::process::getrlimit(resource).maximum.map_or(most, |system| system.min(most));
        setrlimit(resource, Rlimit { current: Some(ours), maximum: Some(ours) })?;
    }
    Ok(())
}
