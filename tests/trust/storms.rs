//! Throttling, tokens that end, refreshes that fail, platforms that break down: waits are as long as was asked and
//! bounded, and what could not be sent is still staged.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use jiff::Timestamp;
use serde_json::{Value, json};
use tokio::time::Instant;
use unbid::domain::journal::OutcomeKind::{Applied, Drifted, Skipped};
use unbid::domain::problem::ProblemKind;
use unbid::domain::request::Response;
use unbid::engine::{SyncOptions, SyncOutcome};
use unbid::platform::http::{Transport, TransportError, WireRequest};
use unbid::platform::traits::Pending;
use unbid::sandbox::Options;

use crate::full;
use crate::rig::{Rig, paused};
use crate::support::Bench;
use crate::truth::{Case, Wish, check, held_in};

/// One call as it was seen on the way.
#[derive(Clone, Debug)]
struct Seen {
    origin: String,
    path: String,
    began: Instant,
    ended: Instant,
    status: Option<u16>,
    asked: Option<Duration>,
}

/// Watches the way.
struct Watch {
    way: Arc<dyn Transport>,
    seen: Arc<Mutex<Vec<Seen>>>,
}

impl Transport for Watch {
    fn send(&self, request: WireRequest) -> Pending<'_, Result<Response, TransportError>> {
        Box::pin(async move {
            let at = request.url.match_indices('/').nth(2).map_or(request.url.len(), |(at, _)| at);
            let (origin, path) = request.url.split_at(at);
            let (origin, path) = (origin.to_owned(), path.to_owned());
            let began = Instant::now();
            let answer = self.way.send(request).await;
            let asked = answer.as_ref().ok().and_then(|answer| asked(answer.header("retry-after")?));
            let status = answer.as_ref().ok().map(|answer| answer.status);
            let seen = Seen { origin, path, began, ended: Instant::now(), status, asked };
            self.seen.lock().unwrap().push(seen);
            answer
        })
    }
}

/// What a `Retry-After` asks for, read here on its own terms.
fn asked(value: &str) -> Option<Duration> {
    if let Ok(seconds) = value.parse::<u64>() {
        return Some(Duration::from_secs(seconds));
    }
    let until = jiff::fmt::rfc2822::DateTimeParser::new().parse_timestamp(value).ok()?;
    Duration::try_from(until.duration_since(Timestamp::now())).ok()
}

async fn watched() -> (Rig, Arc<Mutex<Vec<Seen>>>) {
    let seen = Arc::new(Mutex::new(Vec::new()));
    let log = Arc::clone(&seen);
    let bench = Bench::through(Options::default(), |way| Arc::new(Watch { way, seen: log }));
    (Rig::on(bench).await, seen)
}

/// Sign-ins are outside the pace of calls.
fn signs_in(path: &str) -> bool {
    path.contains("token")
}

/// No call began while its platform had asked to be left alone. What was under way by then does not count.
fn nobody_was_hurried(seen: &[Seen]) -> usize {
    let refused: Vec<&Seen> =
        seen.iter().filter(|one| one.status == Some(429) && !signs_in(&one.path)).collect();
    for refusal in &refused {
        let Some(asked) = refusal.asked else { continue };
        // Dates have whole seconds, and the client reads its clock a moment later.
        let until = refusal.ended + asked.min(Duration::from_hours(24)).saturating_sub(Duration::from_secs(1));
        let early = seen.iter().find(|one| {
            one.origin == refusal.origin
                && !signs_in(&one.path)
                && one.began > refusal.ended
                && one.began < until
        });
        assert!(early.is_none(), "{refusal:?}\n{early:?}");
    }
    refused.len()
}

