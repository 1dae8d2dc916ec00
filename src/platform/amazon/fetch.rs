//! Lists, as parallel as `nextToken` paging allows: a page needs the one before it, so a list is cut into
//! chains by the most campaign ids that its filter takes, and the chains run side by side, longest first.
//! Meaning of rows is in `map`; waiting and retries are in `platform::http`.

use std::collections::HashSet;

use futures::StreamExt;
use futures::stream::FuturesUnordered;
use serde_json::{Map, Value, json};
use tokio::sync::mpsc;

use super::Amazon;
use super::errors;
use super::lists::{List, NEGATIVES};
use super::map;
use crate::domain::ids::CampaignId;
use crate::domain::negative::Negative;
use crate::domain::problem::{Problem, ProblemKind};
use crate::domain::request::{Body, Class, Method, Request};
use crate::platform::http::AT_ONCE;
use crate::platform::traits::{Fetched, Scope, Sink};

/// Rows of a page. The spec prints no most; its arrays declare 1,000.
const ROWS: u32 = 1_000;
/// Most campaign ids of one filter (`SponsoredProductsReducedObjectIdFilter`).
const CAMPAIGNS: usize = 100;
/// Most ids of an object's own filter (`SponsoredProductsObjectIdFilter`).
const OWN_IDS: usize = 1_000;
/// Steps under way: the bucket lets [`AT_ONCE`] of them call, the others hand their page on meanwhile.
const UNDER_WAY: usize = AT_ONCE + 2;
/// How often a chain begins again after a stale token.
const MOST_RESTARTS: u32 = 3;
/// Most pages of one chain: twenty million rows. A list that goes on beyond has no end.
const MOST_PAGES: usize = 20_000;
/// The longest page token that is sent back.
const LONGEST_TOKEN: usize = 16 << 10;
/// After so many chains have failed in a row, the rest is not tried any more.
const MOST_FAILURES: u32 = AT_ONCE as u32;

/// What a chain is restricted to.
enum Filter {
    All,
    /// Of these campaigns.
    Campaigns(Vec<CampaignId>),
    /// These very objects.
    Own(Vec<String>),
}

/// One list, or part of one, page after page.
struct Chain {
    list: List,
    filter: Filter,
    token: Option<String>,
    /// What tokens were used, by hash: one that comes back would go on for ever.
    used: HashSet<[u8; 32]>,
    restarts: u32,
    /// Rows that are still to come, as far as is known.
    left: u64,
}

impl Chain {
    fn new(list: List, filter: Filter) -> Self {
        Self { list, filter, token: None, used: HashSet::new(), restarts: 0, left: u64::MAX }
    }

    fn body(&self) -> Value {
        let mut body = Map::new();
        match &self.filter {
            Filter::All => {}
            Filter::Campaigns(ids) => {
                let ids: Vec<&str> = ids.iter().map(CampaignId::raw).collect();
                body.insert("campaignIdFilter".to_owned(), json!({ "include": ids }));
            }
            Filter::Own(ids) => {
                body.insert(self.list.id_filter().to_owned(), json!({ "include": ids }));
            }
        }
        body.insert("maxResults".to_owned(), json!(ROWS));
        if let Some(token) = &self.token {
            body.insert("nextToken".to_owned(), json!(token));
        }
        Value::Object(body)
    }

    /// Why the way on that a page names is not taken.
    fn is_endless(&mut self, token: &str) -> Option<&'static str> {
        if token.len() > LONGEST_TOKEN {
            return Some("its nextToken is longer than any");
        }
        if self.used.len() >= MOST_PAGES {
            return Some("the list has no end");
        }
        let mut hash = [0; 32];
        hash.copy_from_slice(ring::digest::digest(&ring::digest::SHA256, token.as_bytes()).as_ref());
        (!self.used.insert(hash)).then_some("the same nextToken came twice")
    }

    /// The campaigns concerned when it fails; `None` for the account as a whole.
    fn campaigns(&self) -> Option<Vec<CampaignId>> {
        match &self.filter {
            Filter::Campaigns(ids) => Some(ids.clone()),
            Filter::All | Filter::Own(_) => None,
        }
    }
}

