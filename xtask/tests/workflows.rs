//! The workflows: text of a page never becomes a command, built code can't write, and what they fetch is
//! pinned.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use saphyr::{LoadableYamlNode, Scalar, Yaml};
use serde_json::{Map, Value, json};

struct Workflow {
    name: String,
    text: String,
    document: Value,
}

impl Workflow {
    fn parse(name: &str, text: &str) -> Self {
        let documents = Yaml::load_from_str(text).unwrap_or_else(|error| panic!("{name}: {error}"));
        let [document] = &documents[..] else {
            panic!("{name}: {} documents", documents.len());
        };
        Self {
            name: name.to_owned(),
            text: text.to_owned(),
            document: as_json(document),
        }
    }

    fn jobs(&self) -> &Map<String, Value> {
        self.document["jobs"].as_object().expect("jobs")
    }

    /// What the token of a job may do, in the words of the workflow.
    fn permissions<'a>(&'a self, job: &'a Value) -> &'a Value {
        job.get("permissions")
            .unwrap_or(&self.document["permissions"])
    }
}

fn as_json(node: &Yaml<'_>) -> Value {
    match node {
        Yaml::Value(Scalar::Boolean(value)) => json!(value),
        Yaml::Value(Scalar::Integer(value)) => json!(value),
        Yaml::Value(Scalar::FloatingPoint(value)) => json!(value.into_inner()),
        Yaml::Value(Scalar::String(text)) => json!(text),
        Yaml::Value(Scalar::Null) => Value::Null,
        Yaml::Sequence(items) => items.iter().map(as_json).collect(),
        Yaml::Mapping(entries) => entries
            .iter()
            .map(|(key, value)| (key.as_str().expect("a key").to_owned(), as_json(value)))
            .collect(),
        other => panic!("no workflow needs {other:?}"),
    }
}

/// All files of the project below a folder.
fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let is_made = [".git", "target"].iter().any(|made| path.ends_with(made));
        match path.is_dir() {
            true if !is_made => files.extend(files_below(&path)),
            true => {}
            false => files.push(path),
        }
    }
    files
}

fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn workflows() -> Vec<Workflow> {
    let mut found = Vec::new();
    for entry in fs::read_dir(workspace().join(".github/workflows")).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        found.push(Workflow::parse(&name, &fs::read_to_string(path).unwrap()));
    }
    assert!(found.len() >= 3, "where are the workflows?");
    found
}

fn drift() -> Workflow {
    let mut workflows = workflows().into_iter();
    workflows
        .find(|workflow| workflow.name == "spec-drift.yml")
        .expect("the workflow that follows the pages")
}

fn steps(job: &Value) -> &[Value] {
    job["steps"].as_array().map_or(&[], Vec::as_slice)
}

fn scripts(job: &Value) -> impl Iterator<Item = &str> {
    steps(job).iter().filter_map(|step| step["run"].as_str())
}

fn uses(job: &Value) -> impl Iterator<Item = (&str, &Value)> {
    let steps = steps(job).iter();
    steps.filter_map(|step| Some((step["uses"].as_str()?, &step["with"])))
}

/// The commands of a script, one in each, without comments.
fn commands(script: &str) -> Vec<Vec<&str>> {
    let lines = script.lines();
    let lines = lines.filter(|line| !line.trim_start().starts_with('#'));
    let parts = lines.flat_map(|line| line.split([';', '|', '&', '(', ')', '`']));
    parts
        .map(|part| part.split_whitespace().collect::<Vec<_>>())
        .filter(|words| !words.is_empty())
        .collect()
}

fn may_write(permissions: &Value) -> bool {
    let is_write = |value: &Value| value.as_str().is_some_and(|text| text.contains("write"));
    match permissions {
        Value::Object(all) => all.values().any(is_write),
        // Without a word, the repository's settings decide.
        Value::Null => true,
        other => is_write(other),
    }
}

