//! Questions asked of a real store in a real folder: golden files an analyst can check with a pencil, random cases
//! against the oracle, limits, and the catalogue.

mod answers;
mod catalogue;
mod cohorts;
mod differential;
mod golden;
mod items;
mod limits;
mod people;
mod persons;
mod sessions;
mod shown;
mod stored;
mod web;
mod workflow;
