//! Texts and bodies that nobody should send, and what must never reach a terminal.

use unbid::domain::text::is_harmless;

/// Texts that try to steer a terminal, a spreadsheet or a reader; each begins with a tame word to find it by.
pub const SHORT: [&str; 18] = [
    "esc \u{1b}]0;pwn\u{7}\u{1b}[31m\u{1b}]52;c;cHdu\u{7}",
    "c1 \u{9b}31m\u{9d}0;pwn\u{9c}\u{85}",
    "bidi \u{202e}\u{2066}\u{200f}\u{61c}live",
    "zero \u{200b}\u{200c}\u{200d}\u{2060}\u{feff}width",
    "tag \u{e0041}\u{e0042}\u{e007f}",
    "nul \u{0}\u{1}\u{8}\u{7f}",
    "line \r\u{2028}\u{2029}\u{b}\u{c}end",
    "break \nunbid: all was sent\ttab",
    "fill \u{3164}\u{115f}\u{1160}\u{ffa0}\u{ad}\u{34f}",
    "vary \u{fe0f}\u{e0100}\u{180b}",
    "own \u{e000}\u{ffff}\u{fff9}\u{1bca0}\u{13430}",
    "=1+1 cmd|' /C calc'!A0",
    "＝HYPERLINK(\"http://evil.example\")",
    "-1 minus",
    "@sum",
    "\t=tab",
    "quote \"'`$(reboot);--",
    "wide 珈琲 👩‍🌾 é",
];

/// The same and endless ones, as names and texts.
pub fn texts() -> Vec<String> {
    let mut all: Vec<String> = SHORT.map(str::to_owned).into();
    all.push(format!("flood e{}", "\u{301}".repeat(5_000)));
    all.push(format!("long {}", "x".repeat(10_000)));
    all.push(format!("endless {}", "y".repeat(1 << 20)));
    all
}

/// Characters of a text that must not reach a terminal, a log or an error; line ends are ours to make.
pub fn wild(text: &str) -> Vec<char> {
    text.chars().filter(|c| *c != '\n' && !is_harmless(*c)).collect()
}

/// Checks that bytes are text that is harmless as a whole.
#[track_caller]
pub fn assert_tame(what: &str, bytes: &[u8]) {
    let text = std::str::from_utf8(bytes).unwrap_or_else(|error| panic!("{what} is no UTF-8: {error}"));
    let found = wild(text);
    let around = text.find(|c| found.contains(&c)).map(|at| {
        let from = text.floor_char_boundary(at.saturating_sub(60));
        text[from..text.ceil_char_boundary((at + 60).min(text.len()))].escape_debug().to_string()
    });
    assert!(found.is_empty(), "{what} lets {} through: …{}…", found.len(), around.unwrap_or_default());
}

/// Bodies that are no answer to anything.
pub fn bodies() -> Vec<(&'static str, Vec<u8>)> {
    vec![
        ("nothing", Vec::new()),
        ("a page", b"<!DOCTYPE html><html><title>\x1b]0;pwn\x07502</title><body>no</body></html>".to_vec()),
        ("null", b"null".to_vec()),
        ("true", b"true".to_vec()),
        ("a number", b"1e999".to_vec()),
        ("a text", b"\"yes\"".to_vec()),
        ("no UTF-8", b"{\"campaigns\":[{\"campaignId\":\"1\",\"name\":\"\xff\xfe\"}]}".to_vec()),
        ("lone surrogate", br#"{"campaigns":[{"campaignId":"1","name":"\ud800"}]}"#.to_vec()),
        ("deep lists", b"[".repeat(200_000)),
        ("deep objects", b"{\"a\":".repeat(200_000)),
        ("deep and closed", [b"[".repeat(100_000), b"]".repeat(100_000)].concat()),
        ("cut", br#"{"campaigns":[{"campaignId":"1","na"#.to_vec()),
        (
            "wrong types",
            br#"{"campaigns":7,"success":"x","responses":{},"negativeKeywords":[7,null,[]],"total":-1}"#
                .to_vec(),
        ),
        ("two documents", b"{} {}".to_vec()),
        ("binary", (0..=255).collect()),
        ("endless", vec![b' '; 1 << 20]),
    ]
}
