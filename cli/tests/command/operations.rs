//! The commands, the script and the units of `docs/operations.md`, in both languages, run as they are written.

use std::{
    env, fs,
    os::unix::fs::PermissionsExt,
    path::Path,
    process::{Command, Output},
    thread,
};

use payssam_mock::{Fault, Schedule};
use payssam_reconcile::Class;

use crate::support::{
    folder::Folder,
    own_mock::OwnMock,
    process::{Environment, run},
};

const GUIDES: [(&str, &str); 2] = [
    ("english", include_str!("../../../docs/operations.md")),
    ("korean", include_str!("../../../docs/ko/operations.md")),
];

/// The blocks of code in a language.
fn blocks<'g>(guide: &'g str, language: &str) -> Vec<&'g str> {
    let parts = guide.split("```").skip(1).step_by(2);
    let blocks = parts.filter_map(|part| part.split_once('\n'));
    let of_language = blocks.filter(|(name, _)| *name == language);
    of_language.map(|(_, block)| block).collect()
}

/// The commands, and the script that they leave out.
fn commands_and_script(guide: &str) -> (Vec<&str>, &str) {
    let (scripts, commands): (Vec<_>, Vec<_>) = blocks(guide, "sh")
        .into_iter()
        .partition(|block| block.starts_with("#!"));
    let [script] = scripts[..] else {
        panic!("one script");
    };
    (commands, script)
}

/// A folder with the ledger of a guide, and the bills of its lines: the last is unpaid, and paid in the books.
struct Desk {
    mock: OwnMock,
    folder: Folder,
}

impl Desk {
    fn new(name: &str, guide: &str) -> Self {
        let mock = OwnMock::start();
        for (id, price, letter) in [
            ("2026-0001", 45_000, 'F'),
            ("2026-0002", 30_000, 'W'),
            ("2026-0003", 28_000, 'W'),
        ] {
            mock.add(id, price, letter);
        }
        let folder = Folder::new(&format!("operations-{name}"));
        let ledger = blocks(guide, "csv")[0];
        fs::write(folder.path("books-2026-03-17.csv"), ledger).unwrap();
        let desk = Desk { mock, folder };
        // Whoever gets the mail.
        desk.program("mail", "#!/bin/sh\n{ echo \"$2 to $3\"; cat; } >> mails\n");
        desk
    }

    fn program(&self, name: &str, text: &str) {
        let path = self.folder.path(name);
        fs::write(&path, text).unwrap();
        fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
    }

    fn has(&self, name: &str) -> bool {
        fs::exists(self.folder.path(name)).unwrap()
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.folder.path(name)).unwrap_or_default()
    }

    fn run(&self, program: &str, arguments: &[&str]) -> Output {
        let command = Path::new(env!("CARGO_BIN_EXE_payssam"));
        let own = [
            self.folder.path(""),
            command.parent().unwrap().to_str().unwrap().to_owned(),
        ];
        let path = env::var_os("PATH").unwrap();
        let path = own.iter().map(Into::into).chain(env::split_paths(&path));
        Command::new(program)
            .args(arguments)
            .current_dir(self.folder.path(""))
            .envs(self.mock.environment())
            .env("PATH", env::join_paths(path).unwrap())
            .env("BOOKS", self.folder.path(""))
            .env("PAUSE", "0")
            .output()
            .unwrap()
    }

    /// Runs the script, and returns its exit code.
    fn daily(&self, day: &str) -> Option<i32> {
        self.run(&self.folder.path("daily"), &[day]).status.code()
    }
}

#[test]
fn the_commands_of_the_guides_run_as_they_are_written() {
    for (name, guide) in GUIDES {
        let desk = Desk::new(name, guide);
        let (commands, _) = commands_and_script(guide);
        assert_eq!(commands.len(), 3, "once, again, in parts");
        for command in commands {
            for line in command.replace("\\\n", " ").lines() {
                let ended = desk.run("/bin/sh", &["-c", line]);
                // The part with the mismatch ends with 6, and the one without with 0.
                let code = ended.status.code();
                assert!(matches!(code, Some(0 | 6)), "{line}: {ended:?}");
            }
        }
        for report in ["report-2026-03-17.csv", "report-2026-03-17.html"] {
            assert!(desk.read(report).contains("2026-0003"), "{report}");
        }
        let parts = desk.read("report.jsonl");
        assert_eq!(parts.lines().count(), 3, "{parts}");
        // The second command read nothing again.
        assert_eq!(desk.mock.reads().len(), 6);
    }
}

