//! Every kernel agrees with its plain twin.

use super::*;
use proptest::prelude::*;

const CELLS: usize = 6;

/// Cells of rows, some of which do not count, in runs as sorted rows have them.
fn cells() -> impl Strategy<Value = Vec<u32>> {
    let cell = prop_oneof![1 => Just(NO_CELL), 4 => 0..CELLS as u32];
    proptest::collection::vec((cell, 1..4_usize), 0..60)
        .prop_map(|runs| runs.into_iter().flat_map(|(cell, length)| std::iter::repeat_n(cell, length)).collect())
}

/// One entry per row beside the cells.
fn beside<T: Clone + std::fmt::Debug>(
    item: impl Strategy<Value = T> + Clone,
) -> impl Strategy<Value = (Vec<u32>, Vec<T>)> {
    cells().prop_flat_map(move |cells| {
        let rows = cells.len();
        (Just(cells), proptest::collection::vec(item.clone(), rows))
    })
}

proptest! {
    #[test]
    fn buckets_agree(
        steps in proptest::collection::vec(1..50_i64, 1..12),
        at in proptest::collection::vec(-30..400_i64, 0..80),
        inset in (0..40_i64, 0..40_i64),
    ) {
        let mut edges = vec![0];
        steps.iter().for_each(|step| edges.push(edges[edges.len() - 1] + step));
        let range = (inset.0.min(edges[edges.len() - 1] - 1), edges[edges.len() - 1] - 1 - inset.1);
        let (mut fast, mut plain) = (vec![7; at.len()], vec![8; at.len()]);
        buckets::assign(&at, range, &edges, &mut fast);
        buckets::assign_plain(&at, range, &edges, &mut plain);
        prop_assert_eq!(&fast, &plain);
        if let (Some(first), Some(last)) = (at.iter().min(), at.iter().max()) {
            let all = plain.iter().all(|bucket| *bucket == plain[0] && *bucket != NO_CELL);
            prop_assert_eq!(buckets::shared((*first, *last), range, &edges), all.then_some(plain[0]));
        }
    }

    #[test]
    fn cells_agree(rows in proptest::collection::vec((any::<bool>(), 0..4_u32, 0..4_u32), 0..80), grouped in any::<bool>()) {
        let selected: Vec<_> = rows.iter().map(|row| row.0).collect();
        let bucket_of: Vec<_> = rows.iter().map(|row| if row.1 == 3 { NO_CELL } else { row.1 }).collect();
        let groups: Vec<_> = rows.iter().map(|row| if row.2 == 3 { NO_CELL } else { row.2 }).collect();
        let groups = grouped.then_some(&groups[..]);
        let (mut fast, mut plain) = (vec![7; rows.len()], vec![8; rows.len()]);
        cells::compose(&selected, &bucket_of, groups, 3, &mut fast);
        cells::compose_plain(&selected, &bucket_of, groups, 3, &mut plain);
        prop_assert_eq!(fast, plain);
    }

    #[test]
    fn correlations_agree(pairs in proptest::collection::vec((any::<bool>(), 0..5_u32), 1..60), cut in any::<prop::sample::Index>()) {
        let pairs: Vec<(bool, f64)> = pairs.into_iter().map(|(right, fifths)| (right, f64::from(fifths) / 4.0)).collect();
        let parts = pairs.split_at(cut.index(pairs.len()));
        let [mut fast, second] = [parts.0, parts.1].map(|part| {
            let mut all = biserial::Biserial::default();
            part.iter().for_each(|(right, number)| all.add(*right, *number));
            all
        });
        fast.merge(&second);
        match (fast.correlation(), biserial::correlation_plain(&pairs)) {
            (Some(fast), Some(plain)) => prop_assert!((fast - plain).abs() < 1e-9, "{} {}", fast, plain),
            (fast, plain) => prop_assert_eq!(fast, plain),
        }
    }

    #[test]
    fn visits_agree(pauses in proptest::collection::vec(
        prop_oneof![6 => 0..1_900_000_000_i64, 1 => Just(visits::PAUSE), 1 => Just(visits::PAUSE + 1), 1 => 0..90_000_000_000_i64], 0..150,
    )) {
        let at: Vec<i64> = pauses.iter().scan(0, |at, pause| { *at += pause; Some(*at) }).collect();
        let (mut fast, mut plain) = (Vec::new(), Vec::new());
        visits::ends(&at, &mut fast);
        visits::ends_plain(&at, &mut plain);
        prop_assert_eq!(fast, plain);
    }

    #[test]
    fn counts_agree(cells in cells()) {
        let (mut fast, mut plain) = ([0; CELLS], [0; CELLS]);
        count::count(&cells, &mut fast);
        count::count_plain(&cells, &mut plain);
        prop_assert_eq!(fast, plain);
    }

    #[test]
    fn marked_persons_agree((cells, ordinals) in beside(0..20_u32), roots in proptest::collection::vec(0..100_u32, 20)) {
        let (mut fast, mut plain) = ([0; CELLS * 2], [0; CELLS * 2]);
        distinct::mark(&cells, &ordinals, &roots, 2, &mut fast);
        distinct::mark_plain(&cells, &ordinals, &roots, 2, &mut plain);
        prop_assert_eq!(fast, plain);
    }

    #[test]
    fn paired_ids_agree((cells, ids) in beside(prop_oneof![1 => Just(NO_CELL), 4 => 0..9_u32]), width in 1..4_u32) {
        let (mut fast, mut plain) = (Vec::with_capacity(cells.len()), Vec::new());
        distinct::pair(&cells, &ids, &mut fast);
        distinct::pair_plain(&cells, &ids, &mut plain);
        for pairs in [&mut fast, &mut plain] {
            pairs.sort_unstable();
            pairs.dedup();
        }
        prop_assert_eq!(&fast, &plain);
        let (mut counts, mut counts_plain) = ([0; CELLS], [0; CELLS]);
        distinct::per_cell(&fast, width, &mut counts, &mut Vec::new());
        distinct::per_cell_plain(&fast, width, &mut counts_plain, &mut Vec::new());
        prop_assert_eq!(counts, counts_plain);
    }

    #[test]
    fn moments_agree_in_any_order((cells, numbers) in beside((-1e9..1e9_f64, any::<bool>())), cut in 0..60_usize) {
        let (values, present): (Vec<_>, Vec<_>) = numbers.into_iter().unzip();
        let mut plain = [numeric::Moments::default(); CELLS];
        numeric::accumulate_plain(&cells, &values, &present, &mut plain);
        // In two parts, the later first, then merged.
        let cut = cut.min(cells.len());
        let (mut late, mut early) = (plain.map(|_| Default::default()), plain.map(|_| Default::default()));
        numeric::accumulate(&cells[cut..], &values[cut..], &present[cut..], &mut late);
        numeric::accumulate(&cells[..cut], &values[..cut], &present[..cut], &mut early);
        for ((mut fast, early), plain) in late.into_iter().zip(&early).zip(&plain) {
            fast.merge(early);
            prop_assert_eq!((fast.count, fast.min, fast.max), (plain.count, plain.min, plain.max));
            prop_assert!((fast.sum() - plain.sum()).abs() <= 1e-9 * plain.sum().abs().max(1e-3), "{fast:?} {plain:?}");
        }
        let (mut fast, mut plain) = (Vec::with_capacity(cells.len()), Vec::new());
        numeric::collect(&cells, &values, &present, &mut fast);
        numeric::collect_plain(&cells, &values, &present, &mut plain);
        prop_assert_eq!(fast, plain);
    }

    #[test]
    fn quantiles_agree(mut values in proptest::collection::vec(-1e6..1e6_f64, 0..40), p in 0.0..=1.0_f64) {
        values.sort_by(f64::total_cmp);
        match (numeric::quantile(&values, p), numeric::quantile_plain(&values, p)) {
            (Some(fast), Some(plain)) => prop_assert!((fast - plain).abs() <= 1e-6, "{fast} {plain}"),
            (fast, plain) => prop_assert_eq!(fast, plain),
        }
    }

    #[test]
    fn selected_codes_agree(
        codes in proptest::collection::vec(prop_oneof![Just(u32::MAX), 0..6_u32], 0..60),
        table in proptest::collection::vec(any::<bool>(), 6),
    ) {
        let (mut fast, mut plain) = (vec![false; codes.len()], vec![false; codes.len()]);
        select::or_codes(&codes, &table, &mut fast);
        select::or_codes_plain(&codes, &table, &mut plain);
        prop_assert_eq!(fast, plain);
    }
}