/// Whether a script runs what the checkout holds, or what was built from it.
fn runs_the_checkout(script: &str) -> bool {
    const PROGRAMS: [&str; 12] = [
        "cargo", "rustc", "rustdoc", "rustup", "bash", "sh", "source", "eval", "make", "node",
        "python", "python3",
    ];
    const PARTS: [&str; 4] = ["./", "target/", ".ci/", "xtask"];
    commands(script).iter().flatten().any(|word| {
        let word = word.trim_matches(['"', '\'', '$', '{', '}']);
        PROGRAMS.contains(&word) || PARTS.iter().any(|part| word.contains(part))
    })
}

fn is_version(text: &str) -> bool {
    let numbers: Vec<&str> = text.split('.').collect();
    let is_number = |text: &&str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    numbers.len() == 3 && numbers.iter().all(is_number)
}

/// What is wrong with a command that fetches code.
fn unpinned(words: &[&str]) -> Option<String> {
    let fault = |what: &str| Some(format!("`{}` {what}", words.join(" ")));
    if let Some(at) = words.iter().position(|word| *word == "rustup") {
        let toolchains = match words[at + 1..] {
            ["toolchain", "install", toolchain, ..] | ["default", toolchain, ..] => [toolchain],
            _ => return fault("is a command of rustup that this test does not know"),
        };
        let is_pinned = toolchains.iter().all(|it| is_version(it));
        return if is_pinned {
            None
        } else {
            fault("has no version")
        };
    }
    let at = words.iter().position(|word| *word == "cargo")?;
    let mut rest = words[at + 1..].iter().copied().peekable();
    if let Some(toolchain) = rest.next_if(|word| word.starts_with('+'))
        && !is_version(&toolchain[1..])
    {
        return fault("names a toolchain without a version");
    }
    let command = rest.next()?;
    let is_locked = rest
        .clone()
        .take_while(|word| *word != "--")
        .any(|word| word == "--locked");
    match command {
        // `.cargo/config.toml` locks the first, and the others build nothing or do so in a copy.
        "xtask" | "fmt" | "package" => None,
        "bench" | "build" | "check" | "clippy" | "deny" | "doc" | "fetch" | "run" | "rustc"
        | "test" | "tree" => {
            if is_locked {
                None
            } else {
                fault("is not --locked")
            }
        }
        // It hands the argument on to each of its builds.
        "mutants" => match rest.any(|word| word == "--cargo-arg=--locked") {
            true => None,
            false => fault("is not --locked"),
        },
        "install" => {
            let mut crates = rest.filter(|word| !word.starts_with('-'));
            let is_pinned = crates.all(|name| {
                let version = name.split_once('@').map(|(_, version)| version);
                version.is_some_and(is_version)
            });
            match (is_locked, is_pinned) {
                (true, true) => None,
                (false, _) => fault("is not --locked"),
                (true, false) => fault("has no version"),
            }
        }
        _ => fault("is a command of cargo that this test does not know"),
    }
}

/// What is wrong with the lines of a workflow that name an action. A comment is not a part of the document.
fn unpinned_actions(text: &str) -> Vec<String> {
    let mut faults = Vec::new();
    let lines = text
        .lines()
        .map(|line| line.trim().trim_start_matches("- "));
    for line in lines.filter(|line| line.starts_with("uses:")) {
        let is_pinned = line["uses:".len()..]
            .split_once('@')
            .is_some_and(|(_, pin)| {
                let (commit, version) = pin.split_once(" # v").unwrap_or((pin, ""));
                let is_hex = |b: u8| matches!(b, b'0'..=b'9' | b'a'..=b'f');
                commit.len() == 40 && commit.bytes().all(is_hex) && is_version(version)
            });
        if !is_pinned {
            faults.push(format!(
                "`{line}` is not pinned by a commit with its version behind it"
            ));
        }
    }
    faults
}

