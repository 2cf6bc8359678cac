//! The workflows: text of a page never becomes a command, and built code can't write.

use std::fs;
use std::path::Path;

struct Workflow {
    name: String,
    /// Everything above the jobs.
    head: String,
    /// The text of each job by its name.
    jobs: Vec<(String, String)>,
}

fn workflows() -> Vec<Workflow> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../.github/workflows");
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        found.push(workflow(name, &fs::read_to_string(path).unwrap()));
    }
    assert!(found.len() >= 3, "where are the workflows?");
    found
}

fn workflow(name: String, text: &str) -> Workflow {
    let text = without_comments(text);
    let (head, rest) = text.split_once("\njobs:\n").expect("jobs");
    let mut jobs: Vec<(String, String)> = Vec::new();
    for line in rest.lines() {
        match (indent(line), line.trim().strip_suffix(':')) {
            (2, Some(job)) => jobs.push((job.to_owned(), String::new())),
            _ => {
                let (_, text) = jobs.last_mut().unwrap_or_else(|| panic!("{name}: {line}"));
                text.push_str(line);
                text.push('\n');
            }
        }
    }
    Workflow {
        name,
        head: head.to_owned(),
        jobs,
    }
}

fn without_comments(text: &str) -> String {
    let lines = text
        .lines()
        .filter(|line| !line.trim_start().starts_with('#'));
    lines.map(|line| format!("{line}\n")).collect()
}

fn indent(line: &str) -> usize {
    line.len() - line.trim_start().len()
}

/// The scripts of a job, each with the lines that belong to it.
fn scripts(job: &str) -> Vec<String> {
    let mut scripts = Vec::new();
    let mut lines = job.lines().peekable();
    while let Some(line) = lines.next() {
        let Some(first) = line
            .trim_start()
            .trim_start_matches("- ")
            .strip_prefix("run:")
        else {
            continue;
        };
        let key = line.find("run:").unwrap();
        let mut script = format!("{}\n", first.trim());
        while let Some(line) = lines.next_if(|line| line.trim().is_empty() || indent(line) > key) {
            script.push_str(line);
            script.push('\n');
        }
        scripts.push(script);
    }
    scripts
}

fn may_write(text: &str) -> bool {
    text.lines()
        .any(|line| line.trim_end().ends_with(": write") || line.contains("write-all"))
}

fn runs_what_was_built(job: &str) -> bool {
    let words = ["cargo", "rustc", "xtask", "target/", ".ci/run"];
    scripts(job)
        .iter()
        .flat_map(|script| script.lines())
        .any(|line| words.iter().any(|word| line.contains(word)))
}

/// The step that checks the repository out, with its settings.
fn checkouts(job: &str) -> Vec<String> {
    job.split("\n      - ")
        .filter(|step| step.contains("uses: actions/checkout@"))
        .map(str::to_owned)
        .collect()
}

/// What is wrong with a workflow.
fn faults(workflow: &Workflow) -> Vec<String> {
    let mut faults = Vec::new();
    if !workflow.head.contains("permissions:\n  contents: read") || may_write(&workflow.head) {
        faults.push("does not begin with no more than `contents: read`".to_owned());
    }
    for (name, job) in &workflow.jobs {
        let builds = runs_what_was_built(job);
        if builds && may_write(job) {
            faults.push(format!("{name} builds, and may write"));
        }
        for checkout in checkouts(job) {
            if builds && !checkout.contains("persist-credentials: false") {
                faults.push(format!("{name} builds, and keeps credentials"));
            }
        }
        for script in scripts(job) {
            let inserted = script.split("${{").skip(1);
            for text in inserted.map(str::trim_start) {
                if !["runner.temp ", "matrix."]
                    .iter()
                    .any(|known| text.starts_with(known))
                {
                    faults.push(format!("{name} puts {text:.40} into a script"));
                }
            }
        }
        if job.contains("secrets.") && builds {
            faults.push(format!("{name} builds, and has secrets"));
        }
    }
    faults
}

#[test]
fn no_workflow_lets_built_code_write_or_puts_page_text_into_a_script() {
    for workflow in workflows() {
        assert_eq!(faults(&workflow), [""; 0], "{}", workflow.name);
    }
}

#[test]
fn a_workflow_with_a_fault_is_found() {
    let good = "on: push\npermissions:\n  contents: read\njobs:\n  one:\n    steps:\n      - uses: actions/checkout@v4\n        \
                with:\n          persist-credentials: false\n      - run: cargo test\n";
    assert_eq!(faults(&workflow("good".to_owned(), good)), [""; 0]);
    for (from, to) in [
        ("contents: read\njobs", "contents: write\njobs"),
        (
            "    steps:\n",
            "    permissions:\n      contents: write\n    steps:\n",
        ),
        ("persist-credentials: false", "fetch-depth: 1"),
        ("cargo test", "cargo test ${{ steps.diff.outputs.title }}"),
        (
            "cargo test",
            "|\n          cargo test\n          echo ${{ github.event.issue.title }}",
        ),
        (
            "cargo test",
            "cargo test\n        env:\n          KEY: ${{ secrets.KEY }}",
        ),
    ] {
        let bad = good.replace(from, to);
        assert_ne!(bad, good);
        assert_eq!(faults(&workflow("bad".to_owned(), &bad)).len(), 1, "{bad}");
    }
}

#[test]
fn text_of_a_page_is_never_printed_as_a_workflow_command() {
    let workflows = workflows();
    let drift = workflows
        .iter()
        .find(|workflow| workflow.name == "spec-drift.yml");
    let mut commands = 0;
    for (_, job) in &drift.expect("the workflow that follows the pages").jobs {
        for script in scripts(job) {
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
    }
    assert_eq!(commands, 3);
}

#[test]
fn the_drift_is_proposed_on_its_own_branch() {
    let workflows = workflows();
    let drift = workflows
        .iter()
        .find(|workflow| workflow.name == "spec-drift.yml")
        .unwrap();
    let (_, propose) = drift.jobs.iter().find(|(_, job)| may_write(job)).unwrap();
    assert!(propose.contains("branch=\"spec-drift/$GITHUB_RUN_ID\""));
    assert!(
        !propose.contains("--force"),
        "a branch of another run stays as it is"
    );
    assert!(!runs_what_was_built(propose));
}
