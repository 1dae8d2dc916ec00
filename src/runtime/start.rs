//! What the core is told at the start: accounts, what platforms allow, keys, looks.

use crate::config::Config;
use crate::domain::account::{Account, Identity};
use crate::domain::problem::Problem;
use crate::engine::{Engine, IdentityChange, Member};
use crate::platform;
use crate::ui::keymap::Keymap;
use crate::ui::msg::{AccountStart, FetchPlan, Msg, PlatformStart, Start};
use crate::ui::theme::Theme;

/// What the environment says about looks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Look {
    /// `NO_COLOR` is set, or colour was switched off by a flag.
    pub no_color: bool,
}

/// The first message.
pub fn start(engine: &Engine, config: &Config, look: Look) -> Result<Msg, Problem> {
    let known = engine.accounts();
    let accounts = engine
        .members()
        .iter()
        .filter_map(|member| {
            let account = known.iter().find(|one| one.name == member.name).cloned();
            let account = account.unwrap_or_else(|| unknown(member));
            let problem = member.link.as_ref().err().cloned();
            Some(AccountStart { account, capabilities: member.capabilities?, problem })
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
        said: engine.identity_changes().iter().filter_map(IdentityChange::problem).collect(),
        terms: FetchPlan {
            at_start: config.terms.fetch,
            max_age: config.terms.max_age,
            days: config.terms.days,
            until: config.terms.until,
        },
    })))
}

/// An account that could never be connected: nothing is known of it but its name and its platform.
fn unknown(member: &Member) -> Account {
    let identity =
        Identity { platform: member.platform.clone(), origin: "".into(), native: member.name.as_str().into() };
    let name = member.name.clone();
    Account { name, identity, group: "".into(), read_only: true, protected: false, live: false }
}
