//! A run over a whole ledger, with a journal.

use std::{
    io,
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use jiff::Timestamp;
use payssam::{Client, redact};

use crate::{
    class::Class,
    error::Error,
    finding::Finding,
    journal::{Identity, Journal},
    ledger::{Ledger, suspicion},
    pace::PATIENCE,
    reconcile::{CONCURRENCY, Reconciliation, reconcile},
    refunds::Refunds,
    shard::Shard,
    summary::Summary,
    survey::Survey,
    unknown::{Status, unknown_lines},
};

/// How a ledger is compared.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Settings {
    /// The most bills that are read at the same time.
    pub concurrency: usize,
    /// The most reads that begin in a second.
    pub rate: Option<f64>,
    /// For how long nothing may be read before no more is asked for; five minutes by default. See
    /// [`Reconciliation::patience`].
    pub patience: Duration,
    /// The part of the ledger; all of it by default.
    pub shard: Option<Shard>,
    /// The file of the journal; without one, a run cannot be resumed.
    pub journal: Option<PathBuf>,
    /// Whether to go on with what is in the journal. Without a journal there is nothing to go on with, and the run begins at
    /// its beginning.
    pub resume: bool,
    /// The base URL of the server, so that a journal of one server is not resumed with another.
    pub server: String,
}

impl Default for Settings {
    fn default() -> Self {
        Settings {
            concurrency: CONCURRENCY,
            rate: None,
            patience: PATIENCE,
            shard: None,
            journal: None,
            resume: false,
            server: String::new(),
        }
    }
}

/// How far a run is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Progress {
    /// The lines of the ledger, or of the shard.
    pub lines: u64,
    /// Those of which something is known, from this run or an earlier one.
    pub done: u64,
    /// Those that this run has found.
    pub found: u64,
    /// The mismatches that are known, from this run or an earlier one.
    pub mismatches: u64,
    /// The lines that this run could not read.
    pub failed: u64,
}

/// A ledger that is being compared, line after line. What is found is in the journal before the next line is asked for.
///
/// ```no_run
/// use payssam_reconcile::{Ledger, Run, Settings};
///
/// # async fn example(client: payssam::Client) -> Result<(), Box<dyn std::error::Error>> {
/// let ledger = Ledger::open("books.csv", None, &[])?;
/// let mut run = Run::start(&ledger, &client, Settings::default())?;
/// while let Some(finding) = run.next().await? {
///     println!("{}: {}", finding.line, finding.class);
/// }
/// let report = run.finish()?;
/// println!("{} mismatches", report.summary().classes.mismatches());
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct Run<'l> {
    ledger: &'l Ledger,
    journal: Journal,
    findings: Reconciliation,
    source: Arc<Mutex<Status>>,
    /// Findings that are in the journal and were not returned yet.
    written: Vec<Finding>,
    progress: Progress,
    /// The bills that this run has asked for.
    asked: u64,
    summary: Summary,
}

impl<'l> Run<'l> {
    /// Looks through the whole ledger, and opens the journal. Nothing is asked yet. This blocks the thread for about a
    /// second for a million lines.
    ///
    /// # Errors
    ///
    /// [`Error::NotALedger`], [`Error::JournalRefused`] and [`Error::File`].
    pub fn start(ledger: &'l Ledger, client: &Client, settings: Settings) -> Result<Self, Error> {
        let survey = Survey::of(ledger, settings.shard)?;
        let credentials = client.credentials();
        let reading = ledger.reading();
        let identity = Identity {
            ledger: &survey.digest,
            reading: &reading,
            member: credentials.member(),
            merchant: credentials.merchant(),
            server: &settings.server,
            shard: settings.shard,
        };
        let mut journal = match &settings.journal {
            Some(path) => Journal::open(path, &identity, settings.resume)?,
            None => Journal::temporary(&identity)?,
        };
        let (member, merchant) = (credentials.member(), credentials.merchant());
        let label = format!("{}/{}", redact::escape(member), redact::escape(merchant));
        let mut summary = Summary::new(redact::escape(ledger.name()), label, settings.shard);
        summary.started = journal.started();
        summary.uncertain_bills = ledger.uncertain_bills();
        let progress = Progress {
            lines: survey.lines,
            mismatches: journal.mismatches(),
            ..Progress::default()
        };
        let (lines, source) = unknown_lines(ledger.lines()?, survey, journal.take_known())?;
        let mut findings = reconcile(lines, client)
            .concurrency(settings.concurrency)
            .patience(settings.patience);
        if let Some(rate) = settings.rate {
            findings = findings.rate(rate);
        }
        Ok(Run {
            ledger,
            journal,
            findings,
            source,
            written: Vec::new(),
            progress,
            asked: 0,
            summary,
        })
    }

