//! Changes to requests, and 207 answers to outcomes, item by item. Text and match type of a negative cannot be
//! edited on Amazon; archiving is a POST to `/delete` ("Delete…" operations, Sponsored Products v3). Nothing is
//! sent here.

use std::collections::{BTreeMap, HashMap};

use serde_json::{Map, Value, json};

use super::Amazon;
use super::errors::{self, Reason};
use super::lists::{List, NEGATIVES};
use super::map::{self, ASIN, BRAND};
use super::rules::AMAZON;
use super::wire::Multi;
use crate::domain::change::{Change, NewNegative};
use crate::domain::ids::NegativeId;
use crate::domain::journal::{Outcome, OutcomeKind};
use crate::domain::matching::normalise;
use crate::domain::negative::{Kind, State};
use crate::domain::plan::{PlannedChange, PlannedRequest};
use crate::domain::request::{Body, Class, Method, Request, Response};
use crate::platform::traits::Answer;

/// What a request does; also the order of sending: what is removed first cannot stand in the way of what is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Act {
    Delete,
    Update,
    Create,
}

impl Act {
    fn of(change: &Change) -> Self {
        match change {
            Change::Add { .. } => Self::Create,
            Change::SetState { to, .. } if *to != State::Archived => Self::Update,
            Change::SetState { .. } | Change::Remove { .. } => Self::Delete,
        }
    }

    fn verb(self) -> &'static str {
        match self {
            Self::Delete => "Delete",
            Self::Update => "Update",
            Self::Create => "Create",
        }
    }
}

fn list_of(change: &Change) -> List {
    match change {
        Change::Add { new } => List::of(new.kind, new.level()),
        Change::SetState { target, .. } | Change::Remove { target } => List::of(target.kind, target.level()),
    }
}

/// See [`Connection::prepare`](crate::platform::Connection::prepare).
pub(super) fn prepare(amazon: &Amazon, changes: &[PlannedChange]) -> Vec<PlannedRequest> {
    let mut groups: BTreeMap<(Act, List), Vec<&PlannedChange>> = BTreeMap::new();
    for planned in changes.iter().filter(|planned| planned.problem.is_none()) {
        groups.entry((Act::of(&planned.change), list_of(&planned.change))).or_default().push(planned);
    }
    let mut requests = Vec::new();
    for ((act, list), group) in groups {
        let most = if act == Act::Create { AMAZON.most_per_create } else { AMAZON.most_per_update };
        for batch in group.chunks(most.value) {
            requests.push(PlannedRequest {
                request: request(amazon, act, list, batch),
                changes: batch.iter().map(|planned| planned.number).collect(),
            });
        }
    }
    requests
}

fn request(amazon: &Amazon, act: Act, list: List, batch: &[&PlannedChange]) -> Request {
    let items = batch.iter().map(|planned| item(&planned.change)).collect::<Vec<Value>>();
    let body = match act {
        Act::Delete => json!({ list.id_filter(): { "include": items } }),
        Act::Update | Act::Create => json!({ list.key(): items }),
    };
    let mut headers = amazon.headers(Some(list.media()), list.media());
    if act != Act::Delete {
        // Declared for creates and updates only: the whole object comes back and can be compared.
        headers.push(("Prefer".into(), "return=representation".to_owned()));
    }
    Request {
        operation: list.operation(act.verb()),
        method: if act == Act::Update { Method::Put } else { Method::Post },
        url: format!("{}{}{}", amazon.base, list.path(), if act == Act::Delete { "/delete" } else { "" }),
        headers,
        secret_headers: vec!["Authorization".into()],
        body: Body::Json(body),
        class: if act == Act::Create { Class::Create } else { Class::Update },
    }
}

/// One item of a body: an object, or the bare id where it is archived.
fn item(change: &Change) -> Value {
    match change {
        Change::Add { new } => create_item(new),
        Change::SetState { target, to } if *to != State::Archived => {
            json!({ list_of(change).item_id(): target.id.raw(), "state": map::state_word(*to) })
        }
        Change::SetState { target, .. } | Change::Remove { target } => json!(target.id.raw()),
    }
}

