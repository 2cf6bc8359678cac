//! What is read from the environment. A process cannot safely change its own, so these tests start themselves as
//! a child.

#[allow(dead_code, reason = "other tests use the rest")]
mod support {
    pub mod caller;
    pub mod wire;
}

use std::{env, fs, path::Path, process::Stdio, time::Duration};

use payssam::{Client, ClientBuilder, RetryPolicy};
use tokio::process::Command;

use support::{
    caller::{API_KEY, bill_id},
    wire::{Action, Server, http},
};

const READ: &str =
    r#"{"code":"0000","message":"ok","data":{"billId":"2024-0001","apprState":"F"}}"#;

/// Set for a test that was started as a child, with an environment of its own.
const CHILD: &str = "PAYSSAM_TEST_CHILD";

/// What a child prints before its report.
const REPORT: &str = "report of the child: ";

/// Everything in the environment that could matter.
const VARIABLES: &[&str] = &[
    "PAYSSAM_BASE_URL",
    "PAYSSAM_API_KEY",
    "PAYSSAM_MEMBER",
    "PAYSSAM_MERCHANT",
    "PAYSSAM_BASE_URL_FILE",
    "PAYSSAM_API_KEY_FILE",
    "PAYSSAM_MEMBER_FILE",
    "PAYSSAM_MERCHANT_FILE",
    "HTTP_PROXY",
    "http_proxy",
    "HTTPS_PROXY",
    "https_proxy",
    "ALL_PROXY",
    "all_proxy",
    "NO_PROXY",
    "no_proxy",
];

fn is_child() -> bool {
    env::var_os(CHILD).is_some()
}

fn report(text: impl std::fmt::Display) {
    println!("\n{REPORT}{text}");
}

/// Starts the test `name` again, with these variables and none of `VARIABLES` besides.
async fn child(name: &str, variables: &[(&str, &str)]) -> String {
    let mut command = Command::new(env::current_exe().expect("this program"));
    command
        .args([name, "--exact", "--nocapture"])
        .stdin(Stdio::null())
        .kill_on_drop(true)
        .env(CHILD, "1");
    for variable in VARIABLES {
        command.env_remove(variable);
    }
    command.envs(variables.iter().copied());
    let output = command.output().await.expect("a child");
    let text = String::from_utf8_lossy(&output.stdout);
    let mut responses = text.lines().filter_map(|line| line.strip_prefix(REPORT));
    let response = responses.next();
    response
        .unwrap_or_else(|| panic!("{name} reported nothing: {text}"))
        .to_owned()
}

const COMPLETE: [(&str, &str); 4] = [
    ("PAYSSAM_BASE_URL", "http://127.0.0.1:9"),
    ("PAYSSAM_API_KEY", API_KEY),
    ("PAYSSAM_MEMBER", "member-3"),
    ("PAYSSAM_MERCHANT", "merchant-3"),
];

fn report_the_client_of_the_environment() {
    match Client::from_env() {
        Ok(client) => {
            let credentials = client.credentials();
            report(format_args!(
                "{} {}",
                credentials.member(),
                credentials.merchant()
            ));
        }
        Err(error) => report(error),
    }
}

#[tokio::test]
async fn from_env_names_the_variable_that_is_missing_or_empty() {
    if is_child() {
        return report_the_client_of_the_environment();
    }
    let name = "from_env_names_the_variable_that_is_missing_or_empty";
    assert_eq!(child(name, &COMPLETE).await, "member-3 merchant-3");
    for place in 0..COMPLETE.len() {
        let (variable, _) = COMPLETE[place];
        let mut variables = COMPLETE.to_vec();
        variables[place].1 = "";
        assert_eq!(
            child(name, &variables).await,
            format!(
                "configuration: {variable}: this environment variable is empty; nothing was sent"
            )
        );
        variables.remove(place);
        assert_eq!(
            child(name, &variables).await,
            format!(
                "configuration: {variable}: this environment variable is not set; nothing was sent"
            )
        );
    }
    assert!(child(name, &[]).await.contains("PAYSSAM_BASE_URL"));
}

#[tokio::test]
async fn from_env_rejects_what_the_builder_rejects() {
    if is_child() {
        return report_the_client_of_the_environment();
    }
    let name = "from_env_rejects_what_the_builder_rejects";
    let mut variables = COMPLETE;
    variables[0].1 = "http://example.com";
    assert!(
        child(name, &variables)
            .await
            .starts_with("configuration: base url: ")
    );
    let mut variables = COMPLETE;
    let long = API_KEY.repeat(2);
    variables[1].1 = &long;
    let message = child(name, &variables).await;
    assert!(message.starts_with("invalid api key: "), "{message}");
    assert!(!message.contains(API_KEY), "{message}");
}

