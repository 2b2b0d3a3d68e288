//! Cuts the instants of one person into visits.

/// A pause of more than this ends a visit, µs.
pub const PAUSE: i64 = 1_800_000_000;
/// A visit ends when its first event is more than this ago, µs.
pub const OLDEST: i64 = 86_400_000_000;

/// Appends where each visit ends (the position after its last event) to `ends`. `at` ascends, µs.
pub fn ends(at: &[i64], ends: &mut Vec<usize>) {
    let (mut first, mut before) = match at.first() {
        Some(at) => (*at, *at),
        None => return,
    };
    for (index, at) in at.iter().enumerate() {
        if at - before > PAUSE || at - first > OLDEST {
            ends.push(index);
            first = *at;
        }
        before = *at;
    }
    ends.push(at.len());
}

/// Plain twin of [`ends`]: asks of each event whether it belongs to the visit so far.
#[cfg(test)]
pub fn ends_plain(at: &[i64], ends: &mut Vec<usize>) {
    let mut visit: Vec<i64> = Vec::new();
    for index in 0..at.len() {
        let goes_on = |visit: &Vec<i64>| at[index] <= visit[visit.len() - 1] + PAUSE && at[index] <= visit[0] + OLDEST;
        if !visit.is_empty() && !goes_on(&visit) {
            ends.push(index);
            visit.clear();
        }
        visit.push(at[index]);
        if index + 1 == at.len() {
            ends.push(at.len());
        }
    }
}