    /// The next finding, which is in the journal by then; `None` after the last. The future may be dropped at any time.
    ///
    /// # Errors
    ///
    /// [`Error::File`] and [`Error::LedgerChanged`].
    pub async fn next(&mut self) -> Result<Option<Finding>, Error> {
        if let Some(finding) = self.written.pop() {
            return Ok(Some(finding));
        }
        let finding = self.findings.next().await;
        let skipped = {
            let mut source = self.source.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some(error) = source.failure.take() {
                return Err(error);
            }
            if finding.is_none() && !source.is_whole {
                return Err(Error::LedgerChanged);
            }
            source.skipped
        };
        // Those that ended at the same time share one write. Nothing further is asked before they are in the journal, so
        // that what a kill loses is never more than the reads that may run at the same time.
        let mut found: Vec<Finding> = Vec::new();
        let mut next = finding;
        while let Some(finding) = next {
            found.push(self.explained(finding));
            next = self.findings.ready();
        }
        self.journal.append(&found)?;
        let progress = &mut self.progress;
        progress.found += found.len() as u64;
        progress.done = progress.found + skipped;
        for finding in &found {
            progress.mismatches += u64::from(finding.class.is_mismatch());
            progress.failed += u64::from(finding.class == Class::CouldNotBeRead);
            let is_of_ledger =
                matches!(finding.class, Class::DuplicateLine | Class::UnreadableLine);
            self.asked += u64::from(!is_of_ledger);
        }
        self.written = found;
        Ok(self.written.pop())
    }

    /// Says what a spreadsheet may have done to an id that is not found.
    fn explained(&self, mut finding: Finding) -> Finding {
        if finding.class != Class::NotFound {
            return finding;
        }
        if let Some(suspicion) = finding.bill_id.as_ref().and_then(suspicion) {
            let (line, column) = (finding.line, self.ledger.id_column());
            finding.reason = format!("{}; line {line}, {column}: {suspicion}", finding.reason);
        }
        finding
    }

    /// How far it is.
    pub fn progress(&self) -> Progress {
        self.progress
    }

    /// Ends the run after its last finding: counts all findings, those of earlier runs too.
    ///
    /// # Errors
    ///
    /// [`Error::Miscounted`] when they are not as many as the lines; [`Error::File`].
    pub fn finish(self) -> Result<Report, Error> {
        let Run {
            mut journal,
            mut summary,
            progress,
            asked,
            findings,
            ..
        } = self;
        // It holds the ledger.
        drop(findings);
        let mut refunds = Refunds::default();
        for finding in journal.findings()? {
            let finding = finding.map_err(Error::file("the journal"))?;
            refunds.note(&finding);
            summary.add(&finding);
        }
        if refunds.sort() {
            for finding in journal.findings()? {
                refunds.look(&finding.map_err(Error::file("the journal"))?);
            }
        }
        let sum = summary.classes.sum();
        if sum != progress.lines {
            return Err(Error::Miscounted {
                lines: progress.lines,
                sum,
            });
        }
        // What nobody has read now is as old as it was.
        let earlier_end = journal.earlier_end();
        let as_of = earlier_end.filter(|_| asked == 0);
        let ended = as_of.unwrap_or_else(Timestamp::now);
        summary.ended = Some(ended);
        journal.finish(sum, ended)?;
        let is_stale = as_of.is_some() && sum > 0;
        Ok(Report {
            journal,
            summary,
            refunds,
            is_stale,
        })
    }
}

/// All findings of a run that ended. It keeps the journal locked until it is dropped.
#[derive(Debug)]
pub struct Report {
    journal: Journal,
    summary: Summary,
    refunds: Refunds,
    is_stale: bool,
}

impl Report {
    /// Whether this run has read nothing, because an earlier one had read everything: then all is as of
    /// [`Summary::ended`], and proves nothing of later.
    pub fn is_stale(&self) -> bool {
        self.is_stale
    }

    /// What came of all lines.
    pub fn summary(&self) -> &Summary {
        &self.summary
    }

    /// All findings in the order of the ledger. This takes 16 bytes for each of them.
    ///
    /// A line of a bill that an earlier line has as paid, and this one as cancelled, says whether PaySsam still holds the
    /// payment: that is known only here.
    ///
    /// # Errors
    ///
    /// [`Error::File`].
    pub fn findings(&self) -> Result<impl Iterator<Item = io::Result<Finding>>, Error> {
        let findings = self.journal.findings()?;
        Ok(findings.map(|finding| Ok(self.refunds.explained(finding?))))
    }
}
