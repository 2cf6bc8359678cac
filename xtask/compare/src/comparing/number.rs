//! Numbers of JSON without rounding: `1.0` is `1`, and no digit is lost.

use std::cmp::Ordering;

use num_bigint::BigInt;
use serde_json::Value;

/// How many characters a number may have, and how far its point may move.
const LONGEST: usize = 400;

/// A decimal number: an integer times a power of ten.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Number {
    digits: BigInt,
    exponent: i64,
}

impl Number {
    /// The number that a value is. Bounds are often quoted by mistake, so a text may be one too.
    pub fn of(value: &Value) -> Option<Self> {
        match value {
            Value::Number(number) => match number.as_i64() {
                Some(integer) => Some(Self::small(integer)),
                None => Self::parse(&number.to_string()),
            },
            Value::String(text) => Self::parse(text),
            _ => None,
        }
    }

    fn small(mut integer: i64) -> Self {
        let mut exponent = 0;
        while integer != 0 && integer % 10 == 0 {
            integer /= 10;
            exponent += 1;
        }
        Self {
            digits: integer.into(),
            exponent,
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let starts_well = text.starts_with(|it: char| it == '-' || it.is_ascii_digit());
        if text.len() > LONGEST || !starts_well {
            return None;
        }
        let (number, power) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
        let power: i64 = power.parse().ok()?;
        if power.unsigned_abs() > LONGEST as u64 {
            return None;
        }
        let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
        if !fraction.bytes().all(|it| it.is_ascii_digit()) {
            return None;
        }
        let digits: BigInt = format!("{whole}{fraction}").parse().ok()?;
        let exponent = power - fraction.len() as i64;
        Some(Self { digits, exponent }.shortest())
    }

    fn shortest(mut self) -> Self {
        if self.digits == BigInt::ZERO {
            self.exponent = 0;
            return self;
        }
        while &self.digits % 10 == BigInt::ZERO {
            self.digits /= 10;
            self.exponent += 1;
        }
        self
    }

    /// The digits of both in the smaller unit of the two.
    fn aligned(&self, other: &Self) -> (BigInt, BigInt) {
        let unit = self.exponent.min(other.exponent);
        let scaled = |it: &Self| &it.digits * BigInt::from(10).pow((it.exponent - unit) as u32);
        (scaled(self), scaled(other))
    }

    pub fn is_multiple_of(&self, unit: &Self) -> bool {
        let (all, one) = self.aligned(unit);
        one != BigInt::ZERO && all % one == BigInt::ZERO
    }

    /// The least number that is a multiple of both, unless it has very many digits.
    fn common_multiple(&self, other: &Self) -> Option<Self> {
        const MOST_BITS: u64 = 4_096;
        let (one, two) = self.aligned(other);
        let (mut divisor, mut rest) = (one.clone(), two.clone());
        while rest != BigInt::ZERO {
            (divisor, rest) = (rest.clone(), divisor % rest);
        }
        if divisor == BigInt::ZERO {
            return None;
        }
        let digits = one / divisor * two;
        let exponent = self.exponent.min(other.exponent);
        (digits.bits() <= MOST_BITS).then(|| Self { digits, exponent }.shortest())
    }

    pub fn is_zero(&self) -> bool {
        self.digits == BigInt::ZERO
    }

    pub fn is_integer(&self) -> bool {
        self.exponent >= 0
    }

    /// The greatest integer that is not above it.
    pub fn floor(&self) -> Self {
        if self.is_integer() {
            return self.clone();
        }
        let unit = BigInt::from(10).pow(-self.exponent as u32);
        let mut digits = &self.digits / &unit;
        if self.digits < BigInt::ZERO {
            digits -= 1;
        }
        Self {
            digits,
            exponent: 0,
        }
        .shortest()
    }

    /// The smallest integer that is not below it.
    pub fn ceiling(&self) -> Self {
        match self.is_integer() {
            true => self.clone(),
            false => self.floor().plus(1),
        }
    }

    pub fn plus(&self, other: i64) -> Self {
        let other = Self {
            digits: other.into(),
            exponent: 0,
        };
        let (one, two) = self.aligned(&other);
        Self {
            digits: one + two,
            exponent: self.exponent.min(0),
        }
        .shortest()
    }
}

/// Whether what is a multiple of all these is a multiple of each of those.
pub(super) fn are_multiples(all: &[&Value], units: &[&Value]) -> bool {
    let read = |of: &[&Value]| {
        of.iter()
            .map(|it| Number::of(it))
            .collect::<Option<Vec<_>>>()
    };
    let (Some(all), Some(units)) = (read(all), read(units)) else {
        return false;
    };
    let mut rest = all.iter();
    let first = rest.next().cloned();
    let common = first.and_then(|first| rest.try_fold(first, |one, it| one.common_multiple(it)));
    units.iter().all(|unit| match &common {
        Some(common) => common.is_multiple_of(unit),
        None => all.iter().any(|it| it.is_multiple_of(unit)),
    })
}

impl Ord for Number {
    fn cmp(&self, other: &Self) -> Ordering {
        let (one, two) = self.aligned(other);
        one.cmp(&two)
    }
}

impl PartialOrd for Number {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// A text that is equal for equal values: numbers by what they are, objects in any order.
pub(super) fn canonical(value: &Value) -> String {
    let mut text = String::new();
    write(value, &mut text);
    text
}

/// Whether both are the same value.
pub(super) fn is_same(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Number(_), Value::Number(_)) => {
            one == other
                || Number::of(one)
                    .zip(Number::of(other))
                    .is_some_and(|(a, b)| a == b)
        }
        (Value::Array(was), Value::Array(is)) => {
            was.len() == is.len() && was.iter().zip(is).all(|(a, b)| is_same(a, b))
        }
        (Value::Object(was), Value::Object(is)) => {
            let mut was_all = was.iter();
            was.len() == is.len()
                && was_all.all(|(key, a)| is.get(key).is_some_and(|b| is_same(a, b)))
        }
        _ => one == other,
    }
}

fn write(value: &Value, text: &mut String) {
    match value {
        Value::Number(number) => match Number::of(value) {
            Some(Number { digits, exponent }) => text.push_str(&format!("{digits}e{exponent}")),
            None => text.push_str(&number.to_string()),
        },
        Value::Array(items) => {
            text.push('[');
            for item in items {
                write(item, text);
                text.push(',');
            }
            text.push(']');
        }
        Value::Object(members) => {
            let mut members: Vec<_> = members.iter().collect();
            members.sort_unstable_by_key(|(key, _)| key.as_str());
            text.push('{');
            for (key, member) in members {
                text.push_str(&Value::from(key.as_str()).to_string());
                text.push(':');
                write(member, text);
                text.push(',');
            }
            text.push('}');
        }
        other => text.push_str(&other.to_string()),
    }
}
