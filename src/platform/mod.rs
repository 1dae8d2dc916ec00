//! The only place that knows REST. One folder per platform, with the same file names in each; the
//! registry below has one line per platform, and nothing else names one.

pub mod amazon;
pub mod checks;
pub mod ebay;
pub mod http;
pub mod lenient;
pub mod query;
pub mod report;
pub mod reports;
pub mod sams;
#[cfg(test)]
mod testing;
pub mod traits;

use std::sync::Arc;

use traits::Form;
pub use traits::{Connection, Platform};

use crate::config::{AccountConfig, Config};
use crate::domain::ids::PlatformId;
use crate::domain::problem::{Problem, ProblemKind};
use http::Http;

/// Every platform, in the order in which lists and help name them.
static REGISTRY: &[&dyn Platform] = &[&amazon::AmazonAds, &ebay::Ebay, &sams::Sams];

/// Every platform, in the order in which lists and help name them.
pub fn registry() -> &'static [&'static dyn Platform] {
    REGISTRY
}

/// The platform of that name.
pub fn by_id(id: &PlatformId) -> Option<&'static dyn Platform> {
    REGISTRY.iter().copied().find(|platform| platform.id() == *id)
}

/// The names of all platforms, for help and errors: `amazon, ebay, sams`.
pub fn known() -> String {
    let names: Vec<String> = REGISTRY.iter().map(|platform| platform.id().to_string()).collect();
    names.join(", ")
}

/// Refuses headings of reports that are mapped for neither an account nor a platform.
pub fn check_columns(config: &Config) -> Result<(), Problem> {
    config.check_columns(|name| by_id(&PlatformId::new(name)).is_some())
}

/// Checks an account's table against what its platform takes: known platform, no unknown key, required keys
/// there, values among the choices. Reads no secret and sends nothing.
pub fn check(config: &AccountConfig) -> Result<&'static dyn Platform, Problem> {
    let Some(platform) = by_id(&config.platform) else {
        let title = format!("Account {}: there is no platform `{}`", config.name, config.platform);
        return Err(Problem::new(ProblemKind::Config, title)
            .detail(format!("{}:{}", config.place.file.display(), config.place.line))
            .hint(format!("The platforms are {}.", known())));
    };
    check_fields(config, platform.fields())?;
    Ok(platform)
}

/// Checks an account's settings against the keys that its platform has.
fn check_fields(config: &AccountConfig, fields: &[traits::Field]) -> Result<(), Problem> {
    for key in config.settings.keys() {
        if !fields.iter().any(|field| field.key == key) {
            let known: Vec<&str> = fields.iter().map(|field| field.key).collect();
            return Err(config
                .wrong(key, &format!("is no key of {} accounts", config.platform))
                .hint(format!("The keys are {}.", known.join(", "))));
        }
    }
    for field in fields {
        let there = config.settings.contains_key(field.key);
        if field.required && !there {
            return Err(config.wrong(field.key, "is missing").hint(field.help));
        }
        if there && !field.secret {
            let text = config.text(field.key)?.unwrap_or_default();
            if field.required && text.is_empty() {
                return Err(config.wrong(field.key, "is empty").hint(field.help));
            }
            if !field.choices.is_empty() && !field.choices.contains(&text) {
                return Err(config.wrong(field.key, &format!("must be one of {}", field.choices.join(", "))));
            }
            let why = match field.form {
                Form::Number if !text.trim().bytes().all(|byte| byte.is_ascii_digit()) => {
                    Some("must be a number".to_owned())
                }
                Form::Address => http::Origin::of(text).err(),
                Form::Text | Form::Number => None,
            };
            if let Some(why) = why {
                return Err(config.wrong(field.key, &why));
            }
        }
    }
    Ok(())
}

/// Checks an account's settings, reads its secrets and makes its connection. Sends nothing.
pub fn connect(config: &AccountConfig, http: &Arc<Http>) -> Result<Arc<dyn Connection>, Problem> {
    check(config)?.connect(config, http)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::config::{Place, Setting};
    use crate::domain::account::AccountName;

    fn account(platform: &str, settings: &[(&str, &str)]) -> AccountConfig {
        AccountConfig {
            name: AccountName::new("acme"),
            platform: PlatformId::new(platform),
            group: String::new(),
            read_only: false,
            protected: false,
            place: Place { file: "c.toml".into(), line: 3 },
            settings: settings
                .iter()
                .zip(4..)
                .map(|((key, text), line)| ((*key).to_owned(), (Setting::Text((*text).to_owned()), line)))
                .collect::<BTreeMap<_, _>>(),
        }
    }

    #[test]
    fn an_unknown_platform_is_named_with_those_there_are() {
        let problem = check(&account("etsy", &[])).err().unwrap();
        assert_eq!(problem.detail, "c.toml:3");
        assert!(problem.title.contains("`etsy`") && problem.hint.contains(&known()), "{problem}");
    }

    #[test]
    fn an_unknown_missing_or_wrong_key_is_named_with_its_line() {
        let fields = [
            traits::Field::required("region", "Where the account is: na or eu.").one_of(&["na", "eu"]),
            traits::Field::optional("profile_id", "Its number.").number(),
            traits::Field::optional("base_url", "Another address.").address(),
        ];
        let wrong = |settings: &[(&str, &str)]| {
            check_fields(&account("x", settings), &fields).err().map(|problem| problem.to_string())
        };
        assert_eq!(wrong(&[("region", "eu")]), None);
        assert!(wrong(&[("region", "eu"), ("regoin", "eu")]).unwrap().contains("`regoin`"));
        assert!(wrong(&[("region", "mars")]).unwrap().contains("na, eu"));
        assert!(wrong(&[]).unwrap().contains("`region` is missing"));
        assert!(wrong(&[("region", "mars")]).unwrap().contains("c.toml:4"));
        let one = |key, value| wrong(&[("region", "eu"), (key, value)]);
        assert_eq!((one("profile_id", "12"), one("base_url", "http://127.0.0.1:4010")), (None, None));
        assert!(one("profile_id", "a1").unwrap().contains("`profile_id` must be a number: c.toml:5"));
        assert!(one("base_url", "http://api.example").unwrap().contains("`base_url` must begin with https://"));
    }
}