/// What is wrong with a workflow.
fn faults(workflow: &Workflow) -> Vec<String> {
    let mut faults = unpinned_actions(&workflow.text);
    let pinned = workflow.text.matches("uses: ").count();
    if workflow.document["permissions"] != json!({"contents": "read"}) {
        faults.push("does not begin with exactly `contents: read`".to_owned());
    }
    let triggers = match &workflow.document["on"] {
        Value::String(one) => vec![one.as_str()],
        Value::Array(some) => some.iter().filter_map(Value::as_str).collect(),
        Value::Object(some) => some.keys().map(String::as_str).collect(),
        _ => vec![],
    };
    let known = ["push", "pull_request", "schedule", "workflow_dispatch"];
    if triggers.is_empty() || !triggers.iter().all(|trigger| known.contains(trigger)) {
        faults.push(format!("is triggered by {triggers:?}"));
    }
    let mut used = 0;
    for (name, job) in workflow.jobs() {
        let mut fault = |what: String| faults.push(format!("{name} {what}"));
        if steps(job).is_empty() {
            fault("has no steps of its own".to_owned());
        }
        let runs = scripts(job).any(runs_the_checkout);
        if runs && may_write(workflow.permissions(job)) {
            fault("runs the checkout, and may write".to_owned());
        }
        let text = job.to_string();
        if runs && (text.contains("secrets.") || text.contains("github.token")) {
            fault("runs the checkout, and has secrets".to_owned());
        }
        for (action, with) in uses(job) {
            used += 1;
            if !action.starts_with("actions/") || action.starts_with("actions/github-script") {
                fault(format!("uses {action}"));
            }
            let keeps = with["persist-credentials"] != json!(false);
            if action.starts_with("actions/checkout@") && keeps {
                fault("keeps credentials in its checkout".to_owned());
            }
        }
        for step in steps(job) {
            for place in ["run", "shell"] {
                if step[place]
                    .as_str()
                    .is_some_and(|text| text.contains("${{"))
                {
                    fault(format!("inserts text into {place}"));
                }
            }
        }
        for script in scripts(job) {
            let commands = commands(script);
            commands
                .iter()
                .filter_map(|it| unpinned(it))
                .for_each(&mut fault);
        }
    }
    if used != pinned {
        faults.push(format!("uses {used} actions, on {pinned} lines"));
    }
    faults
}

#[test]
fn no_workflow_lets_built_code_write_inserts_text_into_a_script_or_fetches_what_is_not_pinned() {
    for workflow in workflows() {
        assert_eq!(faults(&workflow), [""; 0], "{}", workflow.name);
    }
}

#[test]
fn one_commit_of_an_action_is_used_everywhere() {
    let mut commits: BTreeMap<String, String> = BTreeMap::new();
    for workflow in workflows() {
        for (used, _) in workflow.jobs().values().flat_map(uses) {
            let (action, commit) = used.split_once('@').unwrap();
            let first = commits
                .entry(action.to_owned())
                .or_insert(commit.to_owned());
            assert_eq!(first, commit, "{}: {action}", workflow.name);
        }
    }
    assert_eq!(commits.len(), 3);
}

#[test]
fn every_build_of_ci_takes_the_versions_of_the_lock_file() {
    let mut builds = 0;
    for file in files_below(&workspace().join(".ci")) {
        let script = fs::read_to_string(&file).unwrap();
        let commands = commands(&script);
        let faults: Vec<String> = commands.iter().filter_map(|it| unpinned(it)).collect();
        assert_eq!(faults, [""; 0], "{}", file.display());
        builds += script.matches("--locked").count();
    }
    assert!(builds > 10, "{builds}");
    let config = fs::read_to_string(workspace().join(".cargo/config.toml")).unwrap();
    let config: toml::Table = config.parse().unwrap();
    let alias = config["alias"]["xtask"].as_str().unwrap();
    assert_eq!(
        unpinned(&format!("cargo {alias}").split(' ').collect::<Vec<_>>()),
        None
    );
}

