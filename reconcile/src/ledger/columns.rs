//! Which column of a ledger is which.

use std::{borrow::Cow, fmt, str::FromStr};

use icu_normalizer::ComposingNormalizerBorrowed;
use payssam::redact;

/// A column that a ledger has or may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Column {
    /// The bill id.
    BillId,
    /// The amount in won.
    Amount,
    /// The state.
    State,
    /// The day; a ledger may lack it.
    Day,
}

impl Column {
    const ALL: [Column; 4] = [Column::BillId, Column::Amount, Column::State, Column::Day];

    /// Its name in `--map`.
    pub fn as_str(self) -> &'static str {
        match self {
            Column::BillId => "bill_id",
            Column::Amount => "amount",
            Column::State => "state",
            Column::Day => "day",
        }
    }

    /// The names that are known for it, in lower case without white space, `_`, `-`, `.` and what is in parentheses.
    fn names(self) -> &'static [&'static str] {
        match self {
            Column::BillId => &[
                "billid",
                "billno",
                "billnumber",
                "id",
                "청구서id",
                "청구서번호",
                "청구서아이디",
                "청구번호",
                "청구id",
            ],
            Column::Amount => &[
                "amount",
                "price",
                "won",
                "apprprice",
                "금액",
                "결제금액",
                "승인금액",
                "수납금액",
                "납부금액",
                "청구금액",
                "결제액",
                "입금액",
            ],
            Column::State => &[
                "state",
                "status",
                "apprstate",
                "billstate",
                "상태",
                "결제상태",
                "승인상태",
                "수납상태",
                "납부상태",
                "청구상태",
                "청구서상태",
                "처리상태",
            ],
            Column::Day => &[
                "day",
                "date",
                "paidat",
                "paidon",
                "approvedat",
                "apprdt",
                "결제일",
                "결제일자",
                "결제일시",
                "승인일",
                "승인일자",
                "승인일시",
                "수납일",
                "수납일자",
                "납부일",
                "날짜",
                "일자",
                "일시",
            ],
        }
    }
}

/// Names of columns that are not known by themselves, as of `--map`.
///
/// `FromStr` reads `amount=수강료`: the column, and its name in the ledger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mapping {
    column: Column,
    name: String,
}

impl Mapping {
    /// This column has this name in the ledger.
    pub fn new(column: Column, name: impl Into<String>) -> Self {
        Mapping {
            column,
            name: name.into(),
        }
    }
}

impl FromStr for Mapping {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let column = |name: &str| {
            let mut columns = Column::ALL.into_iter();
            columns.find(|column| column.as_str() == name.trim())
        };
        let parts = text
            .split_once('=')
            .map(|(left, right)| (left.trim(), right.trim()));
        match parts {
            Some((left, right)) if !left.is_empty() && !right.is_empty() => {
                match (column(left), column(right)) {
                    (Some(column), _) => Ok(Mapping::new(column, right)),
                    // The other way round, there is nothing else that it could mean.
                    (None, Some(column)) => Ok(Mapping::new(column, left)),
                    (None, None) => {
                        Err("the column must be bill_id, amount, state or day".to_owned())
                    }
                }
            }
            _ => Err("it must be column=name, such as amount=수강료".to_owned()),
        }
    }
}

impl fmt::Display for Mapping {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}={}", self.column.as_str(), self.name)
    }
}

/// Where the columns are, and what they are called.
#[derive(Clone, Debug)]
pub(super) struct Columns {
    places: [Option<Place>; 4],
    /// How many cells the header has.
    pub(super) width: usize,
    has_order: bool,
}

#[derive(Clone, Debug)]
struct Place {
    index: usize,
    name: String,
}

/// Why a row is not the header.
#[derive(Debug, PartialEq)]
pub(super) enum NoHeader {
    /// These columns are not in it.
    Missing(Vec<Column>),
    /// Two cells could be this column.
    Ambiguous(Column, String),
}

impl Columns {
    /// Finds the columns among these names.
    pub(super) fn find<'n>(
        names: impl Iterator<Item = &'n str> + Clone,
        mappings: &[Mapping],
    ) -> Result<Self, NoHeader> {
        let mut places = [None, None, None, None];
        let mut missing = Vec::new();
        for column in Column::ALL {
            let mapped = mappings.iter().find(|mapping| mapping.column == column);
            let fits = |name: &str| match mapped {
                Some(mapping) => same(name, &mapping.name),
                None => {
                    // What is mapped to another column is not this one.
                    let is_taken = mappings.iter().any(|mapping| same(name, &mapping.name));
                    !is_taken && column.names().contains(&simple(name).as_str())
                }
            };
            let mut found = names.clone().enumerate().filter(|(_, name)| fits(name));
            places[column as usize] = found.next().map(|(index, name)| Place {
                index,
                name: shown(name),
            });
            match (&places[column as usize], found.next()) {
                (None, _) if column != Column::Day || mapped.is_some() => missing.push(column),
                (Some(first), Some((_, second))) if column != Column::Day => {
                    let both = format!("{} and {}", first.name, shown(second));
                    return Err(NoHeader::Ambiguous(column, both));
                }
                _ => {}
            }
        }
        match missing.is_empty() {
            true => Ok(Columns {
                places,
                width: names.count(),
                has_order: true,
            }),
            false => Err(NoHeader::Missing(missing)),
        }
    }

    /// The same columns where only their names count.
    pub(super) fn without_order(self) -> Self {
        Columns {
            has_order: false,
            ..self
        }
    }

    /// Where the column is; `None` only for a day.
    pub(super) fn index(&self, column: Column) -> Option<usize> {
        self.places[column as usize]
            .as_ref()
            .map(|place| place.index)
    }

    /// Such as `column 2 (결제금액)`.
    pub(super) fn shown(&self, column: Column) -> String {
        match &self.places[column as usize] {
            Some(place) if self.has_order => {
                format!("column {} ({})", place.index + 1, place.name)
            }
            Some(place) => place.name.clone(),
            None => column.as_str().to_owned(),
        }
    }
}

fn same(name: &str, mapped: &str) -> bool {
    composed(name).trim() == composed(mapped).trim()
}

/// A name as it may be shown.
fn shown(name: &str) -> String {
    let name = redact::shown(name.trim());
    match name.char_indices().nth(40) {
        Some((end, _)) => format!("{}…", &name[..end]),
        None => name,
    }
}

/// A name without what people write in different ways.
fn simple(name: &str) -> String {
    let mut depth = 0_u32;
    let kept = composed(name)
        .chars()
        .filter(|c| {
            match c {
                '(' | '[' => depth += 1,
                ')' | ']' => depth = depth.saturating_sub(1),
                _ => {}
            }
            depth == 0
                && !c.is_whitespace()
                && !matches!(c, ')' | ']' | '_' | '-' | '.' | '*' | ':')
        })
        .collect::<String>();
    kept.to_lowercase()
}

/// In the one form in which letters and digits of any width are equal (NFKC).
pub(super) fn composed(text: &str) -> Cow<'_, str> {
    match text.is_ascii() {
        true => Cow::Borrowed(text),
        false => ComposingNormalizerBorrowed::new_nfkc().normalize(text),
    }
}
