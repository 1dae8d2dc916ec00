//! From changes to eBay's write calls, and from its answers to an outcome per change. Sends nothing; the calls
//! are in `calls.rs`, the codes in `errors.rs`.

use std::collections::HashSet;

use crate::domain::change::Change;
use crate::domain::ids::NegativeId;
use crate::domain::journal::{Outcome, OutcomeKind};
use crate::domain::matching::normalise;
use crate::domain::negative::{MatchType, State};
use crate::domain::plan::{PlannedChange, PlannedRequest};
use crate::domain::request::{Request, Response};
use crate::domain::text::Text;
use crate::platform::lenient::Loose;
use crate::platform::traits::Answer;

use super::calls::{Calls, op};
use super::errors::{self, code};
use super::map::match_word;
use super::rules::CAPABILITIES;
use super::wire::{self, ApiError, ItemResponse, Responses};

/// The requests for these changes, archivals first: at a full ad group the new ones need their room.
///
/// `most` is how many items a bulk call takes.
pub(super) fn prepare(calls: &Calls, changes: &[PlannedChange], most: usize) -> Vec<PlannedRequest> {
    let (mut creates, mut updates) = (Batches::new(most), Batches::new(most));
    for planned in changes.iter().filter(|planned| planned.problem.is_none()) {
        match &planned.change {
            Change::Add { new } => {
                let Some(item) = creation(&planned.change) else { continue };
                // 36338: the same text and match type may not stand twice in one call.
                let key = format!(
                    "{}\n{}\n{}",
                    item.ad_group_id,
                    item.negative_keyword_match_type,
                    normalise(new.text.raw())
                );
                creates.add(planned.number, key, item);
            }
            Change::SetState { target, .. } | Change::Remove { target } => {
                let Some(word) = wanted(&planned.change).map(|state| CAPABILITIES.state_word(state)) else {
                    continue;
                };
                let id = target.id.raw();
                // 36341: the same id may not stand twice in one call.
                updates.add(
                    planned.number,
                    id.to_owned(),
                    wire::UpdateNegativeKeywordId { negative_keyword_id: id, negative_keyword_status: word },
                );
            }
        }
    }
    let update = |mut items: Vec<wire::UpdateNegativeKeywordId<'_>>| match (items.len(), items.pop()) {
        (1, Some(only)) => calls.update(
            only.negative_keyword_id,
            &wire::UpdateNegativeKeyword { negative_keyword_status: only.negative_keyword_status },
        ),
        (_, last) => {
            items.extend(last);
            calls.bulk_update(items)
        }
    };
    let create = |items: Vec<wire::CreateNegativeKeyword<'_>>| match &items[..] {
        [only] => calls.create(only),
        _ => calls.bulk_create(items),
    };
    let mut requests = updates.requests(update);
    requests.extend(creates.requests(create));
    requests
}

/// An addition as eBay takes it; `None` for what eBay has no form for, which the rules refuse before.
fn creation(change: &Change) -> Option<wire::CreateNegativeKeyword<'_>> {
    let Change::Add { new } = change else { return None };
    Some(wire::CreateNegativeKeyword {
        campaign_id: new.campaign.raw(),
        ad_group_id: new.ad_group.as_ref()?.raw(),
        negative_keyword_text: new.text.raw(),
        negative_keyword_match_type: match_word(new.match_type?),
    })
}

/// The state that a change leads to; `None` for an addition and for a state that eBay lacks.
fn wanted(change: &Change) -> Option<State> {
    match change {
        Change::Add { .. } | Change::SetState { to: State::Paused, .. } => None,
        Change::SetState { to, .. } => Some(*to),
        Change::Remove { .. } => Some(State::Archived),
    }
}

/// Items in batches of at most so many, none with two of one key.
struct Batches<T> {
    most: usize,
    batches: Vec<(HashSet<String>, Vec<u64>, Vec<T>)>,
}

impl<T> Batches<T> {
    fn new(most: usize) -> Self {
        Self { most: most.max(1), batches: Vec::new() }
    }

