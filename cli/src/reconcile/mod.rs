//! `payssam reconcile`.

mod database;
mod files;
mod outcome;
mod progress;

use std::{
    io,
    path::{Path, PathBuf},
};

use clap::{Args, ValueEnum};
use payssam::{Client, Error};
use payssam_reconcile::{Format, Ledger, Mapping, Report, Run, Settings, Shard};

use self::progress::Shown;
use crate::{connection::Connection, failure::Failure, help, output::Output, signals::Signals};

/// Compares your books with what PaySsam says, bill by bill (대사).
///
/// Each line of the ledger is read once, and becomes one JSON line with its class: agrees, paid_here_only,
/// paid_there_only, amount_differs, cancelled_elsewhere, destroyed, not_found, unsettled, duplicate_line,
/// unreadable_line or could_not_be_read. "Here" is in your books, "there" at PaySsam. Nothing is changed: only bills
/// are read.
///
/// A ledger is CSV with a header, or JSON lines, in UTF-8, UTF-16 or CP949 (EUC-KR), with a bill id, an amount and a
/// state (미결제, 결제완료, 취소, 파기; or unpaid, paid, cancelled, destroyed).
///
/// It ends with exit code 6 if anything is a mismatch, else with 5 if a bill could not be read, else with 0. A bill that
/// could not be read is neither a mismatch nor agreement: run the same command with --resume to read only those.
#[derive(Args)]
#[command(verbatim_doc_comment, after_help = help::of_a_call(&[
    "payssam reconcile books.csv --out report.csv --html report.html",
    "payssam reconcile books.csv --map amount=수강료 --out report.jsonl --resume",
    "payssam reconcile books.csv --shard 1/4 --rate 20 --out report-1.jsonl",
    "payssam reconcile --database books.db --out report.jsonl",
]))]
pub(crate) struct Reconcile {
    /// The ledger: CSV or JSON lines; - is stdin.
    #[arg(value_name = "LEDGER", required_unless_present = "database")]
    ledger: Option<PathBuf>,
    /// The database of payssam ledger, instead of a file.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["ledger", "map", "format"])]
    database: Option<PathBuf>,
    /// Where the findings go, instead of stdout: CSV for spreadsheets if it ends with .csv, else JSON lines.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Write a page for people to this file.
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,
    /// The name of a column in the ledger: bill_id, amount, state or day, such as amount=수강료. May be repeated.
    #[arg(long, value_name = "COLUMN=NAME")]
    map: Vec<Mapping>,
    /// How the ledger is written, if its name and content do not say so.
    #[arg(long, value_name = "FORMAT", value_enum)]
    format: Option<LedgerFormat>,
    /// How many bills are read at the same time.
    #[arg(long, value_name = "N", default_value_t = 8, value_parser = clap::value_parser!(u8).range(1..=64))]
    concurrency: u8,
    /// The most reads in a second, such as 20 or 0.5 [default: as many as PaySsam takes].
    #[arg(long, value_name = "N", value_parser = rate)]
    rate: Option<f64>,
    /// Only part i of n, by the bill id. The parts together are the whole ledger.
    #[arg(long, value_name = "I/N")]
    shard: Option<Shard>,
    /// Where the run notes what it has found [default: beside --out, else beside the ledger, with .journal].
    #[arg(long, value_name = "FILE")]
    journal: Option<PathBuf>,
    /// Go on with what is in the journal, after any end: only what is missing, or could not be read, is read.
    ///
    /// Without a journal it begins at the beginning.
    #[arg(long)]
    resume: bool,
}

#[derive(Clone, Copy, ValueEnum)]
enum LedgerFormat {
    /// Cells with a comma, a tab, a semicolon or a bar between them, under a header.
    Csv,
    /// A JSON object on each line.
    Jsonl,
}

fn rate(text: &str) -> Result<f64, String> {
    let rate: Option<f64> = text.parse().ok();
    rate.filter(|rate| rate.is_finite() && (0.001..=10_000.0).contains(rate))
        .ok_or_else(|| "it must be a number from 0.001 to 10000".to_owned())
}

