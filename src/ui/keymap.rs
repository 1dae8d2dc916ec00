//! From keys to actions, read from `assets/keymap.toml`. One table feeds dispatch, footer, help, palette,
//! `unbid keys` and the README; no key is written anywhere else.

use std::fmt;
use std::str::FromStr;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use strum::{Display, EnumString, IntoStaticStr, VariantArray};
use toml_edit::DocumentMut;

use super::action::Action;
use crate::domain::problem::{Problem, ProblemKind};

/// One key with its modifiers. Shift is part of a character: `G`, not shift and `g`.
///
/// ```
/// use unbid::ui::keymap::Key;
/// assert_eq!("ctrl-u".parse::<Key>().unwrap().to_string(), "ctrl-u");
/// assert_eq!("space".parse::<Key>().unwrap(), " ".parse().unwrap());
/// assert_eq!("shift-g".parse::<Key>().unwrap().to_string(), "G");
/// assert!("hyper-x".parse::<Key>().is_err());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Key {
    code: KeyCode,
    mods: KeyModifiers,
}

impl Key {
    /// The key of a terminal event.
    pub fn of(event: KeyEvent) -> Self {
        Self::new(event.code, event.modifiers)
    }

    fn new(code: KeyCode, mods: KeyModifiers) -> Self {
        let mut mods = mods & (KeyModifiers::CONTROL | KeyModifiers::ALT | KeyModifiers::SHIFT);
        let code = match code {
            KeyCode::Char(c) => {
                let shifted = mods.contains(KeyModifiers::SHIFT);
                mods.remove(KeyModifiers::SHIFT);
                KeyCode::Char(if shifted { c.to_ascii_uppercase() } else { c })
            }
            KeyCode::Tab if mods.contains(KeyModifiers::SHIFT) => KeyCode::BackTab,
            other => other,
        };
        if code == KeyCode::BackTab {
            mods.remove(KeyModifiers::SHIFT);
        }
        Self { code, mods }
    }

    /// The character that a text field would take; `None` for all that is no plain typing.
    pub fn printable(self) -> Option<char> {
        match self.code {
            KeyCode::Char(c) if !self.mods.intersects(KeyModifiers::CONTROL | KeyModifiers::ALT) => Some(c),
            _ => None,
        }
    }

    /// Whether a single-line text field takes it: typing, erasing, moving within the line.
    pub fn edits(self) -> bool {
        self.printable().is_some()
            || matches!(
                self.code,
                KeyCode::Backspace
                    | KeyCode::Delete
                    | KeyCode::Left
                    | KeyCode::Right
                    | KeyCode::Home
                    | KeyCode::End
            )
            || (self.mods == KeyModifiers::CONTROL && matches!(self.code, KeyCode::Char('w' | 'a' | 'e' | 'k')))
    }

    /// Whether control is held.
    pub fn is_control(self) -> bool {
        self.mods.contains(KeyModifiers::CONTROL)
    }
}

const NAMED: [(KeyCode, &str); 15] = [
    (KeyCode::Enter, "enter"),
    (KeyCode::Esc, "esc"),
    (KeyCode::Tab, "tab"),
    (KeyCode::BackTab, "shift-tab"),
    (KeyCode::Char(' '), "space"),
    (KeyCode::Backspace, "backspace"),
    (KeyCode::Delete, "delete"),
    (KeyCode::Up, "up"),
    (KeyCode::Down, "down"),
    (KeyCode::Left, "left"),
    (KeyCode::Right, "right"),
    (KeyCode::PageUp, "pageup"),
    (KeyCode::PageDown, "pagedown"),
    (KeyCode::Home, "home"),
    (KeyCode::End, "end"),
];

