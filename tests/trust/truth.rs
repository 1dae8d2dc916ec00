//! What is wanted, what the journal says came of it, and what the sandbox holds: the three must agree. Makes cases
//! out of plain numbers, so that a test can draw them at random.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde_json::Value;
use unbid::domain::account::Identity;
use unbid::domain::campaign::{Holds, ParentState};
use unbid::domain::catalog::{Catalog, Scope};
use unbid::domain::change::{Change, NewNegative};
use unbid::domain::ids::{AdGroupId, CampaignId, OperationId};
use unbid::domain::journal::{Outcome, OutcomeKind};
use unbid::domain::matching::normalise;
use unbid::domain::negative::{Kind, Level, Negative, State};

use crate::rig::Rig;

/// A live ad group that takes negatives.
#[derive(Clone, Debug)]
pub struct Spot {
    pub campaign: CampaignId,
    pub ad_group: AdGroupId,
}

/// Every live ad group of an account with room for some hundreds more, in the catalog's order.
pub fn spots(catalog: &Catalog, identity: &Identity) -> Vec<Spot> {
    let account = catalog.find_account(identity).unwrap();
    let live = catalog
        .campaigns_of(account)
        .filter(|campaign| campaign.state() == ParentState::Enabled && campaign.holds() == Holds::Yes);
    live.flat_map(|campaign| catalog.ad_groups_of(campaign.ix()))
        .filter(|group| group.state() == ParentState::Enabled)
        .filter(|group| catalog.counts(Scope::AdGroup(group.ix())).all() < 600)
        .map(|group| Spot { campaign: group.campaign().id(), ad_group: group.id() })
        .collect()
}

/// One wish as plain numbers: which account, what, where, and how.
#[derive(Clone, Copy, Debug)]
pub struct Wish {
    pub account: usize,
    /// Below 4: another addition; else a change of one of the case's own negatives.
    pub what: u8,
    pub place: usize,
    pub how: usize,
}

/// Negatives of its own that a case has at each account.
const OWN: usize = 3;

/// A case: what was staged, under which numbers.
pub struct Case {
    /// The first word of all its texts.
    pub tag: String,
    pub wanted: Vec<(u64, Identity, Change)>,
    places: Vec<Vec<Spot>>,
    /// The last operation before it.
    pub before: Option<OperationId>,
}

impl Case {
    /// Makes a case's own negatives at each account, without faults, and stages what is wished.
    pub async fn stage(rig: &Rig, number: usize, wishes: &[Wish]) -> Self {
        let tag = format!("case{number}");
        let catalog = rig.engine().catalog().await.unwrap();
        let accounts = rig.accounts();
        let places: Vec<Vec<Spot>> = accounts
            .iter()
            .map(|(identity, _)| {
                let all = spots(&catalog, identity);
                (0..2).map(|n| all[(number * 2 + n) % all.len()].clone()).collect()
            })
            .collect();
        let mut own = Vec::new();
        for ((identity, connection), places) in accounts.iter().zip(&places) {
            let rule = connection.capabilities().kind(Kind::Keyword, Level::AdGroup).unwrap();
            for n in 0..OWN {
                let mut new = addition(&places[n % 2], Kind::Keyword, Level::AdGroup, format!("{tag} own {n}"));
                new.match_type = Some(rule.matches[0]);
                own.push((identity.clone(), Change::Add { new }));
            }
        }
        rig.stage(own).await;
        assert!(rig.apply().await.unwrap().complete());

        let mut case = Self { tag, wanted: Vec::new(), places, before: newest(rig).await };
        let own = case.own(rig).await;
        let mut wanted = Vec::new();
        let mut touched = BTreeSet::new();
        for (n, wish) in wishes.iter().enumerate() {
            let at = wish.account % accounts.len();
            let (identity, connection) = &accounts[at];
            let capabilities = connection.capabilities();
            if wish.what >= 4 {
                let target = &own[at][wish.how % OWN];
                if !touched.insert((at, target.id.clone())) {
                    continue;
                }
                let rule = capabilities.kind(target.kind, target.level()).unwrap();
                let to = rule.moves.iter().find(|(from, _)| *from == State::Enabled).unwrap().1;
                let change = if wish.what == 4 {
                    Change::SetState { target: target.clone(), to }
                } else {
                    Change::Remove { target: target.clone() }
                };
                wanted.push((identity.clone(), change));
                continue;
            }
            // Brands are given by the platform: no text of our own.
            let rules: Vec<_> = capabilities.kinds.iter().filter(|rule| rule.kind != Kind::Brand).collect();
            // Mostly keywords at ad groups, which every platform has.
            let rule = if wish.what < 2 { rules[0] } else { rules[wish.how % rules.len()] };
            // One word for two places now and then: copying to other scopes.
            let word = if wish.what == 1 { wish.how } else { 100 + n };
            let text = match rule.kind {
                Kind::Keyword => format!("{} Word  {word}", case.tag),
                _ => format!("B0{:04}{n:04}", number % 10_000),
            };
            let mut new = addition(&case.places[at][wish.place % 2], rule.kind, rule.level, text);
            new.match_type = rule.matches.get(wish.how % rule.matches.len().max(1)).copied();
            new.state = rule.makes[wish.place / 2 % rule.makes.len()];
            if touched.insert((at, format!("{new:?}").as_str().into()))
                && !wanted.iter().any(|(known, change)| known == identity && same(change, &new))
            {
                wanted.push((identity.clone(), Change::Add { new }));
            }
        }
        let numbers = rig.stage(wanted.clone()).await;
        case.wanted =
            numbers.into_iter().zip(wanted).map(|(number, (at, change))| (number, at, change)).collect();
        case
    }

