//! Bytes of one dialect in, model events out. Pure.