#[tokio::test]
async fn the_builder_from_the_environment_takes_further_settings() {
    let name = "the_builder_from_the_environment_takes_further_settings";
    if is_child() {
        let built = ClientBuilder::from_env().and_then(|builder| {
            let builder = builder.timeout(Duration::from_secs(10));
            builder.retry(RetryPolicy::off()).build()
        });
        return match built {
            Ok(client) => report(format_args!(
                "{} {} {}",
                client.credentials().member(),
                client.credentials().merchant(),
                client.retry_policy() == RetryPolicy::off(),
            )),
            Err(error) => report(error),
        };
    }
    assert_eq!(child(name, &COMPLETE).await, "member-3 merchant-3 true");
    let (variable, _) = COMPLETE[2];
    assert_eq!(
        child(name, &COMPLETE[..2]).await,
        format!(
            "configuration: {variable}: this environment variable is not set; nothing was sent"
        )
    );
}

#[tokio::test]
async fn the_builder_from_the_environment_can_be_given_another_address() {
    let name = "the_builder_from_the_environment_can_be_given_another_address";
    let other = "PAYSSAM_TEST_OTHER_URL";
    if is_child() {
        let builder = ClientBuilder::from_env().expect("a builder");
        let other = env::var(other).expect("an address");
        let client = builder.base_url(other).build().expect("a client");
        let bill = client.bills().read(&bill_id()).await.expect("a bill");
        return report(bill.state());
    }
    let server = Server::start(|_| Action::Write(http("200 OK", READ))).await;
    let mut variables = COMPLETE.to_vec();
    let base_url = server.base_url();
    variables.push((other, &base_url));
    assert_eq!(child(name, &variables).await, "paid");
    assert_eq!(server.received().1.len(), 1);
}

#[cfg(unix)]
#[tokio::test]
async fn from_env_names_a_variable_that_is_not_utf8() {
    use std::os::unix::ffi::OsStrExt;

    if is_child() {
        return report_the_client_of_the_environment();
    }
    let mut command = Command::new(env::current_exe().expect("this program"));
    let output = command
        .args([
            "from_env_names_a_variable_that_is_not_utf8",
            "--exact",
            "--nocapture",
        ])
        .env(CHILD, "1")
        .envs(COMPLETE)
        .env("PAYSSAM_MEMBER", std::ffi::OsStr::from_bytes(b"m\xff"))
        .output()
        .await
        .expect("a child");
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(
        text.contains("configuration: PAYSSAM_MEMBER: this environment variable is not UTF-8"),
        "{text}"
    );
}

#[tokio::test]
async fn from_env_uses_what_the_environment_says() {
    if is_child() {
        let client = Client::from_env().expect("a client");
        let bill = client.bills().read(&bill_id()).await.expect("a bill");
        return report(bill.state());
    }
    let server = Server::start(|_| Action::Write(http("200 OK", READ))).await;
    let mut variables = COMPLETE;
    let base_url = format!("{}/partner", server.base_url());
    variables[0].1 = &base_url;
    let name = "from_env_uses_what_the_environment_says";
    assert_eq!(child(name, &variables).await, "paid");
    let (_, requests) = server.received();
    assert!(requests[0].starts_with("POST /partner/bill/read HTTP/1.1\r\n"));
    let (_, body) = requests[0].split_once("\r\n\r\n").unwrap();
    let body: serde_json::Value = serde_json::from_str(body).unwrap();
    assert_eq!(body["apiKey"], API_KEY);
    assert_eq!(body["member"], "member-3");
    assert_eq!(body["merchant"], "merchant-3");
}