impl Reconcile {
    pub(crate) async fn run(self, connection: &Connection, output: Output) -> Result<u8, Failure> {
        let client = connection.client_from_env()?;
        let server = connection.base_url()?.unwrap_or_default();
        let ledger = self.open(&client).await?;
        let journal = self.journal();
        self.check_files(journal.as_deref())?;
        let mut settings = Settings::default();
        settings.concurrency = self.concurrency.into();
        settings.rate = self.rate;
        settings.shard = self.shard;
        settings.journal = journal.clone();
        settings.resume = self.resume;
        settings.server = server;
        let mut run = Run::start(&ledger, &client, settings).map_err(Failure::not_begun)?;
        let mut signals = Signals::listen().map_err(|error| Error::config("signals", error))?;
        let mut shown = Shown::new();
        let interrupted = loop {
            tokio::select! {
                biased;
                signal = signals.next() => break Some(signal.name()),
                found = run.next() => match found? {
                    Some(_) => shown.update(run.progress()),
                    None => break None,
                },
                () = shown.minute() => shown.line(run.progress()),
            }
        };
        shown.clear();
        if let Some(signal) = interrupted {
            let was_asked = Connection::was_any_made();
            let interruption =
                outcome::interrupted(signal, run.progress(), journal.is_some(), was_asked);
            return Err(interruption);
        }
        let report = run.finish()?;
        let code = outcome::code(report.summary());
        let (out, html, is_partial) = (self.out, self.html, report.summary().partial);
        // So that a signal ends it although nobody reads its output.
        let has_out = out.is_some();
        let written = tokio::task::spawn_blocking(move || {
            write(&report, out.as_deref(), html.as_deref(), output)
        });
        tokio::select! {
            biased;
            written = written => written.map_err(|error| Error::config("report", error))??,
            signal = signals.next() => return Err(outcome::not_written(signal.name())),
        }
        // Beside the ledger nobody asked for it, and nothing is left to resume.
        if let (Some(journal), None, false, false) = (&journal, &self.journal, has_out, is_partial)
        {
            drop(std::fs::remove_file(journal));
        }
        Ok(code)
    }

    async fn open(&self, client: &Client) -> Result<Ledger, Failure> {
        let format = self.format.map(|format| match format {
            LedgerFormat::Csv => Format::Csv,
            LedgerFormat::Jsonl => Format::JsonLines,
        });
        if let Some(database) = &self.database {
            return database::ledger(database, client).await;
        }
        let path = self.ledger.as_deref().unwrap_or(Path::new("-"));
        let ledger = match path == Path::new("-") {
            true => Ledger::read_from(io::stdin().lock(), "stdin", format, &self.map),
            false => Ledger::open(path, format, &self.map),
        };
        ledger.map_err(Failure::not_begun)
    }

    /// The file of the journal. Only a ledger from stdin without any file has none.
    fn journal(&self) -> Option<PathBuf> {
        if self.journal.is_some() {
            return self.journal.clone();
        }
        let is_file = |path: &&PathBuf| path.as_path() != Path::new("-");
        let source = self
            .ledger
            .as_ref()
            .filter(is_file)
            .or(self.database.as_ref());
        let beside = self.out.as_ref().or(source)?;
        let mut name = beside.clone().into_os_string();
        if let (None, Some(shard)) = (&self.out, self.shard) {
            name.push(format!(".{}-of-{}", shard.index(), shard.count()));
        }
        name.push(".journal");
        Some(name.into())
    }

    /// Finds out before the first call whether the report can be written.
    fn check_files(&self, journal: Option<&Path>) -> Result<(), Failure> {
        let source = self.ledger.as_deref().or(self.database.as_deref());
        let named = [
            ("LEDGER", source),
            ("--journal", journal),
            ("--out", self.out.as_deref()),
            ("--html", self.html.as_deref()),
        ];
        for (place, (option, path)) in named.iter().enumerate() {
            let Some(path) = path else { continue };
            let mut before = named[..place].iter();
            let same =
                before.find(|(_, other)| other.is_some_and(|other| files::are_same(path, other)));
            if let Some((other, _)) = same {
                let problem = format!("{other} and {option} are the same file");
                return Err(Error::invalid_input("files", problem).into());
            }
        }
        for path in [&self.out, &self.html].into_iter().flatten() {
            files::check(path)?;
        }
        Ok(())
    }
}

/// Writes the report: findings, page, summary, and errors last.
fn write(
    report: &Report,
    out: Option<&Path>,
    html: Option<&Path>,
    output: Output,
) -> Result<(), Failure> {
    let summary = report.summary();
    match out {
        Some(out) => files::write(out, |to| {
            let findings = report.findings().map_err(io::Error::other)?;
            match out
                .extension()
                .is_some_and(|it| it.eq_ignore_ascii_case("csv"))
            {
                true => payssam_reconcile::write_csv(findings, to),
                false => files::json_lines(findings, to),
            }
        })?,
        None => files::to_stdout(|to| {
            files::json_lines(report.findings().map_err(io::Error::other)?, to)
        })?,
    }
    if let Some(html) = html {
        let full_list = out.and_then(|out| files::link(html, out));
        files::write(html, |to| {
            let findings = report.findings().map_err(io::Error::other)?;
            payssam_reconcile::page(summary, findings, full_list.as_deref(), to)
        })?;
    }
    outcome::show(report, output, out.is_some())
}
