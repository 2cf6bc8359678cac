//! A first look at a whole ledger, before anything is asked: how many lines, which are duplicates, which shard has which.

use payssam::BillId;
use sha2::{Digest as _, Sha256};

use crate::{
    error::Error,
    ledger::{Ledger, Lines},
    line::Line,
    shard::Shard,
};

/// What a ledger has. Its size is that of the bill ids that occur more than once.
#[derive(Debug)]
pub(crate) struct Survey {
    /// The lines of the shard.
    pub(crate) lines: u64,
    /// The digest of the whole file.
    pub(crate) digest: String,
    /// The digests of the ids that more than one line has, sorted, and the first line of each once it was seen.
    repeated: Vec<(u128, u64)>,
    shard: Option<Shard>,
}

impl Survey {
    /// Reads the whole ledger. For a moment this takes 16 bytes for each line.
    pub(crate) fn of(ledger: &Ledger, shard: Option<Shard>) -> Result<Self, Error> {
        let (mut count, mut ids) = (0, Vec::new());
        let mut lines = ledger.lines()?;
        for line in &mut lines {
            let line = line?;
            if !is_in(shard, &line) {
                continue;
            }
            count += 1;
            if let Line::Belief(belief) = &line {
                ids.push(digest(&belief.bill_id));
            }
        }
        ids.sort_unstable();
        let mut repeated: Vec<(u128, u64)> = Vec::new();
        for pair in ids.windows(2) {
            let is_new = repeated.last().is_none_or(|(last, _)| *last != pair[0]);
            if pair[0] == pair[1] && is_new {
                repeated.push((pair[0], 0));
            }
        }
        Ok(Survey {
            lines: count,
            digest: lines.digest(),
            repeated,
            shard,
        })
    }

    /// The line if the shard has it, as a duplicate if an earlier one has its bill id. Give it every line once and in order.
    pub(crate) fn place(&mut self, line: Line) -> Option<Line> {
        if !is_in(self.shard, &line) {
            return None;
        }
        let belief = match line {
            Line::Belief(belief) if !self.repeated.is_empty() => belief,
            other => return Some(other),
        };
        let digest = digest(&belief.bill_id);
        let found = self.repeated.binary_search_by_key(&digest, |(id, _)| *id);
        Some(match found.ok().map(|place| &mut self.repeated[place].1) {
            Some(first_line) if *first_line > 0 => Line::Duplicate {
                belief,
                first_line: *first_line,
            },
            Some(first_line) => {
                *first_line = belief.line;
                Line::Belief(belief)
            }
            None => Line::Belief(belief),
        })
    }

    /// Whether the lines that were read are those of the survey.
    pub(crate) fn is_of(&self, lines: &Lines) -> bool {
        self.digest == lines.digest()
    }
}

/// Half of a SHA-256, so that nobody can make two ids that are taken for one.
fn digest(id: &BillId) -> u128 {
    let digest = Sha256::digest(id.as_str());
    let mut half = [0; 16];
    half.copy_from_slice(&digest[..16]);
    u128::from_be_bytes(half)
}

/// By the bill id, so that lines of one bill meet. A line without one is placed by its number.
fn is_in(shard: Option<Shard>, line: &Line) -> bool {
    let Some(shard) = shard else { return true };
    let id = match line {
        Line::Belief(belief) | Line::Duplicate { belief, .. } => Some(&belief.bill_id),
        Line::Unreadable { bill_id, .. } => bill_id.as_ref(),
    };
    let number = id.map_or_else(|| u128::from(line.number()), digest);
    number % u128::from(shard.count()) == u128::from(shard.index() - 1)
}