impl FromStr for Key {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if let Some((code, _)) = NAMED.iter().find(|(_, name)| *name == text) {
            return Ok(Self::new(*code, KeyModifiers::NONE));
        }
        let mut chars = text.chars();
        if let (Some(c), None) = (chars.next(), chars.next()) {
            return Ok(Self::new(KeyCode::Char(c), KeyModifiers::NONE));
        }
        if let Some(number) = text.strip_prefix('f').and_then(|n| n.parse().ok()) {
            return Ok(Self::new(KeyCode::F(number), KeyModifiers::NONE));
        }
        let held =
            [("ctrl-", KeyModifiers::CONTROL), ("alt-", KeyModifiers::ALT), ("shift-", KeyModifiers::SHIFT)];
        for (prefix, held) in held {
            if let Some(rest) = text.strip_prefix(prefix) {
                let key: Self = rest.parse()?;
                return Ok(Self::new(key.code, key.mods | held));
            }
        }
        Err(format!("{text} is no key"))
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (held, prefix) in
            [(KeyModifiers::CONTROL, "ctrl-"), (KeyModifiers::ALT, "alt-"), (KeyModifiers::SHIFT, "shift-")]
        {
            if self.mods.contains(held) {
                f.write_str(prefix)?;
            }
        }
        if let Some((_, name)) = NAMED.iter().find(|(code, _)| *code == self.code) {
            return f.write_str(name);
        }
        match self.code {
            KeyCode::Char(c) => write!(f, "{c}"),
            KeyCode::F(number) => write!(f, "f{number}"),
            other => write!(f, "{other}"),
        }
    }
}

/// Where a key is looked up. A place on the screen asks several, innermost first.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Display, EnumString, IntoStaticStr, VariantArray,
)]
#[strum(serialize_all = "kebab-case")]
pub enum Context {
    /// In any state of the program.
    Always,
    /// On every screen, unless an overlay is open.
    Global,
    /// Wherever rows are moved through.
    List,
    /// Browse.
    Browse,
    /// Search terms.
    Terms,
    /// Audit.
    Audit,
    /// Plan.
    Plan,
    /// Plan while it is being sent.
    Sending,
    /// History.
    History,
    /// Accounts.
    Accounts,
    /// In the filter's line.
    Filter,
    /// In every overlay.
    Overlay,
    /// An overlay of text to read.
    Pager,
    /// An overlay to choose from, without a text field.
    Menu,
    /// The add and edit form.
    Form,
    /// The form that adds search terms.
    TermsForm,
}

/// What a run of keys means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Resolved {
    /// This action.
    Action(Action),
    /// The beginning of something longer.
    Partial,
    /// Nothing.
    Nothing,
}

#[derive(Clone, Debug, PartialEq)]
struct Binding {
    context: Context,
    keys: Vec<Key>,
    action: Action,
}

/// Every binding, in the order of the file.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Keymap(Vec<Binding>);

/// One row of the key table, for `unbid keys` and the README.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyRow {
    /// Where it holds.
    pub context: Context,
    /// All its keys there, the first being the one that hints show.
    pub keys: Vec<String>,
    /// What it does.
    pub action: Action,
}

impl Keymap {
    /// The built-in keymap.
    pub fn builtin() -> Result<Self, Problem> {
        Self::parse(include_str!("../../assets/keymap.toml"))
    }

    /// Reads a keymap file.
    pub fn parse(text: &str) -> Result<Self, Problem> {
        let wrong = |why: String| Problem::new(ProblemKind::Config, "The keymap cannot be read").detail(why);
        let file: DocumentMut = text.parse().map_err(|error: toml_edit::TomlError| wrong(error.to_string()))?;
        let mut bindings = Vec::new();
        for (name, table) in file.iter() {
            let context = name.parse().map_err(|_| wrong(format!("[{name}] is no context")))?;
            let table = table.as_table().ok_or_else(|| wrong(format!("{name} is no table")))?;
            for (keys, action) in table {
                let id = action.as_str().unwrap_or_default();
                let action = id.parse().map_err(|_| wrong(format!("[{name}] {keys}: {id} is no action")))?;
                let keys = keys
                    .split_whitespace()
                    .map(str::parse)
                    .collect::<Result<Vec<Key>, _>>()
                    .map_err(|why| wrong(format!("[{name}] {why}")))?;
                bindings.push(Binding { context, keys, action });
            }
        }
        Ok(Self(bindings))
    }

    /// What the keys pressed so far mean, in the first context that knows them.
    pub fn resolve(&self, contexts: &[Context], pressed: &[Key]) -> Resolved {
        for context in contexts {
            let mut partial = false;
            for binding in self.0.iter().filter(|b| b.context == *context) {
                if binding.keys == pressed {
                    return Resolved::Action(binding.action);
                }
                partial |= binding.keys.starts_with(pressed);
            }
            if partial {
                return Resolved::Partial;
            }
        }
        Resolved::Nothing
    }

    /// The key that a hint shows for an action where these contexts are asked; `None` where it cannot be
    /// reached by a key.
    pub fn hint(&self, contexts: &[Context], action: Action) -> Option<String> {
        contexts.iter().find_map(|context| {
            self.0
                .iter()
                .filter(|b| b.context == *context && b.action == action)
                .find(|b| self.resolve(contexts, &b.keys) == Resolved::Action(action))
                .map(|b| label(&b.keys))
        })
    }

