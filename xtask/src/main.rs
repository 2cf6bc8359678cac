//! The command `cargo xtask`.

#![forbid(unsafe_code)]

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use clap::error::ErrorKind;
use clap::{Args, Parser, Subcommand, ValueEnum};
use openapi_compare::finding::{Finding, Level};
use xtask::console;
use xtask::payssam::accepted::{self, Divided};
use xtask::payssam::build::{self, Outcome};
use xtask::payssam::error::Error;
use xtask::payssam::facade;
use xtask::payssam::fetch::{Listing, Origin};
use xtask::payssam::pins::{self, Pins};
use xtask::payssam::rehearse::{self, Options, Slice};
use xtask::payssam::snapshot::Snapshot;
use xtask::payssam::sources::Sources;
use xtask::payssam::upstream::{self, Upstream};
use xtask::payssam::{diff, document, exit, pull, regeneration};
use xtask::report::{self, Compared, Format, Regeneration, Report};

/// Keeps openapi/ in step with PaySsam's published pages.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Arguments {
    /// The folder to use instead of the workspace's openapi/.
    #[arg(long, global = true, hide = true, value_name = "DIR")]
    openapi_dir: Option<PathBuf>,
    #[command(subcommand)]
    area: Area,
}

#[derive(Subcommand)]
enum Area {
    /// The spec: the captured pages and the files generated from them.
    Spec {
        #[command(subcommand)]
        act: Spec,
    },
}

#[derive(Subcommand)]
enum Spec {
    /// Writes the published pages into openapi/: all of them, or nothing.
    ///
    /// Reports what changed, with the exit code of `diff`: the files are written, and
    /// somebody should review them.
    Pull {
        #[command(flatten)]
        from: From,
        #[command(flatten)]
        showing: Showing,
    },
    /// Compares the published pages with what is checked in.
    Diff {
        #[command(flatten)]
        from: From,
        #[command(flatten)]
        showing: Showing,
    },
    /// Compares two files, each an OpenAPI document (3.0 or 3.1, JSON or YAML) or a
    /// documentation page (Markdown).
    Compare {
        /// The older file.
        old: PathBuf,
        /// The newer file.
        new: PathBuf,
        #[command(flatten)]
        showing: Showing,
    },
    /// Generates upstream.json and client.json from the captured pages.
    Build {
        /// Write nothing; exit with 4 if a file is stale.
        #[arg(long)]
        check: bool,
    },
    /// Rehearses changes that PaySsam could publish: pulls each into a copy of the
    /// project, builds it, and compares the result with the report.
    ///
    /// The copies stay in target/rehearsal, so that the next run builds faster. Exits
    /// with 1 if a build broke or a prediction was wrong.
    Rehearse {
        /// Only cases whose names contain this text.
        #[arg(long, value_name = "TEXT")]
        only: Option<String>,
        /// Only every N-th case, starting with the I-th, from 0.
        #[arg(long, value_name = "I/N")]
        slice: Option<Slice>,
        /// How many cases run at a time.
        #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u16).range(1..=64))]
        jobs: u16,
    },
}

#[derive(Args)]
struct From {
    /// Read the pages from this server or folder instead of where they are published.
    #[arg(long = "from", value_name = "URL_OR_DIR", value_parser = Origin::parse)]
    origin: Option<Origin>,
    /// How many seconds a page may take in all, from 1 to 3600.
    #[arg(long, value_name = "SECONDS", default_value = "60", value_parser = seconds)]
    timeout: Duration,
}

fn seconds(text: &str) -> Result<Duration, String> {
    let seconds = text.strip_suffix('s').unwrap_or(text).parse();
    match seconds {
        Ok(seconds @ 1..=3600) => Ok(Duration::from_secs(seconds)),
        _ => Err("expected a number of seconds from 1 to 3600".to_owned()),
    }
}

#[derive(Args)]
struct Showing {
    /// How to write the report.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    /// Exit with 1 if a change of this level or worse is not accepted.
    #[arg(long, value_enum, value_name = "LEVEL", default_value_t = FailOn::Review)]
    fail_on: FailOn,
    /// Show only changes of this level, including accepted ones.
    #[arg(long, value_enum)]
    only: Option<Only>,
    /// Also write the report into this folder, as report.md and report.json.
    #[arg(long, value_name = "DIR")]
    reports: Option<PathBuf>,
}

#[derive(Clone, Copy, ValueEnum)]
enum FailOn {
    Breaking,
    Review,
    Warn,
    Info,
    Doc,
    None,
}

impl FailOn {
    fn level(self) -> Option<Level> {
        match self {
            Self::Breaking => Some(Level::Breaking),
            Self::Review => Some(Level::Review),
            Self::Warn => Some(Level::Warn),
            Self::Info => Some(Level::Info),
            Self::Doc => Some(Level::Doc),
            Self::None => None,
        }
    }
}

