//! The rehearsal: pulls changes that PaySsam could publish into a copy of the project, builds it,
//! and compares the result with the report and with the expectation.

pub mod case;
pub mod cases;
mod error;
mod scratch;
pub mod site;

use std::collections::{BTreeSet, VecDeque};
use std::fmt::Write as _;
use std::path::Path;
use std::str::FromStr;
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use crate::console;
use crate::report::Release;
use case::{Case, Expect};
pub use error::Error;
use openapi_compare::finding::Level;
use scratch::{Built, Pulled, Scratch};
use site::Site;

/// The prefix of tests that fail because a person has to decide.
const DECISION: &str = "decide_";

/// Which cases to rehearse, and how.
#[derive(Clone, Debug)]
pub struct Options {
    /// Only those whose names contain this text.
    pub only: Option<String>,
    /// Only a part of those.
    pub slice: Option<Slice>,
    /// How many at a time. Each has a copy and a target directory of its own.
    pub jobs: usize,
}

/// Every `of`-th case, the first of which is the one with the number `first`, from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Slice {
    first: usize,
    of: usize,
}

impl FromStr for Slice {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let numbers = text.split_once('/');
        let slice = numbers.and_then(|(first, of)| {
            let (first, of) = (first.parse().ok()?, of.parse().ok()?);
            (first < of).then_some(Slice { first, of })
        });
        slice.ok_or_else(|| format!("expected I/N with I below N, such as 3/20, found {text}"))
    }
}

/// The selected cases, in their order.
pub fn chosen(options: &Options) -> Vec<&'static Case> {
    let all = cases::all().enumerate();
    let in_slice = |number: usize| {
        let slice = options.slice;
        slice.is_none_or(|slice| number % slice.of == slice.first)
    };
    let is_named = |case: &Case| {
        let only = options.only.as_deref();
        only.is_none_or(|only| case.name.contains(only))
    };
    all.filter(|(number, case)| in_slice(*number) && is_named(case))
        .map(|(_, case)| case)
        .collect()
}

/// The result of a case.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// Its name.
    pub case: &'static str,
    /// The prediction of the report.
    pub said: Said,
    /// What happened.
    pub happened: Happened,
    /// Everything that is wrong; empty if all is well.
    pub wrong: Vec<String>,
    /// How long it took.
    pub took: Duration,
}

/// The prediction of the report, as text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said(String);

/// The result, as text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Happened(String);

