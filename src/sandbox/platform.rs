//! The registry of emulated platforms: one line per platform and question.
//! Each platform's own protocol is in its folder; nothing here knows it.

use axum::Router;
use serde::{Deserialize, Serialize};

use super::app::App;
use super::{amazon, ebay, sams};

/// An emulated platform.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Platform {
    /// Amazon Ads.
    Amazon,
    /// eBay.
    Ebay,
    /// Sam's Club ads.
    Sams,
}

impl Platform {
    /// How many there are.
    pub const COUNT: usize = 3;
    /// All, in the order of their ports.
    pub const ALL: [Self; Self::COUNT] = [Self::Amazon, Self::Ebay, Self::Sams];

    /// Its place in arrays by platform.
    pub fn index(self) -> usize {
        self as usize
    }

    /// Its word in rows, rules and the log.
    pub fn word(self) -> &'static str {
        match self {
            Self::Amazon => "amazon",
            Self::Ebay => "ebay",
            Self::Sams => "sams",
        }
    }

    /// Path of its token endpoint, where it has one.
    pub fn token_path(self) -> Option<&'static str> {
        match self {
            Self::Amazon => Some("/auth/o2/token"),
            Self::Ebay => Some("/identity/v1/oauth2/token"),
            Self::Sams => None,
        }
    }

    /// Its routes.
    pub(super) fn routes(self) -> Router<App> {
        match self {
            Self::Amazon => amazon::routes(),
            Self::Ebay => ebay::routes(),
            Self::Sams => sams::routes(),
        }
    }
}
