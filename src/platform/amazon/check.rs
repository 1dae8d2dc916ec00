//! Whether an account can be reached and used: sign-in, profile, clock. For `doctor` and the Accounts screen;
//! changes nothing.

use std::time::Duration;

use super::Amazon;
use super::wire::Profile;
use crate::domain::problem::{Problem, ProblemKind};
use crate::domain::request::{Body, Class, Method, Request, Response};
use crate::domain::text::Text;
use crate::platform::checks;
use crate::platform::traits::Check;

/// A clock that is off by more is worth a word.
const MOST_OFF: Duration = Duration::from_mins(2);

fn request(amazon: &Amazon, access: &str) -> Request {
    Request {
        operation: "listProfiles".into(),
        method: Method::Get,
        url: format!("{}/v2/profiles?accessLevel={access}", amazon.base),
        // The only resource without a scope header: it tells which scopes there are.
        headers: vec![
            ("Accept".into(), "application/json".to_owned()),
            ("Amazon-Advertising-API-ClientId".into(), amazon.client_id.clone()),
        ],
        secret_headers: vec!["Authorization".into()],
        body: Body::Empty,
        class: Class::Read,
    }
}

async fn profiles(amazon: &Amazon, access: &str) -> Result<(Vec<Profile>, Response), Problem> {
    let request = request(amazon, access);
    let response = amazon.channel.read(&request).await?;
    let profiles = serde_json::from_slice(&response.body)
        .map_err(|error| amazon.channel.unreadable(&request, &response, &error.to_string()))?;
    Ok((profiles, response))
}

/// The account's profile; `None` where the user has no such access to it. The list has `edit` and `view` apart.
pub(super) async fn profile(amazon: &Amazon, access: &str) -> Result<Option<Profile>, Problem> {
    let (all, _) = profiles(amazon, access).await?;
    Ok(all.into_iter().find(|profile| profile.profile_id.0 == amazon.profile))
}

/// See [`Connection::check`](crate::platform::Connection::check).
pub(super) async fn check(amazon: &Amazon) -> Vec<Check> {
    let mut checks = Vec::new();
    match amazon.lwa.access().await {
        Ok(_) => checks.push(told("sign-in", Ok("Amazon accepts the credentials".to_owned()))),
        Err(problem) => {
            checks.push(told("sign-in", Err(problem)));
            return checks;
        }
    }
    let (edit, response) = match profiles(amazon, "edit").await {
        Ok(found) => found,
        Err(problem) => {
            checks.push(told("profile", Err(problem)));
            return checks;
        }
    };
    match edit.iter().find(|profile| profile.profile_id.0 == amazon.profile) {
        Some(profile) => checks.push(told("profile", usable(amazon, profile))),
        None => checks.push(told("profile", missing(amazon, edit.len()).await)),
    }
    // Tokens live by Amazon's clock, with their own margin; a minute and more shows a clock that is not kept.
    checks.extend(checks::clock(&response, amazon.channel.http().now(), MOST_OFF));
    checks
}

fn told(what: &str, result: Result<String, Problem>) -> Check {
    Check { what: what.to_owned(), result }
}

fn usable(amazon: &Amazon, profile: &Profile) -> Result<String, Problem> {
    let who = &profile.account_info;
    if who.kind == "agency" {
        // "Profiles": agency profiles are for Amazon DSP only.
        return Err(Problem::new(ProblemKind::Config, format!("Profile {} is an agency's", amazon.profile))
            .hint("Sponsored Products needs the profile of a seller or vendor."));
    }
    Ok(format!("{} {} in {}", who.kind, Text::new(who.name.as_str()).shown(), profile.country_code))
}

async fn missing(amazon: &Amazon, others: usize) -> Result<String, Problem> {
    if let Ok(Some(_)) = profile(amazon, "view").await {
        return Err(Problem::new(
            ProblemKind::Auth,
            format!("The user may only look at profile {}, not change it", amazon.profile),
        )
        .hint("Ask the account's owner for edit access, or set read_only = true."));
    }
    let found = match others {
        0 => "no profile".to_owned(),
        n => format!("{n} other profiles"),
    };
    Err(Problem::new(ProblemKind::Config, format!("There is no profile {} on this host", amazon.profile))
        .detail(format!("{} has {found} for this user", amazon.account.identity.origin))
        .hint("Check profile_id and region: each host lists the profiles of its own region only."))
}
