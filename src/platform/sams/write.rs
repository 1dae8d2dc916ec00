//! From changes to Sam's Club's write calls, and from its answers to an outcome per change. An item's `code`
//! alone says whether it was done. Sends nothing; the calls are in `calls.rs`.

use std::collections::HashSet;

use crate::domain::change::{Change, NewNegative};
use crate::domain::ids::{CampaignId, NegativeId};
use crate::domain::journal::{Outcome, OutcomeKind};
use crate::domain::matching::normalise;
use crate::domain::negative::Negative;
use crate::domain::plan::{PlannedChange, PlannedRequest};
use crate::domain::request::{Body, Request, Response};
use crate::domain::text::Text;
use crate::platform::lenient::{Loose, Rows};
use crate::platform::traits::Answer;

use super::calls::{Calls, op};
use super::errors;
use super::map::NEGATIVE_EXACT;
use super::rules::{CAPABILITIES, MOST_PER_CALL};
use super::wire::{self, ItemResult};

/// The requests for these changes: each of one campaign, so that what is wrong with a campaign refuses no other's;
/// switches before additions.
pub(super) fn prepare(calls: &Calls, changes: &[PlannedChange]) -> Vec<PlannedRequest> {
    let (mut creates, mut updates) = (Batches::default(), Batches::default());
    for planned in changes.iter().filter(|planned| planned.problem.is_none()) {
        let campaign = planned.change.campaign();
        match &planned.change {
            Change::Add { new } => {
                let Some(ad_group) = &new.ad_group else { continue };
                let item = wire::CreateNegative {
                    campaign_id: wire::id(campaign.raw()),
                    ad_group_id: wire::id(ad_group.raw()),
                    negative_match_type: NEGATIVE_EXACT,
                    state: CAPABILITIES.state_word(new.state),
                    keyword_text: new.text.raw(),
                };
                // Never one text twice in a call, for two ad groups either: a result names its text and no ad group.
                creates.add(campaign, planned.number, normalise(new.text.raw()), item);
            }
            Change::SetState { target, .. } | Change::Remove { target } => {
                let to = match &planned.change {
                    Change::SetState { to, .. } => *to,
                    _ => CAPABILITIES.removed_state(),
                };
                let word = CAPABILITIES.state_word(to);
                if word.is_empty() {
                    // A state that Sam's Club lacks; the rules refuse it before.
                    continue;
                }
                let item = wire::UpdateNegative { keyword_id: wire::id(target.id.raw()), state: word };
                updates.add(campaign, planned.number, target.id.raw().to_owned(), item);
            }
        }
    }
    let mut requests = updates.requests(|campaign, items| calls.update(campaign.raw(), &items));
    requests.extend(creates.requests(|_, items| calls.add(&items)));
    requests
}

/// Items of one campaign each, at most 50, none with two of one key.
struct Batches<'a, T> {
    batches: Vec<Batch<'a, T>>,
}

struct Batch<'a, T> {
    campaign: &'a CampaignId,
    keys: HashSet<String>,
    numbers: Vec<u64>,
    items: Vec<T>,
}

impl<T> Default for Batches<'_, T> {
    fn default() -> Self {
        Self { batches: Vec::new() }
    }
}

impl<'a, T> Batches<'a, T> {
    fn add(&mut self, campaign: &'a CampaignId, number: u64, key: String, item: T) {
        let fits = |batch: &Batch<'_, T>| {
            batch.campaign == campaign && batch.items.len() < MOST_PER_CALL && !batch.keys.contains(&key)
        };
        let at = self.batches.iter().position(fits).unwrap_or(self.batches.len());
        if at == self.batches.len() {
            let (keys, numbers, items) = (HashSet::new(), Vec::new(), Vec::new());
            self.batches.push(Batch { campaign, keys, numbers, items });
        }
        let batch = &mut self.batches[at];
        batch.keys.insert(key);
        batch.numbers.push(number);
        batch.items.push(item);
    }

    fn requests(self, make: impl Fn(&CampaignId, Vec<T>) -> Request) -> Vec<PlannedRequest> {
        let each = self.batches.into_iter();
        each.map(|batch| PlannedRequest { request: make(batch.campaign, batch.items), changes: batch.numbers })
            .collect()
    }
}

