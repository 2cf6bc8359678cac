//! `docs/mock-server.md`: each example is run, and each operation of the control API has one whose response is as the
//! OpenAPI document says.

use std::{collections::BTreeSet, env, fs, path::PathBuf, process};

use crate::support::{
    control::{self, Document, origin},
    receiver::Receiver,
};
use payssam_mock::MockServer;
use serde_json::Value;

fn examples(guide: &str) -> Vec<String> {
    let docs = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../docs");
    let text = fs::read_to_string(docs.join(guide)).unwrap();
    let blocks = text.split("```sh\n").skip(1);
    blocks
        .map(|block| block.split("```").next().unwrap().trim().to_owned())
        .collect()
}

#[test]
fn the_guide_in_korean_has_the_same_examples() {
    assert_eq!(examples("ko/mock-server.md"), examples("mock-server.md"));
}

/// The method and the path of an example.
fn called(example: &str) -> (&'static str, String) {
    let method = match example {
        _ if example.contains("-X DELETE") => "DELETE",
        _ if example.contains("--json") => "POST",
        _ => "GET",
    };
    let (_, path) = example.rsplit_once("$MOCK").unwrap();
    let path = path.split(['"', '?', ' ']).next().unwrap();
    (method, path.to_owned())
}

#[tokio::test(flavor = "multi_thread")]
async fn each_operation_has_an_example_that_works_as_the_document_says() {
    let mock = MockServer::start().await.unwrap();
    let receiver = Receiver::acknowledging(0).await;
    let document = Document::of(&control::get(&mock, "/openapi.json").await);
    let folder = env::temp_dir().join(format!("payssam-mock-docs-{}", process::id()));
    fs::create_dir_all(&folder).unwrap();
    let mut covered = BTreeSet::new();
    for example in examples("mock-server.md") {
        let mut shell = tokio::process::Command::new("sh");
        let ended = shell
            .args(["-ec", &example])
            .current_dir(&folder)
            .env("MOCK", origin(&mock))
            .env("RECEIVER", format!("{}/payssam", receiver.url()))
            .env("NO_PROXY", "*")
            .output()
            .await
            .unwrap();
        let stdout = String::from_utf8(ended.stdout).unwrap();
        assert!(
            ended.status.success(),
            "{example}: {stdout} {:?}",
            ended.stderr
        );
        let (method, path) = called(&example);
        let operation = document.operation(method, &path);
        match path.ends_with("/stream") {
            true => {
                assert!(
                    stdout.starts_with("id: 1\nevent: bill\ndata: {"),
                    "{stdout}"
                );
            }
            false => {
                let response: Value = serde_json::from_str(&stdout).unwrap();
                document.assert_response(&operation, 200, &response);
            }
        }
        covered.insert(operation);
    }
    assert_eq!(covered, document.operations());
    fs::remove_dir_all(folder).unwrap();
}

#[test]
fn the_seed_in_the_documentation_is_one() {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../docs/mock-server.md");
    let text = fs::read_to_string(path).unwrap();
    let (_, block) = text.split_once("```toml\n").unwrap();
    let seed = payssam_mock::Seed::parse(block.split("```").next().unwrap()).unwrap();
    assert_eq!(format!("{seed:?}"), "Seed(3 merchants, 1 bills, 1 faults)");
}
