//! What a run has found so far, on disk: a line for each finding, so that a run that ended in any way can be resumed.

use std::{
    cmp::Reverse,
    fs::{File, OpenOptions},
    io::{self, BufRead as _, BufReader, Read as _, Seek as _, SeekFrom, Write as _},
    path::Path,
};

use fs4::fs_std::FileExt as _;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::{class::Class, digest::hex, error::Error, finding::Finding, shard::Shard};

/// The version of the format.
const VERSION: u32 = 1;

/// The most bytes of a line of a journal.
const LONGEST_LINE: u64 = 64 * 1024;

/// Of which run a journal is: its first line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Header {
    payssam_reconcile: u32,
    /// The digest of the ledger.
    ledger: String,
    /// How its bytes were read.
    reading: String,
    /// A random number for this journal, so that the next field says nothing to who cannot guess the merchant.
    salt: String,
    /// A digest of the member, the merchant and the server.
    merchant: String,
    shard: Option<Shard>,
    /// When the first run began.
    #[serde(default)]
    started: Option<Timestamp>,
}

/// What a journal is compared with.
pub(crate) struct Identity<'r> {
    pub(crate) ledger: &'r str,
    pub(crate) reading: &'r str,
    pub(crate) member: &'r str,
    pub(crate) merchant: &'r str,
    /// The base URL of the server.
    pub(crate) server: &'r str,
    pub(crate) shard: Option<Shard>,
}

impl Identity<'_> {
    fn header(&self, salt: &str) -> Header {
        let mut digest = Sha256::new();
        for part in [salt, self.member, self.merchant, self.server] {
            digest.update((part.len() as u64).to_be_bytes());
            digest.update(part);
        }
        Header {
            payssam_reconcile: VERSION,
            ledger: self.ledger.to_owned(),
            reading: self.reading.to_owned(),
            salt: salt.to_owned(),
            merchant: hex(&digest.finalize()),
            shard: self.shard,
            started: Some(Timestamp::now()),
        }
    }
}

/// The last line of a run that ended by itself.
#[derive(Serialize, Deserialize)]
struct End {
    end: u64,
    #[serde(default)]
    ended: Option<Timestamp>,
}

/// What an earlier run left.
#[derive(Clone, Copy, Debug)]
struct Earlier {
    /// When it ended; of one that did not end by itself, when it last wrote.
    ended: Timestamp,
    /// Whether it ended by itself.
    is_over: bool,
}

/// A journal that this process alone has.
#[derive(Debug)]
pub(crate) struct Journal {
    file: File,
    /// Where the next finding is written.
    end: u64,
    /// Where the first finding is.
    beginning: u64,
    /// When the first run began.
    started: Option<Timestamp>,
    /// `None` when no earlier run has found anything.
    earlier: Option<Earlier>,
    /// The lines of which an earlier run has found something.
    known: Vec<u64>,
    /// The mismatches among them.
    mismatches: u64,
    buffer: Vec<u8>,
}

impl Journal {
    /// A journal that nobody can resume.
    pub(crate) fn temporary(identity: &Identity<'_>) -> Result<Self, Error> {
        let file = tempfile::tempfile().map_err(Error::file("a temporary journal"))?;
        Journal::start(file, identity)
    }

    /// Opens the journal in this file, or creates it for its owner alone. With `resume` it goes on with what is in it.
    pub(crate) fn open(path: &Path, identity: &Identity<'_>, resume: bool) -> Result<Self, Error> {
        let failed = |error| Error::file("the journal")(error);
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(path).map_err(failed)?;
        if !file.metadata().map_err(failed)?.is_file() {
            return Err(refused("it is not a file"));
        }
        match file.try_lock_exclusive() {
            Ok(true) => {}
            Ok(false) => {
                return Err(refused(
                    "another run has it; wait for its end, or name another with --journal",
                ));
            }
            Err(error) => return Err(failed(error)),
        }
        let mut reader = BufReader::new(&file);
        let first = first_line(&mut reader).map_err(failed)?;
        let Some(first) = first else {
            // Empty, or its first line was never finished.
            return Journal::start(file, identity);
        };
        let Ok(header) = serde_json::from_slice::<Header>(&first) else {
            return Err(refused(
                "the file is no journal of payssam reconcile; name another with --journal",
            ));
        };
        drop(reader);
        let journal = Journal::read(file, &header, first.len() as u64)?;
        match (resume, journal.earlier.is_some_and(|it| it.is_over)) {
            // Yesterday's run has nothing to lose.
            (false, true) => Journal::start(journal.file, identity),
            (false, false) => Err(refused(
                "it is of a run that did not end; go on with --resume, or remove it to start again",
            )),
            (true, _) => {
                check(&header, identity)?;
                Ok(journal)
            }
        }
    }

