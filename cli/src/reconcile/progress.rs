//! How far a run is: a bar on a terminal, a line a minute elsewhere. Both on stderr.

use std::{
    io::IsTerminal,
    time::{Duration, Instant},
};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use payssam_reconcile::Progress;
use tokio::time::sleep_until;

use crate::output;

const MINUTE: Duration = Duration::from_secs(60);

/// What is shown of a run.
pub(super) struct Shown {
    bar: Option<ProgressBar>,
    began: Instant,
    next_line: tokio::time::Instant,
    mismatches: u64,
}

impl Shown {
    pub(super) fn new() -> Self {
        Shown {
            bar: std::io::stderr().is_terminal().then(bar),
            began: Instant::now(),
            next_line: tokio::time::Instant::now() + MINUTE,
            mismatches: 0,
        }
    }

    /// Shows progress on a terminal.
    pub(super) fn update(&mut self, progress: Progress) {
        let Some(bar) = &self.bar else { return };
        if bar.length() != Some(progress.lines) {
            // What an earlier run did says nothing of the rate.
            bar.set_length(progress.lines);
            bar.set_position(progress.done);
            bar.reset_eta();
        }
        bar.set_position(progress.done);
        if self.mismatches != progress.mismatches {
            self.mismatches = progress.mismatches;
            bar.set_message(format!("{} mismatches", progress.mismatches));
        }
    }

    /// Waits for the next line; without an end on a terminal.
    pub(super) async fn minute(&self) {
        match self.bar {
            Some(_) => std::future::pending().await,
            None => sleep_until(self.next_line).await,
        }
    }

    /// Writes a line.
    pub(super) fn line(&mut self, progress: Progress) {
        output::warn(line(progress, self.began.elapsed()));
        self.next_line += MINUTE;
    }

    /// Removes the bar.
    pub(super) fn clear(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

fn bar() -> ProgressBar {
    let style =
        ProgressStyle::with_template("{wide_bar} {pos}/{len}  {per_sec}  {eta} left  {msg}");
    let bar = ProgressBar::with_draw_target(Some(0), ProgressDrawTarget::stderr_with_hz(5));
    bar.set_message("0 mismatches");
    match style {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}

/// Such as `12000 of 100000 lines, 210 a second, 7 min left, 3 mismatches`.
fn line(progress: Progress, took: Duration) -> String {
    let rate = progress.found as f64 / took.as_secs_f64().max(0.001);
    let left = progress.lines.saturating_sub(progress.done) as f64 / rate.max(0.001);
    let left = match left {
        left if left < 90.0 => format!("{left:.0} s"),
        left if left < 5_400.0 => format!("{:.0} min", left / 60.0),
        left => format!("{:.1} h", left / 3_600.0),
    };
    let failed = match progress.failed {
        0 => String::new(),
        failed => format!(", {failed} could not be read"),
    };
    format!(
        "{} of {} lines, {rate:.0} a second, {left} left, {} mismatches{failed}",
        progress.done, progress.lines, progress.mismatches
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_tells_the_rate_of_this_run_and_the_time_left() {
        let mut progress = Progress::default();
        progress.lines = 100_000;
        progress.done = 50_000;
        progress.found = 6_000;
        progress.mismatches = 3;
        assert_eq!(
            line(progress, Duration::from_secs(60)),
            "50000 of 100000 lines, 100 a second, 8 min left, 3 mismatches"
        );
        progress.done = 99_000;
        progress.failed = 2;
        assert_eq!(
            line(progress, Duration::from_secs(60)),
            "99000 of 100000 lines, 100 a second, 10 s left, 3 mismatches, 2 could not be read"
        );
    }
}