#[test]
fn no_call_goes_out_before_the_time_that_a_platform_asked_for() {
    let date = |seconds| {
        let at = Timestamp::now() + jiff::SignedDuration::from_secs(seconds);
        json!(jiff::fmt::rfc2822::DateTimePrinter::new().timestamp_to_rfc9110_string(&at).unwrap())
    };
    let asks: Vec<Value> =
        vec![json!(1), json!(7), json!(600), date(9), Value::Null, json!("soon"), json!(0), json!("-3")];
    for (number, ask) in asks.into_iter().enumerate() {
        paused(async {
            let (mut rig, seen) = watched().await;
            rig.bench.faults(json!([{"kind": "accept_duplicates"}])).await;
            let case = Case::copies(&rig, 1, 30).await;
            seen.lock().unwrap().clear();
            let mut first = json!({"kind": "status", "status": 429, "after": 1, "times": 3});
            let mut half = json!({"kind": "status", "status": 429, "probability": 0.5, "seed": number});
            if !ask.is_null() {
                first["retry_after"] = ask.clone();
                half["retry_after"] = ask.clone();
            }
            let storm = json!([{"kind": "accept_duplicates"}, {"kind": "latency", "ms": 40}, first, half]);
            rig.bench.faults(storm).await;
            let report = rig.apply().await.unwrap();
            assert_eq!(report.count(Applied) + report.count(Skipped), case.wanted.len(), "{ask}: {report:?}");
            let refused = nobody_was_hurried(&seen.lock().unwrap());
            assert!(refused > 0, "{ask}");
            rig.recover().await;
            case.is_true(&rig).await;
        });
    }
}

#[test]
fn a_platform_that_asks_for_days_is_left_alone_and_everything_stays_staged() {
    for ask in [json!(3_601), json!(86_400 * 365), json!("Thu, 01 Oct 2099 00:00:00 GMT"), json!("1e300")] {
        paused(async {
            let (mut rig, seen) = watched().await;
            rig.bench.faults(json!([{"kind": "accept_duplicates"}])).await;
            let case = Case::copies(&rig, 1, 3).await;
            seen.lock().unwrap().clear();
            let storm = json!({"kind": "status", "status": 429, "retry_after": ask});
            rig.bench.faults(json!([{"kind": "accept_duplicates"}, storm])).await;
            let before = Instant::now();
            let report = rig.apply().await.unwrap();
            assert!(before.elapsed() < Duration::from_mins(20), "{ask}: {:?}", before.elapsed());
            assert_eq!(report.count(Skipped), case.wanted.len());
            assert_eq!(rig.engine().staged().await.unwrap().len(), case.wanted.len());
            for account in &report.accounts {
                let problem = account.problem.as_ref().unwrap();
                assert!(matches!(problem.kind, ProblemKind::Throttled | ProblemKind::Auth), "{problem:?}");
            }
            nobody_was_hurried(&seen.lock().unwrap());
            assert!(seen.lock().unwrap().len() < 60, "{ask}: {}", seen.lock().unwrap().len());
            rig.recover().await;
            case.is_true(&rig).await;
        });
    }
}

#[test]
fn a_storm_that_never_ends_costs_a_bounded_number_of_calls() {
    paused(async {
        let (mut rig, seen) = watched().await;
        rig.bench.faults(json!([{"kind": "accept_duplicates"}])).await;
        let case = Case::copies(&rig, 1, 3).await;
        seen.lock().unwrap().clear();
        rig.bench.faults(json!([{"kind": "status", "status": 429, "retry_after": 1}])).await;
        let report = rig.apply().await.unwrap();
        assert_eq!(report.count(Skipped), case.wanted.len(), "{report:?}");
        let calls = seen.lock().unwrap().len();
        println!("storms: 429 for ever ended after {calls} calls at three accounts");
        assert!(calls < 200, "{calls}");
        rig.recover().await;
        case.is_true(&rig).await;
    });
}

