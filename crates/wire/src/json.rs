//! JSON on its way to events: the gate before any parser, the cut into events, the tree of one event, its flattening.

pub(crate) mod flatten;
pub(crate) mod gate;
pub(crate) mod holes;
pub(crate) mod split;
pub(crate) mod tree;

#[cfg(test)]
mod tests;
