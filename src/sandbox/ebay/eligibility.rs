//! `getAdvertisingEligibility` of Sell Account v1: which advertising programs the seller may use on a marketplace.
//! The one call here that needs the marketplace header, and another scope than Sell Marketing's.

use axum::Json;
use axum::response::IntoResponse;
use serde_json::{Value, json};

use super::super::platform::Platform;
use super::auth::{Scopes, allow};
use super::error::Fault;
use super::query::Query;
use super::{Answer, Inbound};

/// `AdvertisingProgramEnum`.
const PROGRAMS: [&str; 3] = ["PROMOTED_LISTINGS_STANDARD", "PROMOTED_LISTINGS_ADVANCED", "OFFSITE_ADS"];
/// Marketplaces with advertising.
const MARKETPLACES: [&str; 8] =
    ["EBAY_US", "EBAY_GB", "EBAY_DE", "EBAY_AU", "EBAY_CA", "EBAY_FR", "EBAY_IT", "EBAY_ES"];

/// `GET /sell/account/v1/advertising_eligibility`.
pub async fn of(inbound: Inbound) -> Answer {
    allow(&inbound, Scopes::ACCOUNT_READ)?;
    let marketplace = inbound.headers.get("x-ebay-c-marketplace-id").and_then(|value| value.to_str().ok());
    let marketplace =
        marketplace.map(str::trim).filter(|value| !value.is_empty()).ok_or_else(|| Fault::new(50114))?;
    if !MARKETPLACES.contains(&marketplace) {
        return Err(Fault::new(50117).with("marketplaceId", marketplace));
    }
    let query = Query::of(&inbound);
    let programs = query.list("program_types").unwrap_or_else(|| PROGRAMS.to_vec());
    let wrong: Vec<&str> = programs.iter().filter(|program| !PROGRAMS.contains(program)).copied().collect();
    if !wrong.is_empty() {
        return Err(Fault::new(50116).with("programTypes", &wrong.join(", ")));
    }
    // Where the seller sells, all is open to them; elsewhere they have no sales yet.
    let sells = inbound.app.realm(Platform::Ebay).account(marketplace).is_some();
    let of = |program: &&str| -> Value {
        if sells {
            json!({"programType": program, "status": "ELIGIBLE"})
        } else {
            json!({"programType": program, "status": "INELIGIBLE", "reason": "NOT_ENOUGH_ACTIVITY"})
        }
    };
    Ok(Json(json!({"advertisingEligibility": programs.iter().map(of).collect::<Vec<_>>()})).into_response())
}
