//! Ledgers as people have them: CSV or JSON lines, in any of the encodings that Korean programs write.

mod amount;
mod bill_id_cell;
mod cells;
mod columns;
mod csv_lines;
mod day;
mod decode;
mod header;
mod json_lines;
mod no_ledger;
mod state_word;

use std::{
    fs::File,
    io::{self, Read as _, Seek as _, SeekFrom},
    path::Path,
};

use encoding_rs::Encoding;

pub(crate) use self::bill_id_cell::{SIGNS, suspicion};
pub use self::columns::{Column, Mapping};
use self::{
    csv_lines::{CsvLines, Header},
    decode::{Allowance, Decoded, Fingerprint},
    json_lines::JsonLines,
};
use crate::{error::Error, line::Line};

/// How a ledger is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Cells with a comma, a tab, a semicolon or a bar between them, under a header.
    Csv,
    /// A JSON object on each line.
    JsonLines,
}

/// A ledger: the lines of a file, which can be read again and again.
///
/// Its encoding is UTF-8 (with or without a byte order mark), UTF-16 with one, or CP949. It is found by looking at all of
/// the file.
#[derive(Debug)]
pub struct Ledger {
    file: File,
    name: String,
    encoding: &'static Encoding,
    shape: Shape,
    mappings: Vec<Mapping>,
}

#[derive(Clone, Debug)]
enum Shape {
    Csv(Header),
    JsonLines,
}

impl Ledger {
    /// Opens the ledger in this file. `format` is found by its name and its content if it is `None`.
    ///
    /// # Errors
    ///
    /// [`Error::NotALedger`] when its first lines are not those of a ledger; [`Error::File`].
    pub fn open(
        path: impl AsRef<Path>,
        format: Option<Format>,
        mappings: &[Mapping],
    ) -> Result<Self, Error> {
        let path = path.as_ref();
        let failed = |error| Error::file("the ledger")(error);
        let file = File::open(path).map_err(failed)?;
        let name = path
            .file_name()
            .unwrap_or(path.as_os_str())
            .to_string_lossy();
        let metadata = file.metadata().map_err(failed)?;
        if metadata.is_dir() {
            return Err(Error::NotALedger("it is a folder".to_owned()));
        }
        match metadata.is_file() {
            true => Ledger::of_file(file, &name, format, mappings),
            // A pipe can be read once only.
            false => Ledger::read_from(file, &name, format, mappings),
        }
    }

    /// Takes a ledger from a reader, by way of a temporary file that nobody else can open. The extension of `name` may
    /// tell its format.
    ///
    /// # Errors
    ///
    /// As for [`open`](Ledger::open).
    pub fn read_from(
        mut reader: impl io::Read,
        name: &str,
        format: Option<Format>,
        mappings: &[Mapping],
    ) -> Result<Self, Error> {
        let failed = |error| Error::file("a temporary copy of the ledger")(error);
        let mut file = tempfile::tempfile().map_err(failed)?;
        io::copy(&mut reader, &mut file).map_err(failed)?;
        Ledger::of_file(file, name, format, mappings)
    }

    fn of_file(
        mut file: File,
        name: &str,
        format: Option<Format>,
        mappings: &[Mapping],
    ) -> Result<Self, Error> {
        let failed = |error| Error::file("the ledger")(error);
        let mut first = Vec::new();
        file.seek(SeekFrom::Start(0)).map_err(failed)?;
        file.by_ref()
            .take(4_096)
            .read_to_end(&mut first)
            .map_err(failed)?;
        if let Some(problem) = no_ledger::known_by(&first) {
            return Err(Error::NotALedger(problem.to_owned()));
        }
        file.seek(SeekFrom::Start(0)).map_err(failed)?;
        let encoding = decode::encoding_of(&file).map_err(failed)?.ok_or_else(|| {
            let problem = "its text is neither UTF-8, UTF-16 nor CP949; save it as CSV UTF-8";
            Error::NotALedger(problem.to_owned())
        })?;
        let mut ledger = Ledger {
            file,
            name: name.to_owned(),
            encoding,
            shape: Shape::JsonLines,
            mappings: mappings.to_vec(),
        };
        let beginning = ledger.beginning()?;
        let extension = Path::new(name)
            .extension()
            .unwrap_or_default()
            .to_ascii_lowercase();
        let format = format.unwrap_or(match extension.to_str() {
            Some("jsonl" | "ndjson" | "json") => Format::JsonLines,
            Some("csv" | "tsv") => Format::Csv,
            _ => match beginning.trim_start().starts_with('{') {
                true => Format::JsonLines,
                false => Format::Csv,
            },
        });
        match format {
            Format::JsonLines => {
                let (decoded, allowance) = ledger.decoded(Fingerprint::default())?;
                JsonLines::new(decoded, allowance, ledger.mappings.clone()).check_first()?;
            }
            Format::Csv => {
                // A second handle has the same place in the file, so each look begins by going back.
                let open = || ledger.decoded(Fingerprint::default());
                open()?;
                let header = Header::find(
                    || open().expect("it could be opened a moment ago"),
                    &beginning,
                    mappings,
                )?;
                ledger.shape = Shape::Csv(header);
            }
        }
        Ok(ledger)
    }

