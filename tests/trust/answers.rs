//! Answers that tell some items from others: mixed, out of order, with places missing or wrong, of texts that stand
//! in several ad groups. Each item gets its own outcome, and what succeeded is not sent again.

use std::sync::atomic::{AtomicU64, Ordering::SeqCst};
use std::sync::{Arc, Mutex};

use serde_json::{Value, json};
use unbid::domain::journal::OutcomeKind::{self, Applied, Rejected, Skipped};
use unbid::domain::request::Response;
use unbid::platform::http::{Transport, TransportError, WireRequest};
use unbid::platform::traits::Pending;
use unbid::sandbox::Options;

use crate::full;
use crate::rig::{Rig, paused};
use crate::support::Bench;
use crate::support::chaos::Dice;
use crate::truth::{Case, is_write, writes};

/// What is done to the answers of writes on their way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Spoil {
    Nothing,
    /// The items come in any order.
    Shuffle,
    /// Some say no place, or none of their own where there is no place.
    Nameless,
    /// Some say a place that is not there.
    Wild,
    /// Some say another one's place.
    Doubled,
    /// Some are left out.
    Missing,
}

/// Spoils answers of writes.
struct Spoiler {
    way: Arc<dyn Transport>,
    spoil: Arc<Mutex<Spoil>>,
    seed: AtomicU64,
}

impl Transport for Spoiler {
    fn send(&self, request: WireRequest) -> Pending<'_, Result<Response, TransportError>> {
        Box::pin(async move {
            let path = request.url.splitn(4, '/').nth(3).unwrap_or_default().to_owned();
            let (platform, path) = (if path.starts_with("sp/") { "amazon" } else { "" }, path);
            let writes = is_write(platform, &request.method.to_string(), path.split('?').next().unwrap());
            let answer = self.way.send(request).await?;
            let spoil = *self.spoil.lock().unwrap();
            if !writes || spoil == Spoil::Nothing || !answer.ok() {
                return Ok(answer);
            }
            let Ok(mut body) = serde_json::from_slice::<Value>(&answer.body) else { return Ok(answer) };
            let mut dice = Dice::new(self.seed.fetch_add(1, SeqCst));
            for items in lists(&mut body) {
                spoil_items(items, spoil, &mut dice);
            }
            Ok(Response { body: body.to_string().into_bytes().into(), ..answer })
        })
    }
}

/// The lists of results in an answer.
fn lists(body: &mut Value) -> Vec<&mut Vec<Value>> {
    match body {
        Value::Array(items) => vec![items],
        Value::Object(map) => map.values_mut().flat_map(lists).collect(),
        _ => Vec::new(),
    }
}

fn spoil_items(items: &mut Vec<Value>, spoil: Spoil, dice: &mut Dice) {
    let count = items.len() as u64;
    match spoil {
        Spoil::Nothing => {}
        Spoil::Shuffle => {
            for at in (1..items.len()).rev() {
                items.swap(at, usize::try_from(dice.below(at as u64 + 1)).unwrap());
            }
        }
        Spoil::Missing => items.retain(|_| dice.below(4) > 0),
        Spoil::Nameless | Spoil::Wild | Spoil::Doubled => {
            for item in items.iter_mut().filter_map(Value::as_object_mut) {
                if dice.below(4) > 0 {
                    continue;
                }
                match spoil {
                    Spoil::Wild => drop(item.insert("index".into(), json!(count + dice.below(2_000)))),
                    Spoil::Doubled => drop(item.insert("index".into(), json!(dice.below(count)))),
                    _ => {
                        item.remove("index");
                        item.remove("negativeKeywordText");
                        item.remove("keywordText");
                    }
                }
            }
        }
    }
}

/// A rig whose answers are spoiled as the switch says.
async fn spoiled() -> (Rig, Arc<Mutex<Spoil>>) {
    let spoil = Arc::new(Mutex::new(Spoil::Nothing));
    let switch = Arc::clone(&spoil);
    let bench = Bench::through(Options::default(), |way| {
        Arc::new(Spoiler { way, spoil: switch, seed: AtomicU64::new(1) })
    });
    (Rig::on(bench).await, spoil)
}

#[test]
fn every_item_of_a_mixed_answer_has_its_own_outcome_and_no_success_is_sent_again() {
    paused(async {
        let (mut rig, switch) = spoiled().await;
        let texts = if full() { 150 } else { 9 };
        let mut number = 0;
        for spoil in
            [Spoil::Nothing, Spoil::Shuffle, Spoil::Nameless, Spoil::Wild, Spoil::Doubled, Spoil::Missing]
        {
            for every in [1, 2, 3, 10, 50] {
                number += 1;
                let mut rules = vec![json!({"kind": "accept_duplicates"})];
                rig.bench.faults(json!(rules)).await;
                let case = Case::copies(&rig, number, texts).await;
                for method in ["POST", "PUT"] {
                    rules.push(json!({"kind": "reject_items", "every": every, "method": method}));
                }
                rig.bench.faults(json!(rules)).await;
                *switch.lock().unwrap() = spoil;
                let report = rig.apply().await.unwrap();
                for change in &report.changes {
                    let kind = change.outcome.kind;
                    // Where the answer keeps leaving some items nameless, one that is refused each time stays
                    // staged in the end; it never counts as done.
                    let told = matches!(spoil, Spoil::Nothing | Spoil::Shuffle);
                    let fine = matches!(kind, Applied | Rejected) || (!told && kind == Skipped);
                    assert!(fine, "{spoil:?} {every}: {change:?}");
                    assert!(kind == Applied || change.outcome.message.is_some(), "{change:?}");
                }
                *switch.lock().unwrap() = Spoil::Nothing;
                let counts = case.is_true(&rig).await;
                if spoil == Spoil::Nothing {
                    let rejected = counts.get(&Rejected).copied().unwrap_or_default();
                    assert!(rejected >= (case.wanted.len() / every).saturating_sub(6), "{every}: {counts:?}");
                }
                rig.recover().await;
            }
        }
        println!("answers: {number} batches of mixed answers, {} changes each", 6 * texts);
    });
}

#[test]
fn an_answer_in_order_costs_no_second_look() {
    paused(async {
        let (rig, _) = spoiled().await;
        rig.bench.faults(json!([{"kind": "accept_duplicates"}])).await;
        let before = writes(&rig).await.len();
        Case::copies(&rig, 1, 20).await;
        let plan = rig.engine().plan(&unbid::engine::Selection::All).await.unwrap();
        let least: usize = plan.accounts.iter().map(|part| part.requests.len()).sum();
        let calls = rig.bench.asked("/").await.len();
        let report = rig.apply().await.unwrap();
        assert_eq!(report.count(OutcomeKind::Applied), 120);
        assert_eq!(writes(&rig).await.len() - before, least);
        // The writes alone, and at most a token each for Amazon and eBay.
        assert!(rig.bench.asked("/").await.len() - calls <= least + 2);
    });
}
