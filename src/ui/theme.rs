//! Colour and symbol roles. Every style of the screen is one of [`Role`]; a theme file says what it looks
//! like. State is never colour alone: signs and words come first. Files: `assets/themes/*.toml`.

use std::str::FromStr;

use ratatui::style::{Color, Modifier, Style};
use serde::Deserialize;
use strum::{EnumCount, IntoStaticStr, VariantArray};

use crate::domain::problem::{Problem, ProblemKind};

/// What a piece of the screen means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, IntoStaticStr, VariantArray, EnumCount)]
#[strum(serialize_all = "snake_case")]
pub enum Role {
    /// Plain text.
    Text,
    /// What matters less.
    Dim,
    /// Headings.
    Title,
    /// What the eye should find.
    Accent,
    /// A key in a hint.
    Key,
    /// The row under the cursor where the keys go.
    Cursor,
    /// The row under the cursor of a list that has no focus.
    Resting,
    /// A marked row.
    Mark,
    /// Added, done, fine.
    Good,
    /// Changed, doubtful.
    Warn,
    /// Removed, failed.
    Bad,
    /// SANDBOX.
    Badge,
    /// LIVE, and dangerous confirmations.
    Alarm,
    /// A border.
    Border,
    /// The border and title of the pane that has focus.
    Focus,
}

/// Signs, in Unicode or in ASCII for terminals and fonts that lack them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Symbols {
    /// Before the row under the cursor.
    pub cursor: &'static str,
    /// A negative that is on.
    pub on: &'static str,
    /// One that is switched off.
    pub off: &'static str,
    /// One that is on and blocks nothing.
    pub idle: &'static str,
    /// One that is gone for good.
    pub gone: &'static str,
    /// A node that is open, and one that is closed.
    pub open: &'static str,
    /// A closed node.
    pub closed: &'static str,
    /// Between the parts of a trail.
    pub trail: &'static str,
    /// Leads to.
    pub arrow: &'static str,
    /// Sorted upwards.
    pub ascending: &'static str,
    /// Sorted downwards.
    pub descending: &'static str,
    /// It went well.
    pub ok: &'static str,
    /// It failed.
    pub failed: &'static str,
    /// It is not what it was.
    pub differs: &'static str,
    /// Where a text was cut.
    pub cut: &'static str,
    /// Between short facts on one line.
    pub dot: &'static str,
    /// The steps of a spinner.
    pub spinner: &'static [&'static str],
}

const UNICODE: Symbols = Symbols {
    cursor: "›",
    on: "●",
    off: "○",
    idle: "◌",
    gone: "×",
    open: "▾",
    closed: "▸",
    trail: "›",
    arrow: "→",
    ascending: "▲",
    descending: "▼",
    ok: "✓",
    failed: "×",
    differs: "≠",
    cut: "…",
    dot: "·",
    spinner: &["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧"],
};

const ASCII: Symbols = Symbols {
    cursor: ">",
    on: "*",
    off: "o",
    idle: "z",
    gone: "x",
    open: "v",
    closed: ">",
    trail: ">",
    arrow: "->",
    ascending: "^",
    descending: "v",
    ok: "+",
    failed: "x",
    differs: "#",
    cut: "~",
    dot: "-",
    spinner: &["|", "/", "-", "\\"],
};

/// One theme, ready to use.
#[derive(Clone, Debug, PartialEq)]
pub struct Theme {
    styles: [Style; Role::COUNT],
    /// The signs.
    pub symbols: Symbols,
    /// Whether borders are drawn with `+ - |`.
    pub ascii: bool,
}

/// The names that `[ui] theme` takes.
pub const NAMES: [&str; 3] = ["dark", "light", "mono"];

impl Theme {
    /// A built-in theme. `NO_COLOR` means `mono`, whatever the name.
    pub fn named(name: &str, no_color: bool, ascii: bool) -> Result<Self, Problem> {
        let text = match name {
            _ if no_color => include_str!("../../assets/themes/mono.toml"),
            "dark" => include_str!("../../assets/themes/dark.toml"),
            "light" => include_str!("../../assets/themes/light.toml"),
            "mono" => include_str!("../../assets/themes/mono.toml"),
            other => {
                return Err(Problem::new(ProblemKind::Config, format!("There is no theme {other}"))
                    .hint(format!("Use one of {}.", NAMES.join(", "))));
            }
        };
        Self::parse(text, ascii)
    }

    /// Reads a theme file.
    pub fn parse(text: &str, ascii: bool) -> Result<Self, Problem> {
        let wrong = |why: String| Problem::new(ProblemKind::Config, "The theme cannot be read").detail(why);
        let file: File = toml_edit::de::from_str(text).map_err(|error| wrong(error.to_string()))?;
        let mut styles = [Style::new(); Role::COUNT];
        for role in Role::VARIANTS {
            let name: &str = role.into();
            let look = file.roles.get(name).ok_or_else(|| wrong(format!("role {name} is missing")))?;
            styles[*role as usize] = look.style().map_err(|why| wrong(format!("role {name}: {why}")))?;
        }
        Ok(Self { styles, symbols: if ascii { ASCII } else { UNICODE }, ascii })
    }

    /// No style at all: what is on the screen before the start's message.
    pub fn plain() -> Self {
        Self { styles: [Style::new(); Role::COUNT], symbols: UNICODE, ascii: false }
    }

    /// What a role looks like.
    pub fn style(&self, role: Role) -> Style {
        self.styles[role as usize]
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    roles: std::collections::BTreeMap<String, Look>,
}

/// One role as a theme file writes it.
#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[expect(clippy::struct_excessive_bools, reason = "the shape of the file: one word per modifier")]
struct Look {
    fg: Option<String>,
    bg: Option<String>,
    bold: bool,
    dim: bool,
    italic: bool,
    underline: bool,
    reverse: bool,
}

impl Look {
    fn style(&self) -> Result<Style, String> {
        let colour = |name: &str| Color::from_str(name).map_err(|_| format!("{name} is no colour"));
        let mut style = Style::new();
        if let Some(fg) = &self.fg {
            style = style.fg(colour(fg)?);
        }
        if let Some(bg) = &self.bg {
            style = style.bg(colour(bg)?);
        }
        let modifiers = [
            (self.bold, Modifier::BOLD),
            (self.dim, Modifier::DIM),
            (self.italic, Modifier::ITALIC),
            (self.underline, Modifier::UNDERLINED),
            (self.reverse, Modifier::REVERSED),
        ];
        Ok(modifiers.into_iter().filter(|(on, _)| *on).fold(style, |style, (_, m)| style.add_modifier(m)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_theme_has_every_role() {
        for name in NAMES {
            Theme::named(name, false, false).unwrap();
        }
        assert!(Theme::named("pink", false, false).unwrap_err().hint.contains("dark, light, mono"));
    }

    #[test]
    fn mono_and_no_color_use_no_colour() {
        for theme in [Theme::named("mono", false, false).unwrap(), Theme::named("dark", true, false).unwrap()] {
            for role in Role::VARIANTS {
                let style = theme.style(*role);
                assert_eq!((style.fg, style.bg), (None, None), "{role:?}");
            }
        }
    }

    #[test]
    fn a_wrong_theme_says_which_role() {
        let wrong = include_str!("../../assets/themes/dark.toml").replace("\"#7aa2f7\"", "\"blueish\"");
        assert!(Theme::parse(&wrong, false).unwrap_err().detail.contains("role accent: blueish is no colour"));
    }
}
