//! Questions answered: snapshot in, answer out. Synchronous.
