//! `payssam ledger` writes down what it is asked for, and hands each event to a program once it is certain.

use std::fs;

use serde_json::{Value, json};

use crate::support::{
    SEND,
    folder::Folder,
    mock_server::mock,
    process::{Environment, error_of, json_of, run, run_with_stdin},
    text::row,
};

/// The files of a ledger of one test.
struct Files(Folder);

impl Files {
    fn new(test: &str) -> Self {
        Files(Folder::new(test))
    }

    fn path(&self, name: &str) -> String {
        self.0.path(name)
    }

    /// A command of the ledger.
    fn ledger(&self, arguments: &[&str]) -> Vec<String> {
        let database = self.path("books.db");
        let mut all = vec!["ledger".to_owned(), "--database".to_owned(), database];
        all.extend(arguments.iter().map(|argument| (*argument).to_owned()));
        all
    }

    fn json(&self, arguments: &[&str], at: &Environment) -> Value {
        let all = self.ledger(arguments);
        json_of(&all.iter().map(String::as_str).collect::<Vec<_>>(), at)
    }

    fn code(&self, arguments: &[&str], at: &Environment) -> i32 {
        let all = self.ledger(arguments);
        run(&all.iter().map(String::as_str).collect::<Vec<_>>(), at).code
    }

    /// Works on what is due; the program adds each event to a file, and ends with this code.
    #[cfg(unix)]
    fn work(&self, code: u8, at: &Environment) -> i32 {
        let script = format!("cat >> '{}'; exit {code}", self.path("events"));
        let run = ["run", "--once", "--exec", "/bin/sh", "--", "-c", &script];
        self.code(&run, at)
    }

    /// What the program got.
    #[cfg(unix)]
    fn events(&self) -> Vec<Value> {
        let text = fs::read_to_string(self.path("events")).unwrap_or_default();
        text.lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect()
    }
}

