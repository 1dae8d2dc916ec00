//! `unbid login`: the platform's consent page in a browser, the code pasted back here, the refresh token put where the
//! configuration says it is. The token is shown nowhere.

use std::path::Path;
use std::sync::Arc;

use jiff::Timestamp;
use secrecy::SecretString;

use super::args::{Global, LoginArgs};
use super::{Exit, ask};
use crate::config::{AccountConfig, Config, Setting, paths};
use crate::domain::problem::{Problem, ProblemKind};
use crate::domain::request::Response;
use crate::domain::text::shown;
use crate::platform;
use crate::platform::http::Http;
use crate::secrets::SecretSource;

/// The key that the token is stored under, on every platform with a consent flow.
const KEY: &str = "refresh_token";

/// Signs an account in for the first time, or anew.
pub async fn run(global: &Global, args: LoginArgs) -> Result<Exit, Problem> {
    let (file, asked_for) = paths::config_file(global.config.as_deref())?;
    let config = Config::load(&file, asked_for)?;
    let account = account(&config, &args.account)?;
    let platform = platform::by_id(&account.platform).ok_or_else(|| {
        account.wrong("platform", &format!("names no platform; the platforms are {}", platform::known()))
    })?;
    let state = uuid::Uuid::new_v4().simple().to_string();
    let mut sign_in = platform.sign_in(account, &state)?;
    let store = Store::of(account)?;
    eprintln!("Open this page, sign in and agree:\n\n  {}\n", shown(&sign_in.page));
    eprintln!("You are then sent to an address that holds a code; the page itself may fail to load.");
    let pasted = ask::line("Paste that address, or the code alone:")
        .map_err(|error| refused("The code cannot be read").detail(error.to_string()))?
        .unwrap_or_default();
    let code = code(&pasted, &state)?;
    sign_in.redeem.form.push(("code", SecretString::from(code)));
    let http = Http::over_network(Arc::new(Timestamp::now));
    let response = http.exchange(&account.name, sign_in.redeem).await?;
    store.put(&refresh_token(&response)?)?;
    eprintln!("{} is signed in. `unbid doctor --account {0}` looks whether all is well.", account.name);
    Ok(Exit::Done)
}

fn account<'a>(config: &'a Config, name: &str) -> Result<&'a AccountConfig, Problem> {
    config.accounts.iter().find(|account| account.name.as_str() == name).ok_or_else(|| {
        let known: Vec<String> = config.accounts.iter().map(|account| account.name.to_string()).collect();
        let name = shown(name);
        refused(&format!("There is no account {name}"))
            .detail(config.file.display().to_string())
            .hint(format!("The configured accounts are: {}.", known.join(", ")))
    })
}

fn refused(title: &str) -> Problem {
    Problem::new(ProblemKind::Usage, title)
}

/// The code in what was pasted: the whole address with its query, or the code alone. An address that answers another
/// sign-in than this one is refused.
fn code(pasted: &str, state: &str) -> Result<String, Problem> {
    let pasted = pasted.trim();
    let Some((_, query)) = pasted.split_once('?') else {
        if pasted.is_empty() {
            return Err(refused("No code was given").detail("nothing was stored").hint(
                "Run `unbid login` again, agree on the page that it prints, and paste where it sends you.",
            ));
        }
        return Ok(decoded(pasted));
    };
    let query = query.split('#').next().unwrap_or(query);
    let value =
        |key: &str| query.split('&').find_map(|pair| pair.strip_prefix(key)?.strip_prefix('=')).map(decoded);
    if value("state").is_some_and(|given| given != state) {
        return Err(refused("This address answers another sign-in")
            .hint("Run `unbid login` again and use the page that it prints."));
    }
    value("code").filter(|code| !code.is_empty()).ok_or_else(|| {
        let said = value("error_description").or_else(|| value("error")).unwrap_or_default();
        refused("There is no code in this address")
            .detail(said)
            .hint("Agree on the consent page, then paste again.")
    })
}

/// Percent-decoded; what is no UTF-8 then stays as it was.
fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&byte, tail)) = rest.split_first() {
        let pair = tail.get(..2).and_then(|pair| std::str::from_utf8(pair).ok());
        let escaped = pair.and_then(|pair| u8::from_str_radix(pair, 16).ok()).filter(|_| byte == b'%');
        bytes.push(escaped.unwrap_or(byte));
        rest = if escaped.is_some() { &tail[2..] } else { tail };
    }
    String::from_utf8(bytes).unwrap_or_else(|_| text.to_owned())
}