#[test]
fn no_example_resumes_under_a_name_that_stays_the_same() {
    let help = run(&["reconcile", "--help"], &Environment::new()).stdout;
    let mut examples = vec![help];
    for (_, guide) in GUIDES {
        examples.extend(["sh", "crontab", "ini"].map(|language| blocks(guide, language).concat()));
    }
    let joined = examples.join("\n").replace("\\\n", " ");
    let commands = joined.lines().map(str::trim_start);
    let resumed: Vec<_> = commands
        .filter(|line| line.starts_with("payssam reconcile") && line.contains("--resume"))
        .collect();
    assert_eq!(resumed.len(), 5, "{resumed:?}");
    for command in resumed {
        let files = command.split([' ', '"']).filter(|word| {
            [".csv", ".jsonl", ".html"]
                .iter()
                .any(|end| word.ends_with(end))
        });
        for file in files {
            let has_day = file.contains("$day") || file.contains("2026-03-17");
            assert!(has_day, "{command}");
        }
    }
}

#[test]
fn the_script_of_the_guides_sends_mail_unless_all_agree() {
    for (name, guide) in GUIDES {
        let desk = Desk::new(&format!("script-{name}"), guide);
        desk.program("daily", commands_and_script(guide).1);
        assert_eq!(
            desk.daily("2026-03-17"),
            Some(6),
            "{}",
            desk.read("report-2026-03-17.log")
        );
        let mails = desk.read("mails");
        assert_eq!(
            mails.matches("to accounting@academy.example").count(),
            1,
            "{mails}"
        );
        assert!(mails.starts_with("payssam 2026-03-17: "), "{mails}");
        assert!(desk.has("report-2026-03-17.csv") && desk.has("report-2026-03-17.html"));

        // All agree: no mail.
        fs::write(
            desk.folder.path("books-2026-03-18.csv"),
            "bill_id,amount,state\n2026-0001,45000,paid\n",
        )
        .unwrap();
        assert_eq!(desk.daily("2026-03-18"), Some(0));
        assert_eq!(desk.read("mails"), mails);

        // No ledger.
        assert_eq!(desk.daily("2026-03-19"), Some(2));
        assert!(desk.read("mails").contains("payssam 2026-03-19: "));
    }
}

#[test]
fn the_script_of_the_guides_tries_again_what_could_not_be_read() {
    // Without its comments and the subjects of its mails it is one script.
    let [english, korean] = GUIDES.map(|(_, guide)| {
        let lines = commands_and_script(guide).1.lines().skip(1);
        let code = lines.filter(|line| !line.trim_start().starts_with('#'));
        let code = code.map(|line| line.split("subject=").next().unwrap());
        code.collect::<Vec<_>>()
    });
    assert_eq!(english, korean);
    let (name, guide) = GUIDES[0];
    let desk = Desk::new(&format!("again-{name}"), guide);
    desk.program("daily", commands_and_script(guide).1);
    let ledger = |day: &str| {
        let path = desk.folder.path(&format!("books-{day}.csv"));
        fs::write(path, "bill_id,amount,state\n2026-0001,45000,paid\n").unwrap();
    };
    // Each try of the script makes three attempts.
    ledger("2026-03-20");
    fail(&desk, Schedule::sequence(0..6));
    let code = desk.daily("2026-03-20");
    assert_eq!(code, Some(0), "{}", desk.read("report-2026-03-20.log"));
    assert!(!desk.has("mails"));

    ledger("2026-03-21");
    fail(&desk, Schedule::always());
    assert_eq!(desk.daily("2026-03-21"), Some(5));
    let mails = desk.read("mails");
    assert!(mails.contains("PARTIAL"), "{mails}");
    assert!(desk.read("report-2026-03-21.html").contains("partial"));
}

/// Runs the script of each guide: all wait for the same pauses, so they run at the same time.
fn with_each_script(what: &str, check: fn(&Desk)) {
    thread::scope(|scope| {
        for (name, guide) in GUIDES {
            scope.spawn(move || {
                let desk = Desk::new(&format!("{what}-{name}"), guide);
                desk.program("daily", commands_and_script(guide).1);
                check(&desk);
            });
        }
    });
}

