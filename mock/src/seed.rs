//! What a mock server has at its start, from a file: merchants with their keys, bills and faults.

use std::fmt;

use payssam::{Credentials, redact};
use serde::Deserialize;

use crate::{
    nearest::{explained, nearest},
    partner::Partner,
    points::Points,
    wish::{BillWish, FaultWish},
};

/// The most bytes of a seed.
const LONGEST: usize = 16 * 1024 * 1024;

/// What a mock server has at its start: merchants with their keys, bills and faults.
///
/// ```
/// use payssam_mock::Seed;
///
/// let seed = Seed::parse(r#"
/// [[merchants]]
/// partner = "academy"
/// key = "academy-key"
/// member = "academy"
/// merchant = "gangnam"
///
/// [[bills]]
/// bill_id = "2024-0001"
/// price = 45000
///
/// [[faults]]
/// fault = "apply-then-close"
/// operation = "bill cancel"
/// next = true
/// "#)?;
///
/// let mistake = Seed::parse("[[bills]]\nbill_id = \"1\"\nprise = 45000\n").unwrap_err();
/// assert_eq!((mistake.line(), mistake.column()), (3, 1));
/// assert!(mistake.to_string().contains("the nearest is `price`"));
/// # Ok::<(), payssam_mock::SeedMistake>(())
/// ```
#[derive(Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Seed {
    #[serde(default)]
    merchants: Vec<SeedMerchant>,
    #[serde(default)]
    pub(crate) bills: Vec<BillWish>,
    #[serde(default)]
    faults: Vec<FaultWish>,
    /// Where it is from, for mistakes that show later.
    #[serde(skip)]
    text: String,
}

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct SeedMerchant {
    partner: String,
    /// The key of the partner, at its first merchant at the latest.
    key: Option<String>,
    /// The environment variable with the key.
    key_env: Option<String>,
    member: String,
    merchant: String,
    points: Option<u32>,
}

/// A mistake in a seed, with its place.
#[derive(Clone, Debug, PartialEq)]
pub struct SeedMistake {
    line: usize,
    column: usize,
    problem: String,
}

impl SeedMistake {
    /// The line, counted from 1.
    pub fn line(&self) -> usize {
        self.line
    }

    /// The column in characters, counted from 1.
    pub fn column(&self) -> usize {
        self.column
    }
}

impl fmt::Display for SeedMistake {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "line {}, column {}: {}",
            self.line, self.column, self.problem
        )
    }
}

impl std::error::Error for SeedMistake {}

impl fmt::Debug for Seed {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "Seed({} merchants, {} bills, {} faults)",
            self.merchants.len(),
            self.bills.len(),
            self.faults.len()
        )
    }
}

impl Seed {
    /// Reads a seed: JSON if it begins with `{`, else TOML.
    ///
    /// # Errors
    ///
    /// A [`SeedMistake`] with the place of the first mistake, and with the nearest right name if a name is wrong.
    pub fn parse(text: &str) -> Result<Self, SeedMistake> {
        if text.len() > LONGEST {
            return Err(mistake(text, 0, "it is larger than 16 MiB"));
        }
        let is_json = text
            .trim_start_matches('\u{feff}')
            .trim_start()
            .starts_with('{');
        let mut seed = match is_json {
            true => from_json(text.trim_start_matches('\u{feff}')),
            false => from_toml(text),
        }?;
        seed.text = text.to_owned();
        seed.check()?;
        Ok(seed)
    }

    /// Whether it has merchants, and so keys.
    pub fn has_merchants(&self) -> bool {
        !self.merchants.is_empty()
    }

    /// What no single value shows.
    fn check(&self) -> Result<(), SeedMistake> {
        let mut ids = std::collections::HashSet::new();
        for merchant in &self.merchants {
            if merchant.key.is_some() && merchant.key_env.is_some() {
                let problem = "give key or key_env, and not both";
                return Err(self.mistake_near(&merchant.partner, 1, problem));
            }
            let names = Credentials::builder().api_key("key");
            let member = names.clone().member(&merchant.member).merchant("m");
            let names = names.member("m").merchant(&merchant.merchant);
            for (text, built) in [
                (&merchant.member, member.build()),
                (&merchant.merchant, names.build()),
            ] {
                built.map_err(|error| self.mistake_near(text, 1, &error.to_string()))?;
            }
            let is_other = |other: &&SeedMerchant| other.partner == merchant.partner;
            let mut keys = self.merchants.iter().filter(is_other);
            if keys.all(|other| other.key.is_none() && other.key_env.is_none()) {
                let problem = format!(
                    "the partner `{}` has no key: give key or key_env with its first merchant",
                    merchant.partner
                );
                return Err(self.mistake_near(&merchant.partner, 1, &problem));
            }
        }
        for bill in &self.bills {
            let whose = (&bill.partner, &bill.member, &bill.merchant);
            if !ids.insert((whose, bill.bill_id.as_str())) {
                let problem = "this merchant already has a bill with this id";
                return Err(self.mistake_near(bill.bill_id.as_str(), 2, problem));
            }
            let partners = self.merchants.iter().map(|merchant| &*merchant.partner);
            if let Some(partner) = bill
                .partner
                .as_deref()
                .filter(|_| !self.merchants.is_empty())
                && !partners.clone().any(|known| known == partner)
            {
                let near =
                    nearest(partner, partners).map(|near| format!("; the nearest is `{near}`"));
                let problem = format!(
                    "there is no partner `{partner}`{}",
                    near.unwrap_or_default()
                );
                return Err(self.mistake_near(partner, 1, &problem));
            }
        }
        Ok(())
    }

