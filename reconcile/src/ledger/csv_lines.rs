//! The lines of a ledger in CSV, or with tabs, semicolons or bars between its cells.

use std::{fs::File, io};

use csv::{ReaderBuilder, StringRecord, Terminator};

use super::{
    amount,
    cells::{self, Cells},
    columns::{Column, Columns, Mapping, NoHeader, composed},
    decode::{Allowance, Decoded, TooLong},
    header::no_header,
    quotes::Quotes,
    state_word::StateWords,
};
use crate::{error::Error, line::Line};

/// In how many records a header is looked for: a title may stand above it.
const HEADER_WITHIN: usize = 20;

/// The most bytes of one record.
const LONGEST_RECORD: u64 = 1024 * 1024;

const DELIMITERS: [u8; 4] = [b',', b'\t', b';', b'|'];

/// Where the header is.
#[derive(Clone, Debug)]
pub(super) struct Header {
    pub(super) delimiter: u8,
    /// What ends a record. The reader's own line ends would count a line late behind a carriage return.
    end: u8,
    /// How many records are before the first line.
    records: usize,
    pub(super) columns: Columns,
}

impl Header {
    /// Looks for it. `open` reads the file from its beginning.
    pub(super) fn find(
        open: impl Fn() -> Result<(Decoded<File>, Allowance), Error>,
        beginning: &str,
        mappings: &[Mapping],
    ) -> Result<Self, Error> {
        let end = match beginning.contains('\r') && !beginning.contains('\n') {
            true => b'\r',
            false => b'\n',
        };
        let mut nearest: Option<NoHeader> = None;
        for delimiter in DELIMITERS {
            let (decoded, allowance) = open()?;
            let mut records = Records::new(decoded, allowance, delimiter, end);
            for count in 1..=HEADER_WITHIN {
                // What is broken further down is found where all lines are read.
                let Ok(true) = records.next() else { break };
                match Columns::find(records.record.iter(), mappings) {
                    Ok(columns) => {
                        return Ok(Header {
                            delimiter,
                            end,
                            records: count,
                            columns,
                        });
                    }
                    Err(no_header) => nearest = Some(nearer(nearest, no_header)),
                }
            }
        }
        Err(no_header(nearest))
    }
}

/// Of two rows that are no headers, the one that is more like one.
fn nearer(one: Option<NoHeader>, other: NoHeader) -> NoHeader {
    let distance = |it: &NoHeader| match it {
        NoHeader::Ambiguous(..) => 0,
        NoHeader::Missing(columns) => columns.len(),
    };
    match one {
        Some(one) if distance(&one) <= distance(&other) => one,
        _ => other,
    }
}

/// The records of a file, bounded in length.
struct Records {
    reader: csv::Reader<Quotes<Decoded<File>>>,
    allowance: Allowance,
    record: StringRecord,
    last_line: u64,
}

impl Records {
    fn new(decoded: Decoded<File>, allowance: Allowance, delimiter: u8, end: u8) -> Self {
        Records {
            reader: ReaderBuilder::new()
                .has_headers(false)
                .flexible(true)
                .delimiter(delimiter)
                .terminator(Terminator::Any(end))
                .buffer_capacity(64 * 1024)
                .from_reader(Quotes::new(decoded, delimiter, end)),
            allowance,
            record: StringRecord::new(),
            last_line: 0,
        }
    }

    /// Reads the next record that is not empty. `false` at the end.
    fn next(&mut self) -> Result<bool, Error> {
        loop {
            self.allowance.set(LONGEST_RECORD);
            match self.reader.read_record(&mut self.record) {
                Ok(true) => {}
                Ok(false) => return Ok(false),
                Err(error) => return Err(self.failure(error)),
            }
            let line = self.record.position().map_or(1, csv::Position::line);
            // Lines that end with a carriage return alone have no numbers of their own.
            self.last_line = line.max(self.last_line + 1);
            if self.record.iter().any(|cell| !cell.trim().is_empty()) {
                return Ok(true);
            }
        }
    }

