//! Text that came from outside: a platform, a file, a config. It has no `Display`; only
//! [`Text::shown`] yields what a view, a table, a log or a [`Problem`](super::problem::Problem) may take.
//! Filters, matching, storage and requests use [`Text::raw`].

use std::borrow::Cow;
use std::fmt;

use compact_str::CompactString;
use serde::{Deserialize, Serialize};
use unicode_normalization::char::is_combining_mark;

/// Text as it came, kept to the byte.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Text(CompactString);

impl Text {
    /// Takes text as it came.
    pub fn new(raw: impl Into<CompactString>) -> Self {
        Self(raw.into())
    }

    /// The text as it came: for requests, storage, matching and filters, never for a screen.
    pub fn raw(&self) -> &str {
        &self.0
    }

    /// The text as a terminal, a log or an error may show it.
    ///
    /// ```
    /// use unbid::domain::text::Text;
    /// assert_eq!(Text::new("free\u{1b}[2J shipping").shown().to_string(), "free␛[2J shipping");
    /// assert_eq!(Text::new("a\u{202e}b").shown().to_string(), "a<U+202E>b");
    /// ```
    pub fn shown(&self) -> Shown<'_> {
        shown(&self.0)
    }

    /// The text as a clipboard may take it: as it is, unless it holds control characters, which would be typed into
    /// whatever it is pasted to.
    ///
    /// ```
    /// use unbid::domain::text::Text;
    /// assert_eq!(Text::new("👩‍🌾 x").copied(), "👩‍🌾 x");
    /// assert_eq!(Text::new("x\rrm -r .\r").copied(), "x␍rm -r .␍");
    /// ```
    pub fn copied(&self) -> Cow<'_, str> {
        if self.0.contains(char::is_control) { shown_whole(&self.0).cow() } else { Cow::Borrowed(&self.0) }
    }

    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\"{}\"", self.shown())
    }
}

impl From<&str> for Text {
    fn from(raw: &str) -> Self {
        Self::new(raw)
    }
}

impl From<String> for Text {
    fn from(raw: String) -> Self {
        Self::new(raw)
    }
}

/// Foreign text made harmless: control, bidi, zero-width and tag characters stand as symbols, and what is longer
/// than any screen is cut.
#[derive(Clone, Copy)]
pub struct Shown<'a> {
    raw: &'a str,
    /// The most characters that are shown.
    most: usize,
}

/// Makes any foreign text harmless for a terminal, however long it is.
pub fn shown(raw: &str) -> Shown<'_> {
    Shown { raw, most: LONGEST }
}

/// The same with nothing cut: for files, which no screen has to lay out.
pub fn shown_whole(raw: &str) -> Shown<'_> {
    Shown { raw, most: usize::MAX }
}

impl<'a> Shown<'a> {
    /// The harmless text, borrowed where nothing had to be replaced.
    pub fn cow(self) -> Cow<'a, str> {
        let tame = self.raw.len() <= self.most && self.raw.bytes().all(|b| (0x20..0x7f).contains(&b));
        if tame { Cow::Borrowed(self.raw) } else { Cow::Owned(self.to_string()) }
    }
}

/// The most characters of a text that are shown: more than fits a page, and little enough to be laid out for each
/// line of one. No platform's texts and names come near it; what does is garbage, or an attack.
const LONGEST: usize = 4_000;

/// How many combining marks a character may carry before the rest is counted instead of drawn.
const MOST_MARKS: usize = 4;

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        use fmt::Write;
        let mut marks = 0;
        let cut = self.raw.char_indices().nth(self.most).map_or(self.raw.len(), |(at, _)| at);
        for c in self.raw[..cut].chars() {
            if is_combining_mark(c) {
                marks += 1;
                if marks > MOST_MARKS {
                    continue;
                }
            } else {
                if marks > MOST_MARKS {
                    write!(f, "<+{} marks>", marks - MOST_MARKS)?;
                }
                marks = 0;
            }
            match c {
                '\0'..='\x1f' => {
                    f.write_char(char::from_u32(0x2400 + c as u32).unwrap_or('\u{fffd}'))?;
                }
                '\x7f' => f.write_char('\u{2421}')?,
                _ if is_invisible(c) => write!(f, "<U+{:04X}>", c as u32)?,
                _ => f.write_char(c)?,
            }
        }
        if marks > MOST_MARKS {
            write!(f, "<+{} marks>", marks - MOST_MARKS)?;
        }
        if cut < self.raw.len() {
            write!(f, "…<+{} bytes>", self.raw.len() - cut)?;
        }
        Ok(())
    }
}

/// Whether a character may reach a terminal or a log as it is.
pub fn is_harmless(c: char) -> bool {
    !c.is_control() && !is_invisible(c)
}

/// Characters that change the picture without being in it: C1 controls, bidi controls, zero-width
/// characters, line and paragraph separators, fillers, tags, variation selectors, private use and noncharacters.
fn is_invisible(c: char) -> bool {
    matches!(c as u32,
        0x80..=0x9f | 0xad | 0x34f | 0x61c | 0x115f | 0x1160 | 0x17b4 | 0x17b5 | 0x180b..=0x180f
        | 0x200b..=0x200f | 0x2028..=0x202e | 0x2060..=0x206f | 0x3164 | 0xfe00..=0xfe0f | 0xfeff
        | 0xffa0 | 0xfff0..=0xfffb | 0xe000..=0xf8ff | 0x13430..=0x1345f | 0x16fe4 | 0x1bca0..=0x1bca3
        | 0x1d173..=0x1d17a | 0xe0000..=0xe0fff | 0xf0000..)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tame_text_is_borrowed_and_unchanged() {
        assert!(matches!(Text::new("free shipping").shown().cow(), Cow::Borrowed("free shipping")));
        assert_eq!(Text::new("café ☕ 珈琲").shown().to_string(), "café ☕ 珈琲");
    }

    #[test]
    fn nothing_that_steers_a_terminal_passes() {
        let wild =
            "\u{0}\u{7}\r\n\u{1b}]52;c;x\u{7}\u{7f}\u{9b}31m\u{202e}\u{2066}\u{200b}\u{feff}\u{e0041}\u{2028}";
        let tame = Text::new(wild).shown().to_string();
        assert!(tame.chars().all(|c| !c.is_control() && !is_invisible(c)), "{tame}");
    }

    #[test]
    fn no_text_is_shown_longer_than_a_page_and_a_file_gets_all_of_it() {
        let flood = "x".repeat(1 << 20);
        for text in [flood.clone(), "é".repeat(1 << 20), "\u{301}".repeat(1 << 20)] {
            assert!(shown(&text).cow().chars().count() < LONGEST + 40);
        }
        assert!(shown(&flood).to_string().ends_with("x…<+1044576 bytes>"));
        assert_eq!(shown_whole(&flood).cow(), flood);
    }

    #[test]
    fn floods_of_combining_marks_are_counted_not_drawn() {
        let flood = format!("a{}b", "\u{301}".repeat(100));
        assert_eq!(Text::new(flood).shown().to_string(), "a\u{301}\u{301}\u{301}\u{301}<+96 marks>b");
    }
}
