//! Everything that a platform folder reads, out of a recording of its sandbox, changed. Lists of the recording are cut
//! short: a case then costs a few calls with small answers, and thousands of them fit where a whole world took one.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::Value;
use tokio::runtime::Runtime;
use unbid::config::AccountConfig;
use unbid::domain::negative::{Negative, State};
use unbid::domain::plan::{PlannedChange, PlannedRequest};
use unbid::domain::problem::Problem;
use unbid::domain::request::Response;
use unbid::platform::http::{Http, Transport, TransportError, WireRequest};
use unbid::platform::traits::{Pending, Scope, TermsFetched, TermsWanted};
use unbid::platform::{Connection, Platform, registry};
use unbid::sandbox::Options;

use super::mutate::{Dice, bytes_changed, changed};
use super::{assert_tame, cases};
use crate::support::{Bench, Spot, keyword, list, planned, spot};

/// The kind of call: its path without ids.
fn kind(url: &str) -> String {
    let path = url.splitn(4, '/').nth(3).unwrap_or_default();
    path.split('?')
        .next()
        .unwrap_or_default()
        .split('/')
        .filter(|part| !part.chars().any(|c| c.is_ascii_digit()) || part.len() < 4)
        .collect::<Vec<_>>()
        .join("/")
}

/// The most items that a recorded list keeps.
const MOST_ITEMS: usize = 3;

/// Cuts lists short, with the totals that stand beside them.
fn cut_short(value: &mut Value) {
    match value {
        Value::Array(items) => {
            items.truncate(MOST_ITEMS);
            items.iter_mut().for_each(cut_short);
        }
        Value::Object(map) => {
            let longest = map.values().filter_map(Value::as_array).map(Vec::len).max();
            for (key, value) in map.iter_mut() {
                let total = key.to_lowercase().contains("total") && value.is_u64();
                match longest {
                    Some(longest) if total => *value = longest.min(MOST_ITEMS).into(),
                    _ => cut_short(value),
                }
            }
        }
        _ => {}
    }
}

/// Records what a sandbox answers, by kind of call.
struct Recorder {
    inner: Arc<dyn Transport>,
    answers: Arc<Mutex<BTreeMap<String, Vec<Response>>>>,
}

impl Transport for Recorder {
    fn send(&self, request: WireRequest) -> Pending<'_, Result<Response, TransportError>> {
        let kind = kind(&request.url);
        Box::pin(async move {
            let response = self.inner.send(request).await?;
            let mut kept = response.clone();
            if let Ok(mut value) = serde_json::from_slice::<Value>(&kept.body) {
                cut_short(&mut value);
                kept.body = value.to_string().into_bytes().into();
            }
            let mut answers = self.answers.lock().unwrap();
            let all = answers.entry(kind).or_default();
            if kept.body.len() < 50_000 && all.len() < 6 && !all.iter().any(|one| one.body == kept.body) {
                all.push(kept);
            }
            Ok(response)
        })
    }
}

/// A recording.
struct Answers {
    by_kind: HashMap<String, Vec<Response>>,
    all: Vec<Response>,
}

/// Answers with what was recorded, changed.
struct Mutant {
    answers: Arc<Answers>,
    state: Mutex<(Dice, usize)>,
}

/// Longer than a case can wait for anything.
const MOST_TIME: Duration = Duration::from_hours(24 * 30);

/// More calls than a case can need.
const MOST_CALLS: usize = 4_000;

impl Transport for Mutant {
    fn send(&self, request: WireRequest) -> Pending<'_, Result<Response, TransportError>> {
        let kind = kind(&request.url);
        let mut state = self.state.lock().unwrap();
        state.1 += 1;
        assert!(state.1 < MOST_CALLS, "{kind}: no end after {MOST_CALLS} calls");
        let dice = &mut state.0;
        let all = &self.answers.all;
        let own = self.answers.by_kind.get(&kind).filter(|own| !own.is_empty());
        let mut response = match own {
            Some(own) if dice.below(20) > 0 => dice.of(own).clone(),
            _ => dice.of(all).clone(),
        };
        let token = kind.ends_with("token");
        if dice.below(if token { 30 } else { 3 }) == 0 {
            let other = dice.of(all).body.clone();
            response.body = changed(dice, &response.body, &other).into();
        }
        if dice.below(if token { 60 } else { 12 }) == 0 {
            response.status = *dice.of(&[200, 201, 204, 207, 302, 400, 401, 403, 404, 409, 429, 500, 503]);
        }
        if dice.below(12) == 0 {
            for (_, value) in &mut response.headers {
                let mut bytes = value.clone().into_bytes();
                bytes_changed(dice, &mut bytes, b"https://evil.example/1");
                *value = String::from_utf8_lossy(&bytes).into_owned();
            }
        }
        Box::pin(std::future::ready(Ok(response)))
    }
}

/// What is asked for in every case.
struct Asks {
    spot: Spot,
    targets: Vec<Negative>,
    changes: Vec<PlannedChange>,
    requests: Vec<PlannedRequest>,
    days: TermsWanted,
}

