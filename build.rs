//! Generates the raw client from `openapi/client.json`, and does nothing else.

use progenitor::{GenerationSettings, Generator, HooksMode};
use serde_json::Value;
use std::{env, error::Error, fs, path::PathBuf};

const SPEC: &str = "openapi/client.json";

/// How the schemas of operations begin whose pages were not captured.
const PIECE: &str = "Reconstructed";

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed={SPEC}");
    println!("cargo::rerun-if-changed=build.rs");

    let mut spec: Value = serde_json::from_str(&fs::read_to_string(SPEC)?)?;
    if !["PREVIEW", "SANDBOX"].into_iter().any(has_feature) {
        leave_out_pieces(&mut spec);
    }
    let spec: openapiv3::OpenAPI = serde_json::from_value(spec)
        .map_err(|error| format!("{SPEC} is not an OpenAPI 3.0 document: {error}"))?;

    let mut settings = GenerationSettings::new();
    settings
        .with_hooks(HooksMode::Expected)
        .with_inner_type("crate::raw::Transport".parse()?);
    if has_feature("SCHEMARS") {
        settings.with_derive("::schemars::JsonSchema");
    }
    let client = Generator::new(&settings).generate_tokens(&spec)?;

    let out = PathBuf::from(env::var_os("OUT_DIR").ok_or("cargo sets OUT_DIR")?);
    fs::write(out.join("client.rs"), client.to_string())?;
    Ok(())
}

fn has_feature(name: &str) -> bool {
    env::var_os(format!("CARGO_FEATURE_{name}")).is_some()
}

/// Nobody uses them without the features, and they take a third of the time to compile.
fn leave_out_pieces(spec: &mut Value) {
    if let Some(paths) = spec["paths"].as_object_mut() {
        paths.retain(|_, operations| !operations.to_string().contains(PIECE));
    }
    if let Some(schemas) = spec["components"]["schemas"].as_object_mut() {
        schemas.retain(|name, _| !name.starts_with(PIECE));
    }
}
