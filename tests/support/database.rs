//! A SQLite file of a test.

use std::{
    env, fs,
    path::PathBuf,
    process,
    sync::atomic::{AtomicU32, Ordering::Relaxed},
};

use rusqlite::Connection;

/// A file that is removed with its test.
pub struct Database(pub PathBuf);

impl Database {
    /// The path of a file that is not there yet.
    pub fn new(name: &str) -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let number = COUNT.fetch_add(1, Relaxed);
        let file = format!("payssam-{name}-{}-{number}.sqlite", process::id());
        Database(env::temp_dir().join(file))
    }

    /// A connection of the merchant's own.
    pub fn connect(&self) -> Connection {
        Connection::open(&self.0).unwrap()
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        for end in ["", "-journal", "-wal", "-shm"] {
            let mut file = self.0.clone().into_os_string();
            file.push(end);
            let _ = fs::remove_file(file);
        }
    }
}
