//! How many rows of the page each class gets.

use std::cmp::Reverse;

use crate::{class::Class, summary::Counts};

/// The rows that are left for each class. Those that agree get none.
///
/// Small classes are shown whole, and what is left is shared by the large ones alike.
pub(crate) struct Share {
    left: Counts,
    rows: u64,
}

impl Share {
    pub(crate) fn of(counts: &Counts, most: u64) -> Self {
        let mut wanted: Vec<_> = counts
            .iter()
            .filter(|&(class, lines)| is_listed(class) && lines > 0)
            .collect();
        wanted.sort_by_key(|&(_, lines)| Reverse(lines));
        let mut left = Counts::default();
        let mut free = most;
        while let Some((class, lines)) = wanted.pop() {
            let larger = wanted.len() as u64 + 1;
            let rows = lines.min(free / larger);
            free -= rows;
            left.set(class, rows);
        }
        Share {
            rows: left.sum(),
            left,
        }
    }

    /// How many rows there are in all.
    pub(crate) fn rows(&self) -> u64 {
        self.rows
    }

    /// Whether the next line of this class is shown.
    pub(crate) fn takes(&mut self, class: Class) -> bool {
        let left = self.left.of(class);
        self.left.set(class, left.saturating_sub(1));
        left > 0
    }

    pub(crate) fn is_used_up(&self) -> bool {
        self.left.sum() == 0
    }
}

/// Whether the page lists the lines of this class.
pub(crate) fn is_listed(class: Class) -> bool {
    class != Class::Agrees
}