fn create_item(new: &NewNegative) -> Value {
    let mut item = Map::new();
    item.insert("campaignId".to_owned(), json!(new.campaign.raw()));
    if let Some(ad_group) = &new.ad_group {
        item.insert("adGroupId".to_owned(), json!(ad_group.raw()));
    }
    match new.kind {
        Kind::Keyword => {
            item.insert("keywordText".to_owned(), json!(new.text.raw()));
            // Validation has seen to it that a keyword has a match type.
            let word = new.match_type.map(map::match_word);
            item.insert("matchType".to_owned(), json!(word));
        }
        Kind::Product | Kind::Brand => {
            let kind = if new.kind == Kind::Brand { BRAND } else { ASIN };
            item.insert("expression".to_owned(), json!([{ "type": kind, "value": new.text.raw() }]));
        }
    }
    item.insert("state".to_owned(), json!(map::state_word(new.state)));
    Value::Object(item)
}

/// See [`Connection::read`](crate::platform::Connection::read).
pub(super) fn read(
    request: &PlannedRequest,
    changes: &[PlannedChange],
    response: &Response,
) -> Vec<(u64, Answer)> {
    let settled = |outcome: &Outcome| {
        request.changes.iter().map(|number| (*number, Answer::Settled(outcome.clone()))).collect()
    };
    if !response.ok() {
        // The request was refused as a whole: nothing of it was done.
        let complaint = errors::explain(response);
        let code = complaint.code.unwrap_or_else(|| response.status.to_string());
        let text =
            complaint.text.unwrap_or_else(|| format!("Amazon answered {} without a reason", response.status));
        return settled(&Outcome::rejected(code, text));
    }
    let Some((act, list)) = act_of(&request.request) else {
        return settled(&unknown("the answer belongs to a request of another kind"));
    };
    let multi = match multi(list, &response.body) {
        Ok(multi) => multi,
        Err(why) => return settled(&unknown(&why)),
    };
    let changes: HashMap<u64, &Change> =
        changes.iter().map(|planned| (planned.number, &planned.change)).collect();
    let mut said: HashMap<usize, Vec<Answer>> = HashMap::new();
    // A success names its object, so that a wrong place shows; a refusal names none.
    let mut astray = false;
    for success in &multi.success {
        let Some(index) = success.get("index").and_then(index) else { continue };
        let change = request.changes.get(index).and_then(|number| changes.get(number));
        let outcome =
            change.map_or_else(|| unknown("the plan has no such change"), |change| done(success, change));
        astray |= change.is_some() && outcome.kind == OutcomeKind::Unknown;
        said.entry(index).or_default().push(Answer::Settled(outcome));
    }
    for failed in &multi.error {
        let Some(index) = failed.index else { continue };
        let reasons: Vec<Reason> = failed.errors.iter().map(errors::reason).collect();
        said.entry(index).or_default().push(refused(act, &reasons));
    }
    astray |= said.values().any(|answers| answers.len() > 1);
    if astray {
        // Some places are wrong: then no refusal can be told to be this one's.
        for answer in said.values_mut().flatten() {
            if !matches!(answer, Answer::Settled(outcome) if outcome.kind == OutcomeKind::Applied) {
                *answer = Answer::Settled(unknown("Amazon's answer gives places that cannot be right"));
            }
        }
    }
    let mut answers = Vec::with_capacity(request.changes.len());
    for (index, number) in request.changes.iter().enumerate() {
        let answer = match said.remove(&index).as_deref() {
            Some([one]) => one.clone(),
            Some(_) => Answer::Settled(unknown("Amazon's answer speaks of it more than once")),
            None => Answer::Settled(unknown("Amazon's answer does not speak of it")),
        };
        answers.push((*number, answer));
    }
    answers
}

fn unknown(why: &str) -> Outcome {
    Outcome::new(OutcomeKind::Unknown).message(why)
}

/// What a request was made for, by its operation.
fn act_of(request: &Request) -> Option<(Act, List)> {
    let acts = [Act::Delete, Act::Update, Act::Create];
    let all = acts.into_iter().flat_map(|act| NEGATIVES.into_iter().map(move |list| (act, list)));
    all.into_iter().find(|(act, list)| list.operation(act.verb()) == request.operation)
}