    fn add(&mut self, number: u64, key: String, item: T) {
        let fits = |(keys, _, items): &(HashSet<String>, Vec<u64>, Vec<T>)| {
            items.len() < self.most && !keys.contains(&key)
        };
        let at = self.batches.iter().position(fits).unwrap_or(self.batches.len());
        if at == self.batches.len() {
            self.batches.push((HashSet::new(), Vec::new(), Vec::new()));
        }
        let (keys, numbers, items) = &mut self.batches[at];
        keys.insert(key);
        numbers.push(number);
        items.push(item);
    }

    fn requests(self, make: impl Fn(Vec<T>) -> Request) -> Vec<PlannedRequest> {
        let each = self.batches.into_iter();
        each.map(|(_, changes, items)| PlannedRequest { request: make(items), changes }).collect()
    }
}

/// What an answer says of each change, and the figure of items per bulk call if it named one.
pub(super) fn read(
    request: &PlannedRequest,
    changes: &[PlannedChange],
    response: &Response,
) -> (Vec<(u64, Answer)>, Option<usize>) {
    let find = |number: &u64| changes.iter().find(|planned| planned.number == *number);
    let items: Vec<Option<&Change>> =
        request.changes.iter().map(|number| find(number).map(|planned| &planned.change)).collect();
    let mut most = None;
    let answers = match request.request.operation.as_str() {
        // Both answer without a body ("201 Created" with `Location`, "204 No Content"; Sell Marketing API, negative
        // keywords): another success has not come from there, but from a proxy with a page of its own.
        op::CREATE if response.status == 201 => vec![applied(last_segment(response.header("location")))],
        op::UPDATE if response.status == 204 || (response.ok() && response.body.is_empty()) => {
            items.iter().map(|item| applied(target(*item))).collect()
        }
        // 200, 207, and a batch that failed as a whole may come as 400 with the same list.
        _ => match serde_json::from_slice::<Responses>(&response.body) {
            Ok(body) if !body.responses.is_empty() => per_item(&items, &body.responses),
            _ if response.ok() => items.iter().map(|_| unknown("eBay's answer could not be read")).collect(),
            _ => {
                let listed = errors::errors(&response.body);
                if let Some(error) = listed.iter().find(|error| error.is(code::TOO_MANY_ITEMS)) {
                    most = Some(error.figure().unwrap_or(items.len() / 2).clamp(1, items.len().max(2) - 1));
                }
                whole(&items, response, &listed, most.is_some())
            }
        },
    };
    // `items` has one entry per number, and every arm above one answer per item.
    (request.changes.iter().copied().zip(answers).collect(), most)
}

/// An answer that speaks of the call as a whole.
fn whole(items: &[Option<&Change>], response: &Response, listed: &[ApiError], too_many: bool) -> Vec<Answer> {
    let said = errors::explain(response).text.unwrap_or_else(|| format!("status {}", response.status));
    let all = |answer: Answer| vec![answer; items.len()];
    match response.status {
        // Refused before anything was looked at.
        401 | 403 | 429 => return all(Answer::Again(said.into())),
        408 | 500.. => return all(unknown(&said)),
        _ if too_many => return all(Answer::Again(said.into())),
        _ => {}
    }
    if listed.is_empty() {
        return all(Answer::Settled(Outcome::rejected(response.status.to_string(), said)));
    }
    if let [item] = items {
        return vec![judge(*item, listed, Some(response.status))];
    }
    // The errors may name what they are about by their parameters; then the others only shared the call.
    let about: Vec<Vec<ApiError>> =
        items.iter().map(|item| listed.iter().filter(|e| names(e, *item)).cloned().collect()).collect();
    if about.iter().all(Vec::is_empty) {
        let first = &listed[0];
        return all(Answer::Settled(Outcome::rejected(first.code(), said)));
    }
    let each = items.iter().zip(&about);
    each.map(|(item, errors)| {
        if errors.is_empty() {
            Answer::Again(format!("eBay refused the call because of another item: {said}").into())
        } else {
            judge(*item, errors, Some(response.status))
        }
    })
    .collect()
}

