//! Formulas over the series of a trend. Definition: docs/semantics/trends.md, "Formula".

use crate::bind::filter::Number;
use crate::question::QuestionError;
use serde::Serialize;

/// Characters of a formula, at most.
const LENGTH_MAX: usize = 1_000;
/// Operators and brackets within each other, at most.
const DEPTH_MAX: usize = 64;

/// A formula, parsed.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum BoundFormula {
    /// A number.
    Number(Number),
    /// A series by its position.
    Series(usize),
    /// The negative.
    Negative(Box<BoundFormula>),
    /// Two operands.
    Pair(Operator, Box<BoundFormula>, Box<BoundFormula>),
}

/// What two operands become.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "the names say it")]
pub enum Operator {
    Plus,
    Minus,
    Times,
    Over,
    Modulo,
    Power,
}

impl BoundFormula {
    /// Its value; `of` gives the number of a series. Null operands are 0, and so is what is divided by 0.
    pub fn value(&self, of: &impl Fn(usize) -> Option<f64>) -> f64 {
        match self {
            BoundFormula::Number(number) => number.get(),
            BoundFormula::Series(series) => of(*series).unwrap_or(0.0),
            BoundFormula::Negative(inner) => -inner.value(of),
            BoundFormula::Pair(operator, left, right) => {
                let (left, right) = (left.value(of), right.value(of));
                match operator {
                    Operator::Plus => left + right,
                    Operator::Minus => left - right,
                    Operator::Times => left * right,
                    Operator::Over | Operator::Modulo if right == 0.0 => 0.0,
                    Operator::Over => left / right,
                    Operator::Modulo => left % right,
                    Operator::Power => left.powf(right),
                }
            }
        }
    }
}

/// Parses a formula over `series` series, called A, B, C…
pub(super) fn parse(text: &str, series: usize) -> Result<BoundFormula, QuestionError> {
    if text.len() > LENGTH_MAX {
        return Err(wrong(format!("is longer than {LENGTH_MAX} characters")));
    }
    let mut parser = Parser { text, at: 0, series, depth: 0 };
    let formula = parser.sum()?;
    match parser.peek() {
        None => Ok(formula),
        Some(found) => Err(wrong(format!("`{found}` at position {} is not expected", parser.at + 1))),
    }
}

fn wrong(message: impl Into<String>) -> QuestionError {
    QuestionError::new("formula", message)
}

struct Parser<'a> {
    text: &'a str,
    at: usize,
    series: usize,
    depth: usize,
}