    /// The partners that it has. `variable` gives an environment variable.
    pub(crate) fn partners(
        &self,
        variable: impl Fn(&str) -> Option<String>,
    ) -> Result<Vec<Partner>, SeedMistake> {
        let mut partners: Vec<Partner> = Vec::new();
        for merchant in &self.merchants {
            let given = match (&merchant.key, &merchant.key_env) {
                (Some(key), _) => Some(key.clone()),
                (None, Some(name)) => Some(variable(name).ok_or_else(|| {
                    let problem = format!("the environment variable {name} is not set");
                    self.mistake_near(name, 1, &problem)
                })?),
                (None, None) => None,
            };
            if let Some(key) = &given {
                let built = Credentials::builder()
                    .api_key(key)
                    .member("m")
                    .merchant("m");
                built.build().map_err(|_| {
                    let problem = "the key is empty, too long, or has characters that no key has";
                    self.mistake_near(&merchant.partner, 1, problem)
                })?;
                let other = partners.iter().find(|partner| partner.api_key == *key);
                if other.is_some_and(|other| *other.name != *merchant.partner) {
                    let problem = "another partner has this key";
                    return Err(self.mistake_near(&merchant.partner, 1, problem));
                }
            }
            let place = match partners
                .iter()
                .position(|partner| *partner.name == *merchant.partner)
            {
                Some(place) => place,
                None => {
                    partners.push(Partner::new(&merchant.partner, ""));
                    partners.len() - 1
                }
            };
            let partner = &mut partners[place];
            match given {
                Some(key) if !partner.api_key.is_empty() && partner.api_key != key => {
                    let problem = "this partner has another key already";
                    return Err(self.mistake_near(&merchant.partner, 1, problem));
                }
                Some(key) => partner.api_key = key,
                None => {}
            }
            let both = (merchant.member.clone(), merchant.merchant.clone());
            partner.merchants.push(both);
            if let Some(points) = merchant.points {
                partner.points = Points(points);
            }
        }
        Ok(partners)
    }

    pub(crate) fn faults(&self) -> &[FaultWish] {
        &self.faults
    }

    /// A mistake at the nth place where this text stands in quotes, or at the beginning.
    pub(crate) fn mistake_near(&self, quoted: &str, nth: usize, problem: &str) -> SeedMistake {
        let places = ['"', '\''].into_iter().flat_map(|quote| {
            let quoted = format!("{quote}{quoted}{quote}");
            let found = self.text.match_indices(&quoted).map(|(place, _)| place);
            found.collect::<Vec<_>>()
        });
        let mut places: Vec<usize> = places.collect();
        places.sort_unstable();
        let place = places.get(nth.saturating_sub(1)).or(places.last());
        let place = place.copied().or_else(|| self.text.find(quoted));
        mistake(&self.text, place.unwrap_or(0), problem)
    }
}

/// A mistake at a byte of a text.
fn mistake(text: &str, place: usize, problem: &str) -> SeedMistake {
    let before = text.get(..place).unwrap_or(text);
    let line_start = before.rfind('\n').map_or(0, |end| end + 1);
    SeedMistake {
        line: before.matches('\n').count() + 1,
        column: before[line_start..].chars().count() + 1,
        problem: redact::escape(problem),
    }
}

fn from_toml(text: &str) -> Result<Seed, SeedMistake> {
    toml::from_str(text).map_err(|error| {
        let place = error.span().map_or(0, |span| span.start);
        let place = wrong_table(text, place).unwrap_or(place);
        mistake(text, place, &explained(error.message()))
    })
}

/// Where the header of the wrong table of an array is: the parser says that of the first one.
fn wrong_table(text: &str, place: usize) -> Option<usize> {
    fn is_wrong<T: serde::de::DeserializeOwned>(table: &toml::Value) -> bool {
        table.clone().try_into::<T>().is_err()
    }
    type Check = fn(&toml::Value) -> bool;
    let checks: [(&str, Check); 3] = [
        ("merchants", is_wrong::<SeedMerchant>),
        ("bills", is_wrong::<BillWish>),
        ("faults", is_wrong::<FaultWish>),
    ];
    let parsed: toml::Table = toml::from_str(text).ok()?;
    let mut checks = checks.into_iter();
    checks.find_map(|(name, is_wrong)| {
        let header = format!("[[{name}]]");
        if !text.get(place..)?.starts_with(&header) {
            return None;
        }
        let wrong = parsed.get(name)?.as_array()?.iter().position(is_wrong)?;
        let mut headers = text.match_indices(&header);
        headers.nth(wrong).map(|(place, _)| place)
    })
}

fn from_json(text: &str) -> Result<Seed, SeedMistake> {
    serde_json::from_str(text).map_err(|error| {
        let whole = error.to_string();
        let message = match whole.rfind(" at line ") {
            Some(end) => &whole[..end],
            None => &whole,
        };
        let line_start: usize = text
            .split_inclusive('\n')
            .take(error.line().saturating_sub(1))
            .map(str::len)
            .sum();
        let mut end = (line_start + error.column()).min(text.len());
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        // The parser says where the wrong name or value ends.
        let wrong = message.split('`').nth(1);
        let begin = wrong.and_then(|wrong| text[..end].rfind(&format!("\"{wrong}\"")));
        mistake(
            text,
            begin.unwrap_or(end.saturating_sub(1)),
            &explained(message),
        )
    })
}