/// What a page brought besides its rows.
enum Step {
    /// The chain goes on, or is done.
    Went {
        chain: Chain,
        done: bool,
        campaigns: Vec<CampaignId>,
    },
    Failed {
        chain: Chain,
        problem: Problem,
    },
    /// Nobody takes the rows any more.
    Unwanted,
}

/// See [`Connection::fetch`](crate::platform::Connection::fetch).
pub(super) async fn fetch(amazon: &Amazon, scope: &Scope, sink: &Sink) -> Result<(), Problem> {
    let mut lists = Vec::new();
    if scope.structure {
        lists.push(List::AdGroups);
    }
    if scope.negatives {
        lists.extend(NEGATIVES);
    }
    if scope.keywords {
        lists.extend([List::Keywords, List::Targets]);
    }
    let chains = match &scope.campaigns {
        // Everything hangs on the campaigns: their ids cut the other lists into chains.
        None => vec![Chain::new(List::Campaigns, Filter::All)],
        Some(ids) => {
            let mut chains = by_campaigns(&lists, ids);
            if scope.structure {
                chains.extend(ids.chunks(OWN_IDS).map(|part| {
                    let ids = part.iter().map(|id| id.raw().to_owned()).collect();
                    Chain::new(List::Campaigns, Filter::Own(ids))
                }));
            }
            chains
        }
    };
    let grow = if scope.campaigns.is_none() { lists } else { Vec::new() };
    run(amazon, chains, &grow, scope.structure, sink).await
}

/// See [`Connection::read_back`](crate::platform::Connection::read_back).
pub(super) async fn read_back(amazon: &Amazon, negatives: &[Negative]) -> Result<Vec<Negative>, Problem> {
    let mut chains = Vec::new();
    for list in NEGATIVES {
        let ids: Vec<String> = negatives
            .iter()
            .filter(|negative| List::of(negative.kind, negative.level()) == list)
            .map(|negative| negative.id.raw().to_owned())
            .collect();
        chains.extend(ids.chunks(OWN_IDS).map(|part| Chain::new(list, Filter::Own(part.to_vec()))));
    }
    let (sink, mut pages) = mpsc::channel(UNDER_WAY);
    let listing = async move { run(amazon, chains, &[], false, &sink).await };
    let reading = async {
        let mut found = Vec::new();
        let mut failure = None;
        while let Some(page) = pages.recv().await {
            match page {
                Fetched::Negatives(rows) => found.extend(rows),
                Fetched::Failed { problem, .. } => failure = Some(problem),
                _ => {}
            }
        }
        failure.map_or(Ok(found), Err)
    };
    let (listed, read) = tokio::join!(listing, reading);
    listed?;
    let mut found = read?;
    // A chain that began again brings rows twice.
    let mut seen = HashSet::new();
    found.retain(|row| seen.insert(row.key()));
    Ok(found)
}

fn by_campaigns(lists: &[List], ids: &[CampaignId]) -> Vec<Chain> {
    let chains = |list: &List| {
        let list = *list;
        ids.chunks(CAMPAIGNS).map(move |part| Chain::new(list, Filter::Campaigns(part.to_vec())))
    };
    lists.iter().flat_map(chains).collect()
}