/// The campaign of a call that refused one of its additions; `None` for every other call.
pub(super) fn refused_in(request: &PlannedRequest, response: &Response) -> Option<CampaignId> {
    let Body::Json(body) = &request.request.body else { return None };
    if request.request.operation != op::ADD || !response.ok() {
        return None;
    }
    let results: Rows<ItemResult> = serde_json::from_slice(&response.body).ok()?;
    let failed = |result: &ItemResult| result.code.as_deref().is_some_and(is_failure);
    let campaign: Loose = serde_json::from_value(body.get(0)?.get("campaignId")?.clone()).ok()?;
    results.0.iter().any(failed).then(|| CampaignId::new(campaign.0))
}

/// What an answer says of each change. `twin` finds an equal negative that was there right after a refusal.
pub(super) fn read(
    request: &PlannedRequest,
    changes: &[PlannedChange],
    response: &Response,
    twin: &dyn Fn(&NewNegative) -> Option<Negative>,
) -> Vec<(u64, Answer)> {
    let find = |number: &u64| changes.iter().find(|planned| planned.number == *number);
    let items: Vec<Option<&Change>> =
        request.changes.iter().map(|number| find(number).map(|planned| &planned.change)).collect();
    let answers = if response.ok() {
        match serde_json::from_slice::<Rows<ItemResult>>(&response.body) {
            Ok(Rows(results)) if request.request.operation == op::UPDATE => by_id(&items, &results),
            Ok(Rows(results)) => by_place(&items, &results),
            Err(_) => vec![unknown("Sam's Club's answer could not be read"); items.len()],
        }
    } else {
        vec![whole(response); items.len()]
    };
    let settle = |(item, answer): (Option<&Change>, Answer)| match (item, answer) {
        (Some(Change::Add { new }), Answer::Settled(outcome)) if outcome.kind == OutcomeKind::Rejected => {
            Answer::Settled(judge_twin(new, outcome, twin))
        }
        (_, answer) => answer,
    };
    let answers = items.iter().copied().zip(answers).map(settle);
    request.changes.iter().copied().zip(answers).collect()
}

/// A refused addition that is there in the state that was wanted was there already.
fn judge_twin(new: &NewNegative, refusal: Outcome, twin: &dyn Fn(&NewNegative) -> Option<Negative>) -> Outcome {
    match twin(new) {
        Some(found) if found.state == new.state => {
            Outcome { kind: OutcomeKind::Already, id: Some(found.id), ..refusal }
        }
        Some(found) => {
            let said = refusal.message.as_ref().map_or("", Text::raw);
            let word = found.native_state.raw();
            let message =
                format!("{said} (it is there as {}, {word}: change its state instead)", found.id.raw());
            refusal.message(message)
        }
        None => refusal,
    }
}

/// An answer that speaks of the call as a whole.
fn whole(response: &Response) -> Answer {
    let said = errors::explain(response).text.unwrap_or_else(|| format!("status {}", response.status));
    match response.status {
        // Refused before anything was looked at.
        401 | 403 | 429 => Answer::Again(said.into()),
        408 | 500.. => unknown(&said),
        status => Answer::Settled(Outcome::rejected(status.to_string(), said)),
    }
}

/// Updates name their ids; one that does not is taken by its place.
fn by_id(items: &[Option<&Change>], results: &[ItemResult]) -> Vec<Answer> {
    let find = |(at, item): (usize, Option<&Change>)| {
        let id = item.and_then(Change::target).map(|negative| negative.id.raw());
        let named = results.iter().find(|result| id.is_some() && result_id(result) == id);
        let placed =
            results.get(at).filter(|result| result_id(result).is_none() && results.len() == items.len());
        answer(item, named.or(placed))
    };
    items.iter().copied().enumerate().map(find).collect()
}