impl Parser<'_> {
    /// The next character that is no space.
    fn peek(&mut self) -> Option<char> {
        let rest = &self.text[self.at..];
        self.at += rest.len() - rest.trim_start().len();
        self.text[self.at..].chars().next()
    }

    fn take(&mut self, wanted: &str) -> bool {
        self.peek();
        let found = self.text[self.at..].starts_with(wanted);
        if found {
            self.at += wanted.len();
        }
        found
    }

    fn deeper<T>(&mut self, read: impl FnOnce(&mut Self) -> Result<T, QuestionError>) -> Result<T, QuestionError> {
        self.depth += 1;
        if self.depth > DEPTH_MAX {
            return Err(wrong("has too many brackets or signs within each other"));
        }
        let result = read(self);
        self.depth -= 1;
        result
    }

    fn sum(&mut self) -> Result<BoundFormula, QuestionError> {
        let mut left = self.product()?;
        loop {
            let operator = match self.peek() {
                Some('+') => Operator::Plus,
                Some('-') => Operator::Minus,
                _ => return Ok(left),
            };
            self.at += 1;
            left = BoundFormula::Pair(operator, Box::new(left), Box::new(self.product()?));
        }
    }

    fn product(&mut self) -> Result<BoundFormula, QuestionError> {
        let mut left = self.signed()?;
        loop {
            let operator = match self.peek() {
                Some('*') if !self.text[self.at..].starts_with("**") => Operator::Times,
                Some('/') => Operator::Over,
                Some('%') => Operator::Modulo,
                _ => return Ok(left),
            };
            self.at += 1;
            left = BoundFormula::Pair(operator, Box::new(left), Box::new(self.signed()?));
        }
    }

    /// A sign binds less tightly than a power: `-A ** 2` is `-(A ** 2)`.
    fn signed(&mut self) -> Result<BoundFormula, QuestionError> {
        if self.take("-") {
            return Ok(BoundFormula::Negative(Box::new(self.deeper(Self::signed)?)));
        }
        if self.take("+") {
            return self.deeper(Self::signed);
        }
        let base = self.operand()?;
        if self.take("**") {
            let exponent = self.deeper(Self::signed)?;
            return Ok(BoundFormula::Pair(Operator::Power, Box::new(base), Box::new(exponent)));
        }
        Ok(base)
    }

    fn operand(&mut self) -> Result<BoundFormula, QuestionError> {
        match self.peek() {
            None => Err(wrong("ends where a number or a letter is expected")),
            Some('(') => {
                self.at += 1;
                let inner = self.deeper(Self::sum)?;
                if self.take(")") { Ok(inner) } else { Err(wrong("has a bracket that is not closed")) }
            }
            Some(first) if first.is_ascii_digit() || first == '.' => self.number(),
            Some(first) if first.is_ascii_alphabetic() => self.letter(),
            Some(found) => Err(wrong(format!("`{found}` at position {} is not expected", self.at + 1))),
        }
    }

    fn number(&mut self) -> Result<BoundFormula, QuestionError> {
        let rest = &self.text[self.at..];
        let length = rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len());
        let number =
            rest[..length].parse::<f64>().map_err(|_| wrong(format!("`{}` is not a number", &rest[..length])))?;
        self.at += length;
        Ok(BoundFormula::Number(Number::new(number)))
    }

    fn letter(&mut self) -> Result<BoundFormula, QuestionError> {
        let rest = &self.text[self.at..];
        let length = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(rest.len());
        let word = &rest[..length];
        self.at += length;
        let letter = word.as_bytes()[0].to_ascii_uppercase() - b'A';
        if length > 1 {
            return Err(wrong(format!("`{word}` is not a series; functions are not offered")));
        }
        if usize::from(letter) >= self.series {
            let last = char::from(b'A' + self.series as u8 - 1);
            return Err(wrong(format!("there is no series `{word}`; the last is {last}")));
        }
        Ok(BoundFormula::Series(usize::from(letter)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// With A = 4, B = 0, C = 2.
    fn value(text: &str) -> f64 {
        parse(text, 3).expect("a formula").value(&|series| [Some(4.0), None, Some(2.0)][series])
    }

    #[test]
    fn operators_have_their_precedence_and_zero_divides_to_zero() {
        // The cases M1 of the rules.
        let cases = [("A/B", 0.0), ("A/B + C", 2.0), ("(A+C)/C", 3.0), ("-A + C", -2.0), ("A % C", 0.0), ("2**C", 4.0)];
        for (text, expected) in cases {
            assert_eq!(value(text), expected, "{text}");
        }
        let cases =
            [("2**3**2", 512.0), ("-C**2", -4.0), ("2 ** -1", 0.5), ("a*c - 1.5", 6.5), ("8/C/C", 2.0), ("+-+A", -4.0)];
        for (text, expected) in cases {
            assert_eq!(value(text), expected, "{text}");
        }
        assert_eq!(value("B/B"), 0.0);
        assert_eq!(value("A/B + 1"), 1.0);
    }

    #[test]
    fn what_is_no_formula_is_refused() {
        for text in ["foo(A)", "D", "A +", "(A", "A B", "1.2.3", "", "A & B", "é", "((((", "A)"] {
            assert!(parse(text, 3).is_err(), "{text}");
        }
        assert!(parse(&"(".repeat(900), 3).is_err() && parse(&"-".repeat(900), 3).is_err());
        assert!(parse(&"A+".repeat(600), 3).is_err());
    }
}
