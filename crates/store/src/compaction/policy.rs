//! Which files of one project and day to merge. Pure.

use crate::CompactionOptions;

/// A file, as the policy sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Candidate {
    pub number: u64,
    pub rows: u64,
}

/// The files to merge next, or none. Repeated until none, it ends: each merge leaves fewer files.
///
/// Files of about one size are merged when there are enough of them, so that each row is rewritten a few times only.
/// A finished day is brought down to `files_per_day` by merging its smallest files.
pub(crate) fn plan(files: &[Candidate], finished: bool, options: &CompactionOptions) -> Option<Vec<u64>> {
    let mut files = files.to_vec();
    files.sort_by_key(|file| (file.rows, file.number));
    let wanted = options.tier_files.max(2);
    for from in 0..files.len() {
        let limit = files[from].rows.saturating_mul(options.tier_factor.max(1));
        let mut rows = 0;
        let tier: Vec<u64> = files[from..]
            .iter()
            .take_while(|file| {
                rows += file.rows;
                file.rows <= limit && rows <= options.rows_max
            })
            .map(|file| file.number)
            .collect();
        if tier.len() >= wanted {
            return Some(tier);
        }
    }
    let too_many = files.len().saturating_sub(options.files_per_day.max(1));
    (finished && too_many > 0).then(|| files[..=too_many].iter().map(|file| file.number).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(rows: &[u64]) -> Vec<Candidate> {
        rows.iter().enumerate().map(|(index, rows)| Candidate { number: index as u64, rows: *rows }).collect()
    }

    #[test]
    fn files_of_one_size_are_merged_and_a_large_one_is_left_alone() {
        let options = CompactionOptions { tier_files: 4, ..CompactionOptions::default() };
        assert_eq!(plan(&files(&[9, 1_000_000, 10, 12, 30]), false, &options), Some(vec![0, 2, 3, 4]));
        assert_eq!(plan(&files(&[9, 1_000_000, 100, 12]), false, &options), None);
    }

    #[test]
    fn a_finished_day_ends_in_few_files_whatever_their_sizes() {
        let options = CompactionOptions::default();
        let mut day = files(&[1, 10, 100, 1_000, 10_000, 100_000, 7_000_000, 8_000_000]);
        while let Some(merged) = plan(&day, true, &options) {
            assert!(merged.len() >= 2);
            let rows = day.iter().filter(|file| merged.contains(&file.number)).map(|file| file.rows).sum();
            day.retain(|file| !merged.contains(&file.number));
            day.push(Candidate { number: 100 + day.len() as u64, rows });
        }
        assert!(day.len() <= options.files_per_day);
        assert_eq!(day.iter().map(|file| file.rows).sum::<u64>(), 15_111_111);
    }
}