proptest! {
    #[test]
    fn bits_of_rows_agree(
        rows in proptest::collection::vec((prop_oneof![Just(u32::MAX), 0..6_u32], any::<bool>(), 0..100_i64), 0..60),
        table in proptest::collection::vec(0..16_u32, 5),
        masked in any::<bool>(),
        range in (0..60_i64, 40..100_i64),
    ) {
        let codes: Vec<_> = rows.iter().map(|row| row.0).collect();
        let mask: Vec<_> = rows.iter().map(|row| row.1).collect();
        let at: Vec<_> = rows.iter().map(|row| row.2).collect();
        let mask = masked.then_some(&mask[..]);
        let (mut fast, mut plain) = (vec![1; rows.len()], vec![1; rows.len()]);
        hits::or_table(&codes, &table, mask, &mut fast);
        hits::or_table_plain(&codes, &table, mask, &mut plain);
        prop_assert_eq!(&fast, &plain);
        hits::or_bit(mask, 32, &mut fast);
        hits::or_bit_plain(mask, 32, &mut plain);
        prop_assert_eq!(&fast, &plain);
        hits::outside(&at, range, 36, &mut fast);
        hits::outside_plain(&at, range, 36, &mut plain);
        prop_assert_eq!(&fast, &plain);
        prop_assert_eq!(hits::count(&fast), plain.iter().filter(|bits| **bits > 0).count());
    }

    #[test]
    fn first_cells_agree(
        bits in proptest::collection::vec(any::<u64>(), 8),
        pairs in proptest::collection::btree_set((0..12_u64, 0..5_u64), 0..40),
        width in 1..5_u32,
    ) {
        let (mut fast, mut plain) = (bits.clone(), bits);
        distinct::only_first(&mut fast, 2);
        distinct::only_first_plain(&mut plain, 2);
        prop_assert_eq!(fast, plain);
        let pairs: Vec<u64> = pairs.into_iter().map(|(cell, id)| cell << 32 | id).collect();
        let (mut fast, mut plain) = (pairs.clone(), pairs);
        distinct::only_first_pairs(&mut fast, width);
        distinct::only_first_pairs_plain(&mut plain, width);
        prop_assert_eq!(fast, plain);
    }

    /// The oracle of `testkit`, written from the rules alone, is the plain twin of both funnels.
    #[test]
    fn funnels_agree(
        events in proptest::collection::vec((0..30_i64, 0..16_u32, 0..16_u32), 0..14),
        steps in 2..5_usize,
        window in 1..25_i64,
        optional in 0..16_u32,
        kind in 0..3_u8,
    ) {
        use model::insight::funnel::FunnelOrder;
        use testkit::oracle::funnel::{Rules, Seen, best_run};
        let mut events = events;
        events.sort_by_key(|event| event.0);
        let order = [FunnelOrder::Ordered, FunnelOrder::Strict, FunnelOrder::Unordered][kind as usize];
        let all = (1 << steps) - 1;
        let optional = if order == FunnelOrder::Ordered { optional & all & !1 & !(1 << (steps - 1)) } else { 0 };
        // Step 1 is never guarded.
        let guarded = if order == FunnelOrder::Strict { 0 } else { all & !1 };
        let candidates: Vec<_> = events
            .iter()
            .map(|(at, steps, guards)| funnel::Candidate { at: *at, steps: steps & all, guards: guards & guarded, value: 0 })
            .filter(|candidate| order == FunnelOrder::Strict || candidate.steps | candidate.guards != 0)
            .collect();
        let numbers = |bits: u32| (0..steps).filter(|step| bits >> step & 1 == 1).map(|step| step + 1).collect();
        let seen: Vec<Seen> = candidates
            .iter()
            .enumerate()
            .map(|(id, c)| Seen { at: c.at, steps: numbers(c.steps), guards: numbers(c.guards), value: None, id })
            .collect();
        let rules = Rules { steps, window, optional: numbers(optional), order };
        let fast = match order {
            FunnelOrder::Unordered => unordered::Queues::new(steps, window).run(&candidates, |_| true),
            _ => {
                let strict = order == FunnelOrder::Strict;
                funnel::Machine::new(funnel::Rules { steps, window, optional, strict }).run(&candidates)
            }
        };
        let fast = fast.map(|run| {
            let done = (0..steps).filter(|step| run.done >> step & 1 == 1);
            done.map(|step| (step + 1, candidates[run.used[step] as usize].at, run.used[step] as usize)).collect::<Vec<_>>()
        });
        let plain = best_run(&seen, &rules, &|_| true).map(|run| run.done);
        prop_assert_eq!(fast, plain, "{:?} {:?}", seen, rules);
    }
}

#[test]
fn a_sum_keeps_what_a_large_number_would_swallow() {
    let mut moments = numeric::Moments::default();
    [1e18, 0.25, -1e18, 0.5].into_iter().for_each(|value| moments.add(value));
    assert_eq!(moments.sum(), 0.75);
}

#[test]
fn quantiles_by_hand() {
    // Four numbers, p 0.5: h = 1.5, halfway between the second and the third.
    assert_eq!(numeric::quantile(&[1.0, 2.0, 4.0, 10.0], 0.5), Some(3.0));
    assert_eq!(numeric::quantile(&[7.0], 0.99), Some(7.0));
    assert_eq!(numeric::quantile(&[], 0.5), None);
}