    /// Every key of an action where these contexts are asked, for the help.
    pub fn keys(&self, contexts: &[Context], action: Action) -> Vec<String> {
        contexts
            .iter()
            .flat_map(|context| self.0.iter().filter(move |b| b.context == *context && b.action == action))
            .filter(|b| self.resolve(contexts, &b.keys) == Resolved::Action(action))
            .map(|b| label(&b.keys))
            .collect()
    }

    /// Every binding, one row per context and action, in the order of the file.
    pub fn table(&self) -> Vec<KeyRow> {
        let mut rows: Vec<KeyRow> = Vec::new();
        for binding in &self.0 {
            match rows.iter_mut().find(|row| row.context == binding.context && row.action == binding.action) {
                Some(row) => row.keys.push(label(&binding.keys)),
                None => rows.push(KeyRow {
                    context: binding.context,
                    keys: vec![label(&binding.keys)],
                    action: binding.action,
                }),
            }
        }
        rows
    }
}

fn label(keys: &[Key]) -> String {
    keys.iter().map(Key::to_string).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn press(keymap: &Keymap, contexts: &[Context], keys: &str) -> Resolved {
        let keys: Vec<Key> = keys.split(' ').map(|key| key.parse().unwrap()).collect();
        keymap.resolve(contexts, &keys)
    }

    const BROWSE: [Context; 4] = [Context::Browse, Context::List, Context::Global, Context::Always];

    #[test]
    fn the_innermost_context_wins_and_sequences_wait() {
        let keymap = Keymap::builtin().unwrap();
        assert_eq!(press(&keymap, &BROWSE, "d"), Resolved::Action(Action::Remove));
        assert_eq!(
            press(&keymap, &[Context::Plan, Context::Global], "d"),
            Resolved::Action(Action::DropChange)
        );
        assert_eq!(press(&keymap, &BROWSE, "g"), Resolved::Partial);
        assert_eq!(press(&keymap, &BROWSE, "g g"), Resolved::Action(Action::Top));
        assert_eq!(press(&keymap, &BROWSE, "g j"), Resolved::Nothing);
        assert_eq!(press(&keymap, &[Context::Sending, Context::Plan], "x"), Resolved::Partial);
    }

    #[test]
    fn every_action_has_a_key_but_those_of_the_palette() {
        let keymap = Keymap::builtin().unwrap();
        let keyless: Vec<_> =
            Action::VARIANTS.iter().filter(|a| !keymap.0.iter().any(|b| b.action == **a)).collect();
        assert_eq!(keyless, [&Action::FetchTerms, &Action::StopSync, &Action::Mouse]);
    }

    #[test]
    fn nothing_dangerous_is_on_a_control_key_and_brackets_are_free() {
        for binding in Keymap::builtin().unwrap().0 {
            let control = binding.keys.iter().any(|key| key.is_control());
            assert!(!(control && binding.action.info().danger), "{binding:?}");
            assert!(!label(&binding.keys).contains(['[', ']', '{', '}']), "{binding:?}");
        }
    }

    #[test]
    fn no_context_binds_a_key_twice() {
        let keymap = Keymap::builtin().unwrap();
        for (i, a) in keymap.0.iter().enumerate() {
            for b in &keymap.0[i + 1..] {
                assert!(a.context != b.context || a.keys != b.keys, "{a:?}");
            }
        }
    }

    #[test]
    fn a_wrong_file_says_where() {
        for (file, says) in [
            ("[nowhere]\n", "[nowhere] is no context"),
            ("[list]\n\"j\" = \"fly\"\n", "[list] j: fly is no action"),
            ("[list]\n\"warp-j\" = \"down\"\n", "[list] warp-j is no key"),
        ] {
            assert!(Keymap::parse(file).unwrap_err().detail.contains(says), "{file}");
        }
    }

    #[test]
    fn shift_and_capital_are_one_key() {
        let event = KeyEvent::new(KeyCode::Char('G'), KeyModifiers::SHIFT);
        assert_eq!(Key::of(event), "G".parse().unwrap());
        assert_eq!(Key::of(KeyEvent::new(KeyCode::BackTab, KeyModifiers::SHIFT)), "shift-tab".parse().unwrap());
    }
}
