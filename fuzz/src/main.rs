//! One program for all targets; `TELEMETRY_FUZZ_TARGET` names the one to run. Started by `cargo xtask fuzz`.

#![no_main]

use libfuzzer_sys::fuzz_target;
use std::sync::OnceLock;

static TARGET: OnceLock<fn(&[u8])> = OnceLock::new();

fuzz_target!(
    init: {
        let wanted = std::env::var("TELEMETRY_FUZZ_TARGET").expect("TELEMETRY_FUZZ_TARGET names the target");
        let targets = wire::fuzzing::TARGETS.iter().chain(store::fuzzing::TARGETS).chain(query::fuzzing::TARGETS);
        let found = targets.into_iter().find(|(name, _)| *name == wanted);
        let (_, run) = found.unwrap_or_else(|| panic!("no target {wanted:?}"));
        TARGET.set(*run).expect("set once");
    },
    |bytes: &[u8]| {
        TARGET.get().expect("set at the start")(bytes);
    }
);