/// Additions are taken by place when every text is where it should be. Otherwise by text, where that tells; one
/// that the platform rewrote by its place, if all that can be told apart are in theirs.
fn by_place(items: &[Option<&Change>], results: &[ItemResult]) -> Vec<Answer> {
    let fits = |item: Option<&Change>, result: &ItemResult| match (item, &result.keyword_text) {
        (Some(change), Some(text)) => normalise(text) == normalise(change.text().raw()),
        _ => true,
    };
    let pairs = || items.iter().zip(results);
    if items.len() == results.len() && pairs().all(|(item, result)| fits(*item, result)) {
        return pairs().map(|(item, result)| answer(*item, Some(result))).collect();
    }
    if let ([_, _, ..], [only]) = (items, results)
        && only.keyword_text.is_none()
        && result_id(only).is_none()
    {
        // One verdict without a name for a whole batch.
        return items.iter().map(|item| answer(*item, Some(only))).collect();
    }
    let named = |result: &ItemResult, change: &Change| {
        result.keyword_text.as_deref().is_some_and(|text| normalise(text) == normalise(change.text().raw()))
    };
    let in_order = pairs().all(|(item, result)| {
        let others = || items.iter().flatten().any(|other| named(result, other));
        item.is_some_and(|change| named(result, change)) || !others()
    });
    let find = |(at, item): (usize, Option<&Change>)| {
        let Some(change) = item else { return unknown(UNNAMED) };
        let same = |other: &&&Change| normalise(other.text().raw()) == normalise(change.text().raw());
        let mut theirs = results.iter().filter(|result| named(result, change));
        match (items.iter().flatten().filter(same).count(), theirs.next(), theirs.next()) {
            (1, Some(only), None) => answer(item, Some(only)),
            // The platform rewrote the text: its place counts if nobody else lays claim to it.
            (1, None, _) if items.len() == results.len() && in_order => {
                let free =
                    results.get(at).filter(|result| !items.iter().flatten().any(|other| named(result, other)));
                answer(item, free)
            }
            _ => unknown(UNNAMED),
        }
    };
    items.iter().copied().enumerate().map(find).collect()
}

const UNNAMED: &str = "Sam's Club's answer does not tell which of its results is this one";

fn answer(item: Option<&Change>, result: Option<&ItemResult>) -> Answer {
    let Some(result) = result else { return unknown(UNNAMED) };
    let code = result.code.as_deref().map(str::trim).unwrap_or_default();
    let said = result.details.as_ref().and_then(errors::said);
    if code.eq_ignore_ascii_case("success") {
        let target = || item.and_then(Change::target).map(|negative| negative.id.clone());
        let id = result_id(result).map(NegativeId::new).or_else(target);
        return Answer::Settled(Outcome::applied(id));
    }
    if is_failure(code) {
        let said = said.unwrap_or_else(|| "Sam's Club gave no reason".to_owned());
        return Answer::Settled(Outcome::rejected("failure", said));
    }
    unknown(&said.unwrap_or_else(|| format!("Sam's Club answered with the unknown code \"{code}\"")))
}

fn is_failure(code: &str) -> bool {
    code.trim().eq_ignore_ascii_case("failure")
}

/// The id of a result; a failed one may have none, null or 0.
fn result_id(result: &ItemResult) -> Option<&str> {
    result.keyword_id.as_ref().map(Loose::as_str).filter(|id| !matches!(*id, "" | "0"))
}

