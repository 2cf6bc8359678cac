//! What a mock server has at its start, from a file: merchants with their keys, bills and faults.

use std::{
    borrow::Cow,
    collections::{HashMap, HashSet},
    fmt,
};

use payssam::{Credentials, redact};
use serde::{
    Deserialize, Deserializer,
    de::{self, DeserializeOwned},
};
use serde_json::value::RawValue;
use toml::{
    Spanned,
    de::{DeTable, DeValue, ValueDeserializer},
};

use crate::{
    nearest::{explained, no_such},
    object::{self, Object},
    partner::{Partner, Partners},
    points::Points,
    schedule::Scope,
    wish::{self, BillWish, FaultWish},
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
    #[serde(default, deserialize_with = "object::all")]
    merchants: Vec<SeedMerchant>,
    #[serde(default, deserialize_with = "object::all")]
    pub(crate) bills: Vec<BillWish>,
    #[serde(default, deserialize_with = "object::all")]
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
    #[serde(default, deserialize_with = "secret")]
    key: Option<String>,
    /// The environment variable with the key. Somebody may have put the key itself there.
    #[serde(default, deserialize_with = "secret")]
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
        let text = text.trim_start_matches('\u{feff}');
        let mut seed = match is_json(text) {
            true => from_json(text),
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
        let mut known = HashSet::new();
        for (index, merchant) in self.merchants.iter().enumerate() {
            let wrong =
                |field: &str, problem: &str| self.mistake("merchants", index, Some(field), problem);
            if merchant.key.is_some() && merchant.key_env.is_some() {
                return Err(wrong("key_env", "give key or key_env, and not both"));
            }
            let names = (&*merchant.partner, &*merchant.member, &*merchant.merchant);
            for (field, name) in [
                ("partner", names.0),
                ("member", names.1),
                ("merchant", names.2),
            ] {
                wish::check_name(name)
                    .map_err(|problem| wrong(field, &format!("{field}: {problem}")))?;
            }
            // A client acts for them.
            let client = Credentials::builder().api_key("key");
            for (field, client) in [
                ("member", client.clone().member(names.1).merchant("m")),
                ("merchant", client.member("m").merchant(names.2)),
            ] {
                let built = client.build();
                built.map_err(|error| wrong(field, &error.to_string()))?;
            }
            if !known.insert(names) {
                return Err(wrong(
                    "merchant",
                    "this partner has this member and merchant already",
                ));
            }
            let is_other = |other: &&SeedMerchant| other.partner == merchant.partner;
            let mut keys = self.merchants.iter().filter(is_other);
            if keys.all(|other| other.key.is_none() && other.key_env.is_none()) {
                let problem = format!(
                    "the partner `{}` has no key: give key or key_env with its first merchant",
                    merchant.partner
                );
                return Err(wrong("partner", &problem));
            }
        }
        let mut ids = HashSet::new();
        for (index, bill) in self.bills.iter().enumerate() {
            let whose = (&bill.partner, &bill.member, &bill.merchant);
            if !ids.insert((whose, bill.bill_id.as_str())) {
                let problem = "this merchant already has a bill with this id";
                return Err(self.mistake("bills", index, Some("bill_id"), problem));
            }
        }
        let bills = self.bills.iter().map(|bill| bill.partner.as_deref());
        let faults = self
            .faults
            .iter()
            .map(|fault| fault.schedule.scope.partner.as_deref());
        let bills = bills
            .enumerate()
            .map(|(index, partner)| ("bills", index, partner));
        let faults = faults
            .enumerate()
            .map(|(index, partner)| ("faults", index, partner));
        for (table, index, partner) in bills.chain(faults) {
            let mut partners = self.merchants.iter().map(|merchant| &*merchant.partner);
            if let Some(partner) = partner.filter(|_| !self.merchants.is_empty())
                && !partners.clone().any(|known| known == partner)
            {
                let problem = no_such("partner", partner, &mut partners);
                return Err(self.mistake(table, index, Some("partner"), &problem));
            }
        }
        Ok(())
    }

    /// Whether there is somebody of whom its bills and faults are.
    pub(crate) fn check_names(&self, partners: &Partners) -> Result<(), SeedMistake> {
        let first = partners
            .all()
            .first()
            .map(|partner| partner.name.to_string());
        for (index, bill) in self.bills.iter().enumerate() {
            let scope = bill.scope();
            let scope = Scope {
                partner: scope.partner.or_else(|| first.clone()),
                ..scope
            };
            let known = partners.check(&scope);
            known
                .map_err(|(field, problem)| self.mistake("bills", index, Some(field), &problem))?;
        }
        for (index, fault) in self.faults.iter().enumerate() {
            let known = partners.check(&fault.schedule.scope);
            known
                .map_err(|(field, problem)| self.mistake("faults", index, Some(field), &problem))?;
        }
        Ok(())
    }

    /// The partners that it has. `variable` gives an environment variable.
    pub(crate) fn partners(
        &self,
        variable: impl Fn(&str) -> Option<String>,
    ) -> Result<Vec<Partner>, SeedMistake> {
        let mut partners: Vec<Partner> = Vec::new();
        for (index, merchant) in self.merchants.iter().enumerate() {
            let wrong =
                |field: &str, problem: &str| self.mistake("merchants", index, Some(field), problem);
            let given = match (&merchant.key, &merchant.key_env) {
                (Some(key), _) => Some(key.clone()),
                (None, Some(name)) if !is_variable(name) => {
                    let problem = "key_env must be the name of an environment variable: letters, digits and _";
                    return Err(wrong("key_env", problem));
                }
                // Its name is not shown: it may be the key.
                (None, Some(name)) => Some(variable(name).ok_or_else(|| {
                    wrong(
                        "key_env",
                        "the environment variable that key_env names is not set",
                    )
                })?),
                (None, None) => None,
            };
            let field = if merchant.key.is_some() {
                "key"
            } else {
                "key_env"
            };
            if let Some(key) = &given {
                let built = Credentials::builder()
                    .api_key(key)
                    .member("m")
                    .merchant("m");
                built.build().map_err(|_| {
                    let problem = "the key is empty, too long, or has characters that no key has";
                    wrong(field, problem)
                })?;
                let other = partners.iter().find(|partner| partner.api_key == *key);
                if other.is_some_and(|other| *other.name != *merchant.partner) {
                    return Err(wrong("partner", "another partner has this key"));
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
                    return Err(wrong(field, "this partner has another key already"));
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

    /// A mistake in a table of a list, in the value of a field if the table has it.
    pub(crate) fn mistake(
        &self,
        list: &str,
        index: usize,
        field: Option<&str>,
        problem: &str,
    ) -> SeedMistake {
        let place = match is_json(&self.text) {
            true => place_in_json(&self.text, list, index, field),
            false => place_in_toml(&self.text, list, index, field),
        };
        mistake(&self.text, place.unwrap_or(0), problem)
    }

    /// A mistake in the first merchant of a partner.
    pub(crate) fn mistake_of_partner(&self, name: &str, problem: &str) -> SeedMistake {
        let mut merchants = self.merchants.iter();
        let index = merchants.position(|merchant| merchant.partner == name);
        self.mistake("merchants", index.unwrap_or(0), Some("partner"), problem)
    }
}

fn is_json(text: &str) -> bool {
    text.trim_start().starts_with('{')
}

fn is_variable(name: &str) -> bool {
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_';
    name.chars().all(is_part) && !name.starts_with(|c: char| c.is_ascii_digit()) && !name.is_empty()
}

/// A text that no error quotes, whatever stands there instead of one.
fn secret<'de, D: Deserializer<'de>>(from: D) -> Result<Option<String>, D::Error> {
    struct Secret;
    macro_rules! refuse {
        ($($visit:ident: $type:ty),*) => {$(
            fn $visit<E: de::Error>(self, _: $type) -> Result<String, E> {
                Err(E::custom(NO_SECRET))
            }
        )*};
    }
    impl<'de> de::Visitor<'de> for Secret {
        type Value = String;

        fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
            formatter.write_str("a text in quotes")
        }

        fn visit_str<E: de::Error>(self, text: &str) -> Result<String, E> {
            Ok(text.to_owned())
        }

        refuse!(visit_bool: bool, visit_i64: i64, visit_u64: u64, visit_i128: i128, visit_u128: u128, visit_f64: f64,
            visit_bytes: &[u8]);

        fn visit_unit<E: de::Error>(self) -> Result<String, E> {
            Err(E::custom(NO_SECRET))
        }

        fn visit_seq<A: de::SeqAccess<'de>>(self, _: A) -> Result<String, A::Error> {
            Err(de::Error::custom(NO_SECRET))
        }

        fn visit_map<A: de::MapAccess<'de>>(self, _: A) -> Result<String, A::Error> {
            Err(de::Error::custom(NO_SECRET))
        }
    }
    from.deserialize_any(Secret).map(Some)
}

const NO_SECRET: &str = "it must be a text in quotes; what stands here is not shown";

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
        // The parser says of a wrong table where the first one of its list is.
        let (error, place) = wrong_in_toml(text).unwrap_or((error, 0));
        let place = error.span().map_or(place, |span| span.start);
        mistake(text, place, &explained(error.message()))
    })
}

