//! No test file lies in a `tests/` folder without being run.

use std::{collections::BTreeSet, fs, path::Path};

use toml::Table;

fn manifest(package: &Path) -> Table {
    let text = fs::read_to_string(package.join("Cargo.toml")).unwrap();
    text.parse().unwrap()
}

#[test]
fn every_test_file_is_a_test_of_its_own_or_shares_a_process() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let workspace = manifest(root);
    let mut seen = 0;
    for member in workspace["workspace"]["members"].as_array().unwrap() {
        let package = root.join(member.as_str().unwrap());
        let manifest = manifest(&package);
        if manifest["package"].get("autotests").is_none() {
            continue;
        }
        let name = |test: &toml::Value| test["name"].as_str().unwrap().to_owned();
        let own: BTreeSet<_> = manifest["test"]
            .as_array()
            .unwrap()
            .iter()
            .map(name)
            .collect();
        let shared = fs::read_to_string(package.join("tests/one_process.rs")).unwrap();
        let shared: BTreeSet<_> = shared
            .lines()
            .filter_map(|line| line.strip_prefix("#[path = \"")?.strip_suffix(".rs\"]"))
            .map(str::to_owned)
            .collect();
        let files: BTreeSet<_> = fs::read_dir(package.join("tests"))
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .filter_map(|file| file.strip_suffix(".rs").map(str::to_owned))
            .collect();
        assert!(own.is_disjoint(&shared), "{member}: once is enough");
        assert_eq!(&own | &shared, files, "{member}");
        seen += 1;
    }
    assert!(seen >= 6, "{seen} packages list their tests");
}