#[test]
fn what_a_steady_limit_refuses_is_little_beside_what_it_takes() {
    paused(async {
        let (rig, seen) = watched().await;
        rig.bench.faults(json!([{"kind": "throttle", "per_second": 10}, {"kind": "latency", "ms": 30}])).await;
        let rounds = if full() { 40 } else { 12 };
        seen.lock().unwrap().clear();
        for _ in 0..rounds {
            rig.sync().await;
        }
        let seen = seen.lock().unwrap();
        // The first third is for learning.
        let settled: Vec<&Seen> = seen.iter().skip(seen.len() / 3).collect();
        let refused = settled.iter().filter(|one| one.status == Some(429)).count();
        let ratio = refused as f64 / (settled.len() - refused) as f64;
        println!("storms: {refused} of {} calls refused under a steady limit, ratio {ratio:.3}", settled.len());
        assert!(ratio <= 0.05, "{ratio}");
    });
}

#[test]
fn a_token_that_ends_is_renewed_once_for_all_calls_at_once() {
    paused(async {
        let (rig, seen) = watched().await;
        for platform in ["amazon", "ebay"] {
            let mut rules = vec![json!({"kind": "latency", "ms": 50})];
            rules.push(json!({"platform": platform, "kind": "expire_token", "after": 2, "times": 1}));
            rig.bench.faults(json!(rules)).await;
            seen.lock().unwrap().clear();
            rig.sync().await;
            let seen = seen.lock().unwrap();
            let refreshes = seen.iter().filter(|one| signs_in(&one.path)).count();
            let refused = seen.iter().filter(|one| one.status == Some(401)).count();
            assert_eq!(refreshes, 1, "{platform}");
            assert!(refused >= 1, "{platform}");
            println!("storms: {platform}: {refused} calls found the token expired, 1 refresh");
        }
    });
}

#[test]
fn a_refresh_that_fails_stops_cleanly_and_everything_stays_staged() {
    paused(async {
        let (mut rig, seen) = watched().await;
        rig.bench.faults(json!([{"kind": "accept_duplicates"}])).await;
        let case = Case::copies(&rig, 1, 10).await;
        seen.lock().unwrap().clear();
        let invalid = json!({"error": "invalid_grant", "error_description": "the token was revoked"});
        rig.bench
            .faults(json!([
                {"platform": "amazon", "path": "/auth/o2/token", "kind": "status", "status": 400, "body": invalid},
                {"platform": "ebay", "path": "/identity", "kind": "status", "status": 400, "body": invalid},
                {"platform": "amazon", "kind": "expire_token"},
                {"platform": "ebay", "kind": "expire_token"},
                {"kind": "accept_duplicates"}
            ]))
            .await;
        let report = rig.apply().await.unwrap();
        let auth = report.accounts.iter().filter_map(|one| one.problem.as_ref());
        assert_eq!(auth.filter(|problem| problem.kind == ProblemKind::Auth).count(), 2, "{report:?}");
        // Sam's Club has no token to refresh.
        assert_eq!((report.count(Skipped), report.count(Applied)), (40, 20));
        assert_eq!(rig.engine().staged().await.unwrap().len(), 40);
        assert!(rig.engine().store().unsettled(None).await.unwrap().is_empty());
        assert!(seen.lock().unwrap().len() < 30);
        rig.recover().await;
        case.is_true(&rig).await;
    });
}