/// Rehearses the chosen cases in copies of `workspace`, and reports the progress.
///
/// # Errors
///
/// If the rehearsal itself can't go on. A case with a wrong result is not an error.
pub fn run(workspace: &Path, cases: &[&'static Case], jobs: usize) -> Result<Vec<Outcome>, Error> {
    let site = Site::checked_in(&workspace.join("openapi"))?;
    let waiting: Mutex<VecDeque<(usize, &'static Case)>> =
        Mutex::new(cases.iter().copied().enumerate().collect());
    let progress = Progress::new(cases.len());
    let work = |job: usize| -> Result<Vec<(usize, Outcome)>, Error> {
        let scratch = Scratch::prepare(workspace, job)?;
        let mut outcomes = Vec::new();
        loop {
            let next = waiting
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .pop_front();
            let Some((number, case)) = next else {
                return Ok(outcomes);
            };
            progress.begin(case);
            let folder = workspace.join("target/rehearsal/sites").join(case.name);
            let outcome = rehearse(case, site.clone(), &folder, &scratch)?;
            progress.end(&outcome);
            outcomes.push((number, outcome));
        }
    };
    let jobs = jobs.clamp(1, cases.len().max(1));
    let done = thread::scope(|scope| {
        let work = &work;
        let threads: Vec<_> = (1..=jobs)
            .map(|job| scope.spawn(move || work(job)))
            .collect();
        let ended = threads.into_iter().map(|thread| match thread.join() {
            Ok(outcomes) => outcomes,
            Err(panic) => std::panic::resume_unwind(panic),
        });
        ended.collect::<Result<Vec<_>, Error>>()
    });
    progress.finish();
    let mut outcomes: Vec<_> = done?.into_iter().flatten().collect();
    outcomes.sort_by_key(|(number, _)| *number);
    Ok(outcomes.into_iter().map(|(_, outcome)| outcome).collect())
}

fn rehearse(
    case: &'static Case,
    mut site: Site,
    folder: &Path,
    scratch: &Scratch,
) -> Result<Outcome, Error> {
    let began = Instant::now();
    (case.change)(&mut site);
    site.write(folder)?;
    let pulled = scratch.pull(folder)?;
    let built = match pulled {
        Pulled::Taken { .. } => Some(scratch.build(case)?),
        Pulled::Refused { .. } => None,
    };
    let mut wrong = unexpected(&case.expect, &pulled);
    if let (Pulled::Taken { regeneration, .. }, Some(built)) = (&pulled, &built) {
        wrong.extend(against(&regeneration.decisions, built));
    }
    Ok(Outcome {
        case: case.name,
        said: said(&pulled),
        happened: happened(&pulled, built.as_ref()),
        wrong,
        took: began.elapsed(),
    })
}

/// Pulls the site of a case into the folder `openapi`, and returns where the report differs from
/// the expectation. Nothing is built. `site` is a folder for the site.
///
/// # Errors
///
/// If one of the folders can't be read or written.
pub fn predict(case: &Case, openapi: &Path, site: &Path) -> Result<Vec<String>, Error> {
    let mut changed = Site::checked_in(openapi)?;
    (case.change)(&mut changed);
    changed.write(site)?;
    let pulled = Pulled::into(openapi, site)?;
    Ok(unexpected(&case.expect, &pulled))
}

/// Where the result of a pull differs from the expectation.
fn unexpected(expect: &Expect, pulled: &Pulled) -> Vec<String> {
    let mut wrong = Vec::new();
    match (expect, pulled) {
        (
            Expect::Refused { code, word },
            Pulled::Refused {
                code: found,
                message,
            },
        ) => {
            if code != found || !message.contains(word) {
                wrong.push(format!(
                    "expected to be refused with {code} and a message with {word:?}, found {found}: {message}"
                ));
            }
        }
        (Expect::Refused { code, .. }, Pulled::Taken { .. }) => {
            wrong.push(format!("expected to be refused with {code}, was taken"));
        }
        (Expect::Builds { .. }, Pulled::Refused { code, message }) => {
            wrong.push(format!(
                "expected to be taken, was refused with {code}: {message}"
            ));
        }
        (
            Expect::Builds {
                decisions,
                release,
                worst,
            },
            Pulled::Taken {
                regeneration,
                worst: found,
                is_client_changed,
            },
        ) => {
            if let Some(refusal) = &regeneration.refusal {
                wrong.push(format!(
                    "the report says that it can't be lowered: {}",
                    refusal.in_line()
                ));
            }
            if *decisions != regeneration.decisions {
                let (expected, said) = (names(decisions), names(&regeneration.decisions));
                wrong.push(format!("expected {expected}, the report says {said}"));
            }
            if *release != regeneration.release {
                let (expected, said) = (of_release(*release), of_release(regeneration.release));
                wrong.push(format!("expected {expected}, the report says {said}"));
            }
            if worst != found {
                let (expected, said) = (of_level(*worst), of_level(*found));
                wrong.push(format!(
                    "expected {expected} at worst, the report says {said}"
                ));
            }
            if regeneration.release.is_some() != *is_client_changed {
                let said = of_release(regeneration.release);
                let client = if *is_client_changed {
                    "different"
                } else {
                    "unchanged"
                };
                wrong.push(format!(
                    "the report says {said}, and client.json is {client}"
                ));
            }
        }
    }
    wrong
}

/// Where the result of the build differs from the report.
fn against(decisions: &[&str], built: &Built) -> Vec<String> {
    let failed = match built {
        Built::Broken(end) => return vec![format!("it does not build:\n{end}")],
        Built::Tested(failed) => failed,
    };
    let mut wrong = Vec::new();
    let decided: BTreeSet<&str> = failed.iter().map(String::as_str).collect();
    let said: BTreeSet<&str> = decisions.iter().copied().collect();
    for test in decided.iter().filter(|test| !test.starts_with(DECISION)) {
        wrong.push(format!("{test} fails and is not a test of decisions"));
    }
    for test in said.difference(&decided) {
        wrong.push(format!("the report says that {test} fails, and it passes"));
    }
    for test in decided
        .difference(&said)
        .filter(|test| test.starts_with(DECISION))
    {
        wrong.push(format!("{test} fails, and the report does not say so"));
    }
    wrong
}

fn said(pulled: &Pulled) -> Said {
    Said(match pulled {
        Pulled::Refused { code, .. } => format!("refused ({code})"),
        Pulled::Taken { regeneration, .. } => match &regeneration.refusal {
            Some(_) => "refused".to_owned(),
            None => format!(
                "{}, {}",
                names(&regeneration.decisions),
                of_release(regeneration.release)
            ),
        },
    })
}

fn happened(pulled: &Pulled, built: Option<&Built>) -> Happened {
    Happened(match (pulled, built) {
        (Pulled::Refused { code, .. }, _) => format!("refused ({code})"),
        (Pulled::Taken { .. }, Some(Built::Tested(failed))) => {
            let (decided, others): (Vec<&str>, Vec<&str>) = failed
                .iter()
                .map(String::as_str)
                .partition(|test| test.starts_with(DECISION));
            match others.len() {
                0 => names(&decided),
                count => format!("{}, {count} other tests fail", names(&decided)),
            }
        }
        (Pulled::Taken { .. }, _) => "broken".to_owned(),
    })
}

fn names(decisions: &[&str]) -> String {
    match decisions {
        [] => "builds".to_owned(),
        some => {
            let short = some.iter().map(|name| name.trim_start_matches(DECISION));
            format!("decide {}", short.collect::<Vec<_>>().join(" "))
        }
    }
}

fn of_release(release: Option<Release>) -> String {
    match release {
        None => "no release".to_owned(),
        Some(release) => format!("a {release} release"),
    }
}

fn of_level(level: Option<Level>) -> String {
    level.map_or("no change".to_owned(), |level| level.to_string())
}

/// The outcomes as a table, followed by everything that is wrong.
pub fn table(outcomes: &[Outcome]) -> String {
    let rows: Vec<[String; 4]> = outcomes
        .iter()
        .map(|outcome| {
            let verdict = if outcome.wrong.is_empty() {
                ""
            } else {
                "WRONG "
            };
            [
                outcome.case.to_owned(),
                outcome.said.0.clone(),
                format!("{verdict}{}", outcome.happened.0),
                format!("{:.1}", outcome.took.as_secs_f64()),
            ]
        })
        .collect();
    let head = ["case", "the report said", "what happened", "seconds"].map(str::to_owned);
    let width = |column: usize| {
        let cells = std::iter::once(&head).chain(&rows);
        cells
            .map(|row| row[column].chars().count())
            .max()
            .unwrap_or_default()
    };
    let widths = [width(0), width(1), width(2)];
    let mut text = String::new();
    for row in std::iter::once(&head).chain(&rows) {
        let [case, said, happened, seconds] = row;
        let _ = writeln!(
            text,
            "{case:<0$}  {said:<1$}  {happened:<2$}  {seconds:>7}",
            widths[0], widths[1], widths[2]
        );
    }
    for outcome in outcomes.iter().filter(|outcome| !outcome.wrong.is_empty()) {
        let _ = writeln!(text, "\n{}:", outcome.case);
        for wrong in &outcome.wrong {
            text.push_str(&console::message(wrong));
        }
    }
    let wrong = outcomes
        .iter()
        .filter(|outcome| !outcome.wrong.is_empty())
        .count();
    let _ = writeln!(text, "\n{} rehearsed, {wrong} wrong", outcomes.len());
    text
}

/// A bar on a terminal, a line per case elsewhere.
struct Progress {
    bar: console::Progress,
    cases: usize,
}

impl Progress {
    fn new(cases: usize) -> Self {
        let bar = console::Progress::new(cases, "{bar:30} {pos}/{len} {elapsed} {wide_msg}");
        Self { bar, cases }
    }

    fn begin(&self, case: &Case) {
        self.bar.at(case.name);
    }

    fn end(&self, outcome: &Outcome) {
        let number = self.bar.step();
        let verdict = if outcome.wrong.is_empty() {
            "as expected"
        } else {
            "WRONG"
        };
        if self.bar.is_seen() && outcome.wrong.is_empty() {
            return;
        }
        self.bar.note(&format_args!(
            "{number:>3}/{} {}: {} ({:.1} s), {verdict}",
            self.cases,
            outcome.case,
            outcome.happened.0,
            outcome.took.as_secs_f64(),
        ));
    }

    fn finish(&self) {
        self.bar.finish();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(slice: &str) -> Vec<&'static str> {
        let options = Options {
            only: None,
            slice: Some(slice.parse().unwrap()),
            jobs: 1,
        };
        chosen(&options).iter().map(|case| case.name).collect()
    }

    #[test]
    fn the_slices_together_are_all_cases_each_of_them_once() {
        let mut sliced: Vec<&str> = (0..7)
            .flat_map(|first| numbers(&format!("{first}/7")))
            .collect();
        let mut all: Vec<&str> = cases::all().map(|case| case.name).collect();
        sliced.sort_unstable();
        all.sort_unstable();
        assert_eq!(sliced, all);
    }

    #[test]
    fn an_invalid_slice_is_refused() {
        for text in ["", "3", "3/", "/3", "3/3", "4/3", "0/0", "-1/3", "a/b"] {
            assert!(text.parse::<Slice>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_failing_test_is_wrong_unless_it_is_a_predicted_decision() {
        let failed =
            |names: &[&str]| Built::Tested(names.iter().map(|name| (*name).to_owned()).collect());
        assert!(against(&["decide_pins"], &failed(&["decide_pins"])).is_empty());
        for (said, names) in [
            (&[][..], &["decide_pins"][..]),
            (&["decide_pins"], &[]),
            (&["decide_pins"], &["decide_pins", "every_row_has_a_getter"]),
        ] {
            assert_eq!(against(said, &failed(names)).len(), 1, "{said:?} {names:?}");
        }
        assert_eq!(against(&[], &Built::Broken("error".to_owned())).len(), 1);
    }
}
