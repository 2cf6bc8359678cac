//! The state file: what is one, and what is left alone. `cli/tests/command/mock_desk.rs` kills its mock server.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process,
    time::{Duration, Instant},
};

use crate::support::{
    control::{self, get},
    face::{self, bill_page},
    id, price,
    receiver::Receiver,
};
use payssam::{BillState, Error, Won};
use payssam_mock::{Fault, MockServer, Schedule};

/// A folder of a test, removed at its end.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = env::temp_dir().join(format!("payssam-state-{}-{name}", process::id()));
        fs::create_dir_all(&path).unwrap();
        Folder(path)
    }

    fn names(&self) -> Vec<String> {
        let files = fs::read_dir(&self.0).unwrap();
        let mut names: Vec<String> = files
            .map(|file| file.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Starts one, once the one before has let the file go.
async fn start(path: impl AsRef<Path>) -> MockServer {
    let deadline = Instant::now() + Duration::from_secs(30);
    loop {
        match MockServer::builder()
            .state_file(path.as_ref())
            .start()
            .await
        {
            Ok(mock) => return mock,
            Err(error) => assert!(Instant::now() < deadline, "{error}"),
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

async fn refused(path: &Path) -> String {
    let error = MockServer::builder()
        .state_file(path)
        .start()
        .await
        .unwrap_err();
    assert!(matches!(error, Error::Config { .. }), "{error:?}");
    error.to_string()
}

/// A state file, whole, as nobody has it open.
async fn whole(folder: &Folder) -> Vec<u8> {
    let path = folder.0.join("whole.db");
    let mock = start(&path).await;
    mock.add_bill(id(), price()).unwrap();
    drop(mock);
    drop(start(&path).await);
    tokio::time::sleep(Duration::from_millis(50)).await;
    fs::read(&path).unwrap()
}

#[tokio::test]
async fn a_file_of_another_program_or_another_version_is_refused_and_not_a_byte_of_it_is_changed() {
    let folder = Folder::new("foreign");
    let bytes = whole(&folder).await;
    let patched = |place: usize, number: u32| {
        let mut bytes = bytes.clone();
        bytes[place..place + 4].copy_from_slice(&number.to_be_bytes());
        bytes
    };
    let both = |application: u32, version: u32| {
        let mut bytes = patched(68, application);
        bytes[60..64].copy_from_slice(&version.to_be_bytes());
        bytes
    };
    let others = Folder::new("others");
    for (name, bytes, part) in [
        ("app.db", both(0, 0), "another program"),
        ("old.db", both(0, 1), "earlier version"),
        ("geo.db", both(0x4750_4b47, 2), "another program"),
        ("user.db", both(0, 7), "another program"),
        ("new.db", patched(60, 9), "of version 9"),
        ("text.db", b"this is no database".to_vec(), "no state file"),
        ("short.db", b"SQLite format 3\0".to_vec(), "no state file"),
    ] {
        let path = others.0.join(name);
        fs::write(&path, &bytes).unwrap();
        let message = refused(&path).await;
        assert!(
            message.contains(part) && message.contains(name),
            "{name}: {message}"
        );
        assert_eq!(fs::read(&path).unwrap(), bytes, "{name}");
    }
    // Nor is anything beside them.
    assert_eq!(others.names().len(), 7, "{:?}", others.names());
    let message = refused(&others.0).await;
    assert!(message.contains("no file"), "{message}");
}

#[tokio::test]
async fn a_state_file_that_is_damaged_is_refused_with_its_name() {
    let folder = Folder::new("damaged");
    let mut bytes = whole(&folder).await;
    bytes[100..].fill(0xa5);
    let path = folder.0.join("damaged.db");
    fs::write(&path, bytes).unwrap();
    let message = refused(&path).await;
    assert!(message.contains("damaged.db"), "{message}");
}

#[tokio::test]
async fn a_state_file_is_the_one_of_its_path_whatever_that_is_called() {
    let folder = Folder::new("names");
    // SQLite takes these for a database in memory. All other tests have whole paths.
    env::set_current_dir(&folder.0).unwrap();
    for name in [":memory:", "file:b?mode=memory", "file::memory:"] {
        let mock = start(name).await;
        mock.add_bill(id(), price()).unwrap();
        drop(mock);
        let mock = start(name).await;
        assert!(mock.is_restored(), "{name}");
        assert!(mock.bill(&id()).is_some(), "{name}");
        assert!(
            folder.names().contains(&name.to_owned()),
            "{:?}",
            folder.names()
        );
    }
    env::set_current_dir(env::temp_dir()).unwrap();
}

/// The timeline of a bill, without the commands and buttons around it.
async fn timeline(mock: &MockServer) -> String {
    let page = face::get_in(mock, &bill_page(id().as_str()), "en").await;
    page.all(" id=\"entries\"", "</ol>").remove(0)
}

#[tokio::test]
async fn the_timeline_of_a_bill_keeps_its_callbacks_over_a_restart_and_10_000_other_events() {
    let folder = Folder::new("timeline");
    let path = folder.0.join("world.db");
    let receiver = Receiver::acknowledging(2).await;
    let mock = start(&path).await;
    let wish = serde_json::json!({"bill_id": id().as_str(), "price": 1000, "callback_url": receiver.url()});
    control::post(&mock, "/bills", wish).await;
    mock.pay(&id()).unwrap();
    mock.wait_until_idle().await;
    mock.advance_clock(Duration::from_secs(60 * 60));
    mock.wait_until_idle().await;
    let before = timeline(&mock).await;
    let places = ["Callback queued", "Callback sent", "Callback sent"].iter();
    let mut from = before.find("Paid").unwrap();
    for part in places {
        from += before[from..]
            .find(part)
            .unwrap_or_else(|| panic!("{part}: {before}"))
            + 1;
    }
    for _ in 0..10_001 {
        mock.advance_clock(Duration::from_millis(1));
    }
    assert_eq!(timeline(&mock).await, before);
    drop(mock);

    let mock = start(&path).await;
    assert!(mock.is_restored());
    assert_eq!(timeline(&mock).await, before);
    mock.advance_clock(Duration::from_secs(60 * 60));
    mock.wait_until_idle().await;
    let after = timeline(&mock).await;
    let begin = before.trim_end();
    assert!(
        after.starts_with(begin) && after.len() > begin.len(),
        "{after}"
    );
    assert_eq!(after.matches("Callback sent").count(), 3);
    assert!(after.contains("2/24"), "{after}");
    // A snapshot has them too.
    let snapshot = get(&mock, "/snapshot").await;
    control::post(&mock, "/reset", serde_json::json!({})).await;
    control::post(&mock, "/restore", snapshot).await;
    assert_eq!(timeline(&mock).await, after);
}

#[tokio::test]
async fn bills_and_faults_of_the_builder_are_there_from_the_start_and_after_a_reset() {
    let folder = Folder::new("builder");
    let path = folder.0.join("world.db");
    let builder = MockServer::builder()
        .bill(id(), price(), BillState::Cancelled)
        .inject(Fault::ErrorCode { applied: false }, Schedule::always())
        .state_file(&path);
    let mock = builder.clone().start().await.unwrap();
    assert_eq!(*mock.bill(&id()).unwrap().state(), BillState::Cancelled);
    mock.clear_faults();
    crate::support::control::post(&mock, "/reset", serde_json::json!({})).await;
    assert_eq!(
        get(&mock, "/faults").await["faults"][0]["fault"],
        "error-code"
    );
    drop(mock);
    // A file that is there counts, and they are not added again.
    let mock = start(&path).await;
    assert_eq!(get(&mock, "/bills").await["total"], 1);
    let twice = MockServer::builder()
        .bill(id(), price(), BillState::Unpaid)
        .bill(id(), Won::new(1).unwrap(), BillState::Unpaid);
    assert!(matches!(
        twice.start().await,
        Err(Error::InvalidInput { .. })
    ));
}
