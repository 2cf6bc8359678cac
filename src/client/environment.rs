//! What is read from the environment: the variables `PAYSSAM_…`, the files that they name, and the proxy.

use std::{env, ffi::OsString, fs::File, io::Read};

use http::Uri;

use super::credentials::{Credentials, CredentialsBuilder};
use crate::outcome::Error;

/// The most bytes of a file that holds a setting.
const MOST: u64 = 4_096;

impl Credentials {
    /// Reads the credentials from `PAYSSAM_API_KEY`, `PAYSSAM_MEMBER` and `PAYSSAM_MERCHANT`, or from the files
    /// that `PAYSSAM_API_KEY_FILE` and its like name, without the line end behind the text, as containers
    /// mount secrets.
    ///
    /// # Errors
    ///
    /// [`Error::Config`] that names the first variable that is missing, empty or not UTF-8, is given in both
    /// ways, or names a file that cannot be read or has more than 4,096 bytes; else as for
    /// [`CredentialsBuilder::build`].
    pub fn from_env() -> Result<Self, Error> {
        CredentialsBuilder::default()
            .api_key(required("PAYSSAM_API_KEY")?)
            .member(required("PAYSSAM_MEMBER")?)
            .merchant(required("PAYSSAM_MERCHANT")?)
            .build()
    }
}

/// Reads `PAYSSAM_BASE_URL`, or the file that `PAYSSAM_BASE_URL_FILE` names.
pub(super) fn base_url() -> Result<String, Error> {
    required("PAYSSAM_BASE_URL")
}

fn required(name: &'static str) -> Result<String, Error> {
    match setting_from_env(name)? {
        Some(value) if value.is_empty() && env::var_os(name).is_some() => {
            Err(Error::config(name, "this environment variable is empty"))
        }
        Some(value) if value.is_empty() => {
            let problem = format!("the file that {name}_FILE names is empty");
            Err(Error::config(name, problem))
        }
        Some(value) => Ok(value),
        None => Err(Error::config(name, "this environment variable is not set")),
    }
}

/// A setting from the environment variable `name`, or from the file that the variable `name` with `_FILE` behind it
/// names, without the line end behind the text; `None` when neither is set. For crates that have
/// settings of their own.
///
/// # Errors
///
/// [`Error::Config`] that names the variable when both are set, when it is not UTF-8, or when the file cannot be read or has
/// more than 4,096 bytes. It repeats neither the value nor the content.
pub fn setting_from_env(name: &'static str) -> Result<Option<String>, Error> {
    let not_utf8 = || Error::config(name, "this environment variable is not UTF-8");
    let value = env::var_os(name).map(OsString::into_string);
    let file_variable = format!("{name}_FILE");
    match (value, env::var_os(&file_variable)) {
        (Some(_), Some(_)) => {
            let problem = format!("it is set and so is {file_variable}: set one of them");
            Err(Error::config(name, problem))
        }
        (value, None) => value.transpose().map_err(|_| not_utf8()),
        (None, Some(path)) => {
            let unreadable = |problem: &dyn std::fmt::Display| {
                let problem = format!("the file that {file_variable} names {problem}");
                Error::config(name, problem)
            };
            let mut bytes = Vec::new();
            File::open(path)
                .and_then(|file| file.take(MOST + 1).read_to_end(&mut bytes))
                .map_err(|error| unreadable(&format_args!("cannot be read: {error}")))?;
            if bytes.len() as u64 > MOST {
                return Err(unreadable(&format_args!("has more than {MOST} bytes")));
            }
            let text = String::from_utf8(bytes).map_err(|_| unreadable(&"is not UTF-8"))?;
            let text = text.strip_suffix('\n').unwrap_or(&text);
            Ok(Some(text.strip_suffix('\r').unwrap_or(text).to_owned()))
        }
    }
}

/// Refuses a proxy variable that the HTTP client could not read: it would go without the proxy.
pub(super) fn check_proxy() -> Result<(), Error> {
    for name in ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"] {
        let Some(value) = env::var_os(name) else {
            continue;
        };
        let value = value
            .into_string()
            .map_err(|_| Error::config(name, "this environment variable is not UTF-8"))?;
        if !value.is_empty() && !is_proxy(&value) {
            let problem = "it is not the address of a proxy, such as http://proxy.example:3128";
            return Err(Error::config(name, problem));
        }
    }
    for name in ["NO_PROXY", "no_proxy"] {
        if env::var_os(name).is_some_and(|value| value.to_str().is_none()) {
            return Err(Error::config(
                name,
                "this environment variable is not UTF-8",
            ));
        }
    }
    Ok(())
}

/// Whether it is the address of a proxy, as the HTTP client reads one: its scheme may be left out. What that
/// cannot read, it takes for no proxy.
fn is_proxy(value: &str) -> bool {
    const SCHEMES: [&str; 6] = ["http", "https", "socks4", "socks4a", "socks5", "socks5h"];
    let Ok(uri) = value.parse::<Uri>() else {
        return false;
    };
    let Some(authority) = uri.authority() else {
        return false;
    };
    let host = authority.host();
    let ends_with_host = authority.as_str().ends_with(host);
    let has_address = !host.is_empty() && (ends_with_host || authority.port_u16().is_some());
    let scheme = uri.scheme_str();
    has_address && scheme.is_none_or(|scheme| SCHEMES.contains(&scheme))
}
