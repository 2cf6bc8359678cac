//! A copy of the project in which a changed site is pulled, built and tested.
//!
//! A copy stays where it is, so that the next case builds only what its change touches. It has a
//! target directory of its own beside it, regardless of `CARGO_TARGET_DIR`.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;

use super::case::Case;
use super::cases;
use super::error::Error;
use crate::payssam::error::Error as CommandError;
use crate::payssam::fetch::{Origin, PAGE_WITHIN};
use crate::payssam::pins;
use crate::payssam::{build, diff, exit, pull, regeneration, upstream};
use crate::report::Regeneration;
use openapi_compare::finding::{Finding, Level};

/// The package whose client is generated.
const LIBRARY: &str = "payssam";

/// The tests that a change of the specification can touch.
const CONTRACT_TESTS: [&str; 2] = ["decisions", "spec"];

/// The copy of one job.
#[derive(Debug)]
pub(super) struct Scratch {
    workspace: PathBuf,
    folder: PathBuf,
    target: PathBuf,
    logs: PathBuf,
    files: BTreeSet<PathBuf>,
    cargo: Cargo,
}

/// Arguments for cargo.
#[derive(Clone, Debug)]
struct Cargo {
    /// The names of packages that have contract tests.
    packages: BTreeSet<String>,
    /// The names of those tests.
    tests: BTreeSet<String>,
}

/// The result of a pull, before anything is built.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Pulled {
    /// It was refused.
    Refused {
        /// The exit code of the command.
        code: u8,
        /// The message.
        message: String,
    },
    /// It succeeded, with this report.
    Taken {
        /// The predicted result of regenerating alone.
        regeneration: Regeneration,
        /// The worst level of all changes.
        worst: Option<Level>,
        /// Whether `client.json` changed.
        is_client_changed: bool,
    },
}

/// The result of a build and its tests.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Built {
    /// It compiles, and these tests failed.
    Tested(BTreeSet<String>),
    /// It does not compile, or a test ended without a result. The end of the output.
    Broken(String),
}

impl Pulled {
    /// Pulls what the folder `site` publishes into the folder `openapi`.
    pub fn into(openapi: &Path, site: &Path) -> Result<Self, Error> {
        let client = openapi.join(build::CLIENT);
        let before = fs::read(&client).map_err(|reason| Error::io(&client, reason))?;
        let (regeneration, findings) = match take(openapi, site) {
            Ok(taken) => taken,
            Err(error) => {
                return Ok(Pulled::Refused {
                    code: exit::code(&error),
                    message: error.to_string(),
                });
            }
        };
        let after = fs::read(&client).map_err(|reason| Error::io(&client, reason))?;
        Ok(Pulled::Taken {
            regeneration,
            worst: findings.iter().map(|finding| finding.level).max(),
            is_client_changed: before != after,
        })
    }
}

impl Scratch {
    /// Creates or updates the copy of the `job`-th job.
    pub fn prepare(workspace: &Path, job: usize) -> Result<Self, Error> {
        let rehearsal = workspace.join("target/rehearsal");
        let files = files(workspace)?;
        let scratch = Scratch {
            workspace: workspace.to_owned(),
            folder: rehearsal.join(job.to_string()),
            target: rehearsal.join(format!("{job}.target")),
            logs: rehearsal.join("logs"),
            files,
            cargo: Cargo::of(workspace)?,
        };
        for folder in [&scratch.folder, &scratch.logs] {
            fs::create_dir_all(folder).map_err(|reason| Error::io(folder, reason))?;
        }
        scratch.restore(Path::new(""))?;
        Ok(scratch)
    }

    /// Copies everything below `part` from the workspace. Equal files keep their modification time.
    fn restore(&self, part: &Path) -> Result<(), Error> {
        for file in self.files.iter().filter(|file| file.starts_with(part)) {
            let (from, to) = (self.workspace.join(file), self.folder.join(file));
            let bytes = fs::read(&from).map_err(|reason| Error::io(&from, reason))?;
            if fs::read(&to).is_ok_and(|there| there == bytes) {
                continue;
            }
            if let Some(folder) = to.parent() {
                fs::create_dir_all(folder).map_err(|reason| Error::io(folder, reason))?;
            }
            fs::write(&to, bytes).map_err(|reason| Error::io(&to, reason))?;
        }
        self.remove_others(&self.folder.join(part))
    }