#[derive(Clone, Copy, ValueEnum)]
enum Only {
    Breaking,
    Review,
    Warn,
    Info,
    Doc,
}

impl Only {
    fn level(self) -> Level {
        match self {
            Self::Breaking => Level::Breaking,
            Self::Review => Level::Review,
            Self::Warn => Level::Warn,
            Self::Info => Level::Info,
            Self::Doc => Level::Doc,
        }
    }
}

fn main() -> ExitCode {
    console::escape_panics();
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => return misread(&error),
    };
    let openapi = arguments.openapi_dir.unwrap_or_else(checked_in);
    let Area::Spec { act } = arguments.area;
    let ended = match act {
        Spec::Pull { from, showing } => pull(&openapi, from, &showing),
        Spec::Diff { from, showing } => diff(&openapi, from, &showing),
        Spec::Compare { old, new, showing } => compare(&old, &new, &showing),
        Spec::Build { check: true } => check(&openapi),
        Spec::Build { check: false } => build(&openapi),
        Spec::Rehearse { only, slice, jobs } => rehearse(&Options {
            only,
            slice,
            jobs: jobs.into(),
        }),
    };
    match ended {
        Ok(code) => ExitCode::from(code),
        Err(error) => {
            console::error(&error);
            ExitCode::from(exit::code(&error))
        }
    }
}

/// Prints the help or what is wrong with the arguments, which the message quotes.
fn misread(error: &clap::Error) -> ExitCode {
    match error.kind() {
        ErrorKind::DisplayHelp
        | ErrorKind::DisplayVersion
        | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => error.exit(),
        _ => {
            console::note(error);
            ExitCode::from(exit::USAGE)
        }
    }
}

fn workspace() -> &'static Path {
    let xtask = Path::new(env!("CARGO_MANIFEST_DIR"));
    xtask.parent().unwrap_or(xtask)
}

fn checked_in() -> PathBuf {
    workspace().join("openapi")
}

fn build(openapi: &Path) -> Result<u8, Error> {
    for remark in build::snapshot(openapi)?.remarks() {
        console::warning(&remark);
    }
    for outcome in build::write(openapi)? {
        console::say(&told(&outcome));
    }
    Ok(exit::DONE)
}

fn check(openapi: &Path) -> Result<u8, Error> {
    build::check(openapi)?;
    pins::read(openapi)?.verify(&build::snapshot(openapi)?, workspace())?;
    accepted::read(openapi)?;
    Ok(exit::DONE)
}

fn diff(openapi: &Path, from: From, showing: &Showing) -> Result<u8, Error> {
    let (_, sources) = build::read_sources(openapi).map_err(Error::CheckedIn)?;
    let old = build::snapshot(openapi).map_err(Error::CheckedIn)?;
    let rules = Rules::read(openapi)?;
    let new = published(openapi, &sources, from)?;
    let findings = rules.findings(&old, &new)?;
    let regeneration = regeneration::predict(&old, &new.snapshot, &findings);
    let divided = rules.divide(findings);
    show(divided, Some(regeneration), Compared::CheckedIn, showing)
}

fn pull(openapi: &Path, from: From, showing: &Showing) -> Result<u8, Error> {
    let (text, sources) = build::read_sources(openapi).map_err(Error::CheckedIn)?;
    let old = build::snapshot(openapi);
    let rules = Rules::read(openapi)?;
    let new = published(openapi, &sources, from)?;
    let findings = match &old {
        Ok(old) => rules.findings(old, &new)?,
        Err(error) => {
            // A pull repairs a damaged folder.
            console::warning(&format_args!("the changes are unknown: {error}"));
            Vec::new()
        }
    };
    for outcome in pull::take(openapi, &sources, &text, &new, pull::today())? {
        console::note(&told(&outcome));
    }
    let Ok(old) = old else {
        return Ok(exit::DONE);
    };
    let regeneration = regeneration::predict(&old, &new.snapshot, &findings);
    let divided = rules.divide(findings);
    show(divided, Some(regeneration), Compared::CheckedIn, showing)
}

fn compare(old: &Path, new: &Path, showing: &Showing) -> Result<u8, Error> {
    let read = document::read_both(old, new)?;
    for (path, snapshot) in [(old, &read.0), (new, &read.1)] {
        for remark in snapshot.remarks() {
            console::warning(&format_args!("{}: {remark}", path.display()));
        }
    }
    let (listing, pins) = (Listing::default(), Pins::default());
    let findings = diff::findings(&read.0, &read.1, &listing, &pins, Some(pull::today()));
    let findings = findings.map_err(|reason| Error::Compare {
        old: old.display().to_string(),
        new: new.display().to_string(),
        block: [&read.1, &read.0]
            .into_iter()
            .find_map(|read| read.place_of(reason.pointer()?))
            .cloned()
            .map(Box::new),
        reason: Box::new(reason),
    })?;
    let divided = Divided {
        open: findings,
        accepted: Vec::new(),
    };
    let new = new.display().to_string();
    show(divided, None, Compared::Files { new }, showing)
}

