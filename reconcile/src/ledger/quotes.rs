//! Follows the quotes of a file in CSV. Its reader takes one that is never closed, or closed by the next cell's, for text.

use std::io::{self, Read};

/// Where in the file the quotes are.
#[derive(Clone, Copy)]
enum Place {
    /// At the beginning of a cell.
    Cell,
    /// In a cell without quotes, or in what is behind them.
    Plain,
    /// Between quotes.
    Quoted,
    /// Behind a quote, which closed the cell unless another one follows.
    Closed,
    /// In blanks behind a closed cell.
    Blank,
}

/// A reader that follows the quotes in what it has read.
pub(super) struct Quotes<R> {
    inner: R,
    delimiter: u8,
    end: u8,
    place: Place,
    line: u64,
    /// The line of the last quote that began a cell.
    opened: u64,
    has_lines: bool,
    broken: Option<u64>,
}

impl<R> Quotes<R> {
    pub(super) fn new(inner: R, delimiter: u8, end: u8) -> Self {
        Quotes {
            inner,
            delimiter,
            end,
            place: Place::Cell,
            line: 1,
            opened: 1,
            has_lines: false,
            broken: None,
        }
    }

    /// The line of a quote that is still open.
    pub(super) fn open(&self) -> Option<u64> {
        matches!(self.place, Place::Quoted).then_some(self.opened)
    }

    /// The line of a quote around line ends behind which its cell goes on: what closed it was the beginning of another.
    pub(super) fn broken(&self) -> Option<u64> {
        self.broken
    }

    fn follow(&mut self, byte: u8) {
        let is_line_end = matches!(byte, b'\n' | b'\r');
        self.place = match (self.place, byte) {
            (Place::Cell, b'"') => {
                (self.opened, self.has_lines) = (self.line, false);
                Place::Quoted
            }
            (Place::Quoted, b'"') => Place::Closed,
            (Place::Closed, b'"') => Place::Quoted,
            (Place::Quoted, _) => {
                self.has_lines |= is_line_end;
                Place::Quoted
            }
            (_, byte) if byte == self.delimiter || byte == self.end => Place::Cell,
            (Place::Closed | Place::Blank, b' ' | b'\t' | b'\r') => Place::Blank,
            (Place::Closed | Place::Blank, _) => {
                if self.has_lines && self.broken.is_none() {
                    self.broken = Some(self.opened);
                }
                Place::Plain
            }
            (Place::Cell | Place::Plain, _) => Place::Plain,
        };
        self.line += u64::from(byte == self.end);
    }
}

impl<R: Read> Read for Quotes<R> {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        let length = self.inner.read(to)?;
        for byte in &to[..length] {
            self.follow(*byte);
        }
        Ok(length)
    }
}