fn unknown(why: &str) -> Answer {
    Answer::Settled(Outcome::new(OutcomeKind::Unknown).message(why))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::negative::MatchType::Exact;
    use crate::domain::negative::State;
    use crate::platform::testing::{add, answer, golden, negative, planned, set, shown};

    fn calls() -> Calls {
        Calls {
            service: "https://developer.api.us.walmart.com/api-proxy/service/sp/api-sams/v1".to_owned(),
            advertiser: "4321".to_owned(),
        }
    }

    fn requests(changes: &[PlannedChange]) -> Vec<PlannedRequest> {
        prepare(&calls(), changes)
    }

    fn answers(changes: &[PlannedChange], status: u16, body: &str) -> Vec<(u64, &'static str, Option<String>)> {
        let requests = requests(changes);
        assert_eq!(requests.len(), 1);
        read(&requests[0], changes, &answer(status, body), &|_| None)
            .into_iter()
            .map(|(number, answer)| match answer {
                Answer::Settled(outcome) => {
                    (number, outcome.kind.into(), outcome.id.map(|id| id.raw().to_owned()))
                }
                Answer::Again(_) => (number, "again", None),
            })
            .collect()
    }

    #[expect(clippy::unnecessary_wraps, reason = "as an outcome has it")]
    fn id(id: &str) -> Option<String> {
        Some(id.to_owned())
    }

    #[test]
    fn the_calls_stand_as_the_documents_have_them() {
        let mut off = add(2, "15812", "770833893", "Kellogg's", Exact);
        let Change::Add { new } = &mut off.change else { unreachable!() };
        new.state = State::Paused;
        let changes = [
            add(1, "15812", "770833893", "Pepsi", Exact),
            off,
            add(3, "15813", "770833899", "Pepsi", Exact),
            set(4, "12349", State::Enabled),
            planned(5, Change::Remove { target: negative("12350", "12", "77", "free") }),
        ];
        let text: Vec<String> = requests(&changes).iter().map(shown).collect();
        golden("sams", "write", &text.join("\n"));
    }

    #[test]
    fn batches_hold_fifty_of_one_campaign_and_never_the_same_twice() {
        let mut changes: Vec<_> = (0..101).map(|n| add(n, "1", "7", &format!("t{n}"), Exact)).collect();
        changes.push(add(200, "2", "8", "t0", Exact));
        changes.push(add(201, "1", "7", "T0", Exact));
        let sizes: Vec<usize> = requests(&changes).iter().map(|request| request.changes.len()).collect();
        assert_eq!(sizes, [50, 50, 2, 1]);
    }

    #[test]
    fn a_state_that_the_platform_lacks_is_never_sent() {
        assert_eq!(requests(&[set(1, "5", State::Archived)]), []);
    }

    #[test]
    fn results_in_order_are_taken_by_place() {
        let changes = [add(1, "1", "7", "Pepsi", Exact), add(2, "1", "8", "Cola", Exact)];
        let body = r#"[{"code":"success","details":" ","keywordId":12349,"keywordText":"Pepsi"},
            {"code":"failure","details":"exists","keywordId":0,"keywordText":"cola"}]"#;
        assert_eq!(answers(&changes, 200, body), [(1, "applied", id("12349")), (2, "rejected", None)]);
    }

    #[test]
    fn results_out_of_order_are_taken_by_text_and_what_was_rewritten_stays_unknown_then() {
        let changes = [
            add(1, "1", "7", "Pepsi", Exact),
            add(2, "1", "7", "Cola", Exact),
            add(3, "1", "8", "Fanta", Exact),
            add(4, "1", "8", "7-up", Exact),
        ];
        let body = r#"[{"code":"success","details":"","keywordId":22,"keywordText":"cola"},
            {"code":"success","details":"","keywordId":11,"keywordText":"Pepsi"},
            {"code":"failure","details":"x","keywordText":"Fanta"},
            {"code":"success","details":"","keywordId":33,"keywordText":"seven up"}]"#;
        assert_eq!(
            answers(&changes, 200, body),
            [(1, "applied", id("11")), (2, "applied", id("22")), (3, "rejected", None), (4, "unknown", None)]
        );
    }

    #[test]
    fn one_text_for_two_ad_groups_goes_in_two_calls() {
        let changes = [add(1, "1", "7", "Pepsi", Exact), add(2, "1", "8", "pepsi", Exact)];
        assert_eq!(requests(&changes).len(), 2);
    }

    #[test]
    fn a_text_that_the_platform_rewrote_is_taken_by_its_place() {
        let changes = [add(1, "1", "7", "Kellogg's", Exact), add(2, "1", "7", "Pepsi", Exact)];
        let body = r#"[{"code":"success","details":"","keywordId":1,"keywordText":"kelloggs"},
            {"code":"success","details":"","keywordId":2,"keywordText":"pepsi"}]"#;
        assert_eq!(answers(&changes, 200, body), [(1, "applied", id("1")), (2, "applied", id("2"))]);
    }

    #[test]
    fn updates_are_taken_by_id_in_any_order() {
        let changes = [set(1, "11", State::Paused), set(2, "12", State::Paused), set(3, "13", State::Paused)];
        let body = r#"[{"code":"success","details":"","keywordId":12},
            {"code":"failure","details":{"Description":"no"},"keywordId":"11"}]"#;
        assert_eq!(
            answers(&changes, 200, body),
            [(1, "rejected", None), (2, "applied", id("12")), (3, "unknown", None)]
        );
        let nameless = r#"[{"code":"success"},{"code":"SUCCESS"},{"code":"odd"}]"#;
        assert_eq!(
            answers(&changes, 200, nameless),
            [(1, "applied", id("11")), (2, "applied", id("12")), (3, "unknown", None)]
        );
    }

    #[test]
    fn one_object_is_a_list_of_one_or_the_verdict_on_all() {
        let one = [add(1, "1", "7", "Pepsi", Exact)];
        let body = r#"{"code":"success","details":"","keywordId":9,"keywordText":"Pepsi"}"#;
        assert_eq!(answers(&one, 200, body), [(1, "applied", id("9"))]);
        let two = [add(1, "1", "7", "Pepsi", Exact), add(2, "1", "7", "Cola", Exact)];
        let body = r#"{"code":"failure","details":"not allowed"}"#;
        assert_eq!(answers(&two, 200, body), [(1, "rejected", None), (2, "rejected", None)]);
    }

    #[test]
    fn what_was_refused_at_the_door_goes_out_again_and_a_failure_is_unknown() {
        let changes = [add(1, "1", "7", "Pepsi", Exact)];
        for (status, body, kind) in [
            (429, "", "again"),
            (401, r#"{"details":{"Description":"Signature verification failed"}}"#, "again"),
            (403, "", "again"),
            (400, r#"{"message":"batch too large"}"#, "rejected"),
            (404, "", "rejected"),
            (422, "", "rejected"),
            (500, "", "unknown"),
            (520, "<html>", "unknown"),
            (200, "<html>", "unknown"),
            (200, "[]", "unknown"),
        ] {
            assert_eq!(answers(&changes, status, body)[0].1, kind, "{status} {body}");
        }
    }

    #[test]
    fn the_reason_of_a_refusal_is_kept() {
        let changes = [add(1, "1", "7", "Pepsi", Exact)];
        let requests = requests(&changes);
        let body = r#"[{"code":"failure","details":" Ad group is full ","keywordText":"Pepsi"}]"#;
        let read = read(&requests[0], &changes, &answer(200, body), &|_| None);
        assert_eq!(read[0].1, Answer::Settled(Outcome::rejected("failure", "Ad group is full")));
    }

    #[test]
    fn a_refused_twin_is_already_there_only_in_the_state_that_was_wanted() {
        let changes = [add(1, "1", "7", "Pepsi", Exact)];
        let body = r#"[{"code":"failure","details":"no","keywordText":"Pepsi"}]"#;
        let requests = requests(&changes);
        let refused = answer(200, body);
        assert_eq!(refused_in(&requests[0], &refused), Some(CampaignId::new("1")));
        let read = |state| {
            let twin = Negative { state, native_state: "disabled".into(), ..negative("5", "1", "7", "pepsi") };
            match read(&requests[0], &changes, &refused, &|_| Some(twin.clone())).remove(0).1 {
                Answer::Settled(outcome) => outcome,
                Answer::Again(why) => panic!("{why:?}"),
            }
        };
        let there = read(State::Enabled);
        assert_eq!((there.kind, there.id), (OutcomeKind::Already, Some(NegativeId::new("5"))));
        let off = read(State::Paused);
        assert_eq!(off.kind, OutcomeKind::Rejected);
        assert!(off.message.unwrap().raw().contains("there as 5, disabled"));
        let fine = answer(200, r#"[{"code":"success","keywordId":5,"keywordText":"Pepsi"}]"#);
        assert_eq!(refused_in(&requests[0], &fine), None);
    }
}
