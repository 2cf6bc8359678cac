//! A list that keeps only its last entries, up to a number and to their size.

use std::collections::VecDeque;

/// How many entries are kept.
const KEPT: usize = 1_000;

/// How many bytes the entries that are kept take.
const KEPT_BYTES: usize = 16 * 1024 * 1024;

/// The last 1,000 entries or 16 MiB of them, the oldest first.
pub(crate) struct Recent<T> {
    /// Each entry with the bytes that it takes.
    entries: VecDeque<(T, usize)>,
    bytes: usize,
}

impl<T> Default for Recent<T> {
    fn default() -> Self {
        Recent {
            entries: VecDeque::new(),
            bytes: 0,
        }
    }
}

impl<T: Clone> Recent<T> {
    /// Adds an entry that takes so many bytes, and drops the oldest when there are too many.
    pub(crate) fn push(&mut self, entry: T, bytes: usize) {
        self.entries.push_back((entry, bytes));
        self.bytes += bytes;
        while self.entries.len() > KEPT || self.bytes > KEPT_BYTES {
            let Some((_, bytes)) = self.entries.pop_front() else {
                return;
            };
            self.bytes -= bytes;
        }
    }

    pub(crate) fn to_vec(&self) -> Vec<T> {
        self.entries
            .iter()
            .map(|(entry, _)| entry.clone())
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_thousand_entries_are_kept() {
        let mut recent = Recent::default();
        for number in 0..1_003 {
            recent.push(number, 1);
        }
        assert_eq!(recent.to_vec(), (3..1_003).collect::<Vec<_>>());
    }

    #[test]
    fn the_last_16_mebibytes_are_kept() {
        let mut recent = Recent::default();
        for number in 0..5 {
            recent.push(number, KEPT_BYTES / 3);
        }
        assert_eq!(recent.to_vec(), [2, 3, 4]);
        recent.push(5, KEPT_BYTES);
        assert_eq!(recent.to_vec(), [5]);
        recent.push(6, 1);
        assert_eq!(recent.to_vec(), [6]);
    }
}
