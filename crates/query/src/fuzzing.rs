//! Target of fuzzing: any bytes as a question. Run by `fuzz/` and by the test below, which reads the corpus that is kept.

use crate::bind::{Known, bind};
use crate::question::parse;
use model::project::ProjectClock;
use model::time::WeekStart;

/// Name and function.
pub type Target = (&'static str, fn(&[u8]));

/// All targets.
pub const TARGETS: &[Target] = &[("question", question)];

/// 2026-01-05T06:00:00Z.
const NOW: model::Micros = 1_767_592_800_000_000;

fn question(bytes: &[u8]) {
    let Ok(question) = parse(bytes) else { return };
    for earliest in [None, Some(NOW - 400 * model::time::DAY)] {
        let known = Known { earliest, ..Known::default() };
        for zone in ["UTC", "Asia/Kolkata", "Pacific/Apia"] {
            let clock = ProjectClock { time_zone: zone.to_owned(), week_start: WeekStart::Monday };
            if let Ok(bound) = bind(&question, &clock, NOW, &known) {
                // What is bound says the same again: it keys a cache.
                assert_eq!(bind(&question, &clock, NOW, &known), Ok(bound));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_corpus_is_read_without_harm() {
        let corpus = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus/question");
        let mut inputs = 0;
        for entry in std::fs::read_dir(corpus).expect("the target has a corpus") {
            let path = entry.expect("readable").path();
            let started = std::time::Instant::now();
            question(&std::fs::read(&path).expect("readable"));
            assert!(started.elapsed().as_secs() < 5, "{} took {:?}", path.display(), started.elapsed());
            inputs += 1;
        }
        assert!(inputs > 0);
    }
}
