//! What a program needs to use the sandbox: the line printed when it is ready, and the config file of `--config-out`.
//! Shapes here are the contract with scripts; nothing may be renamed.

use std::io::{self, Write};
use std::path::Path;

use serde::Serialize;

use super::app::App;
use super::credentials::OAuthClient;
use super::platform::Platform;

/// The line that tells that the sandbox serves, as JSON.
#[derive(Clone, Serialize)]
pub struct Ready {
    /// Always true.
    pub ready: bool,
    /// How to reach Amazon.
    pub amazon: AmazonReady,
    /// How to reach eBay.
    pub ebay: EbayReady,
    /// How to reach Sam's.
    pub sams: SamsReady,
    /// Origin of the control server.
    pub control_url: String,
}

/// How to reach Amazon.
#[derive(Clone, Serialize)]
pub struct AmazonReady {
    /// Origin, standing where the API host stands.
    pub base_url: String,
    /// Token endpoint.
    pub token_url: String,
    /// OAuth client id.
    pub client_id: String,
    /// OAuth client secret.
    pub client_secret: String,
    /// Refresh token.
    pub refresh_token: String,
    /// Profiles.
    pub profile_ids: Vec<String>,
}

/// How to reach eBay.
#[derive(Clone, Serialize)]
pub struct EbayReady {
    /// Origin, standing where the API host stands.
    pub base_url: String,
    /// Token endpoint.
    pub token_url: String,
    /// OAuth client id.
    pub client_id: String,
    /// OAuth client secret.
    pub client_secret: String,
    /// Refresh token.
    pub refresh_token: String,
    /// `RuName` of the consent flow.
    pub ru_name: String,
}

/// How to reach Sam's.
#[derive(Clone, Serialize)]
pub struct SamsReady {
    /// Origin, standing where the service base stands.
    pub base_url: String,
    /// Consumer id.
    pub consumer_id: String,
    /// Key version.
    pub key_version: String,
    /// Long-lived bearer token.
    pub auth_token: String,
    /// Absolute path of the private key.
    pub private_key_path: String,
    /// Advertisers.
    pub advertiser_ids: Vec<String>,
}

/// Where the listeners are: origins without a trailing slash.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origins {
    /// By platform.
    pub platforms: [String; Platform::COUNT],
    /// The control server.
    pub control: String,
}

impl Origins {
    /// Addresses at which nobody listens, for routers that are driven without sockets.
    pub fn unbound() -> Self {
        Self {
            platforms: Platform::ALL.map(|platform| format!("http://127.0.0.1:{}", 1 + platform.index())),
            control: "http://127.0.0.1:4".to_owned(),
        }
    }

    fn token_url(&self, platform: Platform) -> String {
        format!("{}{}", self.platforms[platform.index()], platform.token_path().unwrap_or_default())
    }
}

impl Ready {
    /// The ready line of a sandbox at these origins.
    pub(super) fn new(app: &App, origins: &Origins, private_key: &Path) -> Self {
        let credentials = app.credentials().clone();
        let keys = |platform| app.realm(platform).accounts.iter().map(|account| account.key.clone()).collect();
        let base = |platform: Platform| origins.platforms[platform.index()].clone();
        let OAuthClient { client_id, client_secret, refresh_token } = credentials.amazon;
        let amazon = AmazonReady {
            base_url: base(Platform::Amazon),
            token_url: origins.token_url(Platform::Amazon),
            client_id,
            client_secret,
            refresh_token,
            profile_ids: keys(Platform::Amazon),
        };
        let OAuthClient { client_id, client_secret, refresh_token } = credentials.ebay;
        let ebay = EbayReady {
            base_url: base(Platform::Ebay),
            token_url: origins.token_url(Platform::Ebay),
            client_id,
            client_secret,
            refresh_token,
            ru_name: credentials.ebay_ru_name,
        };
        let sams = SamsReady {
            base_url: base(Platform::Sams),
            consumer_id: credentials.sams_consumer_id,
            key_version: credentials.sams_key_version,
            auth_token: credentials.sams_auth_token,
            private_key_path: private_key.to_string_lossy().into_owned(),
            advertiser_ids: keys(Platform::Sams),
        };
        Self { ready: true, amazon, ebay, sams, control_url: origins.control.clone() }
    }

    /// The config file with which `unbid --config FILE` works on this sandbox as it is.
    pub(super) fn config(&self, app: &App) -> String {
        use std::fmt::Write as _;
        let mut toml = String::from(
            "# Written by `unbid sandbox`. These secrets protect nothing.\n\n[apply]\nsettle_ms = 300\n",
        );
        let own = super::world::OWN_BRANDS.map(|brand| format!("\"{brand}\"")).join(", ");
        let _ = write!(toml, "\n[audit]\nown_brands = [{own}]\n");
        // The world's calendar stands still: its reports end the day before its today.
        let today = app.options().today;
        let _ = write!(toml, "\n[terms]\nuntil = \"{}\"\n", today.yesterday().unwrap_or(today));
        for platform in Platform::ALL {
            for account in &app.realm(platform).accounts {
                let _ = write!(
                    toml,
                    "\n[[account]]\nname = \"{}\"\nplatform = \"{}\"\n",
                    account.name,
                    platform.word()
                );
                let mut key = |key: &str, value: &str| {
                    let _ = writeln!(toml, "{key} = {}", toml_edit::Value::from(value));
                };
                match platform {
                    Platform::Amazon => {
                        let region =
                            if matches!(account.country, "US" | "CA" | "MX" | "BR") { "na" } else { "eu" };
                        key("region", region);
                        key("profile_id", &account.key);
                        key("client_id", &self.amazon.client_id);
                        key("client_secret", &self.amazon.client_secret);
                        key("refresh_token", &self.amazon.refresh_token);
                        key("base_url", &self.amazon.base_url);
                        key("token_url", &self.amazon.token_url);
                    }
                    Platform::Ebay => {
                        key("environment", "sandbox");
                        key("marketplace", &account.key);
                        key("client_id", &self.ebay.client_id);
                        key("client_secret", &self.ebay.client_secret);
                        key("refresh_token", &self.ebay.refresh_token);
                        key("ru_name", &self.ebay.ru_name);
                        key("base_url", &self.ebay.base_url);
                        key("token_url", &self.ebay.token_url);
                    }
                    Platform::Sams => {
                        key("environment", "sandbox");
                        key("advertiser_id", &account.key);
                        key("consumer_id", &self.sams.consumer_id);
                        key("key_version", &self.sams.key_version);
                        key("auth_token", &self.sams.auth_token);
                        key("base_url", &self.sams.base_url);
                        let file = toml_edit::Value::from(self.sams.private_key_path.as_str());
                        let _ = writeln!(toml, "private_key = {{ file = {file} }}");
                    }
                }
            }
        }
        toml
    }
}

/// Writes a file that only its owner can read; an older one is replaced.
pub(super) fn write_private(path: &Path, text: &str) -> io::Result<()> {
    let mut open = std::fs::OpenOptions::new();
    open.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut open, 0o600);
    let mut file = open.open(path)?;
    // The mode above only counts for a new file.
    #[cfg(unix)]
    file.set_permissions(std::os::unix::fs::PermissionsExt::from_mode(0o600))?;
    file.write_all(text.as_bytes())
}