/// The container of a 207: under the list's key, or the only object there is (a saved sample of Amazon's own
/// collection has another key).
fn multi(list: List, body: &[u8]) -> Result<Multi, String> {
    let mut whole: Map<String, Value> = serde_json::from_slice(body)
        .map_err(|error| format!("the answer is not the documented JSON: {error}"))?;
    let inner = match whole.remove(list.key()) {
        Some(inner) => inner,
        None if whole.len() == 1 => whole.into_iter().next().map(|(_, inner)| inner).unwrap_or_default(),
        None => return Err(format!("the answer has no `{}`", list.key())),
    };
    serde_json::from_value(inner).map_err(|error| format!("the answer is not the documented JSON: {error}"))
}

fn index(value: &Value) -> Option<usize> {
    value.as_u64().and_then(|number| usize::try_from(number).ok())
}

/// The keys under which the four kinds give an item's id.
const IDS: [&str; 6] = [
    "negativeKeywordId",
    "campaignNegativeKeywordId",
    "campaignNegativeTargetingClauseId",
    "campaignNegativeTargetId",
    "targetId",
    "keywordId",
];

fn id_in(item: &Value) -> Option<String> {
    IDS.into_iter().find_map(|key| match item.get(key)? {
        Value::String(id) if !id.is_empty() => Some(id.clone()),
        Value::Number(id) => Some(id.to_string()),
        _ => None,
    })
}

/// A success is believed when what it names is what was asked for.
fn done(success: &Value, change: &Change) -> Outcome {
    // The whole object, asked for by `Prefer`; its key differs by kind, its shape tells it.
    let whole = success.as_object().and_then(|item| item.values().find(|value| value.is_object()));
    let id = id_in(success).or_else(|| whole.and_then(id_in));
    match change {
        Change::Add { new } => {
            if whole.is_some_and(|whole| !resembles(whole, new)) {
                return unknown("Amazon's answer names another negative at this place");
            }
            Outcome::applied(id.map(NegativeId::new))
        }
        Change::SetState { target, .. } | Change::Remove { target } => match id {
            Some(id) if id != target.id.raw() => unknown("Amazon's answer names another id at this place"),
            _ => Outcome::applied(Some(target.id.clone())),
        },
    }
}

/// Whether an object is what was to be made, as far as it says; case and white space aside.
fn resembles(whole: &Value, new: &NewNegative) -> bool {
    let says =
        |key: &str, ours: &str| whole.get(key).and_then(Value::as_str).is_none_or(|theirs| theirs == ours);
    let text =
        whole.get("keywordText").or_else(|| whole.pointer("/expression/0/value")).and_then(Value::as_str);
    says("campaignId", new.campaign.raw())
        && new.ad_group.as_ref().is_none_or(|id| says("adGroupId", id.raw()))
        && new.match_type.is_none_or(|match_type| says("matchType", map::match_word(match_type)))
        && text.is_none_or(|text| normalise(text) == normalise(new.text.raw()))
}

/// What the reasons of one refused item come to.
fn refused(act: Act, reasons: &[Reason]) -> Answer {
    let all = |fits: fn(&Reason) -> bool| !reasons.is_empty() && reasons.iter().all(fits);
    let words = reasons.iter().map(|reason| reason.words.as_str()).collect::<Vec<_>>().join("; ");
    let code = reasons.first().map_or("", |reason| reason.code.as_str());
    if all(|reason| reason.sort == "throttledError") {
        return Answer::Again(words.into());
    }
    if reasons.iter().any(|reason| reason.sort == "internalServerError") {
        // It broke down on the way: nothing says that it was not done.
        return Answer::Settled(unknown(&words));
    }
    let already = match act {
        Act::Create => all(|reason| reason.code == "DUPLICATE_VALUE"),
        Act::Delete => all(|reason| reason.code == "ARCHIVED_ENTITY_CANNOT_BE_MODIFIED"),
        Act::Update => false,
    };
    let outcome = if already {
        Outcome::new(OutcomeKind::Already).code(code).message(words)
    } else if reasons.is_empty() {
        Outcome::rejected("", "Amazon refused it without a reason")
    } else {
        Outcome::rejected(code, words)
    };
    Answer::Settled(outcome)
}