/// Asks for everything once, of a sandbox that answers truly.
async fn record(connection: &dyn Connection) -> Asks {
    let spot = spot(connection).await;
    let narrow = Scope { keywords: true, campaigns: Some(vec![spot.campaign.clone()]), ..Scope::SNAPSHOT };
    let own = list(connection, &narrow).await.expect("a listing");
    let everything = Scope { keywords: true, ..Scope::SNAPSHOT };
    list(connection, &everything).await.expect("a listing");
    let adds = ["fuzz a", "fuzz b", "fuzz a"].map(|text| keyword(connection, &spot, text, State::Enabled));
    let changes = planned(adds);
    let requests = connection.prepare(&changes);
    for request in &requests {
        connection.send(request).await.expect("an answer");
    }
    connection.check().await;
    connection.brands("a").await.expect("brands");
    let targets: Vec<_> = own.negatives.into_values().take(5).collect();
    connection.read_back(&targets).await.expect("read back");
    let days = TermsWanted { days: 2, until: Some("2026-09-30".parse().expect("a day")), not: Vec::new() };
    search_terms(connection, &days).await.expect("search terms");
    Asks { spot, targets, changes, requests, days }
}

/// How many rows of search terms came.
async fn search_terms(connection: &dyn Connection, days: &TermsWanted) -> Result<usize, Problem> {
    let (sink, mut parts) = tokio::sync::mpsc::channel(8);
    let count = async {
        let mut rows = 0;
        while let Some(part) = parts.recv().await {
            if let TermsFetched::Rows(_, some) = part {
                rows += some.len();
            }
        }
        rows
    };
    let ask = async {
        let end = connection.terms(days, &sink).await;
        drop(sink);
        end
    };
    let (end, rows) = tokio::join!(ask, count);
    end.map(|()| rows)
}

/// What came through, to see that cases reach beyond the first answer.
#[derive(Debug, Default)]
struct Reached {
    calls: usize,
    whole_listings: usize,
    rows: usize,
    said: usize,
    terms: usize,
}

#[track_caller]
fn assert_all_tame(case: u64, problems: &[Problem]) {
    for problem in problems {
        assert_tame(case, problem);
    }
}

async fn case(number: u64, connection: &dyn Connection, asks: &Asks, reached: &mut Reached) {
    let scope = Scope {
        keywords: number.is_multiple_of(3),
        campaigns: number.is_multiple_of(4).then(|| vec![asks.spot.campaign.clone()]),
        ..Scope::SNAPSHOT
    };
    let problems = match list(connection, &scope).await {
        Ok(all) => {
            reached.whole_listings += usize::from(all.failures.is_empty());
            reached.rows += all.negatives.len();
            all.failures
        }
        Err(problem) => vec![problem],
    };
    assert_all_tame(number, &problems);
    for request in &asks.requests {
        if let Ok(response) = connection.send(request).await {
            let said = connection.read(request, &asks.changes, &response);
            assert!(said.iter().all(|(one, _)| request.changes.contains(one)), "case {number}: {said:?}");
            reached.said += said.len();
        }
    }
    // Errors and values alike: there must be an end.
    let mut problems: Vec<Problem> = connection.read_back(&asks.targets).await.err().into_iter().collect();
    problems.extend(connection.brands("a").await.err());
    problems.extend(connection.check().await.into_iter().filter_map(|check| check.result.err()));
    assert_all_tame(number, &problems);
    match search_terms(connection, &asks.days).await {
        Ok(rows) => reached.terms += rows,
        Err(problem) => assert_tame(number, &problem),
    }
}

fn paused() -> Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build().expect("a runtime")
}

/// One target: everything that a platform folder reads.
fn replies_of(platform: &'static dyn Platform, few: u64) {
    let recorded: Arc<Mutex<BTreeMap<String, Vec<Response>>>> = Arc::default();
    let answers = Arc::clone(&recorded);
    let bench = Bench::through(Options::default(), |inner| Arc::new(Recorder { inner, answers }));
    let config: AccountConfig = bench.accounts(platform)[0].clone();
    let asks = paused().block_on(async { record(&*bench.connect(platform)).await });
    let recorded = std::mem::take(&mut *recorded.lock().unwrap());
    let all = recorded.values().flatten().cloned().collect();
    let answers = Arc::new(Answers { by_kind: recorded.into_iter().collect(), all });
    let mut reached = Reached::default();
    cases(&platform.id().to_string(), few, |number| {
        let mutant = Arc::new(Mutant { answers: Arc::clone(&answers), state: Mutex::new((Dice(number), 0)) });
        let http = Http::new(Arc::clone(&mutant) as Arc<dyn Transport>, Arc::new(jiff::Timestamp::now));
        paused().block_on(async {
            let connection = unbid::platform::connect(&config, &http).expect("the sandbox's own account");
            // Reports may take hours. The clock is paused: what waits for nothing at all runs into this at once.
            let case = case(number, &*connection, &asks, &mut reached);
            let ended = tokio::time::timeout(MOST_TIME, case).await;
            assert!(ended.is_ok(), "case {number}: no end");
        });
        reached.calls += mutant.state.lock().unwrap().1;
    });
    println!("fuzz {}: {reached:?}", platform.id());
    assert!(reached.whole_listings > 0 && reached.rows > 0 && reached.said > 0, "{reached:?}");
}

#[test]
fn replies_of_amazon() {
    replies_of(registry()[0], 60);
}

#[test]
fn replies_of_ebay() {
    replies_of(registry()[1], 60);
}

#[test]
fn replies_of_sams_club() {
    replies_of(registry()[2], 60);
}
