//! Versions of the `semver_*` operators: three numbers; missing parts are 0, a suffix is dropped.

use model::filter::Operator;

/// Major, minor, patch.
pub type Version = [u64; 3];

/// Reads a version. `None`: not comparable.
pub(crate) fn version(text: &str) -> Option<Version> {
    parts(strip_suffix(text)).map(|(version, _)| version)
}

/// Drops a pre-release or build suffix: `1.2.3-beta.1`, `1.2.3+7`.
fn strip_suffix(text: &str) -> &str {
    text.find(['-', '+']).map_or(text, |at| &text[..at])
}

/// One to three numbers, and how many there were.
fn parts(text: &str) -> Option<(Version, usize)> {
    let mut version = [0; 3];
    let mut count = 0;
    for part in text.split('.') {
        if part.is_empty() || !part.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        *version.get_mut(count)? = part.parse().ok()?;
        count += 1;
    }
    Some((version, count))
}

/// The versions that an operator's positive accepts: from the first, below the second.
/// `None`: `text` is no version (for wildcards: no pattern).
pub(crate) fn within(operator: Operator, text: &str) -> Option<(Version, Option<Version>)> {
    if operator == Operator::SemverWildcard {
        return wildcard(text);
    }
    let at @ [major, minor, patch] = version(text)?;
    let next = raised(at, 2);
    Some(match operator {
        // Nothing is above the largest version: an empty range.
        Operator::SemverGt => next.map_or(([0; 3], Some([0; 3])), |next| (next, None)),
        Operator::SemverGte => (at, None),
        Operator::SemverLt => ([0; 3], Some(at)),
        Operator::SemverLte => ([0; 3], next),
        Operator::SemverTilde => (at, raised(at, 1)),
        // The leftmost number that is not 0 stays.
        Operator::SemverCaret => (
            at,
            raised(
                at,
                if major > 0 {
                    0
                } else if minor > 0 {
                    1
                } else {
                    2
                },
            ),
        ),
        _ => ([major, minor, patch], next),
    })
}

/// The first version whose number at `place` is larger. `None`: there is none.
fn raised(version: Version, place: usize) -> Option<Version> {
    let mut raised = [0; 3];
    raised[..place].copy_from_slice(&version[..place]);
    match version[place].checked_add(1) {
        Some(number) => raised[place] = number,
        None if place == 0 => return None,
        None => return self::raised(version, place - 1),
    }
    Some(raised)
}

/// `1.2.*`, `1.*`, `*`; a whole version is itself.
fn wildcard(text: &str) -> Option<(Version, Option<Version>)> {
    if text == "*" {
        return Some(([0; 3], None));
    }
    let Some(fixed) = text.strip_suffix(".*") else {
        let at = version(text)?;
        return Some((at, raised(at, 2)));
    };
    let (at, count) = parts(fixed.trim_end_matches(".*"))?;
    (count <= 2).then(|| (at, raised(at, count - 1)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use Operator::*;

    #[test]
    fn only_up_to_three_numbers_are_a_version() {
        for (text, expected) in
            [("1", [1, 0, 0]), ("1.2", [1, 2, 0]), ("1.2.3-beta.1", [1, 2, 3]), ("1.2.3+7", [1, 2, 3])]
        {
            assert_eq!(version(text), Some(expected), "{text}");
        }
        for text in ["", "v1", "1.", ".1", "1.2.3.4", "1.x", "-1", "99999999999999999999"] {
            assert_eq!(version(text), None, "{text}");
        }
    }

    #[test]
    fn operators_are_ranges() {
        for (operator, text, from, below) in [
            (SemverEq, "1.2", [1, 2, 0], Some([1, 2, 1])),
            (SemverGt, "1.2.3", [1, 2, 4], None),
            (SemverLte, "1.2.3", [0, 0, 0], Some([1, 2, 4])),
            (SemverTilde, "1.2.3", [1, 2, 3], Some([1, 3, 0])),
            (SemverCaret, "1.2.3", [1, 2, 3], Some([2, 0, 0])),
            (SemverCaret, "0.2.3", [0, 2, 3], Some([0, 3, 0])),
            (SemverCaret, "0.0.3", [0, 0, 3], Some([0, 0, 4])),
            (SemverWildcard, "1.2.*", [1, 2, 0], Some([1, 3, 0])),
            (SemverWildcard, "1.*", [1, 0, 0], Some([2, 0, 0])),
            (SemverWildcard, "*", [0, 0, 0], None),
        ] {
            assert_eq!(within(operator, text), Some((from, below)), "{operator:?} {text}");
        }
        assert_eq!(within(SemverWildcard, "1.2.3.*"), None);
        assert_eq!(within(SemverEq, "latest"), None);
    }

    #[test]
    fn the_largest_number_carries() {
        assert_eq!(raised([1, u64::MAX, u64::MAX], 2), Some([2, 0, 0]));
        assert_eq!(raised([u64::MAX; 3], 2), None);
    }
}