#[test]
fn a_platform_that_breaks_down_is_named_with_its_call_and_tried_a_few_times_only() {
    paused(async {
        let kinds = [
            json!({"kind": "status", "status": 500}),
            json!({"kind": "status", "status": 503, "retry_after": 2}),
            json!({"kind": "html_error"}),
            json!({"kind": "html_error", "status": 200}),
            json!({"kind": "truncate_body"}),
            json!({"kind": "bad_json"}),
            json!({"kind": "drop_before"}),
            json!({"kind": "drop_after"}),
            json!({"kind": "slow_body", "bytes_per_second": 1}),
            json!({"kind": "delay", "ms": 200_000}),
            json!({"kind": "repeat_page"}),
        ];
        let (rig, seen) = watched().await;
        for kind in kinds {
            for (platform, lists) in [
                ("amazon", "/sp/campaigns/list"),
                ("ebay", "/sell/marketing/v1/ad_campaign"),
                ("sams", "/api/v1/campaigns"),
            ] {
                let mut rule = kind.clone();
                rule["platform"] = json!(platform);
                rule["path"] = json!(lists);
                rig.bench.faults(json!([rule])).await;
                seen.lock().unwrap().clear();
                let sync = rig.engine().sync(
                    &[],
                    SyncOptions::default(),
                    Arc::new(|_| {}),
                    tokio_util::sync::CancellationToken::new(),
                );
                let report = sync.await.unwrap();
                let mine: Vec<_> =
                    report.accounts.iter().filter(|one| one.outcome != SyncOutcome::Fresh).collect();
                let calls = seen.lock().unwrap().iter().filter(|one| one.path.starts_with(lists)).count();
                assert!(calls <= 40, "{rule}: {calls} calls");
                for problem in mine.iter().flat_map(|one| one.problems()) {
                    assert!(problem.detail.contains('/'), "{rule}: {problem:?}");
                }
                let paged = rule["kind"] == "repeat_page" || rule["kind"] == "slow_body";
                assert!(paged || mine.len() == 1, "{rule}: {report:?}");
            }
        }
    });
}

#[test]
fn what_others_changed_meanwhile_is_never_overwritten() {
    paused(async {
        let mut rig = Rig::new().await;
        let (mut moved, mut drifted) = (0, 0);
        for number in 1..=if full() { 60 } else { 8_usize } {
            rig.bench.faults(json!([{"kind": "accept_duplicates"}])).await;
            let wishes: Vec<Wish> = (0..9)
                .map(|n| Wish { account: n % 3, what: 4 + (n / 3 % 2) as u8, place: 0, how: n / 3 })
                .collect();
            let case = Case::stage(&rig, number, &wishes).await;
            // Somebody else removes or switches a part of them before they are sent.
            let mut theirs = Vec::new();
            for (at, (_, identity, change)) in case.wanted.iter().enumerate() {
                let target = change.target().unwrap();
                let state = match (identity.platform.as_str(), (at + number) % 3) {
                    ("amazon" | "ebay", 0) => "ARCHIVED",
                    ("amazon", 1) => "PAUSED",
                    ("sams", 0) => "disabled",
                    _ => continue,
                };
                theirs.push((
                    at,
                    json!({"op": "set_negative", "platform": identity.platform.as_str(),
                    "id": target.id.raw(), "state": state}),
                    state,
                ));
            }
            let list: Vec<&Value> = theirs.iter().map(|(_, mutation, _)| mutation).collect();
            rig.bench.control("POST", "/mutate", Some(json!(list))).await;
            let report = rig.apply().await.unwrap();
            for (at, _, state) in &theirs {
                let (number, identity, change) = &case.wanted[*at];
                let rows = held_in(&rig, identity, change.campaign().raw()).await;
                let target = change.target().unwrap();
                let row = rows
                    .iter()
                    .find(|row| {
                        row["id"] == target.id.raw() && row["kind"] == "keyword" && row["level"] == "ad_group"
                    })
                    .unwrap();
                assert_eq!(row["native_state"], *state, "{change:?}");
                moved += 1;
                let outcome = &report.changes.iter().find(|one| one.number == *number).unwrap().outcome;
                drifted += usize::from(outcome.kind == Drifted);
            }
            for (at, (number, identity, change)) in case.wanted.iter().enumerate() {
                if theirs.iter().all(|(theirs, ..)| *theirs != at) {
                    let rows = held_in(&rig, identity, change.campaign().raw()).await;
                    let outcome = &report.changes.iter().find(|one| one.number == *number).unwrap().outcome;
                    check(identity, change, outcome, &rows, "beside what drifted");
                }
            }
            let left = rig.engine().staged().await.unwrap();
            rig.engine().unstage(&left.iter().map(|one| one.number).collect::<Vec<_>>()).await.unwrap();
            rig.restart().await;
        }
        println!("storms: {moved} objects moved by others before the send, {drifted} drifted, 0 overwritten");
        assert!(drifted > 0);
    });
}
