//! Reading negatives back: the fewest calls that tell how they are now. Lists come from `list.rs`.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use tokio::sync::mpsc;
use tokio::task::JoinSet;

use crate::domain::ids::{AdGroupId, CampaignId};
use crate::domain::negative::Negative;
use crate::domain::problem::{Problem, ProblemKind};
use crate::platform::traits::Fetched;

use super::errors::{self, code};
use super::{Link, list, map};

/// From so many negatives of one ad group on, its list is cheaper than each by its id.
const LIST_FROM: usize = 3;
/// At most so many are read one by one: ad groups hold a handful of negatives as a rule, and one list call takes
/// hundreds of ad groups and brings 500 rows.
const MOST_SINGLES: usize = 8;

/// Reads these negatives as they are now: a few each by its id, many by the lists of their ad groups.
pub(super) async fn read_back(link: &Arc<Link>, negatives: &[Negative]) -> Result<Vec<Negative>, Problem> {
    let mut by_group: HashMap<Option<&AdGroupId>, Vec<&Negative>> = HashMap::new();
    for negative in negatives {
        by_group.entry(negative.ad_group.as_ref()).or_default().push(negative);
    }
    let few: usize = by_group.values().map(Vec::len).filter(|members| *members < LIST_FROM).sum();
    let (mut groups, mut singles) = (Vec::new(), Vec::new());
    for (group, members) in by_group {
        match group {
            Some(group) if members.len() >= LIST_FROM || few > MOST_SINGLES => {
                groups.push((group.clone(), members[0].campaign.clone()));
            }
            _ => singles.extend(members),
        }
    }
    let wanted: HashSet<&str> = negatives.iter().map(|negative| negative.id.raw()).collect();
    let (by_list, by_id) = tokio::try_join!(listed(link, groups), each(link, singles))?;
    Ok(by_list.into_iter().filter(|found| wanted.contains(found.id.raw())).chain(by_id).collect())
}

/// All negatives of some ad groups; any failure is an error.
async fn listed(link: &Arc<Link>, groups: Vec<(AdGroupId, CampaignId)>) -> Result<Vec<Negative>, Problem> {
    let (sink, mut pages) = mpsc::channel(16);
    // The receiver goes with it: whoever lists on after a failure must find nobody there, not a full channel.
    let gather = async move {
        let mut found = Vec::new();
        while let Some(page) = pages.recv().await {
            match page {
                Fetched::Negatives(rows) => found.extend(rows),
                Fetched::Failed { problem, .. } => return Err(problem),
                _ => {}
            }
        }
        Ok(found)
    };
    let run = async {
        let end = list::negatives_of(link, groups, &sink).await;
        drop(sink);
        end
    };
    let (end, found) = tokio::join!(run, gather);
    found.and_then(|found| end.map(|()| found))
}

/// Each negative by its id; one that eBay does not know (400 with 36340) is gone.
async fn each(link: &Arc<Link>, negatives: Vec<&Negative>) -> Result<Vec<Negative>, Problem> {
    let mut running = JoinSet::new();
    for negative in negatives {
        let (link, campaign) = (Arc::clone(link), negative.campaign.clone());
        let request = link.calls.negative(negative.id.raw());
        running.spawn(async move {
            let response = link.channel.send(&request).await.map_err(|error| error.problem().clone())?;
            if response.ok() {
                let row = serde_json::from_slice(&response.body)
                    .map_err(|why| link.channel.unreadable(&request, &response, &why.to_string()))?;
                return Ok(map::negative(row, Some(&campaign)));
            }
            // Only eBay's own word counts: a bare 404 may be a gateway's, of a negative that is there.
            let gone = errors::errors(&response.body).iter().any(|error| error.is(code::NO_NEGATIVE));
            if gone { Ok(None) } else { Err(link.channel.refusal(&request, &response)) }
        });
    }
    let mut found = Vec::new();
    while let Some(done) = running.join_next().await {
        let read = done.map_err(|why| {
            Problem::new(ProblemKind::Cancelled, "Reading back stopped half-way").detail(why.to_string())
        })?;
        found.extend(read?);
    }
    Ok(found)
}