    /// The case's own negatives at each account, as the snapshot has them.
    async fn own(&self, rig: &Rig) -> Vec<Vec<Negative>> {
        let catalog = rig.engine().catalog().await.unwrap();
        let prefix = format!("{} own ", self.tag);
        let each = rig.accounts().into_iter().zip(&self.places);
        each.map(|((identity, _), places)| {
            let account = catalog.find_account(&identity).unwrap();
            let mut own: Vec<Negative> = places
                .iter()
                .map(|spot| catalog.find_campaign(account, &spot.campaign).unwrap())
                .collect::<BTreeSet<_>>()
                .into_iter()
                .flat_map(|campaign| catalog.negatives_in(Scope::Campaign(campaign)))
                .map(|ix| catalog.to_negative(ix))
                .filter(|row| row.text.raw().starts_with(&prefix))
                .collect();
            own.sort_by(|a, b| a.text.raw().cmp(b.text.raw()));
            assert_eq!(own.len(), OWN);
            own
        })
        .collect()
    }

    /// Journal and sandbox agree: done means there once, not done means untouched, and nothing is there twice.
    pub async fn is_true(&self, rig: &Rig) -> BTreeMap<OutcomeKind, usize> {
        let numbers = self.wanted.iter().map(|(number, ..)| *number).collect();
        let journal = journal(rig, self.before, numbers).await;
        let held = self.held(rig).await;
        let mut counts = BTreeMap::new();
        for (number, identity, change) in &self.wanted {
            let outcome = &journal[number];
            *counts.entry(outcome.kind).or_default() += 1;
            check(identity, change, outcome, &held, &format!("{} {number}", self.tag));
        }
        self.nothing_twice(&held);
        counts
    }

    /// Nothing of this case is there twice, whatever is known of it by now.
    pub async fn nothing_is_twice(&self, rig: &Rig) {
        self.nothing_twice(&self.held(rig).await);
    }

    fn nothing_twice(&self, held: &[Value]) {
        let mut seen = BTreeMap::new();
        for row in held.iter().filter(|row| row["state"] != "archived") {
            let key = (
                row["account"].to_string(),
                row["campaign_id"].to_string(),
                row["ad_group_id"].to_string(),
                row["kind"].to_string(),
                row["match"].to_string(),
                normalise(row["text"].as_str().unwrap()),
            );
            if let Some(other) = seen.insert(key, row) {
                panic!("{} is there twice:\n{other}\n{row}", self.tag);
            }
        }
    }

    /// What the sandbox holds of this case.
    pub async fn held(&self, rig: &Rig) -> Vec<Value> {
        let mut rows = Vec::new();
        for ((identity, _), places) in rig.accounts().iter().zip(&self.places) {
            let campaigns: BTreeSet<&str> = places.iter().map(|spot| spot.campaign.raw()).collect();
            for campaign in campaigns {
                rows.extend(held_in(rig, identity, campaign).await);
            }
        }
        let mine = |row: &Value| {
            let text = row["text"].as_str().unwrap();
            let asin = format!("B0{:04}", self.tag["case".len()..].parse::<usize>().unwrap() % 10_000);
            text.to_lowercase().starts_with(&format!("{} ", self.tag)) || text.to_uppercase().starts_with(&asin)
        };
        rows.retain(mine);
        rows
    }
}

/// What the sandbox holds in one campaign.
pub async fn held_in(rig: &Rig, identity: &Identity, campaign: &str) -> Vec<Value> {
    let path = format!("/state?platform={}&campaign_id={campaign}", identity.platform);
    let Value::Array(rows) = rig.bench.control("GET", &path, None).await else { panic!("rows") };
    rows
}

pub fn addition(spot: &Spot, kind: Kind, level: Level, text: String) -> NewNegative {
    NewNegative {
        kind,
        campaign: spot.campaign.clone(),
        ad_group: (level == Level::AdGroup).then(|| spot.ad_group.clone()),
        text: text.into(),
        brand_name: None,
        match_type: None,
        state: State::Enabled,
    }
}

/// Whether an addition is another one but for its state.
fn same(change: &Change, new: &NewNegative) -> bool {
    let Change::Add { new: other } = change else { return false };
    let folded = |one: &NewNegative| NewNegative {
        text: normalise(one.text.raw()).into(),
        state: State::Enabled,
        ..one.clone()
    };
    folded(other) == folded(new)
}

/// The newest operation.
pub async fn newest(rig: &Rig) -> Option<OperationId> {
    rig.engine().store().operations(None, 1).await.unwrap().first().map(|one| one.operation.id)
}