    fn start(mut file: File, identity: &Identity<'_>) -> Result<Self, Error> {
        let failed = |error| Error::file("the journal")(error);
        let mut salt = [0; 16];
        getrandom::fill(&mut salt).map_err(|error| failed(io::Error::other(error.to_string())))?;
        let header = identity.header(&hex(&salt));
        let mut line = Vec::new();
        push_line(&mut line, &header)?;
        file.set_len(0).map_err(failed)?;
        file.seek(SeekFrom::Start(0)).map_err(failed)?;
        file.write_all(&line).map_err(failed)?;
        file.sync_data().map_err(failed)?;
        let end = line.len() as u64;
        Ok(Journal {
            file,
            end,
            beginning: end,
            started: header.started,
            earlier: None,
            known: Vec::new(),
            mismatches: 0,
            buffer: line,
        })
    }

    /// Reads the findings of an earlier run. A last line that was not finished is removed.
    fn read(file: File, header: &Header, beginning: u64) -> Result<Self, Error> {
        let failed = |error| Error::file("the journal")(error);
        let metadata = file.metadata().map_err(failed)?;
        let written = metadata.modified().ok();
        let written = written.and_then(|time| Timestamp::try_from(time).ok());
        let mut journal = Journal {
            file,
            end: beginning,
            beginning,
            started: header.started,
            earlier: None,
            known: Vec::new(),
            mismatches: 0,
            buffer: Vec::new(),
        };
        let mut is_over = None;
        {
            let mut reader = BufReader::with_capacity(64 * 1024, &journal.file);
            reader.seek(SeekFrom::Start(beginning)).map_err(failed)?;
            let mut line = Vec::new();
            while next_line(&mut reader, &mut line).map_err(failed)? {
                let end = serde_json::from_slice::<End>(&line).ok();
                let finding = serde_json::from_slice::<Finding>(&line).ok();
                if !line.ends_with(b"\n") || (end.is_none() && finding.is_none()) {
                    // A machine that lost its power may leave anything, but only at the end.
                    if reader.fill_buf().map_err(failed)?.is_empty() {
                        break;
                    }
                    return Err(refused("it is damaged; remove it and start again"));
                }
                // What could not be read is read again.
                if let Some(finding) = finding.filter(|it| it.class != Class::CouldNotBeRead) {
                    let (word, bit) = ((finding.line / 64) as usize, finding.line % 64);
                    if journal.known.len() <= word {
                        journal.known.resize(word + 1, 0);
                    }
                    journal.known[word] |= 1 << bit;
                    journal.mismatches += u64::from(finding.class.is_mismatch());
                }
                is_over = Some(end);
                journal.end += line.len() as u64;
            }
        }
        journal.earlier = is_over.map(|end| Earlier {
            is_over: end.is_some(),
            ended: (end.and_then(|end| end.ended).or(written)).unwrap_or_else(Timestamp::now),
        });
        // Whoever only looks leaves the time at which it was last written.
        if metadata.len() != journal.end {
            journal.file.set_len(journal.end).map_err(failed)?;
        }
        let end = SeekFrom::Start(journal.end);
        journal.file.seek(end).map_err(failed)?;
        Ok(journal)
    }

    /// When the first run began.
    pub(crate) fn started(&self) -> Option<Timestamp> {
        self.started
    }

    /// When the run ended that has found what is in it; `None` without one.
    pub(crate) fn earlier_end(&self) -> Option<Timestamp> {
        self.earlier.map(|earlier| earlier.ended)
    }

    /// The mismatches that earlier runs have found.
    pub(crate) fn mismatches(&self) -> u64 {
        self.mismatches
    }

    /// The lines of which something is known: line `n` is bit `n % 64` of word `n / 64`.
    /// They are given away, once.
    pub(crate) fn take_known(&mut self) -> Vec<u64> {
        std::mem::take(&mut self.known)
    }

    /// Notes that the run ended by itself. A journal to which nothing was added stays as it is.
    pub(crate) fn finish(&mut self, lines: u64, ended: Timestamp) -> Result<(), Error> {
        if self.earlier.is_some_and(|earlier| earlier.is_over) {
            return Ok(());
        }
        // Whoever read from it left it elsewhere.
        self.file
            .seek(SeekFrom::Start(self.end))
            .map_err(Error::file("the journal"))?;
        self.append(&[End {
            end: lines,
            ended: Some(ended),
        }])?;
        self.file.sync_data().map_err(Error::file("the journal"))
    }