#[tokio::test]
async fn loopback_never_goes_through_a_proxy_of_the_environment() {
    if is_child() {
        let client = Client::from_env().expect("a client");
        let bill = client.bills().read(&bill_id()).await;
        return match bill {
            Ok(bill) => report(bill.state()),
            Err(error) => report(error),
        };
    }
    let name = "loopback_never_goes_through_a_proxy_of_the_environment";
    let server = Server::start(|_| Action::Write(http("200 OK", READ))).await;
    let proxy = Server::start(|_| Action::WriteAndClose(http("502 Bad Gateway", ""))).await;
    let through = proxy.base_url();
    for base_url in [
        server.base_url(),
        server.base_url().replace("127.0.0.1", "localhost"),
    ] {
        let mut variables = COMPLETE.to_vec();
        variables[0].1 = &base_url;
        for variable in [
            "HTTP_PROXY",
            "http_proxy",
            "HTTPS_PROXY",
            "https_proxy",
            "ALL_PROXY",
            "all_proxy",
        ] {
            variables.push((variable, &through));
        }
        assert_eq!(child(name, &variables).await, "paid", "{base_url}");
    }
    assert_eq!(server.received().1.len(), 2);
    assert_eq!(proxy.received(), (0, Vec::new()));
}

#[cfg(any(feature = "tls-by-rustls", feature = "native-tls"))]
#[tokio::test]
async fn https_goes_through_the_proxy_of_the_environment() {
    if is_child() {
        let client = Client::from_env().expect("a client");
        let client = client.with_retry(RetryPolicy::off());
        let error = client.bills().read(&bill_id()).await.unwrap_err();
        return report(error.kind());
    }
    let name = "https_goes_through_the_proxy_of_the_environment";
    let proxy = Server::start(|_| Action::WriteAndClose(http("502 Bad Gateway", ""))).await;
    let through = proxy.base_url();
    let mut variables = COMPLETE.to_vec();
    variables[0].1 = "https://payssam.invalid/partner";
    variables.push(("HTTPS_PROXY", &through));
    // The tunnel was never opened, so PaySsam received nothing.
    assert_eq!(child(name, &variables).await, "not_sent");
    let (_, requests) = proxy.received();
    assert_eq!(requests.len(), 1);
    assert!(requests[0].starts_with("CONNECT payssam.invalid:443 HTTP/1.1\r\n"));
    assert!(!requests[0].contains(API_KEY));
}

/// A file of this test, which is removed with it.
struct SecretFile(std::path::PathBuf);

impl SecretFile {
    fn new(test: &str, content: &[u8]) -> Self {
        let name = format!("payssam-{}-{test}", std::process::id());
        let path = env::temp_dir().join(name);
        fs::write(&path, content).unwrap();
        SecretFile(path)
    }

    fn path(&self) -> &str {
        self.0.to_str().unwrap()
    }
}

impl Drop for SecretFile {
    fn drop(&mut self) {
        drop(fs::remove_file(&self.0));
    }
}

#[tokio::test]
async fn from_env_reads_a_variable_from_the_file_that_another_names() {
    let name = "from_env_reads_a_variable_from_the_file_that_another_names";
    if is_child() {
        let client = match Client::from_env() {
            Ok(client) => client,
            Err(error) => return report(error),
        };
        let bill = client.bills().read(&bill_id()).await.expect("a bill");
        return report(bill.state());
    }
    let server = Server::start(|_| Action::Write(http("200 OK", READ))).await;
    let base_url = server.base_url();
    let values = [base_url.as_str(), API_KEY, "member-3", "merchant-3"];
    for end in ["", "\n", "\r\n"] {
        let files: Vec<_> = values
            .iter()
            .enumerate()
            .map(|(place, value)| {
                SecretFile::new(&place.to_string(), format!("{value}{end}").as_bytes())
            })
            .collect();
        let variables: Vec<(String, &str)> = COMPLETE
            .iter()
            .zip(&files)
            .map(|((variable, _), file)| (format!("{variable}_FILE"), file.path()))
            .collect();
        let variables: Vec<(&str, &str)> = variables
            .iter()
            .map(|(variable, path)| (variable.as_str(), *path))
            .collect();
        assert_eq!(child(name, &variables).await, "paid");
    }
    let (_, requests) = server.received();
    assert!(requests.iter().all(|request| request.contains(API_KEY)));
}

