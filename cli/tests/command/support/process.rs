//! Runs the command as a child process.

use std::{
    collections::BTreeMap,
    env,
    io::{Read, Write},
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use serde_json::Value;

use super::text::{keys, one_line};

/// The time limit of a child process.
const TIME_LIMIT: Duration = Duration::from_secs(30);

pub type Environment = BTreeMap<String, String>;

/// An environment without variables.
pub fn nothing() -> Environment {
    Environment::new()
}

/// An environment with this base URL and some credentials.
pub fn at(base_url: &str) -> Environment {
    [
        ("PAYSSAM_BASE_URL", base_url),
        ("PAYSSAM_API_KEY", super::KEY),
        ("PAYSSAM_MEMBER", "the-member"),
        ("PAYSSAM_MERCHANT", "the-merchant"),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .into()
}

/// A child process that does not outlive its test.
pub struct Running(pub Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Running {
    /// Waits for its exit code.
    pub fn exit_code(&mut self) -> i32 {
        let deadline = Instant::now() + TIME_LIMIT;
        while Instant::now() < deadline {
            if let Some(status) = self.0.try_wait().unwrap() {
                return status.code().expect("the command was killed by a signal");
            }
            thread::sleep(Duration::from_millis(5));
        }
        panic!("the command did not end within {TIME_LIMIT:?}");
    }
}

/// Sends it a signal, such as `TERM`.
#[cfg(unix)]
pub fn signal(running: &Running, signal: &str) {
    let pid = running.0.id().to_string();
    let signal = format!("-{signal}");
    let sent = Command::new("kill").args([&signal, &pid]).status();
    assert!(sent.unwrap().success());
}

/// What a command wrote, and its exit code.
#[derive(Debug)]
pub struct Ended {
    pub code: i32,
    pub stdout: String,
    pub stderr: String,
}

impl Ended {
    /// The JSON of a success, which is one line on stdout, and nothing on stderr.
    #[track_caller]
    pub fn json(&self) -> Value {
        assert_eq!((self.code, self.stderr.as_str()), (0, ""), "{self:?}");
        one_line(&self.stdout)
    }

    /// The error of a failure, which is one line of JSON on stderr, and nothing on stdout.
    #[track_caller]
    pub fn error(&self) -> Value {
        assert_ne!(self.code, 0, "{self:?}");
        assert_eq!(self.stdout, "", "{self:?}");
        let mut whole = one_line(&self.stderr);
        assert_eq!(keys(&whole), ["error"]);
        let error = whole["error"].take();
        assert_eq!(
            keys(&error),
            ["bill_id", "code", "kind", "message", "operation", "outcome"]
        );
        error
    }
}

/// The command, with no more of this process's environment than the system needs.
pub fn payssam(arguments: &[&str], environment: &Environment) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_payssam"));
    command
        .args(arguments)
        .env_clear()
        .envs(["SystemRoot", "PATH"].map(|name| (name, env::var_os(name).unwrap_or_default())))
        .envs(environment)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

pub fn spawn(arguments: &[&str], environment: &Environment) -> Running {
    Running(payssam(arguments, environment).spawn().unwrap())
}

pub fn run(arguments: &[&str], environment: &Environment) -> Ended {
    end(spawn(arguments, environment))
}

pub fn run_with_stdin(arguments: &[&str], environment: &Environment, stdin: &str) -> Ended {
    let mut command = payssam(arguments, environment);
    let mut child = Running(command.stdin(Stdio::piped()).spawn().unwrap());
    let mut pipe = child.0.stdin.take().unwrap();
    // The command may have read as much as it wanted.
    drop(pipe.write_all(stdin.as_bytes()));
    drop(pipe);
    end(child)
}

/// Runs the command, which must succeed, and gives its JSON.
#[track_caller]
pub fn json_of(arguments: &[&str], environment: &Environment) -> Value {
    run(&[&["--output", "json"], arguments].concat(), environment).json()
}

/// Runs the command, which must fail with this exit code, and gives its error.
#[track_caller]
pub fn error_of(code: i32, arguments: &[&str], environment: &Environment) -> Value {
    let ended = run(&[&["--output", "json"], arguments].concat(), environment);
    assert_eq!(ended.code, code, "{arguments:?}: {ended:?}");
    ended.error()
}

/// Runs the command, which must be rejected, and gives the result code.
#[track_caller]
pub fn rejection_of(arguments: &[&str], environment: &Environment) -> Value {
    error_of(3, arguments, environment)["code"].take()
}

/// The state of a bill as the command reads it.
#[track_caller]
pub fn state(id: &str, environment: &Environment) -> Value {
    json_of(&["bill", "read", id], environment)["state"].take()
}

/// Reads a pipe to its end in a thread of its own.
pub fn drained(mut pipe: impl Read + Send + 'static) -> thread::JoinHandle<String> {
    thread::spawn(move || {
        let mut text = String::new();
        pipe.read_to_string(&mut text).unwrap();
        text
    })
}

fn end(mut child: Running) -> Ended {
    let stdout = drained(child.0.stdout.take().unwrap());
    let stderr = drained(child.0.stderr.take().unwrap());
    Ended {
        code: child.exit_code(),
        stdout: stdout.join().unwrap(),
        stderr: stderr.join().unwrap(),
    }
}
