//! Dev only: event generators, the slow obvious oracle, the ledger.
