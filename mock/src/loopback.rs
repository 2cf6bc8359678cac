//! The only addresses that the mock server sends requests to: those of this machine.

use std::net::IpAddr;

use url::Url;

/// The only name that means loopback. It is never looked up, so that nobody can point it elsewhere.
pub(crate) const LOCALHOST: &str = "localhost";

/// The URL, if it is http or https on loopback, without user and password.
pub(crate) fn url(text: &str) -> Option<Url> {
    let url = Url::parse(text).ok()?;
    let is_http = matches!(url.scheme(), "http" | "https");
    (is_http && !has_user(&url) && is_loopback(url.host_str()?)).then_some(url)
}

/// The URL, if callbacks are sent to it; else why none is.
pub(crate) fn callback_url(text: &str) -> Result<Url, &'static str> {
    match url(text) {
        Some(url) if url.scheme() == "http" => Ok(url),
        Some(_) => {
            Err("its callback URL is https, and the mock server has no TLS: use http on loopback")
        }
        None => Err("its callback URL is not on loopback: use http on 127.0.0.1"),
    }
}

/// Whether a URL has a user or a password, which would be sent along as credentials.
pub(crate) fn has_user(url: &Url) -> bool {
    !url.username().is_empty() || url.password().is_some()
}

/// Whether a host is loopback: an address, an IPv6 one in brackets, or `localhost`.
pub(crate) fn is_loopback(host: &str) -> bool {
    let address = host.trim_start_matches('[').trim_end_matches(']');
    host.eq_ignore_ascii_case(LOCALHOST)
        || address
            .parse()
            .is_ok_and(|address: IpAddr| address.is_loopback())
}

#[cfg(test)]
mod tests {
    #[test]
    fn callbacks_are_sent_over_http_only() {
        for (text, problem) in [
            ("http://127.0.0.1:8080/hook", None),
            ("http://localhost/hook", None),
            ("https://127.0.0.1/hook", Some("https")),
            ("https://payssam.example/hook", Some("not on loopback")),
            ("http://user@127.0.0.1/", Some("not on loopback")),
            ("", Some("not on loopback")),
        ] {
            let found = super::callback_url(text).err();
            assert_eq!(found.is_some(), problem.is_some(), "{text}");
            assert!(
                found.is_none_or(|found| found.contains(problem.unwrap())),
                "{text}"
            );
        }
    }

    #[test]
    fn a_url_is_taken_only_if_its_host_is_loopback() {
        for (text, is_taken) in [
            ("http://127.0.0.1:8080/hook", true),
            ("http://127.9.9.9/", true),
            ("http://[::1]:8080/hook", true),
            ("http://localhost/hook", true),
            ("http://LOCALHOST/hook", true),
            ("https://payssam.example/hook", false),
            ("http://localhost.payssam.example/", false),
            ("http://127.0.0.1.payssam.example/", false),
            ("http://127.0.0.1@payssam.example/", false),
            ("http://user@127.0.0.1/", false),
            ("http://user:password@localhost/", false),
            ("http://:password@[::1]/", false),
            ("http://localhost./", false),
            ("http://payssam.localhost/", false),
            ("http://ip6-localhost/", false),
            ("ftp://127.0.0.1/", false),
            ("ws://localhost/", false),
            ("http://10.0.0.1/", false),
            ("http://0.0.0.0/", false),
            ("mailto:localhost", false),
            ("not a URL", false),
            ("", false),
        ] {
            assert_eq!(super::url(text).is_some(), is_taken, "{text}");
        }
    }
}