type TomlTable<'t> = Spanned<DeValue<'t>>;

/// The mistake in the first wrong table of a list, and where that table is.
fn wrong_in_toml(text: &str) -> Option<(toml::de::Error, usize)> {
    fn wrong<T: DeserializeOwned>(table: TomlTable<'_>) -> Option<toml::de::Error> {
        Object::<T>::deserialize(ValueDeserializer::from(table)).err()
    }
    type Check = fn(TomlTable<'_>) -> Option<toml::de::Error>;
    let checks: [(&str, Check); 3] = [
        ("merchants", wrong::<SeedMerchant>),
        ("bills", wrong::<BillWish>),
        ("faults", wrong::<FaultWish>),
    ];
    let whole = DeTable::parse(text).ok()?;
    checks.into_iter().find_map(|(list, check)| {
        let tables = whole.get_ref().get(list)?.get_ref().as_array()?;
        tables.iter().find_map(|table| {
            let error = check(table.clone())?;
            Some((error, table.span().start))
        })
    })
}

fn place_in_toml(text: &str, list: &str, index: usize, field: Option<&str>) -> Option<usize> {
    let whole = DeTable::parse(text).ok()?;
    let table = whole
        .get_ref()
        .get(list)?
        .get_ref()
        .as_array()?
        .get(index)?;
    let value = field.and_then(|field| table.get_ref().as_table()?.get(field));
    Some(value.unwrap_or(table).span().start)
}

fn from_json(text: &str) -> Result<Seed, SeedMistake> {
    serde_json::from_str(text).map_err(|error| {
        let check = |seed: &str| serde_json::from_str::<Seed>(seed).err();
        wrong_in_json(text).unwrap_or_else(|| json_mistake(text, text, &error, check))
    })
}

/// The mistake in the first wrong object of a list.
fn wrong_in_json(text: &str) -> Option<SeedMistake> {
    fn wrong<T: DeserializeOwned>(object: &str) -> Option<serde_json::Error> {
        serde_json::from_str::<Object<T>>(object).err()
    }
    type Check = fn(&str) -> Option<serde_json::Error>;
    let checks: [(&str, Check); 3] = [
        ("merchants", wrong::<SeedMerchant>),
        ("bills", wrong::<BillWish>),
        ("faults", wrong::<FaultWish>),
    ];
    let whole = fields_of(text)?;
    checks.into_iter().find_map(|(list, check)| {
        let objects: Vec<&RawValue> = serde_json::from_str(whole.get(list)?.get()).ok()?;
        let wrong = |object: &RawValue| {
            let error = check(object.get())?;
            Some(json_mistake(text, object.get(), &error, check))
        };
        objects.into_iter().find_map(wrong)
    })
}

fn fields_of(object: &str) -> Option<HashMap<Cow<'_, str>, &RawValue>> {
    serde_json::from_str(object).ok()
}