/// Whether an error's parameters name this change: its id, its ad group, or its text (and match type, if given).
fn names(error: &ApiError, item: Option<&Change>) -> bool {
    let Some(change) = item else { return false };
    let values: Vec<&str> =
        error.parameters.iter().flatten().filter_map(|p| p.value.as_ref().map(Loose::as_str)).collect();
    let has = |value: &str| values.contains(&value);
    match change {
        Change::Add { new } => {
            let word = new.match_type.map_or("", match_word);
            let other = if word == match_word(MatchType::Exact) { MatchType::Phrase } else { MatchType::Exact };
            let by_text = has(new.text.raw()) && (has(word) || !has(match_word(other)));
            by_text || new.ad_group.as_ref().is_some_and(|id| has(id.raw()))
        }
        Change::SetState { target, .. } | Change::Remove { target } => has(target.id.raw()),
    }
}

/// The answers of a bulk call. Order is not promised: what an item says of itself comes first, its place only
/// where it says nothing else.
fn per_item(items: &[Option<&Change>], responses: &[ItemResponse]) -> Vec<Answer> {
    let mut taken = vec![false; responses.len()];
    let mut found: Vec<Option<usize>> = vec![None; items.len()];
    for fits in [same as fn(&Change, &ItemResponse) -> bool, alike] {
        for (item, place) in items.iter().zip(&mut found) {
            let Some(change) = item else { continue };
            if place.is_none()
                && let Some(at) = (0..responses.len()).find(|at| !taken[*at] && fits(change, &responses[*at]))
            {
                taken[at] = true;
                *place = Some(at);
            }
        }
    }
    for (at, place) in found.iter_mut().enumerate() {
        if place.is_none()
            && let (Some(Some(change)), Some(response)) = (items.get(at), responses.get(at))
            && !taken[at]
            && may_be(change, response)
        {
            taken[at] = true;
            *place = Some(at);
        }
    }
    let each = items.iter().zip(found);
    each.map(|(item, place)| match place {
        Some(at) => one(*item, &responses[at]),
        None => unknown("eBay's answer does not speak of this one"),
    })
    .collect()
}

/// An answer names exactly this change.
fn same(change: &Change, response: &ItemResponse) -> bool {
    match change {
        Change::Add { new } => {
            response.negative_keyword_text.as_deref() == Some(new.text.raw())
                && parent_fits(change, response, true)
        }
        Change::SetState { target, .. } | Change::Remove { target } => {
            response.negative_keyword_id.as_ref().is_some_and(|id| id.as_str() == target.id.raw())
        }
    }
}

/// An answer names this change in a form that the platform has tidied.
fn alike(change: &Change, response: &ItemResponse) -> bool {
    let Change::Add { new } = change else { return false };
    let text = response.negative_keyword_text.as_deref();
    text.is_some_and(|text| normalise(text) == normalise(new.text.raw())) && parent_fits(change, response, true)
}

/// An answer in a change's place contradicts nothing of it.
fn may_be(change: &Change, response: &ItemResponse) -> bool {
    match change {
        Change::Add { .. } => parent_fits(change, response, false),
        Change::SetState { .. } | Change::Remove { .. } => response.negative_keyword_id.is_none(),
    }
}

/// Ad group and match type are the change's. Where the answer leaves one out it fits only if it need not be
/// `named`: one text may stand in several ad groups and with both match types.
fn parent_fits(change: &Change, response: &ItemResponse, named: bool) -> bool {
    let Change::Add { new } = change else { return false };
    let group = match (&response.ad_group_id, &new.ad_group) {
        (Some(theirs), Some(ours)) => theirs.as_str() == ours.raw(),
        (None, _) => !named,
        (Some(_), None) => false,
    };
    let word = match (&response.negative_keyword_match_type, new.match_type) {
        (Some(theirs), Some(ours)) => theirs == match_word(ours),
        (None, _) => !named,
        (Some(_), None) => false,
    };
    group && word
}

