//! JSON that no terminal can be steered with: control, bidi, zero-width and tag characters stand as `\uXXXX`.

use std::fmt::Write as _;
use std::io::{self, Write};

use serde::Serialize;

use crate::domain::text::is_harmless;

/// Writes one document, indented.
pub fn write<T: Serialize + ?Sized>(out: &mut impl Write, value: &T) -> io::Result<()> {
    writeln!(out, "{}", escaped(&serde_json::to_string_pretty(value)?))
}

/// Writes one document on one line.
pub fn write_line<T: Serialize + ?Sized>(out: &mut impl Write, value: &T) -> io::Result<()> {
    writeln!(out, "{}", escaped(&serde_json::to_string(value)?))
}

/// Writes one document on what is left of a line.
pub fn write_bare<T: Serialize + ?Sized>(out: &mut impl Write, value: &T) -> io::Result<()> {
    write!(out, "{}", escaped(&serde_json::to_string(value)?))
}

/// Outside ASCII only strings hold anything, so escaping the finished text is escaping its strings; the
/// control characters of ASCII are escaped by `serde_json`, its own line ends and DEL aside.
fn escaped(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    let mut units = [0; 2];
    for c in json.chars() {
        if c == '\n' || is_harmless(c) {
            out.push(c);
        } else {
            for unit in c.encode_utf16(&mut units) {
                // Writing to a String cannot fail.
                let _ = write!(out, "\\u{unit:04x}");
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wild_characters_stand_as_escapes_and_read_back() {
        let wild = "a\u{1b}\u{7f}\u{9b}\u{202e}\u{200b}\u{e0041}é\n";
        let mut out = Vec::new();
        write(&mut out, &[wild]).expect("a Vec takes all");
        let text = String::from_utf8(out).expect("UTF-8");
        assert!(text.contains("\\u202e") && text.contains("\\udb40\\udc41") && text.contains('é'), "{text}");
        assert!(text.chars().all(|c| c == '\n' || is_harmless(c)), "{text}");
        let back: Vec<String> = serde_json::from_str(&text).expect("valid JSON");
        assert_eq!(back, [wild]);
    }
}