#[tokio::test]
async fn from_env_says_why_a_file_gives_no_value_and_repeats_none_of_it() {
    if is_child() {
        return report_the_client_of_the_environment();
    }
    let name = "from_env_says_why_a_file_gives_no_value_and_repeats_none_of_it";
    let file = |test: &str, content: &[u8]| SecretFile::new(test, content);
    let long = API_KEY.repeat(400);
    for (file, expected) in [
        (
            file("empty", b"\n"),
            "the file that PAYSSAM_API_KEY_FILE names is empty",
        ),
        (
            file("binary", b"\xff\xfe"),
            "the file that PAYSSAM_API_KEY_FILE names is not UTF-8",
        ),
        (
            file("long", long.as_bytes()),
            "the file that PAYSSAM_API_KEY_FILE names has more than 4096 bytes",
        ),
        (
            file("blank", format!("{API_KEY} \n").as_bytes()),
            "it ends with a space (U+0020)",
        ),
        (
            file("two", format!("{API_KEY}\n\n").as_bytes()),
            "it ends with a line end (U+000A)",
        ),
        (
            file("quoted", format!("\"{API_KEY}").as_bytes()),
            "it begins with a quote (U+0022)",
        ),
        (
            file("marked", format!("\u{feff}{API_KEY}").as_bytes()),
            "it begins with a byte order mark (U+FEFF)",
        ),
    ] {
        let mut variables = COMPLETE.to_vec();
        variables[1] = ("PAYSSAM_API_KEY_FILE", file.path());
        let message = child(name, &variables).await;
        assert!(message.contains(expected), "{message}");
        assert!(!message.contains(API_KEY), "{message}");
    }
    let mut variables = COMPLETE.to_vec();
    variables[1] = ("PAYSSAM_API_KEY_FILE", "/nowhere/at/all");
    let message = child(name, &variables).await;
    assert!(
        message.starts_with("configuration: PAYSSAM_API_KEY: "),
        "{message}"
    );
    assert!(message.contains("cannot be read: "), "{message}");
    variables.push(COMPLETE[1]);
    let message = child(name, &variables).await;
    let expected = "it is set and so is PAYSSAM_API_KEY_FILE: set one of them";
    assert!(message.contains(expected), "{message}");
    assert!(!Path::new("/nowhere/at/all").exists());
}

#[cfg(any(feature = "tls-by-rustls", feature = "native-tls"))]
#[tokio::test]
async fn a_proxy_variable_that_cannot_be_read_is_an_error_instead_of_no_proxy() {
    if is_child() {
        return report_the_client_of_the_environment();
    }
    let name = "a_proxy_variable_that_cannot_be_read_is_an_error_instead_of_no_proxy";
    let mut complete = COMPLETE.to_vec();
    complete[0].1 = "https://payssam.invalid/partner";
    for variable in ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"] {
        for wrong in [
            "proxy.example:3128/",
            "http://프록시.example:3128",
            "SOCKS6://proxy.example:1080",
            "http:///proxy:3128",
            "http://",
            "ftp://proxy.example",
            "http://a b",
            "proxy.example:port",
            "://",
        ] {
            let variables = [&complete[..], &[(variable, wrong)]].concat();
            let message = child(name, &variables).await;
            let expected = format!("configuration: {variable}: it is not the address of a proxy");
            assert!(message.starts_with(&expected), "{wrong}: {message}");
        }
        for right in [
            "http://proxy.example:3128",
            "proxy.example:3128",
            "https://p.example",
            "",
        ] {
            let variables = [&complete[..], &[(variable, right)]].concat();
            assert_eq!(
                child(name, &variables).await,
                "member-3 merchant-3",
                "{right}"
            );
        }
    }
    // Loopback goes through no proxy, so none is read.
    let variables = [&COMPLETE[..], &[("HTTPS_PROXY", "http://")]].concat();
    assert_eq!(child(name, &variables).await, "member-3 merchant-3");
}

/// Such as a small container, in which a service is tested against the mock server.
#[cfg(all(target_os = "linux", feature = "tls-by-rustls"))]
#[tokio::test]
async fn on_loopback_a_client_needs_no_certificates_of_the_platform() {
    if is_child() {
        return match Client::from_env() {
            Ok(client) => match client.bills().read(&bill_id()).await {
                Ok(bill) => report(bill.state()),
                Err(error) => report(error),
            },
            Err(error) => report(error),
        };
    }
    let name = "on_loopback_a_client_needs_no_certificates_of_the_platform";
    let server = Server::start(|_| Action::Write(http("200 OK", READ))).await;
    let base_url = server.base_url();
    let without = |base_url| {
        let mut variables = COMPLETE.to_vec();
        variables[0].1 = base_url;
        variables.push(("SSL_CERT_FILE", "/nowhere/ca.pem"));
        variables.push(("SSL_CERT_DIR", "/nowhere"));
        variables
    };
    assert_eq!(child(name, &without(&base_url)).await, "paid");
    let refused = child(name, &without("https://127.0.0.1:9")).await;
    assert!(refused.starts_with("configuration: tls:"), "{refused}");
}
