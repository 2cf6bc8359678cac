//! A mock server in a thread of this process, so that its requests can be counted.

use std::{
    sync::{Arc, mpsc::channel},
    thread,
};

use payssam::{BillId, Won};
use payssam_mock::MockServer;
use serde_json::Value;
use tokio::runtime;

use super::process::Environment;

pub struct OwnMock(Arc<MockServer>);

impl OwnMock {
    pub fn start() -> Self {
        let (started, mock) = channel();
        thread::spawn(move || {
            let runtime = runtime::Builder::new_current_thread().enable_all().build();
            runtime.unwrap().block_on(async {
                let mock = Arc::new(MockServer::start().await.unwrap());
                started.send(mock).unwrap();
                std::future::pending::<()>().await;
            });
        });
        OwnMock(mock.recv().unwrap())
    }

    /// Adds a bill in this state, by its letter.
    pub fn add(&self, id: &str, price: u64, letter: char) {
        let id = BillId::new(id).unwrap();
        self.0
            .add_bill(id.clone(), Won::new(price).unwrap())
            .unwrap();
        match letter {
            'F' => self.0.pay(&id).unwrap(),
            'C' => {
                self.0.pay(&id).unwrap();
                self.0.cancel(&id).unwrap();
            }
            'D' => self.0.destroy(&id).unwrap(),
            _ => {}
        }
    }

    pub fn server(&self) -> &MockServer {
        &self.0
    }

    pub fn environment(&self) -> Environment {
        let credentials = self.0.credentials();
        [
            ("PAYSSAM_BASE_URL", self.0.base_url()),
            ("PAYSSAM_API_KEY", credentials.reveal_api_key().to_owned()),
            ("PAYSSAM_MEMBER", credentials.member().to_owned()),
            ("PAYSSAM_MERCHANT", credentials.merchant().to_owned()),
        ]
        .map(|(name, value)| (name.to_owned(), value))
        .into()
    }

    /// The bills that were read, the last 1,000.
    pub fn reads(&self) -> Vec<String> {
        let requests = self.0.requests();
        let reads = requests.iter().map(|request| {
            assert_eq!((request.method(), request.path()), ("POST", "/bill/read"));
            let body: Value = serde_json::from_slice(request.body()).unwrap();
            body["bill"]["billId"].as_str().unwrap().to_owned()
        });
        reads.collect()
    }
}