/// What one item's answer says. Which 2xx an item bears is not documented; any is a success.
fn one(item: Option<&Change>, response: &ItemResponse) -> Answer {
    let errors = response.errors.as_deref().unwrap_or_default();
    let id = response
        .negative_keyword_id
        .as_ref()
        .map(|id| NegativeId::new(id.0.clone()))
        .or_else(|| last_segment(response.href.as_deref()))
        .or_else(|| target(item));
    match response.status_code {
        Some(200..300) => applied(id),
        None if errors.is_empty() && response.negative_keyword_id.is_some() => applied(id),
        None if errors.is_empty() => unknown("eBay's answer does not say whether it was done"),
        status => judge(item, errors, status),
    }
}

/// What a refusal means for a change.
fn judge(item: Option<&Change>, errors: &[ApiError], status: Option<u16>) -> Answer {
    let mut texts: Vec<String> = errors.iter().map(ApiError::words).collect();
    texts.dedup();
    let said = texts.join("; ");
    let has = |code: i64| errors.iter().find(|error| error.is(code));
    let already = match item {
        Some(Change::Add { .. }) => has(code::TWIN_IN_AD_GROUP).or_else(|| has(code::TWIN_IN_CAMPAIGN)),
        Some(change) if wanted(change) == Some(State::Archived) => has(code::ARCHIVED),
        _ => None,
    };
    if let Some(error) = already {
        let outcome = Outcome { id: target(item), ..Outcome::new(OutcomeKind::Already) };
        return Answer::Settled(outcome.code(error.code()).message(said));
    }
    let first = errors.first().map(ApiError::code).filter(|code| !code.is_empty());
    let code = first.or_else(|| status.map(|status| Text::new(status.to_string()))).unwrap_or_default();
    match status {
        Some(429) => Answer::Again(said.into()),
        Some(500..) => Answer::Settled(Outcome::new(OutcomeKind::Unknown).code(code).message(said)),
        _ => Answer::Settled(Outcome::rejected(code, said)),
    }
}

fn applied(id: Option<NegativeId>) -> Answer {
    Answer::Settled(Outcome::applied(id))
}

fn unknown(why: &str) -> Answer {
    Answer::Settled(Outcome::new(OutcomeKind::Unknown).message(why))
}

fn target(item: Option<&Change>) -> Option<NegativeId> {
    item.and_then(Change::target).map(|negative| negative.id.clone())
}

