//! Events on disk: WAL, buffer, segment files, manifest, persons, dedup, compaction.
