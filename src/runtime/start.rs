//! What the core is told at the start: accounts, what platforms allow, keys, looks.

use crate::config::Config;
use crate::domain::problem::Problem;
use crate::engine::Engine;
use crate::platform;
use crate::ui::keymap::Keymap;
use crate::ui::msg::{AccountStart, Msg, PlatformStart, Start};
use crate::ui::theme::Theme;

/// What the environment says about looks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Look {
    /// `NO_COLOR` is set, or colour was switched off by a flag.
    pub no_color: bool,
}

/// The first message.
pub fn start(engine: &Engine, config: &Config, look: Look) -> Result<Msg, Problem> {
    let accounts = engine
        .accounts()
        .into_iter()
        .filter_map(|account| {
            let capabilities = engine.member(&account.name)?.capabilities?;
            Some(AccountStart { account, capabilities })
        })
        .collect();
    let platforms = platform::registry()
        .iter()
        .map(|platform| PlatformStart {
            id: platform.id(),
            title: platform.capabilities().title,
            fields: platform.fields().iter().map(|field| (field.key, field.required, field.help)).collect(),
        })
        .collect();
    Ok(Msg::Start(Box::new(Start {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        zone: jiff::tz::TimeZone::system(),
        config: config.file.display().to_string(),
        read_only: engine.read_only(),
        accounts,
        platforms,
        keymap: Keymap::builtin()?,
        theme: Theme::named(&config.ui.theme.to_string(), look.no_color, config.ui.ascii)?,
        mouse: config.ui.mouse,
        motion: config.ui.motion,
        max_age: config.sync.max_age,
    })))
}