    /// Appends findings, or an end, in one write.
    pub(crate) fn append(&mut self, values: &[impl Serialize]) -> Result<(), Error> {
        let failed = |error| Error::file("the journal")(error);
        if let (Some(earlier), false) = (&mut self.earlier, values.is_empty()) {
            earlier.is_over = false;
        }
        self.buffer.clear();
        for value in values {
            push_line(&mut self.buffer, value)?;
        }
        self.file.write_all(&self.buffer).map_err(failed)?;
        self.end += self.buffer.len() as u64;
        Ok(())
    }

    /// The findings in the order of the ledger, the last one of each line. This takes 16 bytes for each.
    pub(crate) fn findings(&self) -> Result<Findings<'_>, Error> {
        let failed = |error| Error::file("the journal")(error);
        #[derive(Deserialize)]
        struct Numbered {
            line: u64,
        }
        let mut places: Vec<(u64, u64)> = Vec::new();
        let mut reader = BufReader::with_capacity(64 * 1024, &self.file);
        reader
            .seek(SeekFrom::Start(self.beginning))
            .map_err(failed)?;
        let (mut line, mut at) = (Vec::new(), self.beginning);
        while next_line(&mut reader, &mut line).map_err(failed)? {
            if let Ok(numbered) = serde_json::from_slice::<Numbered>(&line) {
                places.push((numbered.line, at));
            }
            at += line.len() as u64;
        }
        // The last one comes first.
        places.sort_unstable_by_key(|(line, at)| (*line, Reverse(*at)));
        places.dedup_by_key(|(line, _)| *line);
        reader
            .seek(SeekFrom::Start(self.beginning))
            .map_err(failed)?;
        Ok(Findings {
            reader,
            at: self.beginning,
            places: places.into_iter(),
            line,
        })
    }
}

/// The findings of a journal, in the order of the ledger.
pub(crate) struct Findings<'j> {
    reader: BufReader<&'j File>,
    at: u64,
    places: std::vec::IntoIter<(u64, u64)>,
    line: Vec<u8>,
}

impl Findings<'_> {
    fn read(&mut self, at: u64) -> io::Result<Finding> {
        self.reader.seek_relative(at.wrapping_sub(self.at) as i64)?;
        self.at = at;
        next_line(&mut self.reader, &mut self.line)?;
        self.at += self.line.len() as u64;
        Ok(serde_json::from_slice(&self.line)?)
    }
}

impl Iterator for Findings<'_> {
    type Item = io::Result<Finding>;

    fn next(&mut self) -> Option<Self::Item> {
        let (_, at) = self.places.next()?;
        Some(self.read(at))
    }
}

/// Adds a line. One that could not be read again is an error.
fn push_line(lines: &mut Vec<u8>, value: &impl Serialize) -> Result<(), Error> {
    let failed = |error| Error::file("the journal")(error);
    let begin = lines.len();
    serde_json::to_writer(&mut *lines, value).map_err(|error| failed(error.into()))?;
    lines.push(b'\n');
    match lines[begin..].len() as u64 > LONGEST_LINE {
        true => Err(failed(io::Error::new(
            io::ErrorKind::InvalidInput,
            format!("a line of it would have more than {LONGEST_LINE} bytes"),
        ))),
        false => Ok(()),
    }
}

fn refused(problem: &str) -> Error {
    Error::JournalRefused(problem.to_owned())
}

fn check(header: &Header, identity: &Identity<'_>) -> Result<(), Error> {
    let now = identity.header(&header.salt);
    let what = if header.payssam_reconcile != now.payssam_reconcile {
        "another version of payssam wrote it"
    } else if header.merchant != now.merchant {
        "it is of another merchant, member or server"
    } else if header.ledger != now.ledger {
        "it is of another ledger, or the ledger has changed since"
    } else if header.reading != now.reading {
        "the ledger was read with another --format or --map"
    } else if header.shard != now.shard {
        "it is of another shard, or of the whole ledger"
    } else {
        return Ok(());
    };
    Err(refused(&format!(
        "{what}; name another with --journal, or remove it to start again"
    )))
}

/// The first line with its newline; `None` when it was never finished.
fn first_line(reader: &mut impl io::BufRead) -> io::Result<Option<Vec<u8>>> {
    let mut line = Vec::new();
    next_line(reader, &mut line)?;
    // A file that is not empty and has no line of ours must not be overwritten.
    let is_torn =
        line.is_empty() || b"{\"payssam_reconcile\":".starts_with(&line[..line.len().min(21)]);
    Ok(match line.ends_with(b"\n") || !is_torn {
        true => Some(line),
        false => None,
    })
}

/// Reads a line with its newline, or what there is of it. `false` at the end.
fn next_line(reader: &mut impl io::BufRead, line: &mut Vec<u8>) -> io::Result<bool> {
    line.clear();
    let length = reader.take(LONGEST_LINE).read_until(b'\n', line)?;
    Ok(length > 0)
}
