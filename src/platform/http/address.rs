//! Addresses: https only, plain http for this machine alone. Nothing with a secret on it goes anywhere else.

use std::fmt;

use reqwest::Url;

/// Scheme, host and port of an API, checked: https, or http on a loopback host.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Origin {
    text: String,
    loopback: bool,
}

impl Origin {
    /// Checks a base URL or token URL. The error is words that follow the name of a config key.
    ///
    /// ```
    /// use unbid::platform::http::Origin;
    /// assert_eq!(Origin::of("https://api.ebay.com/sell").unwrap().as_str(), "https://api.ebay.com");
    /// assert_eq!(Origin::of("http://127.0.0.1:4010").unwrap().as_str(), "http://127.0.0.1:4010");
    /// assert!(Origin::of("http://api.ebay.com").is_err());
    /// ```
    pub fn of(url: &str) -> Result<Self, String> {
        let parsed = Url::parse(url).map_err(|error| format!("is not a web address: {error}"))?;
        if !parsed.username().is_empty() || parsed.password().is_some() {
            return Err("must not carry a user name or password".to_owned());
        }
        let loopback = is_loopback(&parsed);
        match parsed.scheme() {
            "https" => {}
            "http" if loopback => {}
            "http" => return Err("must begin with https:// (plain http is for this machine only)".to_owned()),
            _ => return Err("must begin with https://".to_owned()),
        }
        Ok(Self { text: parsed.origin().ascii_serialization(), loopback })
    }

    /// The origin as it is written, without a slash at the end.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether it is this machine.
    pub fn is_loopback(&self) -> bool {
        self.loopback
    }

    /// Whether an address is on it.
    pub fn holds(&self, url: &str) -> bool {
        Self::of(url).is_ok_and(|origin| origin == *self)
    }
}

impl fmt::Debug for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Origin({})", self.text)
    }
}

/// Whether an address is this machine: `localhost`, 127.0.0.0/8, `::1`.
pub(super) fn is_loopback(url: &Url) -> bool {
    match url.host_str() {
        None => false,
        Some("localhost") => true,
        Some(host) => host
            .trim_start_matches('[')
            .trim_end_matches(']')
            .parse::<std::net::IpAddr>()
            .is_ok_and(|address| address.is_loopback()),
    }
}

/// Where a redirect from `url` leads; `None` for what is no address.
pub(super) fn join(url: &str, to: &str) -> Option<String> {
    Url::parse(url).ok()?.join(to).ok().map(String::from)
}

/// The path and query of an address: what the request log shows.
pub(super) fn path_of(url: &str) -> String {
    Url::parse(url).map_or_else(
        |_| String::new(),
        |parsed| match parsed.query() {
            Some(query) => format!("{}?{query}", parsed.path()),
            None => parsed.path().to_owned(),
        },
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_http_is_for_this_machine_only() {
        for fine in ["http://localhost:1", "http://127.0.0.9:1", "http://[::1]:1/x", "https://h"] {
            assert!(Origin::of(fine).is_ok(), "{fine}");
        }
        for wrong in
            ["http://10.0.0.1", "http://localhost.evil.example", "ftp://localhost", "x", "https://u:p@h"]
        {
            assert!(Origin::of(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn another_host_port_or_scheme_is_another_origin() {
        let origin = Origin::of("https://api.example").unwrap();
        assert!(origin.holds("https://api.example:443/x?y"));
        assert!(!origin.holds("https://api.example:444/x"));
        assert!(!origin.holds("https://api.example.evil/x"));
        assert!(!origin.holds("https://api.example@evil.example/x"));
    }
}
