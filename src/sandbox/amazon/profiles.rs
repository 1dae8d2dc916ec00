//! `/v2/profiles`: the accounts that a token reaches. An older resource: no scope header, ids are numbers, errors say `details`.
//! Shapes and query parameters are those of the official profiles spec (operations `listProfiles` and `getProfileById`).

use axum::Json;
use axum::extract::{Extension, Path, Query, State};
use axum::http::HeaderMap;
use axum::response::IntoResponse;
use serde_json::{Value, json};

use super::super::app::App;
use super::super::call::Call;
use super::super::model::Account;
use super::super::pipeline::Items;
use super::super::platform::Platform;
use super::{Answer, Refusal, auth, media};

const PROGRAMS: [&str; 7] = ["billing", "campaign", "paymentMethod", "store", "report", "account", "posts"];
const LEVELS: [&str; 2] = ["edit", "view"];
const TYPES: [&str; 3] = ["seller", "vendor", "agency"];
const BOOLEANS: [&str; 2] = ["true", "false"];

type Parameters = Query<Vec<(String, String)>>;

/// `GET /v2/profiles`.
pub async fn all(
    State(app): State<App>,
    Extension(call): Extension<Call>,
    Query(query): Parameters,
    headers: HeaderMap,
) -> Answer {
    let filter = open(&app, &call, &headers).and_then(|()| Filter::read(&query)).map_err(Refusal::older)?;
    let realm = app.realm(Platform::Amazon);
    let found: Vec<Value> =
        realm.accounts.iter().filter(|account| filter.passes(account)).map(profile).collect();
    let items = Items(found.len());
    let mut response = Json(found).into_response();
    response.extensions_mut().insert(items);
    Ok(response)
}

/// `GET /v2/profiles/{profileId}`.
pub async fn one(
    State(app): State<App>,
    Extension(call): Extension<Call>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Answer {
    open(&app, &call, &headers).map_err(Refusal::older)?;
    let realm = app.realm(Platform::Amazon);
    match realm.account(&id) {
        Some(place) => Ok(Json(profile(&realm.accounts[place])).into_response()),
        None => Err(Refusal::not_found(&format!("Could not find profile with id: {id}")).older()),
    }
}

fn open(app: &App, call: &Call, headers: &HeaderMap) -> Result<(), Refusal> {
    auth::client(app, call, headers)?;
    media::accepts(headers, &["application/json"])
}

/// What a list of profiles is narrowed to. All emulated profiles can be edited and are in all programs.
#[derive(Debug)]
struct Filter<'a> {
    types: Option<Vec<&'a str>>,
    valid_payment: Option<bool>,
}

impl<'a> Filter<'a> {
    fn read(query: &'a [(String, String)]) -> Result<Self, Refusal> {
        let mut filter = Self { types: None, valid_payment: None };
        for (name, value) in query {
            let words: Vec<&str> = value.split(',').map(str::trim).filter(|word| !word.is_empty()).collect();
            let allowed: &[&str] = match name.as_str() {
                "apiProgram" => &PROGRAMS,
                "accessLevel" => &LEVELS,
                "profileTypeFilter" => &TYPES,
                "validPaymentMethodFilter" => &BOOLEANS,
                _ => continue,
            };
            if let Some(wrong) = words.iter().find(|word| !allowed.contains(word)) {
                return Err(Refusal::invalid(format!("{wrong} is no valid value of {name}")));
            }
            match name.as_str() {
                "profileTypeFilter" if !words.is_empty() => filter.types = Some(words),
                "validPaymentMethodFilter" => filter.valid_payment = words.first().map(|word| *word == "true"),
                _ => {}
            }
        }
        Ok(filter)
    }

    fn passes(&self, account: &Account) -> bool {
        self.types.as_ref().is_none_or(|types| types.contains(&account.kind))
            && self.valid_payment != Some(false)
    }
}

fn profile(account: &Account) -> Value {
    let mut info = json!({
        "marketplaceStringId": account.marketplace,
        "id": account.entity,
        "type": account.kind,
        "name": account.business,
    });
    let mut profile = json!({
        "profileId": account.key.parse::<i64>().unwrap_or_default(),
        "countryCode": account.country,
        "currencyCode": account.currency,
        "timezone": account.timezone,
    });
    // Daily budgets are the sellers', valid payment methods the vendors'.
    if account.kind == "vendor" {
        info["validPaymentMethod"] = json!(true);
    } else {
        profile["dailyBudget"] = json!(999_999_999.0);
    }
    profile["accountInfo"] = info;
    profile
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_are_a_comma_list_and_unknown_words_are_refused() {
        let query = |value: &str| vec![("profileTypeFilter".to_owned(), value.to_owned())];
        let both = query("seller,vendor");
        assert_eq!(Filter::read(&both).expect("types").types, Some(vec!["seller", "vendor"]));
        assert!(Filter::read(&query("buyer")).is_err());
        assert!(Filter::read(&[("other".to_owned(), "x".to_owned())]).is_ok());
    }
}
