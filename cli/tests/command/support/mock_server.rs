//! `payssam mock`, running.

use std::{
    io::{BufRead, BufReader, Read},
    process::ChildStdout,
    sync::mpsc::{Receiver, channel},
    thread,
    time::Duration,
};

use super::process::{Environment, Running, nothing, spawn};

pub struct MockServer {
    pub child: Running,
    stdout: BufReader<ChildStdout>,
    /// The lines of stderr, once somebody reads them.
    log: Option<Receiver<String>>,
}

/// A running mock server, and the environment to use it.
pub fn mock(arguments: &[&str]) -> (MockServer, Environment) {
    let mut mock = MockServer::start(arguments, &nothing());
    let environment = mock.exports(4);
    (mock, environment)
}

impl MockServer {
    pub fn start(arguments: &[&str], environment: &Environment) -> Self {
        // Another address may be among them.
        let listen: &[&str] = match arguments.contains(&"--listen") {
            true => &["mock"],
            false => &["mock", "--listen", "127.0.0.1:0"],
        };
        let arguments = [listen, arguments].concat();
        let mut child = spawn(&arguments, environment);
        let stdout = BufReader::new(child.0.stdout.take().unwrap());
        MockServer {
            child,
            stdout,
            log: None,
        }
    }

    /// The next line of stdout.
    pub fn line(&mut self) -> String {
        let mut line = String::new();
        self.stdout.read_line(&mut line).unwrap();
        assert!(line.ends_with('\n'), "the mock server ended");
        line.trim_end().to_owned()
    }

    /// The variables of the next `count` export lines.
    pub fn exports(&mut self, count: usize) -> Environment {
        (0..count)
            .map(|_| {
                let line = self.line();
                let export = line.strip_prefix("export ").unwrap();
                let (name, value) = export.split_once('=').unwrap();
                (name.to_owned(), value.to_owned())
            })
            .collect()
    }

    /// The next line of stderr that contains this.
    pub fn until_logged(&mut self, part: &str) -> String {
        let stderr = &mut self.child.0.stderr;
        let log = self.log.get_or_insert_with(|| {
            let (lines, log) = channel();
            let stderr = BufReader::new(stderr.take().unwrap());
            thread::spawn(move || {
                let mut read = stderr.lines().map_while(Result::ok);
                read.all(|line| lines.send(line).is_ok());
            });
            log
        });
        loop {
            let line = log.recv_timeout(Duration::from_secs(30)).expect(part);
            if line.contains(part) {
                return line;
            }
        }
    }

    /// Stops it, and gives the rest of stdout, and of the log that nobody has read.
    pub fn stop_with_log(mut self) -> (String, String) {
        self.child.0.kill().unwrap();
        let mut stdout = String::new();
        self.stdout.read_to_string(&mut stdout).unwrap();
        let log = self.log.take().into_iter().flatten();
        (stdout, log.collect::<Vec<_>>().join("\n"))
    }

    /// Stops it, and gives the rest of stdout, and stderr.
    pub fn stop(mut self) -> (String, String) {
        self.child.0.kill().unwrap();
        let (mut stdout, mut stderr) = (String::new(), String::new());
        self.stdout.read_to_string(&mut stdout).unwrap();
        let mut pipe = self.child.0.stderr.take().unwrap();
        pipe.read_to_string(&mut stderr).unwrap();
        (stdout, stderr)
    }
}
