//! The point-biserial correlation: of right or wrong with a number.

use super::numeric::Moments;

/// What the correlation needs of the pairs so far. Merging does not depend on the order.
#[derive(Debug, Clone, Copy, Default)]
pub struct Biserial {
    right: Moments,
    wrong: Moments,
    squares: Moments,
}

impl Biserial {
    /// Takes in one pair.
    pub fn add(&mut self, right: bool, number: f64) {
        if right { &mut self.right } else { &mut self.wrong }.add(number);
        self.squares.add(number * number);
    }

    /// Takes in all pairs of another.
    pub fn merge(&mut self, other: &Biserial) {
        self.right.merge(&other.right);
        self.wrong.merge(&other.wrong);
        self.squares.merge(&other.squares);
    }

    /// From −1 to 1; `None` when all are right, all are wrong, or all numbers are equal.
    pub fn correlation(&self) -> Option<f64> {
        let (right, wrong) = (self.right.count as f64, self.wrong.count as f64);
        let (least, greatest) = (self.right.min.min(self.wrong.min), self.right.max.max(self.wrong.max));
        if right == 0.0 || wrong == 0.0 || least >= greatest {
            return None;
        }
        let all = right + wrong;
        let mean = (self.right.sum() + self.wrong.sum()) / all;
        let variance = self.squares.sum() / all - mean * mean;
        let apart = self.right.sum() / right - self.wrong.sum() / wrong;
        (variance > 0.0).then(|| (apart / variance.sqrt() * (right * wrong).sqrt() / all).clamp(-1.0, 1.0))
    }
}

/// Plain twin: the product-moment correlation of the pairs, right being 1 and wrong 0.
#[cfg(test)]
pub fn correlation_plain(pairs: &[(bool, f64)]) -> Option<f64> {
    let count = pairs.len() as f64;
    let of = |pair: &(bool, f64)| (f64::from(u8::from(pair.0)), pair.1);
    let (x_mean, y_mean) = pairs.iter().map(of).fold((0.0, 0.0), |(a, b), (x, y)| (a + x / count, b + y / count));
    let sum = |of_pair: &dyn Fn(f64, f64) -> f64| -> f64 {
        pairs.iter().map(of).map(|(x, y)| of_pair(x - x_mean, y - y_mean)).sum()
    };
    let (xx, yy, xy) = (sum(&|x, _| x * x), sum(&|_, y| y * y), sum(&|x, y| x * y));
    let varies = |pick: &dyn Fn(&(bool, f64)) -> f64| pairs.iter().any(|pair| pick(pair) != pick(&pairs[0]));
    (varies(&|pair| of(pair).0) && varies(&|pair| pair.1)).then(|| xy / (xx * yy).sqrt())
}
