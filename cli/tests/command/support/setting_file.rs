//! A file that holds a setting, as containers mount secrets.

use std::{
    env, fs,
    path::PathBuf,
    process,
    sync::atomic::{AtomicU32, Ordering},
};

use super::process::Environment;

/// A file that does not outlive its test.
pub struct SettingFile(PathBuf);

impl SettingFile {
    pub fn new(value: &str) -> Self {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let name = format!("payssam-setting-{}-{number}", process::id());
        let path = env::temp_dir().join(name);
        fs::write(&path, format!("{value}\n")).unwrap();
        SettingFile(path)
    }

    /// The environment with this file in the place of the variable.
    pub fn instead_of(&self, name: &str, mut environment: Environment) -> Environment {
        environment.remove(name);
        let path = self.0.to_str().unwrap().to_owned();
        environment.insert(format!("{name}_FILE"), path);
        environment
    }
}

impl Drop for SettingFile {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
    }
}
