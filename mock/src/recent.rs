//! A list that keeps only its last entries.

use std::collections::VecDeque;

/// How many entries are kept.
const KEPT: usize = 1_000;

/// The last 1,000 entries, the oldest first.
pub(crate) struct Recent<T>(VecDeque<T>);

impl<T> Default for Recent<T> {
    fn default() -> Self {
        Recent(VecDeque::new())
    }
}

impl<T: Clone> Recent<T> {
    /// Adds an entry, and drops the oldest when there are too many.
    pub(crate) fn push(&mut self, entry: T) {
        if self.0.len() == KEPT {
            self.0.pop_front();
        }
        self.0.push_back(entry);
    }

    pub(crate) fn to_vec(&self) -> Vec<T> {
        self.0.iter().cloned().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_thousand_entries_are_kept() {
        let mut recent = Recent::default();
        for number in 0..1_003 {
            recent.push(number);
        }
        assert_eq!(recent.to_vec(), (3..1_003).collect::<Vec<_>>());
    }
}