/// The operations after one, oldest first.
pub async fn since(rig: &Rig, after: Option<OperationId>) -> Vec<OperationId> {
    let newest = rig.engine().store().operations(None, 100).await.unwrap();
    let mut ids: Vec<OperationId> =
        newest.iter().map(|summary| summary.operation.id).take_while(|id| Some(*id) != after).collect();
    ids.reverse();
    ids
}

/// The last outcome of each of these changes in the journal, as it went on after an operation.
pub async fn journal(rig: &Rig, after: Option<OperationId>, numbers: BTreeSet<u64>) -> HashMap<u64, Outcome> {
    let mut last = HashMap::new();
    for id in since(rig, after).await {
        for one in rig.engine().store().operation(id).await.unwrap().unwrap().outcomes {
            if numbers.contains(&one.number) {
                last.insert(one.number, one.outcome);
            }
        }
    }
    assert_eq!(last.keys().copied().collect::<BTreeSet<_>>(), numbers, "every change has an outcome");
    last
}

/// One change: what the journal says of it is what is there.
pub fn check(identity: &Identity, change: &Change, outcome: &Outcome, held: &[Value], what: &str) {
    let there = held.iter().filter(|row| {
        let group = change.ad_group().map(AdGroupId::raw);
        row["platform"] == identity.platform.as_str()
            && row["campaign_id"] == change.campaign().raw()
            && row["ad_group_id"].as_str() == group
            && normalise(row["text"].as_str().unwrap()) == normalise(change.text().raw())
    });
    let done = matches!(outcome.kind, OutcomeKind::Applied | OutcomeKind::Already);
    let say = |rows: &[&Value]| format!("{what}: {change:?}\n{outcome:?}\n{rows:?}");
    match change {
        Change::Add { new } => {
            let match_type = new.match_type.map(|one| one.to_string());
            let live: Vec<&Value> = there
                .filter(|row| row["state"] != "archived" && row["match"].as_str() == match_type.as_deref())
                .collect();
            assert_eq!(live.len(), usize::from(done), "{}", say(&live));
            if let [row] = live[..] {
                assert_eq!(row["state"], new.state.to_string(), "{}", say(&live));
                let id = outcome.id.as_ref();
                assert!(id.is_none_or(|id| row["id"] == id.raw()), "{}", say(&live));
            }
        }
        Change::SetState { target, .. } | Change::Remove { target } => {
            let rows: Vec<&Value> = there.filter(|row| row["id"] == target.id.raw()).collect();
            let [row] = rows[..] else { panic!("{}", say(&rows)) };
            let moved = row["state"] != target.state.to_string();
            assert_eq!(moved, done, "{}", say(&rows));
        }
    }
}

impl Case {
    /// Stages so many additions at each account: every text goes to two ad groups, as copying to other scopes does.
    pub async fn copies(rig: &Rig, number: usize, texts: usize) -> Self {
        let tag = format!("case{number}");
        let catalog = rig.engine().catalog().await.unwrap();
        let mut case = Self { tag, wanted: Vec::new(), places: Vec::new(), before: newest(rig).await };
        let mut wanted = Vec::new();
        for (identity, connection) in rig.accounts() {
            let rule = connection.capabilities().kind(Kind::Keyword, Level::AdGroup).unwrap();
            let all = spots(&catalog, &identity);
            // Two of one campaign where there are: then one request carries both.
            let pair = all.windows(2).filter(|pair| pair[0].campaign == pair[1].campaign).nth(number % 3);
            let places = pair.unwrap_or(&all[..2]).to_vec();
            for n in 0..texts {
                for place in &places {
                    let mut new =
                        addition(place, Kind::Keyword, Level::AdGroup, format!("{} Term  {n}", case.tag));
                    new.match_type = rule.matches.first().copied();
                    wanted.push((identity.clone(), Change::Add { new }));
                }
            }
            case.places.push(places);
        }
        let numbers = rig.stage(wanted.clone()).await;
        case.wanted =
            numbers.into_iter().zip(wanted).map(|(number, (at, change))| (number, at, change)).collect();
        case
    }
}

/// The calls that made, changed or removed negatives, tokens and lists aside: (platform, path, status).
pub async fn writes(rig: &Rig) -> Vec<(String, String, Option<u64>)> {
    let Value::Array(log) = rig.bench.control("GET", "/requests", None).await else { panic!("a log") };
    let text = |call: &Value, key: &str| call[key].as_str().unwrap().to_owned();
    log.iter()
        .filter(|call| is_write(&text(call, "platform"), &text(call, "method"), &text(call, "path")))
        .map(|call| (text(call, "platform"), text(call, "path"), call["status"].as_u64()))
        .collect()
}

/// Amazon lists by POST to `/list`; tokens are asked for by POST too.
pub fn is_write(platform: &str, method: &str, path: &str) -> bool {
    let lists = path.ends_with("/list") || path.contains("token") || path.contains("brand");
    match platform {
        "amazon" => method == "PUT" || (method == "POST" && !lists),
        _ => method != "GET" && !lists,
    }
}