/// Runs chains to their ends. `grow` are the lists to open for campaigns as they come; `show_campaigns` is
/// false where they are only needed for that.
async fn run(
    amazon: &Amazon,
    mut waiting: Vec<Chain>,
    grow: &[List],
    show_campaigns: bool,
    sink: &Sink,
) -> Result<(), Problem> {
    let mut under_way = FuturesUnordered::new();
    let mut failures = 0;
    let mut any = false;
    loop {
        while under_way.len() < UNDER_WAY {
            // Chains that were never asked come first: only then is it known which are long.
            let Some(next) = (0..waiting.len()).max_by_key(|at| (waiting[*at].left, usize::MAX - at)) else {
                break;
            };
            under_way.push(step(amazon, waiting.remove(next), show_campaigns, sink));
        }
        let Some(step) = under_way.next().await else { return Ok(()) };
        match step {
            Step::Unwanted => {
                return Err(Problem::new(ProblemKind::Cancelled, "The listing was stopped"));
            }
            Step::Went { chain, done, campaigns } => {
                any = true;
                failures = 0;
                waiting.extend(by_campaigns(grow, &campaigns));
                if !done {
                    waiting.push(chain);
                }
            }
            Step::Failed { chain, problem } => {
                if !any && chain.list == List::Campaigns && !grow.is_empty() {
                    return Err(problem);
                }
                failures += 1;
                let mut lost = vec![chain];
                if failures >= MOST_FAILURES {
                    lost.append(&mut waiting);
                }
                for chain in lost {
                    let failed = Fetched::Failed { campaigns: chain.campaigns(), problem: problem.clone() };
                    if sink.send(failed).await.is_err() {
                        return Err(Problem::new(ProblemKind::Cancelled, "The listing was stopped"));
                    }
                }
            }
        }
    }
}

/// Asks for one page and hands its rows on.
async fn step(amazon: &Amazon, mut chain: Chain, show_campaigns: bool, sink: &Sink) -> Step {
    let request = request(amazon, &chain);
    let today = async { if chain.list == List::Campaigns { amazon.today().await } else { amazon.today_utc() } };
    let (answer, today) = tokio::join!(amazon.channel.send(&request), today);
    let response = match answer {
        Ok(response) => response,
        Err(error) => return Step::Failed { chain, problem: error.problem().clone() },
    };
    if errors::is_stale_token(&response) && chain.token.is_some() && chain.restarts < MOST_RESTARTS {
        chain.restarts += 1;
        chain.token = None;
        chain.used.clear();
        if sink.send(Fetched::Restarted).await.is_err() {
            return Step::Unwanted;
        }
        return Step::Went { chain, done: false, campaigns: Vec::new() };
    }
    if !response.ok() {
        let problem = amazon.channel.refusal(&request, &response);
        return Step::Failed { chain, problem };
    }
    let page = match map::page(chain.list, &response.body, today) {
        Ok(page) => page,
        Err(why) => {
            let problem = amazon.channel.unreadable(&request, &response, &why);
            return Step::Failed { chain, problem };
        }
    };
    let rows = match &page.rows {
        Fetched::Campaigns(rows) => rows.len(),
        Fetched::AdGroups(rows) => rows.len(),
        Fetched::Negatives(rows) => rows.len(),
        Fetched::Keywords(rows) => rows.len(),
        Fetched::Restarted | Fetched::Failed { .. } => 0,
    };
    let shown = show_campaigns || chain.list != List::Campaigns;
    if rows > 0 && shown && sink.send(page.rows).await.is_err() {
        return Step::Unwanted;
    }
    chain.left = match (chain.left, page.total) {
        (u64::MAX, Some(total)) => total.saturating_sub(rows as u64),
        (u64::MAX, None) => u64::MAX / 2,
        (left, _) => left.saturating_sub(rows as u64),
    };
    let done = page.next.is_none();
    if let Some(token) = page.next {
        if let Some(why) = chain.is_endless(&token) {
            let problem = amazon.channel.unreadable(&request, &response, why);
            return Step::Failed { chain, problem };
        }
        chain.token = Some(token);
    }
    Step::Went { chain, done, campaigns: page.campaigns }
}

fn request(amazon: &Amazon, chain: &Chain) -> Request {
    let list = chain.list;
    Request {
        operation: list.operation("List"),
        method: Method::Post,
        url: format!("{}{}/list", amazon.base, list.path()),
        headers: amazon.headers(Some(list.media()), list.media()),
        secret_headers: vec!["Authorization".into()],
        body: Body::Json(chain.body()),
        class: Class::Read,
    }
}