    fn failure(&self, error: csv::Error) -> Error {
        match error.into_kind() {
            csv::ErrorKind::Io(error) => {
                match error.get_ref().is_some_and(|inner| inner.is::<TooLong>()) {
                    true => self.too_long(),
                    false => Error::file("the ledger")(error),
                }
            }
            other => Error::file("the ledger")(io::Error::other(format!("{other:?}"))),
        }
    }

    /// Refuses a quote that the rest of the file is in, or whose end was that of another cell.
    fn check_quotes(&self, is_end: bool) -> Result<(), Error> {
        let quotes = self.reader.get_ref();
        match quotes.broken().or(quotes.open().filter(|_| is_end)) {
            Some(line) => Err(swallowed(line)),
            None => Ok(()),
        }
    }

    fn too_long(&self) -> Error {
        Error::NotALedger(format!(
            "the record after line {} has more than {LONGEST_RECORD} bytes, as if a quote in it is not closed, so that \
             lines would be lost; close it, or export the ledger again",
            self.last_line
        ))
    }
}

fn swallowed(line: u64) -> Error {
    Error::NotALedger(format!(
        "a quote on line {line} is not closed, and the lines below it are taken for text; close it, or export the \
         ledger again"
    ))
}

/// The lines of a ledger in CSV.
pub(super) struct CsvLines {
    records: Records,
    header: Header,
    is_at_header: bool,
    words: StateWords,
}

impl CsvLines {
    pub(super) fn new(decoded: Decoded<File>, allowance: Allowance, header: Header) -> Self {
        CsvLines {
            records: Records::new(decoded, allowance, header.delimiter, header.end),
            header,
            is_at_header: true,
            words: StateWords::default(),
        }
    }

    /// Reads the next record. `false` at the end.
    fn next(&mut self) -> Result<bool, Error> {
        let is_there = self.records.next()?;
        self.records.check_quotes(!is_there)?;
        let (record, columns) = (&self.records.record, &self.header.columns);
        match is_there && has_swallowed_lines(record, self.header.delimiter, columns) {
            true => Err(swallowed(self.records.last_line)),
            false => Ok(is_there),
        }
    }

    fn read(&mut self) -> Result<Option<Line>, Error> {
        if self.is_at_header {
            for _ in 0..self.header.records {
                self.next()?;
            }
            self.is_at_header = false;
        }
        if !self.next()? {
            return Ok(None);
        }
        let (record, columns) = (&self.records.record, &self.header.columns);
        let line = self.records.last_line;
        let further = record.iter().skip(columns.width);
        if further.clone().any(|cell| !cell.trim().is_empty()) {
            return Ok(Some(Line::Unreadable {
                line,
                bill_id: None,
                reason: format!(
                    "line {line} has {} cells and the header {}; is there a comma in a cell without quotes?",
                    record.len(),
                    columns.width
                ),
            }));
        }
        let cell = |column| columns.index(column).and_then(|index| record.get(index));
        let cells = Cells {
            bill_id: cell(Column::BillId),
            amount: cell(Column::Amount),
            state: cell(Column::State),
            day: cell(Column::Day),
        };
        Ok(Some(cells::read(line, &cells, columns, &mut self.words)))
    }
}

/// Whether a cell holds what looks like whole lines of the ledger: with all cells of its header, or with those that count,
/// of which one says something.
fn has_swallowed_lines(record: &StringRecord, delimiter: u8, columns: &Columns) -> bool {
    let is_line = |text: &str| {
        let cells: Vec<&str> = text.split(char::from(delimiter)).collect();
        let cell = |column| columns.index(column).and_then(|place| cells.get(place));
        let says = || {
            let state = cell(Column::State).and_then(|it| StateWords::default().read(it));
            let amount = cell(Column::Amount).map(|it| amount::read(&composed(it)));
            state.is_some() || amount.is_some_and(|amount| amount.is_ok())
        };
        cells.len() >= columns.width || (cells.len() > columns.last() && says())
    };
    let mut cells = record.iter();
    cells.any(|cell| cell.contains(['\n', '\r']) && cell.split(['\n', '\r']).skip(1).any(is_line))
}

impl Iterator for CsvLines {
    type Item = Result<Line, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        self.read().transpose()
    }
}
