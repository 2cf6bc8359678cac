//! Generates the requests and their rules from `openapi/client.json`.

#[path = "build/generate.rs"]
mod generate;
#[path = "build/operation.rs"]
mod operation;
#[path = "build/rules.rs"]
mod rules;
#[path = "build/shape.rs"]
mod shape;

use std::{env, error::Error, fs, path::PathBuf};

const SPEC: &str = "openapi/client.json";

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed={SPEC}");
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=build");

    // Nobody uses the reconstructed operations without the feature, and they take time to compile.
    let reconstructed = env::var_os("CARGO_FEATURE_PREVIEW").is_some();
    let requests = generate::requests(&fs::read_to_string(SPEC)?, reconstructed)
        .map_err(|error| format!("{SPEC}: {error}"))?;

    let out = PathBuf::from(env::var_os("OUT_DIR").ok_or("cargo sets OUT_DIR")?);
    fs::write(out.join("requests.rs"), requests.to_string())?;
    Ok(())
}
