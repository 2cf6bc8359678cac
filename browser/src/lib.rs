//! Debian's Chromium with a page in it, for tests.

use std::{
    env, fs,
    io::{BufRead, BufReader},
    path::PathBuf,
    process::{Child, ChildStdout, Command, Stdio},
    time::{Duration, Instant},
};

use fantoccini::{Client, ClientBuilder, Locator, wd::WebDriverCompatibleCommand};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::sync::{Semaphore, SemaphorePermit};

/// More browsers at a time than these would wait for each other.
static AT_A_TIME: Semaphore = Semaphore::const_new(3);

/// A browser with a window of its own. It is killed with this.
pub struct Browser {
    /// What drives it.
    pub client: Client,
    folder: TempDir,
    _processes: [Process; 2],
    _permit: SemaphorePermit<'static>,
}

struct Process {
    child: Child,
    // Whoever writes to a closed pipe dies.
    _stdout: Option<BufReader<ChildStdout>>,
}

impl Drop for Process {
    fn drop(&mut self) {
        // It may have ended by itself.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// Where a program is.
fn found(names: &[&str]) -> Option<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    let folders: Vec<_> = env::split_paths(&path).collect();
    let files = names
        .iter()
        .flat_map(|name| folders.iter().map(move |folder| folder.join(name)));
    files.into_iter().find(|file| file.is_file())
}

/// What `get` finds within a minute.
async fn wait_for<T>(what: &str, mut get: impl FnMut() -> Option<T>) -> T {
    let begun = Instant::now();
    loop {
        if let Some(it) = get() {
            return it;
        }
        assert!(begun.elapsed() < Duration::from_secs(60), "no {what}");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

/// A command of WebDriver, or of Chromium's own.
#[derive(Debug)]
struct Post(&'static str, Value);

impl WebDriverCompatibleCommand for Post {
    fn endpoint(
        &self,
        base: &url::Url,
        session: Option<&str>,
    ) -> Result<url::Url, url::ParseError> {
        base.join(&format!(
            "session/{}/{}",
            session.unwrap_or_default(),
            self.0
        ))
    }

    fn method_and_body(&self, _: &url::Url) -> (http::Method, Option<String>) {
        (http::Method::POST, Some(self.1.to_string()))
    }
}

impl Browser {
    /// A browser whose language is `language`; none where there is none and tests may be skipped.
    pub async fn open(language: &str) -> Option<Self> {
        Self::start(language, json!({})).await
    }

    /// The same, with a log of its console and of what it asks for.
    pub async fn open_with_logs(language: &str) -> Option<Self> {
        Self::start(language, json!({"browser": "ALL", "performance": "ALL"})).await
    }

    async fn start(language: &str, logs: Value) -> Option<Self> {
        let programs = (
            found(&["chromium", "chromium-browser"]),
            found(&["chromedriver"]),
        );
        let (Some(chromium), Some(chromedriver)) = programs else {
            let text = "there is no Chromium: apt-get install chromium chromium-driver";
            assert!(
                env::var_os("ALLOW_SKIPS").is_some_and(|it| it == "1"),
                "{text}, or set ALLOW_SKIPS=1"
            );
            eprintln!("skipped: {text}");
            return None;
        };
        let permit = AT_A_TIME.acquire().await.unwrap();
        let folder = tempfile::tempdir().unwrap();
        let profile = folder.path().join("profile");
        let child = Command::new(chromium)
            .arg(format!("--user-data-dir={}", profile.display()))
            .arg(format!("--accept-lang={language}"))
            .args([
                "--headless=new",
                "--remote-debugging-port=0",
                // Root has no sandbox, as in containers.
                "--no-sandbox",
                "--disable-gpu",
                "--disable-quic",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-extensions",
                "--disable-sync",
                "--disable-software-rasterizer",
                "--in-process-gpu",
                "--hide-scrollbars",
                "--no-first-run",
                "--window-size=1280,900",
                "about:blank",
            ])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let browser = Process {
            child,
            _stdout: None,
        };
        let mut child = Command::new(chromedriver)
            .arg("--port=0")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        let port = driver_port(&mut stdout);
        let driver = Process {
            child,
            _stdout: Some(stdout),
        };
        let debugger = wait_for("port of Chromium", || {
            let file = fs::read_to_string(profile.join("DevToolsActivePort")).ok()?;
            // The second line is written after the port.
            file.split_once('\n').map(|(port, _)| port.to_owned())
        })
        .await;
        let Value::Object(wanted) = json!({
            "goog:chromeOptions": {"debuggerAddress": format!("127.0.0.1:{debugger}")},
            "goog:loggingPrefs": logs,
        }) else {
            unreachable!()
        };
        let client = ClientBuilder::new(HttpConnector::new())
            .capabilities(wanted)
            .connect(&format!("http://127.0.0.1:{port}"))
            .await
            .unwrap();
        Some(Browser {
            client,
            folder,
            _processes: [driver, browser],
            _permit: permit,
        })
    }

    /// Shows a page from a file. Returns its address.
    pub async fn show(&self, html: &str) -> String {
        let file = self.folder.path().join("page.html");
        fs::write(&file, html).unwrap();
        let address = format!("file://{}", file.display());
        self.client.goto(&address).await.unwrap();
        address
    }

    /// What a function of JavaScript with this body returns.
    pub async fn run(&self, body: &str) -> Value {
        let ended = self.client.execute(body, vec![]).await;
        ended.unwrap_or_else(|error| panic!("{body}: {error}"))
    }

    /// The same, with an argument.
    pub async fn run_with(&self, body: &str, argument: Value) -> Value {
        self.client.execute(body, vec![argument]).await.unwrap()
    }

    /// Waits until a function of JavaScript with this body returns true, for a minute at most. One that
    /// throws, for what it looks for is not there yet, is called again.
    pub async fn until(&self, body: &str) {
        let begun = Instant::now();
        loop {
            let ended = self.client.execute(body, vec![]).await;
            if matches!(&ended, Ok(it) if *it == json!(true)) {
                return;
            }
            if begun.elapsed() > Duration::from_secs(60) {
                let text = self.run("return document.body.innerText").await;
                panic!("{body}: {ended:?}: {text}");
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// The texts that are seen of all elements of a selector.
    pub async fn texts(&self, selector: &str) -> Vec<String> {
        let body = "return Array.from(document.querySelectorAll(arguments[0]))
            .filter((it) => it.checkVisibility()).map((it) => it.innerText)";
        let texts = self.run_with(body, json!(selector)).await;
        serde_json::from_value(texts).unwrap()
    }

    /// Clicks on the first element of a selector, as a person does: it must be seen.
    pub async fn click(&self, selector: &str) {
        let it = self.client.find(Locator::Css(selector)).await.unwrap();
        it.click().await.unwrap();
    }

    /// A command of Chromium's own protocol.
    pub async fn chromium(&self, command: &str, parameters: Value) -> Value {
        let body = json!({"cmd": command, "params": parameters});
        let ended = self.client.issue_cmd(Post("goog/cdp/execute", body)).await;
        ended.unwrap_or_else(|error| panic!("{command}: {error}"))
    }

    /// The window, in pixels of CSS.
    pub async fn resize(&self, width: u32, height: u32) {
        let parameters = json!({
            "width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600,
        });
        self.chromium("Emulation.setDeviceMetricsOverride", parameters)
            .await;
    }

    /// `light` or `dark`.
    pub async fn prefer(&self, scheme: &str) {
        let scheme = json!({"name": "prefers-color-scheme", "value": scheme});
        self.chromium("Emulation.setEmulatedMedia", json!({"features": [scheme]}))
            .await;
    }

    /// What pages from files have tried to load since the last call.
    pub async fn requests(&self) -> Vec<String> {
        let log = self.log("performance").await;
        let messages = log.iter().map(|entry| {
            let message = entry["message"].as_str().unwrap();
            serde_json::from_str::<Value>(message).unwrap()["message"].take()
        });
        let requests = messages.filter(|message| {
            let is_of_a_page = message["params"]["documentURL"]
                .as_str()
                .is_none_or(|url| url.starts_with("file:"));
            let method = message["method"].as_str().unwrap();
            is_of_a_page
                && ["Network.requestWillBeSent", "Network.webSocketCreated"].contains(&method)
        });
        let url = |message: &Value| {
            let parameters = &message["params"];
            let url = parameters["request"]["url"].as_str();
            url.or(parameters["url"].as_str()).unwrap().to_owned()
        };
        requests.map(|message| url(&message)).collect()
    }

    /// What the console says since the last call.
    pub async fn console(&self) -> Vec<String> {
        let log = self.log("browser").await;
        let text = |entry: &Value| entry["message"].as_str().unwrap().to_owned();
        log.iter().map(text).collect()
    }

    async fn log(&self, kind: &str) -> Vec<Value> {
        let log = Post("se/log", json!({"type": kind}));
        let log = self.client.issue_cmd(log).await.unwrap();
        log.as_array().unwrap().clone()
    }
}

/// The port that chromedriver has taken.
fn driver_port(stdout: &mut impl BufRead) -> u16 {
    let mut line = String::new();
    while stdout.read_line(&mut line).unwrap() > 0 {
        if let Some((_, port)) = line.split_once("successfully on port ") {
            return port.trim().trim_end_matches('.').parse().unwrap();
        }
        line.clear();
    }
    panic!("chromedriver has ended")
}