fn rehearse(options: &Options) -> Result<u8, Error> {
    let cases = rehearse::chosen(options);
    if cases.is_empty() {
        console::error(&"no case matches; omit --only and --slice to rehearse all");
        return Ok(exit::USAGE);
    }
    let outcomes = match rehearse::run(workspace(), &cases, options.jobs) {
        Ok(outcomes) => outcomes,
        Err(error) => {
            console::error(&error);
            return Ok(error.exit_code());
        }
    };
    for line in rehearse::table(&outcomes).lines() {
        console::say(&line);
    }
    let is_wrong = outcomes.iter().any(|outcome| !outcome.wrong.is_empty());
    Ok(if is_wrong { exit::CHANGED } else { exit::DONE })
}

fn published(openapi: &Path, sources: &Sources, from: From) -> Result<Upstream, Error> {
    let origin = from.origin.unwrap_or(Origin::Published);
    let upstream = upstream::read(openapi, sources, origin, from.timeout)?;
    for warning in &upstream.warnings {
        console::warning(warning);
    }
    Ok(upstream)
}

/// Pins and acceptances.
struct Rules {
    pins: Pins,
    accepted: accepted::Accepted,
}

impl Rules {
    fn read(openapi: &Path) -> Result<Self, Error> {
        let accepted = accepted::read(openapi)?;
        for expired in accepted.expired(pull::today()) {
            let accepted::Acceptance {
                fingerprint,
                reason,
                until,
            } = expired;
            console::warning(&format_args!(
                "openapi/accepted.toml: {fingerprint} was accepted until {until}: {reason}"
            ));
        }
        let pins = pins::read(openapi)?;
        Ok(Self { pins, accepted })
    }

    fn findings(&self, old: &Snapshot, new: &Upstream) -> Result<Vec<Finding>, Error> {
        let findings = diff::findings(
            old,
            &new.snapshot,
            &new.listing,
            &self.pins,
            Some(pull::today()),
        );
        findings.map_err(|reason| Error::Compare {
            old: "what is checked in".to_owned(),
            new: "what is published".to_owned(),
            block: reason
                .pointer()
                .and_then(|pointer| new.snapshot.place_of(pointer))
                .cloned()
                .map(Box::new),
            reason: Box::new(reason),
        })
    }

    fn divide(&self, findings: Vec<Finding>) -> Divided {
        self.accepted.divide(findings, pull::today())
    }
}

/// Prints the report, writes it to files if asked, and returns the exit code.
fn show(
    divided: Divided,
    regeneration: Option<Regeneration>,
    compared: Compared,
    showing: &Showing,
) -> Result<u8, Error> {
    let Divided { open, accepted } = divided;
    let worst = open.iter().map(|finding| finding.level).max();
    let fail_on = showing.fail_on.level();
    let rust = facade::rust_side(&open);
    let (findings, hidden, unshown_accepted) = match showing.only {
        None => (open, 0, accepted.len()),
        Some(only) => {
            let all = open.into_iter().chain(accepted);
            let (shown, hidden): (Vec<Finding>, Vec<Finding>) =
                all.partition(|finding| finding.level == only.level());
            (shown, hidden.len(), 0)
        }
    };
    let report = Report {
        findings,
        regeneration,
        rust,
        hidden,
        compared,
    };
    if let Some(folder) = &showing.reports {
        write_reports(folder, &report)?;
    }
    console::print(&report, showing.format);
    if unshown_accepted > 0 && matches!(showing.format, Format::Text) {
        console::say(&format_args!(
            "{unshown_accepted} accepted, see openapi/accepted.toml"
        ));
    }
    Ok(match (worst, fail_on) {
        (Some(worst), Some(fail_on)) if worst >= fail_on => exit::CHANGED,
        _ => exit::DONE,
    })
}

fn write_reports(folder: &Path, report: &Report) -> Result<(), Error> {
    for (name, format) in [
        ("report.md", Format::Markdown),
        ("report.json", Format::Json),
    ] {
        let path = folder.join(name);
        let written = std::fs::write(&path, report::render(report, format, false));
        written.map_err(|reason| Error::Report { path, reason })?;
    }
    Ok(())
}

fn told(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Wrote(name) => format!("wrote openapi/{name}"),
        Outcome::Removed(name) => format!("removed openapi/{name}"),
        Outcome::Unchanged(name) => format!("unchanged openapi/{name}"),
    }
}
