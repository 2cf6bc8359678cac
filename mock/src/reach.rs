//! Whom a mock server answers to and posts to: this machine, and what it was told of besides.

use url::Url;

use crate::loopback;

/// The hosts beyond loopback that were allowed.
#[derive(Clone, Debug, Default)]
pub(crate) struct Reach {
    /// Names under which it is called, in lower case; with a port, or with the one that it listens on.
    pub(crate) hosts: Vec<String>,
    /// Hosts that callbacks are posted to, in lower case.
    pub(crate) callbacks_to: Vec<String>,
}

impl Reach {
    /// The URL, if callbacks are sent to it; else why none is.
    pub(crate) fn callback_url(&self, text: &str) -> Result<Url, &'static str> {
        if let Ok(url) = Url::parse(text)
            && url.scheme() == "http"
            && !loopback::has_user(&url)
            && url.host_str().is_some_and(|host| self.posts_to(host))
        {
            return Ok(url);
        }
        loopback::callback_url(text)
    }

    /// Whether callbacks may be posted to a host that is not loopback.
    pub(crate) fn posts_to(&self, host: &str) -> bool {
        let mut known = self.callbacks_to.iter();
        known.any(|known| host.eq_ignore_ascii_case(known))
    }

    /// Whether it is called by this name, which may have a port.
    pub(crate) fn is_called(&self, host: &str, port: u16) -> bool {
        let with_port = |known: &String| match known.rsplit_once(':') {
            Some((_, digits)) if digits.bytes().all(|byte| byte.is_ascii_digit()) => known.clone(),
            _ => format!("{known}:{port}"),
        };
        let given = match host.rsplit_once(':') {
            Some((_, digits)) if digits.bytes().all(|byte| byte.is_ascii_digit()) => {
                host.to_owned()
            }
            _ => format!("{host}:80"),
        };
        let mut known = self.hosts.iter();
        known.any(|known| with_port(known).eq_ignore_ascii_case(&given))
    }
}