    /// The beginning of its text.
    fn beginning(&self) -> Result<String, Error> {
        let (mut decoded, allowance) = self.decoded(Fingerprint::default())?;
        allowance.set(u64::MAX);
        let mut first = vec![0; 8_192];
        let length = decoded
            .read(&mut first)
            .map_err(Error::file("the ledger"))?;
        Ok(String::from_utf8_lossy(&first[..length]).into_owned())
    }

    fn decoded(&self, fingerprint: Fingerprint) -> Result<(Decoded<File>, Allowance), Error> {
        let failed = |error| Error::file("the ledger")(error);
        let mut file = self.file.try_clone().map_err(failed)?;
        file.seek(SeekFrom::Start(0)).map_err(failed)?;
        let allowance = Allowance::default();
        let decoded = Decoded::new(file, self.encoding, fingerprint, allowance.clone());
        Ok((decoded, allowance))
    }

    /// Its name, without its folder.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its lines from the first. Only one iterator can be read at a time: they share one place in the file.
    ///
    /// # Errors
    ///
    /// [`Error::File`] when it cannot be read; a line may be [`Error::NotALedger`] when a quote is not closed.
    pub fn lines(&self) -> Result<Lines, Error> {
        let fingerprint = Fingerprint::default();
        let (decoded, allowance) = self.decoded(fingerprint.clone())?;
        let inner = match &self.shape {
            Shape::Csv(header) => {
                Inner::Csv(CsvLines::new(decoded, allowance, header.clone()).into())
            }
            Shape::JsonLines => {
                Inner::Json(JsonLines::new(decoded, allowance, self.mappings.clone()).into())
            }
        };
        Ok(Lines { inner, fingerprint })
    }

    /// Where its bill ids are, such as `column 1 (청구서번호)`.
    pub(crate) fn id_column(&self) -> String {
        match &self.shape {
            Shape::Csv(header) => header.columns.shown(Column::BillId),
            Shape::JsonLines => "the bill id".to_owned(),
        }
    }

    /// What decides how its bytes are read.
    pub(crate) fn reading(&self) -> String {
        let shape = match &self.shape {
            Shape::Csv(header) => format!("csv {:?}", char::from(header.delimiter)),
            Shape::JsonLines => "json lines".to_owned(),
        };
        let mappings: Vec<_> = self.mappings.iter().map(ToString::to_string).collect();
        format!("{shape} {} {mappings:?}", self.encoding.name())
    }
}

/// The lines of a [`Ledger`]. Empty ones are left out.
pub struct Lines {
    inner: Inner,
    fingerprint: Fingerprint,
}

enum Inner {
    Csv(Box<CsvLines>),
    Json(Box<JsonLines>),
}

impl Lines {
    /// A digest of what was read so far: of the whole file once the lines are over.
    pub(crate) fn digest(&self) -> String {
        self.fingerprint.hex()
    }
}

impl Iterator for Lines {
    type Item = Result<Line, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        match &mut self.inner {
            Inner::Csv(lines) => lines.next(),
            Inner::Json(lines) => lines.next(),
        }
    }
}
