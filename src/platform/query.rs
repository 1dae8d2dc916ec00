//! Queries and path segments, encoded so that no id or text can leave its place in an address. Knows no
//! platform and sends nothing.

use std::fmt::Write as _;

/// Adds a query to an address; nothing for no pairs.
pub fn with_query(address: &str, pairs: &[(&str, &str)]) -> String {
    let mut url = address.to_owned();
    for (at, (name, value)) in pairs.iter().enumerate() {
        url.push(if at == 0 { '?' } else { '&' });
        encode(&mut url, name, b"-_.~,");
        url.push('=');
        // The comma is a list's separator in every query here, and RFC 3986 lets it stand.
        encode(&mut url, value, b"-_.~,");
    }
    url
}

/// One segment of a path; dots are encoded too, so that none can climb.
pub fn segment(raw: &str) -> String {
    let mut out = String::with_capacity(raw.len());
    encode(&mut out, raw, b"-_~");
    out
}

fn encode(out: &mut String, raw: &str, keep: &[u8]) {
    for byte in raw.bytes() {
        if byte.is_ascii_alphanumeric() || keep.contains(&byte) {
            out.push(byte as char);
        } else {
            // Writing to a String cannot fail.
            let _ = write!(out, "%{byte:02X}");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn queries_keep_commas_and_escape_the_rest() {
        let url = with_query("https://a/b", &[("ids", "1,2"), ("filter[name]", "a b&c")]);
        assert_eq!(url, "https://a/b?ids=1,2&filter%5Bname%5D=a%20b%26c");
        assert_eq!(with_query("https://a/b", &[]), "https://a/b");
    }

    #[test]
    fn a_segment_stays_one_segment() {
        assert_eq!(segment("../x?y"), "%2E%2E%2Fx%3Fy");
        assert_eq!(segment("5001"), "5001");
    }
}