    fn remove_others(&self, folder: &Path) -> Result<(), Error> {
        let entries = fs::read_dir(folder).map_err(|reason| Error::io(folder, reason))?;
        for entry in entries {
            let path = entry.map_err(|reason| Error::io(folder, reason))?.path();
            if path.is_dir() {
                self.remove_others(&path)?;
                // Fails if the folder is not empty; then it stays.
                let _ = fs::remove_dir(&path);
            } else if path
                .strip_prefix(&self.folder)
                .is_ok_and(|file| !self.files.contains(file))
            {
                fs::remove_file(&path).map_err(|reason| Error::io(&path, reason))?;
            }
        }
        Ok(())
    }

    /// Pulls what a folder publishes into the copy, as `spec pull` does.
    pub fn pull(&self, site: &Path) -> Result<Pulled, Error> {
        self.restore(Path::new("openapi"))?;
        Pulled::into(&self.folder.join("openapi"), site)
    }

    /// Builds the copy as it is now, and runs the contract tests.
    pub fn build(&self, case: &Case) -> Result<Built, Error> {
        let log = self.logs.join(format!("{}.log", case.name));
        fs::write(&log, "").map_err(|reason| Error::io(&log, reason))?;
        // The dev-dependencies switch on every feature but `native-tls`, which needs headers of the system.
        let mut check = self.cargo(&["check", "--workspace", "--all-targets"]);
        if !run(&mut check, &log)? {
            return Ok(Built::Broken(end_of(&log)));
        }
        if cases::is_hostile(case)
            && let Some(doctest) = self.doctest_of_the_client(&log)?
        {
            return Ok(Built::Broken(format!("rustdoc would run {doctest}")));
        }
        let mut test = self.cargo(&["test", "--no-fail-fast"]);
        for package in &self.cargo.packages {
            test.args(["--package", package]);
        }
        for name in &self.cargo.tests {
            test.args(["--test", name]);
        }
        let has_passed = run(&mut test, &log)?;
        let text = fs::read_to_string(&log).map_err(|reason| Error::io(&log, reason))?;
        let failed = failed_tests(&text);
        Ok(match has_passed || !failed.is_empty() {
            true => Built::Tested(failed),
            false => Built::Broken(end_of(&log)),
        })
    }

    /// The first doctest that rustdoc finds in the generated client.
    fn doctest_of_the_client(&self, log: &Path) -> Result<Option<String>, Error> {
        let mut list = self.cargo(&["test", "--package", LIBRARY, "--doc"]);
        list.args(["--", "--list"]);
        if !run(&mut list, log)? {
            return Ok(Some(end_of(log)));
        }
        let text = fs::read_to_string(log).map_err(|reason| Error::io(log, reason))?;
        let doctest = text.lines().find(|line| line.contains("out/client.rs - "));
        Ok(doctest.map(str::to_owned))
    }

    fn cargo(&self, arguments: &[&str]) -> Command {
        let mut cargo = cargo(&self.folder);
        cargo
            .args(arguments)
            .args(["--offline", "--locked"])
            .env("CARGO_TARGET_DIR", &self.target)
            .env("CARGO_INCREMENTAL", "1")
            .env("CARGO_TERM_COLOR", "never")
            .env("CARGO_PROFILE_DEV_DEBUG", "0")
            .env("RUST_BACKTRACE", "0")
            .stdin(Stdio::null());
        cargo
    }
}

fn take(openapi: &Path, site: &Path) -> Result<(Regeneration, Vec<Finding>), CommandError> {
    let (text, sources) = build::read_sources(openapi)?;
    let old = build::snapshot(openapi)?;
    let pins = pins::read(openapi)?;
    let new = upstream::read(
        openapi,
        &sources,
        Origin::Folder(site.to_owned()),
        PAGE_WITHIN,
    )?;
    let findings = diff::findings(
        &old,
        &new.snapshot,
        &new.listing,
        &pins,
        Some(pull::today()),
    );
    let findings = findings.map_err(|reason| CommandError::Compare {
        old: "what is checked in".to_owned(),
        new: "what is published".to_owned(),
        block: None,
        reason: Box::new(reason),
    })?;
    let regeneration = regeneration::predict(&old, &new.snapshot, &findings);
    pull::take(openapi, &sources, &text, &new, pull::today())?;
    Ok((regeneration, findings))
}

impl Cargo {
    fn of(workspace: &Path) -> Result<Self, Error> {
        let mut metadata = cargo(workspace);
        metadata.args(["metadata", "--format-version=1", "--no-deps", "--offline"]);
        let metadata: Value = serde_json::from_slice(&output(&mut metadata)?).unwrap_or_default();
        let mut cargo = Cargo {
            packages: BTreeSet::new(),
            tests: BTreeSet::new(),
        };
        for package in metadata["packages"].as_array().into_iter().flatten() {
            let name = package["name"].as_str().unwrap_or_default();
            for target in package["targets"].as_array().into_iter().flatten() {
                let test = target["name"].as_str().unwrap_or_default();
                if target["kind"][0] == "test" && CONTRACT_TESTS.contains(&test) {
                    cargo.packages.insert(name.to_owned());
                    cargo.tests.insert(test.to_owned());
                }
            }
        }
        match cargo.tests.is_empty() {
            true => Err(Error::NoTests(CONTRACT_TESTS.join(", "))),
            false => Ok(cargo),
        }
    }
}