fn fail(desk: &Desk, schedule: Schedule) {
    let fault = Fault::BadGateway { applied: false };
    desk.mock.server().inject(fault, schedule);
}

#[test]
fn the_script_of_the_guides_tries_a_partial_result_beside_a_mismatch_again() {
    with_each_script("partial", |desk| {
        let books = "bill_id,amount,state\n2026-0001,45000,paid\n2026-0003,28000,paid\n";
        fs::write(desk.folder.path("books-2026-03-20.csv"), books).unwrap();
        // Eight of the ten attempts for two bills fail, so that one of them, or both, cannot be read at first.
        fail(desk, Schedule::first(8));
        assert_eq!(desk.daily("2026-03-20"), Some(6));
        let mails = desk.read("mails");
        assert!(mails.contains("payssam 2026-03-20: "), "{mails}");
        assert!(!mails.contains("PARTIAL"), "{mails}");
        assert!(!desk.read("report-2026-03-20.html").contains("partial"));
    });
}

#[test]
fn the_script_of_the_guides_says_what_it_could_never_read_beside_a_mismatch() {
    with_each_script("never", |desk| {
        // One mismatch that is known, and one bill that can never be read: each try says both.
        let books = "bill_id,amount,state\n2026-0001,45000,paid\n2026-0001,45000,paid\n";
        fs::write(desk.folder.path("books-2026-03-21.csv"), books).unwrap();
        fail(desk, Schedule::always());
        let before = desk.mock.reads().len();
        assert_eq!(desk.daily("2026-03-21"), Some(5));
        let tries = desk.mock.reads().len() - before;
        assert!(tries > 5 && tries.is_multiple_of(3), "{tries}");
        let mails = desk.read("mails");
        let mail = mails.split("payssam 2026-03-21: ").nth(1).unwrap();
        assert!(mail.contains("PARTIAL"), "{mails}");
        assert!(
            desk.read("report-2026-03-21.csv")
                .contains("duplicate_line")
        );
        assert!(desk.read("report-2026-03-21.html").contains("partial"));
    });
}

#[test]
fn the_units_and_the_crontab_of_the_guides_run_that_script() {
    let [(_, english), (_, korean)] = GUIDES;
    let without_comments = |text: &str| -> Vec<String> {
        let lines = text.lines().filter(|line| !line.starts_with('#'));
        lines.map(str::to_owned).collect()
    };
    for language in ["ini", "crontab", "csv"] {
        let [english, korean] = [english, korean].map(|guide| {
            let blocks = blocks(guide, language);
            assert!(!blocks.is_empty());
            without_comments(&blocks.concat())
        });
        assert_eq!(english, korean, "{language}");
    }
    let units = blocks(english, "ini").concat();
    let crontab = blocks(english, "crontab")[0];
    let script = "/srv/payssam/daily";
    assert!(english.contains(&format!("Save it as `{script}`")));
    assert!(units.contains(&format!("\nExecStart={script}\n")));
    assert!(crontab.ends_with(&format!("0 6 * * * {script}\n")));
    for setting in [
        "PAYSSAM_BASE_URL=",
        "PAYSSAM_API_KEY_FILE=",
        "PAYSSAM_MEMBER=",
        "PAYSSAM_MERCHANT=",
    ] {
        assert!(
            units.contains(setting) && crontab.contains(setting),
            "{setting}"
        );
    }
    // A mismatch is a result; nobody waits for a ledger that is wrong to become right.
    assert!(units.contains("\nSuccessExitStatus=6\n"));
    assert!(units.contains("\nRestartPreventExitStatus=2 5\n"));
}

#[test]
fn the_guides_say_what_to_do_about_every_class_and_exit_code() {
    for (name, guide) in GUIDES {
        for class in Class::ALL {
            let row = format!("\n| `{class}`");
            assert_eq!(guide.matches(&row).count(), 1, "{name}: {class}");
        }
        for code in [0, 2, 4, 5, 6] {
            assert!(guide.contains(&format!("\n| {code} | ")), "{name}: {code}");
        }
    }
}
