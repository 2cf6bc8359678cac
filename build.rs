//! Generates the raw client from `openapi/client.json`, and does nothing else.

use progenitor::{GenerationSettings, Generator, HooksMode};
use std::{env, error::Error, fs, path::PathBuf};

const SPEC: &str = "openapi/client.json";

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed={SPEC}");
    println!("cargo::rerun-if-changed=build.rs");

    let spec: openapiv3::OpenAPI = serde_json::from_str(&fs::read_to_string(SPEC)?)
        .map_err(|error| format!("{SPEC} is not an OpenAPI 3.0 document: {error}"))?;

    let mut settings = GenerationSettings::new();
    settings
        .with_hooks(HooksMode::Expected)
        .with_inner_type("crate::raw::Transport".parse()?);
    if env::var_os("CARGO_FEATURE_SCHEMARS").is_some() {
        settings.with_derive("::schemars::JsonSchema");
    }
    let client = Generator::new(&settings).generate_tokens(&spec)?;

    let out = PathBuf::from(env::var_os("OUT_DIR").ok_or("cargo sets OUT_DIR")?);
    fs::write(out.join("client.rs"), client.to_string())?;
    Ok(())
}