fn cargo(folder: &Path) -> Command {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command.current_dir(folder);
    // Variables of a build script or of `cargo run` describe the workspace, not the copy.
    for (name, _) in std::env::vars_os() {
        let is_of_a_package = name.to_str().is_some_and(|name| {
            name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_")
        });
        if is_of_a_package {
            command.env_remove(name);
        }
    }
    command
}

/// The files that git knows or would add, as they are on the disk; without a repository all files
/// except build output.
fn files(workspace: &Path) -> Result<BTreeSet<PathBuf>, Error> {
    let mut files = BTreeSet::new();
    if !workspace.join(".git").exists() {
        all_files(workspace, Path::new(""), &mut files)?;
        return Ok(files);
    }
    let mut git = Command::new("git");
    git.current_dir(workspace);
    git.args([
        "ls-files",
        "-z",
        "--cached",
        "--others",
        "--exclude-standard",
    ]);
    let names = String::from_utf8_lossy(&output(&mut git)?).into_owned();
    let names = names.split('\0').filter(|name| !name.is_empty());
    let there = names.map(PathBuf::from);
    files.extend(there.filter(|file| workspace.join(file).is_file()));
    Ok(files)
}

fn all_files(workspace: &Path, part: &Path, files: &mut BTreeSet<PathBuf>) -> Result<(), Error> {
    let folder = workspace.join(part);
    let entries = fs::read_dir(&folder).map_err(|reason| Error::io(&folder, reason))?;
    for entry in entries {
        let entry = entry.map_err(|reason| Error::io(&folder, reason))?;
        let file = part.join(entry.file_name());
        match entry.file_type() {
            Ok(kind) if kind.is_dir() && entry.file_name() != "target" => {
                all_files(workspace, &file, files)?;
            }
            Ok(kind) if kind.is_file() => drop(files.insert(file)),
            _ => {}
        }
    }
    Ok(())
}

fn output(command: &mut Command) -> Result<Vec<u8>, Error> {
    let what = format!("{command:?}");
    let done = command.stdin(Stdio::null()).output();
    let done = done.map_err(|reason| Error::io(Path::new(command.get_program()), reason))?;
    match done.status.success() {
        true => Ok(done.stdout),
        false => Err(Error::Command {
            what,
            said: String::from_utf8_lossy(&done.stderr).into_owned(),
        }),
    }
}

/// Runs a command with its output in `log`; returns whether it succeeded.
fn run(command: &mut Command, log: &Path) -> Result<bool, Error> {
    let open = || File::options().append(true).open(log);
    let io = |reason| Error::io(log, reason);
    writeln!(open().map_err(io)?, "$ {command:?}").map_err(io)?;
    let status = command
        .stdout(open().map_err(io)?)
        .stderr(open().map_err(io)?)
        .status();
    let program = Path::new(command.get_program());
    let status = status.map_err(|reason| Error::io(program, reason))?;
    Ok(status.success())
}

/// The names of the tests that failed, without their modules.
fn failed_tests(log: &str) -> BTreeSet<String> {
    let verdicts = log.lines().filter_map(|line| line.strip_prefix("test "));
    let failed = verdicts.filter_map(|line| line.strip_suffix(" ... FAILED"));
    // A test that may panic is listed as `name - should panic`.
    let names = failed.map(|name| name.split(" - ").next().unwrap_or(name));
    names
        .map(|name| name.rsplit("::").next().unwrap_or(name).to_owned())
        .collect()
}

fn end_of(log: &Path) -> String {
    const LINES: usize = 40;
    let text = fs::read(log).unwrap_or_default();
    let text = String::from_utf8_lossy(&text);
    let lines: Vec<&str> = text.lines().collect();
    lines[lines.len().saturating_sub(LINES)..].join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn failed_tests_are_known_by_their_last_names() {
        let log = "running 3 tests\ntest one ... ok\ntest decide_pins ... FAILED\n\
                   test deep::inside::decide_states ... FAILED\ntest result: FAILED. 1 passed\n";
        let failed = failed_tests(log);
        assert_eq!(
            failed,
            ["decide_pins", "decide_states"].map(String::from).into()
        );
    }
}
