//! The lines of a ledger in JSON, one object on each.

use std::{
    fs::File,
    io::{BufRead, BufReader, Read as _},
};

use serde_json::{Map, Value};

use super::{
    cells::{self, Cells},
    columns::{Column, Columns, Mapping},
    decode::Decoded,
    header::no_header,
    state_word::StateWords,
};
use crate::{error::Error, line::Line};

/// The most bytes of a line.
const LONGEST_LINE: u64 = 1024 * 1024;

/// The most digits of a number that no program may have rounded.
const EXACT_DIGITS: usize = 15;

/// The lines of a ledger in JSON.
pub(super) struct JsonLines {
    reader: BufReader<Decoded<File>>,
    mappings: Vec<Mapping>,
    line: u64,
    buffer: Vec<u8>,
    /// The names of the last object, and where its columns are: most lines have the same.
    last: Option<(Vec<String>, Columns)>,
    words: StateWords,
}

impl JsonLines {
    pub(super) fn new(decoded: Decoded<File>, mappings: Vec<Mapping>) -> Self {
        JsonLines {
            reader: BufReader::with_capacity(64 * 1024, decoded),
            mappings,
            line: 0,
            buffer: Vec::new(),
            last: None,
            words: StateWords::default(),
        }
    }

    /// Whether the first line is one of a ledger.
    pub(super) fn check_first(mut self) -> Result<(), Error> {
        while self.fill()? {
            let text = self.text();
            if text.is_empty() {
                continue;
            }
            let Ok(object) = serde_json::from_str::<Map<String, Value>>(text) else {
                return Err(Error::NotALedger(format!(
                    "line {} is no JSON object; a ledger is one object on each line, such as \
                     {{\"bill_id\":\"2024-0001\",\"amount\":45000,\"state\":\"paid\"}}, or CSV",
                    self.line
                )));
            };
            let names = object.keys().map(String::as_str);
            return match Columns::find(names, &self.mappings) {
                Ok(_) => Ok(()),
                Err(missing) => Err(no_header(Some(missing))),
            };
        }
        Err(Error::NotALedger("it is empty".to_owned()))
    }

    /// Reads the next line, of which no more is kept than shows that it is too long. `false` at the end.
    fn fill(&mut self) -> Result<bool, Error> {
        self.buffer.clear();
        let failed = |error| Error::file("the ledger")(error);
        let mut limited = self.reader.by_ref().take(LONGEST_LINE + 1);
        let length = limited
            .read_until(b'\n', &mut self.buffer)
            .map_err(failed)?;
        if !self.buffer.ends_with(b"\n") {
            self.reader.skip_until(b'\n').map_err(failed)?;
        }
        self.line += 1;
        Ok(length > 0)
    }

    fn text(&self) -> &str {
        // The decoder writes UTF-8; a line that is too long may be cut within a character.
        let text = str::from_utf8(&self.buffer).unwrap_or_default();
        text.trim()
    }

    fn read(&mut self) -> Result<Option<Line>, Error> {
        while self.fill()? {
            let line = self.line;
            let unreadable = |reason: String| {
                Ok(Some(Line::Unreadable {
                    line,
                    bill_id: None,
                    reason: format!("line {line}: {reason}"),
                }))
            };
            if self.buffer.len() as u64 > LONGEST_LINE {
                return unreadable(format!("it has more than {LONGEST_LINE} bytes"));
            }
            let text = self.text();
            if text.is_empty() {
                continue;
            }
            let Ok(object) = serde_json::from_str::<Map<String, Value>>(text) else {
                return unreadable("it is no JSON object".to_owned());
            };
            let names = object.keys().map(String::as_str);
            let known = self.last.take().filter(|(last, _)| names.clone().eq(last));
            let found = match known {
                Some(known) => Ok(known),
                None => Columns::find(names.clone(), &self.mappings).map(|columns| {
                    let names = names.map(str::to_owned).collect();
                    (names, columns.without_order())
                }),
            };
            let columns = match found {
                Ok(known) => &self.last.insert(known).1,
                Err(missing) => {
                    return unreadable(match no_header(Some(missing)) {
                        Error::NotALedger(problem) => problem,
                        other => other.to_string(),
                    });
                }
            };
            let values: Vec<&Value> = object.values().collect();
            let cell = |column| columns.index(column).map(|index| Cell::of(values[index]));
            let [bill_id, amount, state, day] =
                [Column::BillId, Column::Amount, Column::State, Column::Day].map(cell);
            let problem = match &bill_id {
                Some(Cell::Rounded(_)) => Some(
                    "a number with a fraction or more than 15 digits may have been rounded; write ids as text",
                ),
                Some(Cell::Other) => Some("it is neither a text nor a number"),
                _ => None,
            };
            if let Some(problem) = problem {
                return unreadable(format!("{}: {problem}", columns.shown(Column::BillId)));
            }
            fn text_of(cell: &Option<Cell>) -> Option<&str> {
                match cell {
                    Some(Cell::Text(text) | Cell::Rounded(text)) => Some(text),
                    // No word and no amount, so that the line is refused by its column.
                    Some(Cell::Other) => Some("{}"),
                    None => None,
                }
            }
            let cells = Cells {
                bill_id: text_of(&bill_id),
                amount: text_of(&amount),
                state: text_of(&state),
                day: text_of(&day),
            };
            return Ok(Some(cells::read(line, &cells, columns, &mut self.words)));
        }
        Ok(None)
    }
}

enum Cell {
    /// A text, or a number as it is written.
    Text(String),
    /// A number that a program may have rounded.
    Rounded(String),
    Other,
}

impl Cell {
    fn of(value: &Value) -> Self {
        match value {
            Value::String(text) => Cell::Text(text.clone()),
            Value::Null => Cell::Text(String::new()),
            Value::Number(number) => {
                let text = number.to_string();
                match number.is_f64() || text.len() > EXACT_DIGITS {
                    true => Cell::Rounded(text),
                    false => Cell::Text(text),
                }
            }
            _ => Cell::Other,
        }
    }
}

impl Iterator for JsonLines {
    type Item = Result<Line, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        self.read().transpose()
    }
}