#[test]
fn every_install_line_of_the_docs_is_locked() {
    let mut lines = 0;
    for file in files_below(&workspace()) {
        if file.extension().is_none_or(|extension| extension != "md") {
            continue;
        }
        let text = fs::read_to_string(&file).unwrap();
        for line in text.lines().filter(|line| line.contains("cargo install")) {
            lines += 1;
            assert!(line.contains("--locked"), "{}: {line}", file.display());
        }
    }
    assert!(lines >= 4);
}

const GOOD: &str = "\
on: push
permissions:
  contents: read
jobs:
  one:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@0123456789abcdef0123456789abcdef01234567 # v4.3.1
        with:
          persist-credentials: false
      - run: rustup toolchain install 1.95.0 --profile minimal && rustup default 1.95.0
      - run: cargo install cargo-deny@0.20.2 --locked
      - run: cargo +1.88.0 test --locked -- --nocapture
";

#[test]
fn a_workflow_with_a_fault_is_found() {
    assert_eq!(faults(&Workflow::parse("good", GOOD)), [""; 0]);
    let write = "    permissions:\n      contents: write\n    steps:\n";
    for (from, to, why) in [
        // Who may write.
        ("permissions:\n  contents: read\n", "", "contents: read"),
        ("contents: read", "contents: write", "contents: read"),
        (
            "contents: read",
            "contents: read\n  actions: write",
            "contents: read",
        ),
        (
            "permissions:\n  contents: read",
            "permissions: write-all",
            "contents: read",
        ),
        (
            "permissions:\n  contents: read",
            "permissions: {contents: write}",
            "contents: read",
        ),
        ("    steps:\n", write, "may write"),
        (
            "    steps:\n",
            "    permissions: {id-token: write}\n    steps:\n",
            "may write",
        ),
        (
            "    steps:\n",
            "    permissions: write-all\n    steps:\n",
            "may write",
        ),
        ("on: push", "on: pull_request_target", "triggered"),
        ("on: push", "on: [push, workflow_run]", "triggered"),
        (
            "on: push",
            "on:\n  issue_comment:\n    types: [created]",
            "triggered",
        ),
        // What is kept or handed over.
        (
            "          persist-credentials: false",
            "          fetch-depth: 1",
            "credentials",
        ),
        ("credentials: false", "credentials: true", "credentials"),
        (
            "\n        with:\n          persist-credentials: false",
            "",
            "credentials",
        ),
        (
            "--nocapture",
            "--nocapture\n        env:\n          KEY: ${{ secrets.KEY }}",
            "secrets",
        ),
        (
            "--nocapture",
            "--nocapture\n        env:\n          KEY: ${{ github.token }}",
            "secrets",
        ),
        // What is inserted.
        ("--nocapture", "${{ steps.diff.outputs.title }}", "inserts"),
        ("--nocapture", "${{ matrix.os }}", "inserts"),
        (
            "- run: cargo +1.88.0 test --locked -- --nocapture",
            "- run: |\n          true\n          echo \"${{ github.event.issue.title }}\"",
            "inserts",
        ),
        (
            "--nocapture",
            "--nocapture\n        shell: ${{ inputs.shell }}",
            "inserts",
        ),
        // What is fetched.
        (
            "@0123456789abcdef0123456789abcdef01234567 # v4.3.1",
            "@v4",
            "pinned",
        ),
        (
            "@0123456789abcdef0123456789abcdef01234567",
            "@0123456",
            "pinned",
        ),
        (" # v4.3.1", "", "pinned"),
        (" # v4.3.1", " # v4", "pinned"),
        (
            "uses: actions/checkout@",
            "\"uses\": actions/checkout@",
            "on 0 lines",
        ),
        ("actions/checkout@", "someone/checkout@", "uses someone"),
        (
            "actions/checkout@",
            "actions/github-script@",
            "uses actions/github-script",
        ),
        (
            "actions/checkout@",
            "./.github/actions/checkout@",
            "uses ./",
        ),
        ("cargo-deny@0.20.2", "cargo-deny", "no version"),
        ("cargo-deny@0.20.2", "cargo-deny@0.20", "no version"),
        (
            "cargo-deny@0.20.2 --locked",
            "cargo-deny@0.20.2",
            "not --locked",
        ),
        ("test --locked -- ", "test -- --locked ", "not --locked"),
        ("+1.88.0", "+nightly", "without a version"),
        (
            "toolchain install 1.95.0",
            "toolchain install stable",
            "no version",
        ),
        ("default 1.95.0", "default stable", "no version"),
        ("default 1.95.0", "update", "does not know"),
        ("test --locked", "fuzz --locked", "does not know"),
    ] {
        let bad = GOOD.replace(from, to);
        assert_ne!(bad, GOOD, "{from}");
        let found = faults(&Workflow::parse("bad", &bad));
        assert!(
            found.iter().any(|fault| fault.contains(why)),
            "{bad}\n{found:?}"
        );
    }
}