/// Where a part of a text begins in it.
fn place_of(part: &str, text: &str) -> usize {
    (part.as_ptr() as usize).saturating_sub(text.as_ptr() as usize)
}

fn place_in_json(text: &str, list: &str, index: usize, field: Option<&str>) -> Option<usize> {
    let whole = fields_of(text)?;
    let objects: Vec<&RawValue> = serde_json::from_str(whole.get(list)?.get()).ok()?;
    let object = objects.get(index)?;
    let value = field.and_then(|field| fields_of(object.get())?.get(field).copied());
    Some(place_of(value.unwrap_or(object).get(), text))
}

/// What an error says, without its place.
fn said(error: &serde_json::Error) -> String {
    let mut text = error.to_string();
    if let Some(end) = text.rfind(" at line ") {
        text.truncate(end);
    }
    text
}

/// A mistake in an object of a text, which may be all of it.
fn json_mistake(
    text: &str,
    object: &str,
    error: &serde_json::Error,
    check: impl Fn(&str) -> Option<serde_json::Error>,
) -> SeedMistake {
    let message = said(error);
    let line_start: usize = object
        .split_inclusive('\n')
        .take(error.line().saturating_sub(1))
        .map(str::len)
        .sum();
    let mut end = (line_start + error.column()).min(object.len());
    while !object.is_char_boundary(end) {
        end -= 1;
    }
    let unknown = message.strip_prefix("unknown field `");
    let name = unknown.and_then(|rest| rest.split('`').next());
    let place = match (name, fields_of(object)) {
        // The parser says where the name ends.
        (Some(name), _) => object[..end].rfind(&format!("\"{name}\"")),
        (None, Some(_)) if message.starts_with("missing field") => Some(0),
        // It says where the whole object ends: the field is the first one with which the mistake is there.
        (None, Some(fields)) => {
            let mut values: Vec<&str> = fields.values().map(|value| value.get()).collect();
            values.sort_by_key(|value| place_of(value, object));
            let is_wrong = |value: &&str| {
                let begun = &object[..place_of(value, object) + value.len()];
                check(&format!("{begun}}}")).is_some_and(|error| said(&error) == message)
            };
            let wrong = values.into_iter().find(is_wrong);
            Some(wrong.map_or(0, |value| place_of(value, object)))
        }
        (None, None) => None,
    };
    let place = place.unwrap_or(end.saturating_sub(1));
    mistake(text, place_of(object, text) + place, &explained(&message))
}