/// The options of a bill to send, without the command.
fn bill(id: &'static str) -> Vec<&'static str> {
    let mut options: Vec<&str> = SEND[2..].to_vec();
    options.extend(["--id", id, "--reference", "order 4711"]);
    options
}

#[test]
fn a_bill_is_sent_once_however_often_it_is_asked_for() {
    let (_mock_server, at) = mock(&[]);
    let files = Files::new("sent");
    let send = [&["send"], &bill("a")[..]].concat();
    for _ in 0..2 {
        let sent = files.json(&send, &at);
        assert_eq!(sent["bill_id"], "a");
        assert_eq!(sent["act"], "send");
        assert_eq!(sent["state"], "done");
        assert_eq!(sent["reference"], "order 4711");
    }
    // The same id with other content is refused before anything is sent.
    let mut other = send.clone();
    let place = other.iter().position(|text| *text == "45000").unwrap();
    other[place] = "44000";
    let all = files.ledger(&other);
    let all: Vec<&str> = all.iter().map(String::as_str).collect();
    let error = error_of(2, &all, &at);
    assert_eq!(error["kind"], "ledger");
    assert_eq!(error["outcome"], "not_sent");
}

#[cfg(unix)]
#[test]
fn each_event_is_handed_to_the_program_until_it_ends_with_0() {
    let (_mock_server, at) = mock(&[]);
    let files = Files::new("events");
    files.json(&[&["send"], &bill("a")[..]].concat(), &at);
    assert_eq!(files.work(1, &at), 0, "it is tried again later");
    let sent = files.events();
    assert_eq!(sent.len(), 1);
    assert_eq!(sent[0]["kind"], "sent");
    assert_eq!(sent[0]["bill_id"], "a");
    assert_eq!(sent[0]["amount"], 45_000);
    assert_eq!(sent[0]["reference"], "order 4711");
    let open = files.json(&["list"], &at);
    assert_eq!(open["unbooked_events"], 1);
    assert_eq!(open["open_intents"], 0);
    let shown = files.json(&["show", "a"], &at);
    assert_eq!(shown["intents"][0]["state"], "done");
    assert_eq!(shown["events"][0]["is_booked"], false);
}

#[cfg(unix)]
#[test]
fn a_watched_bill_that_is_paid_is_one_event_and_a_cancellation_another() {
    let (_mock_server, at) = mock(&["--bill", "a:45000:F"]);
    let files = Files::new("watched");
    let watched = files.json(&["watch", "a", "--price", "45000"], &at);
    assert_eq!(watched, json!({"bill_id": "a", "state": "watched"}));
    for _ in 0..2 {
        assert_eq!(files.work(0, &at), 0);
    }
    let kinds = |files: &Files| -> Vec<String> {
        let kind = |event: &Value| event["kind"].as_str().unwrap().to_owned();
        files.events().iter().map(kind).collect()
    };
    assert_eq!(kinds(&files), ["paid"]);
    let cancelled = files.json(&["cancel", "a", "--price", "45000"], &at);
    assert_eq!(cancelled["state"], "done");
    for _ in 0..2 {
        assert_eq!(files.work(0, &at), 0);
    }
    assert_eq!(kinds(&files), ["paid", "cancelled"]);
}

#[test]
fn a_callback_is_kept_and_answered_and_the_program_of_the_event_gets_no_key() {
    let (_mock_server, at) = mock(&["--bill", "a:45000:F"]);
    let files = Files::new("callback");
    files.json(&["watch", "a", "--price", "45000"], &at);
    let callback = r#"{"billId":"a","apprState":"F","apprPrice":"45000"}"#;
    let all = files.ledger(&["receive"]);
    let all: Vec<&str> = all.iter().map(String::as_str).collect();
    let ended = run_with_stdin(&all, &at, callback);
    assert_eq!(ended.code, 0, "{ended:?}");
    assert_eq!(row(&ended.stdout, "HTTP status"), Some("200"));
    assert_eq!(
        row(&ended.stdout, "body"),
        Some(r#"{"code":"0000","msg":"성공하였습니다."}"#)
    );
    let refused = run_with_stdin(&all, &at, "no callback");
    assert_ne!(row(&refused.stdout, "HTTP status"), Some("200"));
    #[cfg(unix)]
    {
        let script = format!("env > '{}'", files.path("environment"));
        let run = ["run", "--once", "--exec", "/bin/sh", "--", "-c", &script];
        assert_eq!(files.code(&run, &at), 0);
        let environment = fs::read_to_string(files.path("environment")).unwrap();
        assert!(environment.contains("PAYSSAM_MERCHANT="));
        assert!(!environment.contains("PAYSSAM_API_KEY"), "{environment}");
    }
}

#[test]
fn an_open_intent_ends_with_5_and_is_listed() {
    let (_mock_server, at) = mock(&["--fault", "apply-then-close@resend"]);
    let files = Files::new("open");
    files.json(&[&["send"], &bill("a")[..]].concat(), &at);
    assert_eq!(files.code(&["resend", "a"], &at), 5, "no read can tell");
    assert_eq!(files.code(&["show", "b"], &at), 3);
    assert_eq!(files.code(&["retry", "a"], &at), 0);
    let purged = files.json(&["purge", "--older-than", "1h"], &at);
    assert_eq!(purged, json!({"bills": 0, "intents": 0, "events": 0}));
    let text = files.ledger(&["list"]);
    let ended = run(&text.iter().map(String::as_str).collect::<Vec<_>>(), &at);
    assert_eq!(row(&ended.stdout, "wait for a person"), Some("0"));
}

#[cfg(unix)]
#[test]
fn a_program_may_be_a_file_or_a_command_line() {
    use std::os::unix::fs::PermissionsExt;

    let (_mock_server, at) = mock(&["--bill", "a:45000:F", "--bill", "b:45000:F"]);
    let files = Files::new("line");
    let program = files.path("a program");
    let events = files.path("events");
    fs::write(&program, format!("#!/bin/sh\ncat >> '{events}'\n")).unwrap();
    fs::set_permissions(&program, fs::Permissions::from_mode(0o700)).unwrap();
    for (id, command) in [("a", program.clone()), ("b", format!("cat >> '{events}'"))] {
        files.json(&["watch", id, "--price", "45000"], &at);
        assert_eq!(files.code(&["run", "--once", "--exec", &command], &at), 0);
        assert_eq!(files.events().last().unwrap()["bill_id"], id);
    }
    assert_eq!(files.events().len(), 2);
}

#[test]
fn while_anything_waits_for_a_person_list_and_run_end_with_6() {
    let (_mock_server, at) = mock(&["--bill", "a:45000:F"]);
    let files = Files::new("waits");
    files.json(&["watch", "a", "--price", "45000"], &at);
    assert_eq!(files.code(&["run", "--once", "--exec", "false"], &at), 0);
    // As after 20 attempts.
    let books = payssam_ledger::rusqlite::Connection::open(files.path("books.db")).unwrap();
    books
        .execute("UPDATE payssam_events SET waits = 1", ())
        .unwrap();
    drop(books);
    assert_eq!(files.code(&["list"], &at), 6);
    assert_eq!(files.code(&["run", "--once", "--exec", "true"], &at), 6);
    assert_eq!(files.code(&["retry", "a"], &at), 0);
    assert_eq!(files.code(&["run", "--once", "--exec", "true"], &at), 0);
    assert_eq!(files.code(&["list"], &at), 0);
}

#[cfg(unix)]
#[test]
fn the_commands_of_the_guide_run_as_they_are_written() {
    let (_mock_server, at) = mock(&[]);
    let files = Files::new("guide");
    let guide = include_str!("../../../docs/ledger.md");
    let commands = guide.split("```sh\n").nth(1).unwrap();
    let commands = commands.split("```").next().unwrap();
    let program = std::path::Path::new(env!("CARGO_BIN_EXE_payssam"));
    let path = std::env::join_paths(
        [program.parent().unwrap().to_owned()]
            .into_iter()
            .chain(std::env::split_paths(&std::env::var_os("PATH").unwrap())),
    );
    let ended = std::process::Command::new("/bin/sh")
        .args(["-e", "-c", commands])
        .current_dir(files.path("."))
        .envs(&at)
        .env("PATH", path.unwrap())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&ended.stdout);
    assert!(ended.status.success(), "{ended:?}");
    assert_eq!(said.matches("sent 45,000 won: booked").count(), 1, "{said}");
    let events = fs::read_to_string(files.path("events.jsonl")).unwrap();
    let event: Value = serde_json::from_str(&events).unwrap();
    assert_eq!(
        (&event["kind"], &event["reference"]),
        (&json!("sent"), &json!("order 4711"))
    );
}

#[cfg(unix)]
#[test]
fn a_rejected_intent_is_shown_with_its_reason() {
    let (_mock_server, at) = mock(&["--bill", "a:45000:W"]);
    let files = Files::new("reason");
    assert_eq!(files.code(&["cancel", "a", "--price", "45000"], &at), 3);
    let all = files.ledger(&["show", "a"]);
    let shown = run(&all.iter().map(String::as_str).collect::<Vec<_>>(), &at);
    assert!(
        shown.stdout.contains("cancel: rejected (MOCK_"),
        "{shown:?}"
    );
}

#[cfg(unix)]
#[test]
fn while_a_program_books_callbacks_are_taken_and_the_ledger_is_shown() {
    let (_mock_server, at) = mock(&["--bill", "a:45000:F", "--bill", "b:45000:W"]);
    let files = Files::new("meanwhile");
    for id in ["a", "b"] {
        files.json(&["watch", id, "--price", "45000"], &at);
    }
    let [begun, may_end] = ["begun", "may end"].map(|name| files.path(name));
    // It ends by itself after a minute, whatever happens here.
    let wait = format!(
        "touch '{begun}'; n=0; while [ ! -e '{may_end}' ] && [ $n -lt 600 ]; do sleep 0.1; n=$((n+1)); done"
    );
    let working = files.ledger(&["run", "--once", "--exec", &wait]);
    let worker = std::thread::spawn({
        let at = at.clone();
        move || run(&working.iter().map(String::as_str).collect::<Vec<_>>(), &at).code
    });
    while !fs::exists(&begun).unwrap() {
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
    let receive = files.ledger(&["receive"]);
    let receive: Vec<&str> = receive.iter().map(String::as_str).collect();
    let received = run_with_stdin(&receive, &at, r#"{"billId":"b","apprState":"F"}"#);
    assert_eq!(
        row(&received.stdout, "HTTP status"),
        Some("200"),
        "{received:?}"
    );
    assert_eq!(files.json(&["list"], &at)["unbooked_events"], 1);
    assert_eq!(files.code(&["show", "a"], &at), 0);
    assert!(!worker.is_finished());
    fs::write(&may_end, "").unwrap();
    assert_eq!(worker.join().unwrap(), 0);
}

#[test]
fn a_request_that_cannot_be_written_down_names_its_bill_and_was_not_sent() {
    let (_mock_server, at) = mock(&[]);
    let files = Files::new("locked");
    files.json(&["list"], &at);
    let books = payssam_ledger::rusqlite::Connection::open(files.path("books.db")).unwrap();
    books
        .execute_batch(
            "CREATE TRIGGER no BEFORE INSERT ON payssam_intents BEGIN SELECT RAISE(ABORT, 'no'); END",
        )
        .unwrap();
    let all = files.ledger(&[&["send"], &bill("a")[..]].concat());
    let all: Vec<&str> = all.iter().map(String::as_str).collect();
    let error = error_of(4, &all, &at);
    assert_eq!(error["outcome"], "not_sent");
    assert_eq!(error["bill_id"], "a");
}