/// The id at the end of a `Location` or `href`, absolute or relative. It is read, never followed.
fn last_segment(uri: Option<&str>) -> Option<NegativeId> {
    let path = uri?.split(['?', '#']).next()?.trim().trim_end_matches('/');
    let id = path.rsplit('/').next()?;
    (!id.is_empty()).then(|| NegativeId::new(id))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::testing::{add, answer, golden, planned, set, shown};
    use MatchType::{Exact, Phrase};

    fn calls() -> Calls {
        Calls { root: "https://api.ebay.com".to_owned() }
    }

    fn requests(changes: &[PlannedChange]) -> Vec<PlannedRequest> {
        prepare(&calls(), changes, 500)
    }

    /// Reads an answer to the only request of these changes.
    fn answers(changes: &[PlannedChange], status: u16, body: &str) -> Vec<(u64, Answer)> {
        let requests = requests(changes);
        assert_eq!(requests.len(), 1);
        read(&requests[0], changes, &answer(status, body)).0
    }

    fn kinds(answers: &[(u64, Answer)]) -> Vec<(u64, &'static str)> {
        answers
            .iter()
            .map(|(number, answer)| match answer {
                Answer::Settled(outcome) => (*number, outcome.kind.into()),
                Answer::Again(_) => (*number, "again"),
            })
            .collect()
    }

    fn settled(answer: &Answer) -> &Outcome {
        match answer {
            Answer::Settled(outcome) => outcome,
            Answer::Again(why) => panic!("again: {why:?}"),
        }
    }

    #[test]
    fn one_change_of_a_kind_is_a_single_call_and_more_are_a_bulk_call() {
        let one = [add(1, "12", "77", "free shipping", Phrase), set(2, "501", State::Archived)];
        let text: Vec<String> = requests(&one).iter().map(shown).collect();
        golden("ebay", "write_single", &text.join("\n"));
        let more = [
            add(1, "12", "77", "free shipping", Phrase),
            add(2, "13", "78", "Señor \"x\"", Exact),
            set(3, "501", State::Archived),
            set(4, "502", State::Archived),
        ];
        let text: Vec<String> = requests(&more).iter().map(shown).collect();
        golden("ebay", "write_bulk", &text.join("\n"));
    }

    #[test]
    fn batches_are_full_and_never_hold_the_same_item_twice() {
        let mut changes: Vec<_> = (0..1_001).map(|n| add(n, "12", "77", &format!("term {n}"), Exact)).collect();
        changes.push(add(2_000, "12", "77", "TERM  0", Exact));
        changes.push(add(2_001, "12", "77", "term 0", Phrase));
        let requests = requests(&changes);
        let sizes: Vec<usize> = requests.iter().map(|request| request.changes.len()).collect();
        assert_eq!(sizes, [500, 500, 3]);
        let mut sent: Vec<u64> = requests.iter().flat_map(|request| request.changes.clone()).collect();
        sent.sort_unstable();
        assert_eq!(sent, changes.iter().map(|change| change.number).collect::<Vec<_>>());
        let twice = [add(1, "12", "77", "a", Exact), add(2, "12", "77", "A ", Exact)];
        assert_eq!(super::prepare(&calls(), &twice, 500).len(), 2);
    }

    #[test]
    fn a_change_with_a_problem_is_not_sent() {
        let mut change = add(1, "12", "77", "a", Exact);
        change.problem =
            Some(crate::domain::problem::Problem::new(crate::domain::problem::ProblemKind::Usage, "too long"));
        assert_eq!(requests(&[change]), []);
    }

    #[test]
    fn a_created_ones_id_is_the_last_segment_of_location() {
        for location in [
            "https://api.ebay.com/sell/marketing/v1/negative_keyword/5001",
            "/sell/marketing/v1/negative_keyword/5001/",
            "5001?x=1",
        ] {
            let changes = [add(7, "12", "77", "a", Exact)];
            let mut response = answer(201, "");
            response.headers.push(("location".to_owned(), location.to_owned()));
            let (answers, _) = read(&requests(&changes)[0], &changes, &response);
            assert_eq!(answers[0].0, 7);
            assert_eq!(settled(&answers[0].1), &Outcome::applied(Some(NegativeId::new("5001"))), "{location}");
        }
        assert_eq!(last_segment(Some("/")), None);
    }

    #[test]
    fn an_update_without_a_body_confirms_its_target() {
        let read = answers(&[set(3, "501", State::Archived)], 204, "");
        assert_eq!(settled(&read[0].1), &Outcome::applied(Some(NegativeId::new("501"))));
    }

    #[test]
    fn bulk_answers_are_matched_by_what_they_name_in_any_order() {
        let changes = [
            add(1, "12", "77", "free", Exact),
            add(2, "12", "77", "free", Phrase),
            add(3, "12", "78", "free", Exact),
            add(4, "12", "77", "Cheap  Tea", Exact),
        ];
        let read = answers(
            &changes,
            207,
            r#"{"responses":[
              {"statusCode":201,"adGroupId":"77","campaignId":"12","negativeKeywordId":"904","negativeKeywordText":"cheap tea","negativeKeywordMatchType":"EXACT"},
              {"statusCode":201,"adGroupId":"78","campaignId":"12","negativeKeywordId":"903","negativeKeywordText":"free","negativeKeywordMatchType":"EXACT"},
              {"statusCode":400,"adGroupId":"77","campaignId":"12","negativeKeywordText":"free","negativeKeywordMatchType":"PHRASE",
               "errors":[{"errorId":36331,"domain":"API_MARKETING","category":"REQUEST","message":"already exists for this Ad Group."}]},
              {"statusCode":400,"adGroupId":"77","campaignId":"12","negativeKeywordText":"free","negativeKeywordMatchType":"EXACT",
               "errors":[{"errorId":36334,"domain":"API_MARKETING","category":"REQUEST"}]}]}"#,
        );
        assert_eq!(kinds(&read), [(1, "rejected"), (2, "already"), (3, "applied"), (4, "applied")]);
        assert_eq!(
            settled(&read[0].1).message.as_ref().unwrap().raw(),
            "the text has characters that are refused"
        );
        assert_eq!(settled(&read[0].1).code.as_ref().unwrap().raw(), "36334");
        assert_eq!(settled(&read[2].1).id, Some(NegativeId::new("903")));
        assert_eq!(settled(&read[3].1).id, Some(NegativeId::new("904")));
    }

    #[test]
    fn without_names_the_place_counts_and_what_is_missing_is_unknown() {
        let changes =
            [set(1, "501", State::Archived), set(2, "502", State::Archived), set(3, "503", State::Archived)];
        let read = answers(
            &changes,
            207,
            r#"{"responses":[{"statusCode":500,"errors":[{"errorId":35001}]},{"statusCode":204,"negativeKeywordId":502}]}"#,
        );
        assert_eq!(kinds(&read), [(1, "unknown"), (2, "applied"), (3, "unknown")]);
    }

    #[test]
    fn archiving_what_is_archived_is_already_done() {
        let body = r#"{"errors":[{"errorId":36343,"message":"Negative keyword with negative keyword id 501 is already archived and cannot be updated."}]}"#;
        let read = answers(&[set(1, "501", State::Archived)], 400, body);
        assert_eq!(kinds(&read), [(1, "already")]);
        assert_eq!(settled(&read[0].1).id, Some(NegativeId::new("501")));
        let read = answers(&[set(1, "501", State::Enabled)], 400, body);
        assert_eq!(kinds(&read), [(1, "rejected")]);
    }

    #[test]
    fn too_many_items_are_sent_again_in_smaller_batches() {
        let changes: Vec<_> = (0..300).map(|n| add(n, "12", "77", &format!("t{n}"), Exact)).collect();
        let body = r#"{"errors":[{"errorId":36337,"message":"Only 100 Ids are supported per call."}]}"#;
        let request = &requests(&changes)[0];
        let (read, most) = read(request, &changes, &answer(400, body));
        assert_eq!(most, Some(100));
        assert_eq!(read.len(), 300);
        assert!(read.iter().all(|(_, answer)| matches!(answer, Answer::Again(_))));
    }

    #[test]
    fn a_batch_refused_for_one_item_settles_that_item_and_sends_the_others_again() {
        let changes = [add(1, "12", "77", "free", Exact), add(2, "12", "77", "tea", Exact)];
        let named =
            r#"{"errors":[{"errorId":36331,"parameters":[{"name":"negativeKeywordText","value":"tea"}]}]}"#;
        assert_eq!(kinds(&answers(&changes, 400, named)), [(1, "again"), (2, "already")]);
        let unnamed = r#"{"errors":[{"errorId":36331,"message":"exists"}]}"#;
        assert_eq!(kinds(&answers(&changes, 400, unnamed)), [(1, "rejected"), (2, "rejected")]);
    }

    #[test]
    fn refused_at_the_door_goes_out_again_and_a_failure_is_unknown() {
        let changes = [add(1, "12", "77", "free", Exact), add(2, "12", "77", "tea", Exact)];
        for (status, body, kind) in [
            (429, "", "again"),
            (401, "<html>", "again"),
            (500, r#"{"errors":[{"errorId":35001}]}"#, "unknown"),
            (503, "<html>", "unknown"),
            (409, r#"{"errors":[{"errorId":35129}]}"#, "rejected"),
            (404, "", "rejected"),
            (200, "no json", "unknown"),
        ] {
            let read = answers(&changes, status, body);
            assert_eq!(kinds(&read), [(1, kind), (2, kind)], "{status}");
        }
    }

    #[test]
    fn removing_is_archiving() {
        let target = crate::platform::testing::negative("501", "12", "77", "free");
        let text = shown(&requests(&[planned(1, Change::Remove { target })])[0]);
        assert!(text.contains(r#"{"negativeKeywordStatus":"ARCHIVED"}"#), "{text}");
    }
}