/// The refresh token of a token endpoint's answer; an error never quotes an answer that may hold one.
fn refresh_token(response: &Response) -> Result<String, Problem> {
    #[derive(Default, serde::Deserialize)]
    struct Answer {
        refresh_token: Option<String>,
        #[serde(default)]
        error: String,
        #[serde(default)]
        error_description: String,
    }
    let answer: Answer = serde_json::from_slice(&response.body).unwrap_or_default();
    match answer.refresh_token {
        Some(token) if response.ok() => Ok(token),
        _ => Err(Problem::new(ProblemKind::Auth, "The platform does not accept the code")
            .detail(format!("{} {} {}", response.status, answer.error, answer.error_description))
            .hint("A code lives for minutes and works once: run `unbid login` again.")),
    }
}

/// Where the configuration wants the token.
enum Store<'a> {
    File(std::path::PathBuf),
    #[cfg(feature = "keyring")]
    Keyring(&'a str),
    Config(&'a AccountConfig),
}

impl<'a> Store<'a> {
    fn of(account: &'a AccountConfig) -> Result<Self, Problem> {
        match account.settings.get(KEY) {
            None | Some((Setting::Text(_), _)) => Ok(Self::Config(account)),
            Some((Setting::Secret(SecretSource::File(path)), _)) => {
                Ok(Self::File(crate::secrets::resolve(path, &account.place.file)))
            }
            #[cfg(feature = "keyring")]
            Some((Setting::Secret(SecretSource::Keyring(entry)), _)) => Ok(Self::Keyring(entry)),
            Some((Setting::Secret(_), _)) => {
                Err(account.wrong(KEY, "names a place that cannot be written; use { file = \"…\" }"))
            }
        }
    }

    fn put(&self, token: &str) -> Result<(), Problem> {
        match self {
            Self::File(path) => write_private(path, token),
            #[cfg(feature = "keyring")]
            Self::Keyring(entry) => keyring::v1::Entry::new("unbid", entry)
                .and_then(|found| found.set_password(token))
                .map_err(|error| unwritable(Path::new(entry), &error.to_string())),
            Self::Config(account) => {
                let file = &account.place.file;
                let text =
                    std::fs::read_to_string(file).map_err(|error| unwritable(file, &error.to_string()))?;
                let changed = with_token(&text, account, token)
                    .ok_or_else(|| unwritable(file, "it has changed meanwhile"))?;
                write_private(file, &changed)
            }
        }
    }
}

/// The configuration with the account's token in it; comments and order stay.
fn with_token(text: &str, account: &AccountConfig, token: &str) -> Option<String> {
    let mut document: toml_edit::DocumentMut = text.parse().ok()?;
    let tables = document.get_mut("account")?.as_array_of_tables_mut()?;
    let table = tables
        .iter_mut()
        .find(|table| table.get("name").and_then(toml_edit::Item::as_str) == Some(account.name.as_str()))?;
    table.insert(KEY, toml_edit::value(token));
    Some(document.to_string())
}

/// Writes a file that only its owner can read, whole or not at all.
fn write_private(path: &Path, text: &str) -> Result<(), Problem> {
    // A configuration kept elsewhere and linked here stays linked.
    let path = &std::fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let fresh = path.with_extension(format!("new-{}", std::process::id()));
    let written = (|| {
        use std::io::Write as _;
        let mut options = std::fs::OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(&fresh)?;
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        std::fs::rename(&fresh, path)
    })();
    written.map_err(|error| {
        // What is half written must not stay; that it cannot go either changes nothing for the user.
        let _ = std::fs::remove_file(&fresh);
        unwritable(path, &error.to_string())
    })
}

fn unwritable(path: &Path, why: &str) -> Problem {
    Problem::new(ProblemKind::Storage, "The refresh token cannot be stored")
        .detail(format!("{}: {why}", path.display()))
        .hint("Make the place writable and sign in again; the code that was used is spent.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_code_is_found_in_an_address_or_stands_alone() {
        assert_eq!(code("ANdNAVhyhqirUelHGEHA", "s").unwrap(), "ANdNAVhyhqirUelHGEHA");
        assert_eq!(code(" https://amazon.com/?code=AB%2BC&scope=x&state=s ", "s").unwrap(), "AB+C");
        assert!(code("https://x/?code=a&state=other", "s").unwrap_err().title.contains("another sign-in"));
        assert!(code("https://x/?error=access_denied", "s").unwrap_err().detail.contains("access_denied"));
        assert!(code("", "s").unwrap_err().hint.contains("unbid login"));
    }

    #[test]
    fn the_configuration_keeps_its_comments() {
        let text = "# mine\n[[account]]\nname = \"a\" # first\nplatform = \"p\"\n";
        let config = Config::parse(text, Path::new("c")).unwrap();
        let changed = with_token(text, &config.accounts[0], "t").unwrap();
        assert_eq!(changed, format!("{text}refresh_token = \"t\"\n"));
    }
}