#[test]
fn a_job_that_may_write_runs_nothing_of_the_checkout() {
    let writer = |script: &str| {
        let text = format!(
            "on: push\npermissions:\n  contents: read\njobs:\n  one:\n    permissions:\n      \
             contents: write\n    steps:\n      - run: |\n          {script}\n"
        );
        faults(&Workflow::parse("writer", &text))
    };
    assert_eq!(writer("git push origin \"$branch\""), [""; 0]);
    for script in [
        "cargo run --locked",
        "true && cargo xtask spec diff",
        "x=$(cargo metadata)",
        "bash .ci/run",
        "sh -c \"$script\"",
        "./build.sh",
        "\"./build.sh\"",
        "target/debug/xtask spec diff",
        "rustup default 1.95.0",
        "source build.sh",
        "python3 build.py",
    ] {
        let found = writer(script);
        assert!(
            found.iter().any(|fault| fault.contains("may write")),
            "{script}: {found:?}"
        );
    }
}

#[test]
fn text_of_a_page_is_never_printed_as_a_workflow_command() {
    let drift = drift();
    let mut commands = 0;
    for script in drift.jobs().values().flat_map(scripts) {
        let lines = script.lines().filter(|line| {
            let line = line.trim_start();
            ["cargo check", "cargo test", "cargo xtask"]
                .iter()
                .any(|it| line.starts_with(it))
        });
        for line in lines {
            commands += 1;
            assert!(
                line.contains(">\"$found/") && line.contains("2>&1"),
                "{line}"
            );
        }
    }
    assert_eq!(commands, 3);
}

#[test]
fn the_drift_is_proposed_on_its_own_branch_by_the_one_step_that_has_the_token() {
    let drift = drift();
    let writers: Vec<&Value> = drift
        .jobs()
        .values()
        .filter(|job| may_write(drift.permissions(job)))
        .collect();
    let [propose] = writers[..] else {
        panic!("{} jobs may write", writers.len());
    };
    let with_token: Vec<&Value> = steps(propose)
        .iter()
        .filter(|step| step.to_string().contains("github.token"))
        .collect();
    let [step] = with_token[..] else {
        panic!("{} steps have the token", with_token.len());
    };
    let script = step["run"].as_str().unwrap();
    assert!(script.contains("branch=\"spec-drift/$GITHUB_RUN_ID\""));
    assert!(
        !script.contains("--force"),
        "a branch of another run stays as it is"
    );
    // It takes the token from gh, because the checkout keeps none.
    let setup = script.find("gh auth setup-git").unwrap();
    assert!(setup < script.find("git fetch").unwrap() && setup < script.find("git push").unwrap());
}
