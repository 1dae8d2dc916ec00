//! `unbid simulate`: what given negatives would block among the loaded search terms, as the JSON that scripts rely on.
//! What blocks what is `domain::simulate`'s business.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::Serialize;
use serde_json::{Value, json};

use crate::domain::account::{AccountName, Identity};
use crate::domain::change::Change;
use crate::domain::ids::{AdGroupId, CampaignId};
use crate::domain::matching::Verdict;
use crate::domain::money::Currency;
use crate::domain::negative::{Kind, MatchType};
use crate::domain::problem::{Problem, ProblemKind};
use crate::domain::simulate::{Answer, Answers, Asking, Question, Total};
use crate::domain::term::Figures;
use crate::domain::text::Text;

use super::{Engine, Member, list};

/// What is to be simulated.
#[derive(Clone, Debug)]
pub struct Simulate {
    /// The accounts asked about; none named means all.
    pub accounts: Vec<AccountName>,
    /// Which negatives.
    pub wanted: Wanted,
    /// Only rows that reach this day or a later one.
    pub since: Option<Date>,
}

/// Which negatives are simulated.
#[derive(Clone, Debug)]
pub enum Wanted {
    /// Keywords that need not be possible.
    Texts {
        /// How they match.
        match_type: MatchType,
        /// Their texts.
        texts: Vec<Text>,
        /// Only in this campaign.
        campaign: Option<CampaignId>,
        /// Only in this ad group.
        ad_group: Option<AdGroupId>,
    },
    /// Every staged addition.
    Staged,
}

/// The answers, in the shape of the JSON.
#[derive(Clone, Debug, Serialize)]
pub struct SimulateView {
    /// One per negative and account.
    pub verdicts: Vec<Simulated>,
    /// What they come to, by currency; a row that two negatives block counts once.
    pub totals: BTreeMap<String, SimulatedTotal>,
    /// Why something blocks nothing: accounts whose platform has no such match.
    #[serde(skip)]
    pub notes: Vec<String>,
}

/// What one negative would block.
#[derive(Clone, Debug, Serialize)]
pub struct Simulated {
    /// The negative: the row of a staged one, or what was asked.
    pub negative: Value,
    /// How many terms it blocks.
    pub blocks: usize,
    /// How many more it may block.
    pub may_block: usize,
    /// What those that it blocks cost.
    pub spend: f64,
    /// Their orders.
    pub orders: u64,
    /// What those were worth.
    pub sales: f64,
    /// The currency; null where no terms of the account are loaded.
    pub currency: Option<Currency>,
    /// The first day of the terms that were looked at; null when there are none.
    pub from: Option<Date>,
    /// The last one.
    pub to: Option<Date>,
    /// The terms.
    pub terms: Vec<SimulatedTerm>,
    /// The same in words.
    #[serde(skip)]
    pub says: String,
    /// The account's label.
    #[serde(skip)]
    pub account: AccountName,
    /// The negative's text.
    #[serde(skip)]
    pub text: Text,
    /// How it matches.
    #[serde(skip)]
    pub match_type: Option<MatchType>,
}

/// One term that is blocked, or may be.
#[derive(Clone, Debug, Serialize)]
pub struct SimulatedTerm {
    /// The search term.
    pub term: Text,
    /// `blocks` or `may-block`.
    pub verdict: &'static str,
    /// How often an ad was shown for it.
    pub impressions: u64,
    /// How often it was clicked.
    pub clicks: u64,
    /// What that cost.
    pub spend: f64,
    /// Its orders.
    pub orders: u64,
    /// What those were worth.
    pub sales: f64,
    /// Where an exact keyword serves it all the same; null for nowhere.
    pub moves_to: Option<String>,
}

/// What all negatives block together, in one currency.
#[derive(Clone, Debug, Serialize)]
pub struct SimulatedTotal {
    /// How many terms are blocked.
    pub blocks: usize,
    /// How many more may be.
    pub may_block: usize,
    /// What the blocked ones cost.
    pub spend: f64,
    /// Their orders.
    pub orders: u64,
    /// What those were worth.
    pub sales: f64,
}

/// A negative that is asked about, with the JSON that names it.
struct Asked {
    account: AccountName,
    question: Question,
    negative: Value,
}

impl Engine {
    /// What negatives would block.
    pub async fn simulate(&self, asked: Simulate) -> Result<SimulateView, Problem> {
        let mut notes = Vec::new();
        let questions = match &asked.wanted {
            Wanted::Staged => self.staged_questions(&asked.accounts).await?,
            Wanted::Texts { campaign, ad_group, .. } if campaign.is_some() || ad_group.is_some() => {
                let (identity, campaign) =
                    self.place_of(&asked.accounts, campaign.as_ref(), ad_group.as_ref()).await?;
                let member = self.member_of(&identity).into_iter();
                let member = member.inspect(|member| notes.extend(no_such_match(member, &asked.wanted)));
                member.flat_map(|member| typed(member, &identity, Some(&campaign), &asked.wanted)).collect()
            }
            Wanted::Texts { .. } => {
                let members = self.choose(&asked.accounts)?.into_iter();
                let members = members.inspect(|member| notes.extend(no_such_match(member, &asked.wanted)));
                let known = members.filter_map(|member| Some((member, member.identity()?)));
                known.flat_map(|(member, identity)| typed(member, identity, None, &asked.wanted)).collect()
            }
        };
        let simulator = self.simulator().await?;
        let asking = Asking { from: asked.since, list: usize::MAX };
        let engine = self.clone();
        let answer = move || {
            let plain: Vec<Question> = questions.iter().map(|one| one.question.clone()).collect();
            let capabilities = |id: &Identity| engine.member_of(id).and_then(|member| member.capabilities);
            // Nobody stops it, so there is an answer.
            let answers = simulator.ask(&plain, asking, capabilities, || false).unwrap_or_default();
            SimulateView { notes, ..view(questions, answers) }
        };
        tokio::task::spawn_blocking(answer).await.map_err(|error| {
            Problem::new(ProblemKind::Storage, "The simulation broke off").detail(error.to_string())
        })
    }

    /// The account and the campaign of a campaign, or of an ad group whose campaign is not named.
    async fn place_of(
        &self,
        accounts: &[AccountName],
        campaign: Option<&CampaignId>,
        ad_group: Option<&AdGroupId>,
    ) -> Result<(Identity, CampaignId), Problem> {
        if let Some(campaign) = campaign {
            return Ok((self.account_of(accounts, campaign, ad_group).await?, campaign.clone()));
        }
        let catalog = self.catalog().await?;
        let found: Vec<(Identity, CampaignId)> = self
            .choose(accounts)?
            .into_iter()
            .filter_map(|member| {
                let identity = member.identity()?;
                let group = catalog.find_ad_group_of(catalog.find_account(identity)?, ad_group?)?;
                Some((identity.clone(), catalog.ad_group(group).campaign().id()))
            })
            .collect();
        let named = ad_group.map(|id| id.shown().to_string()).unwrap_or_default();
        match <[_; 1]>::try_from(found) {
            Ok([one]) => Ok(one),
            Err(found) if found.is_empty() => {
                Err(Problem::new(ProblemKind::Usage, format!("There is no ad group {named}"))
                    .hint("`unbid sync` refreshes what is known."))
            }
            Err(_) => Err(Problem::new(ProblemKind::Usage, format!("Ad group {named} is in several accounts"))
                .hint("Name one with --account, or its campaign with --campaign.")),
        }
    }

    async fn staged_questions(&self, accounts: &[AccountName]) -> Result<Vec<Asked>, Problem> {
        let chosen: Vec<AccountName> =
            self.choose(accounts)?.into_iter().map(|member| member.name.clone()).collect();
        let catalog = self.catalog().await?;
        let staged = self.staged().await?;
        let asked = staged.iter().filter_map(|one| {
            let Change::Add { new } = &one.change else { return None };
            let member = self.member_of(&one.account).filter(|member| chosen.contains(&member.name))?;
            let row = list::of_change(&catalog, &member.name, &one.account, one.number, &one.change);
            Some(Asked {
                account: member.name.clone(),
                question: Question::of_new(&one.account, new),
                // A row is plain data: it cannot fail to be JSON.
                negative: serde_json::to_value(row).unwrap_or_default(),
            })
        });
        Ok(asked.collect())
    }
}

/// That a member's platform has no such match as is asked about, where that is so.
fn no_such_match(member: &Member, wanted: &Wanted) -> Option<String> {
    let Wanted::Texts { match_type, .. } = wanted else { return None };
    let lacks = member.capabilities.is_some_and(|allowed| !allowed.has_match(*match_type));
    lacks.then(|| {
        format!("{}: {} has no {match_type} match, so it blocks nothing there", member.name, member.title())
    })
}

fn typed(member: &Member, identity: &Identity, campaign: Option<&CampaignId>, wanted: &Wanted) -> Vec<Asked> {
    let Wanted::Texts { match_type, texts, ad_group, .. } = wanted else { return Vec::new() };
    let level = match (campaign, ad_group) {
        (_, Some(_)) => Some("ad_group"),
        (Some(_), None) => Some("campaign"),
        (None, None) => None,
    };
    texts
        .iter()
        .map(|text| Asked {
            account: member.name.clone(),
            question: Question {
                account: identity.clone(),
                campaign: campaign.cloned(),
                ad_group: ad_group.clone(),
                kind: Kind::Keyword,
                match_type: Some(*match_type),
                text: text.clone(),
                since: None,
            },
            negative: json!({
                "account": member.name, "platform": member.platform, "id": null, "kind": Kind::Keyword, "text": text,
                "match": match_type, "level": level, "campaign_id": campaign, "ad_group_id": ad_group,
            }),
        })
        .collect()
}

fn view(asked: Vec<Asked>, answers: Answers) -> SimulateView {
    let verdicts =
        asked.into_iter().zip(answers.each).map(|(asked, answer)| simulated(asked, &answer)).collect();
    let total = |total: Total| {
        let Figures { spend, orders, sales, .. } = total.blocked;
        let code = total.currency.as_ref().map_or("", Currency::code).to_owned();
        let (blocks, may_block) = (total.blocks, total.may_block);
        (code, SimulatedTotal { blocks, may_block, spend: spend.units(), orders, sales: sales.units() })
    };
    SimulateView { verdicts, totals: answers.totals.into_iter().map(total).collect(), notes: Vec::new() }
}

fn simulated(asked: Asked, answer: &Answer) -> Simulated {
    let says = answer.says(" · ");
    let term = |one: &crate::domain::simulate::BlockedTerm| SimulatedTerm {
        term: one.term.clone(),
        verdict: if one.verdict == Verdict::Blocks { "blocks" } else { "may-block" },
        impressions: one.figures.impressions,
        clicks: one.figures.clicks,
        spend: one.figures.spend.units(),
        orders: one.figures.orders,
        sales: one.figures.sales.units(),
        moves_to: one.moves_to.as_ref().map(|to| format!("{} › {}", to.campaign.raw(), to.ad_group.raw())),
    };
    Simulated {
        negative: asked.negative,
        blocks: answer.blocks,
        may_block: answer.may_block,
        spend: answer.blocked.spend.units(),
        orders: answer.blocked.orders,
        sales: answer.blocked.sales.units(),
        currency: answer.currency.clone(),
        from: answer.days.map(|days| days.from),
        to: answer.days.map(|days| days.to),
        terms: answer.terms.iter().map(term).collect(),
        says,
        account: asked.account,
        text: asked.question.text,
        match_type: asked.question.match_type,
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::domain::change::Change;
    use crate::domain::money::Micros;
    use crate::domain::term::{Named, TermPeriod, TermRow};
    use crate::engine::testing::{Fake, Rig, new};
    use crate::platform::Connection;
    use crate::store::{Aside, Overlap};

    fn row(group: &str, text: &str, cost: f64, orders: u64) -> TermRow {
        TermRow {
            campaign: Named::Id("c1".into()),
            ad_group: Some(Named::Id(group.into())),
            text: text.into(),
            from: date(2026, 9, 1),
            to: date(2026, 9, 1),
            figures: Figures {
                impressions: 10,
                clicks: 2,
                spend: Micros::from_units(cost),
                orders,
                sales: Micros::from_units(orders as f64 * 20.0),
            },
            currency: Currency::new("USD"),
        }
    }

    async fn rig(fake: &std::sync::Arc<Fake>, rows: Vec<TermRow>) -> Rig {
        let rig = Rig::new(&[fake]).await;
        let mut writer = rig.engine.store().begin_terms(&fake.account().identity);
        writer.put(rows);
        let days = TermPeriod { from: date(2026, 9, 1), to: date(2026, 9, 30) };
        let (currency, now) = (Currency::new("USD"), jiff::Timestamp::UNIX_EPOCH);
        writer.commit(days, currency, "test".into(), Aside::default(), Overlap::Refuse, now).await.unwrap();
        rig
    }

    fn texts(match_type: MatchType, texts: &[&str], ad_group: Option<&str>) -> Simulate {
        Simulate {
            accounts: Vec::new(),
            wanted: Wanted::Texts {
                match_type,
                texts: texts.iter().map(|text| Text::new(*text)).collect(),
                campaign: None,
                ad_group: ad_group.map(Into::into),
            },
            since: None,
        }
    }

    #[tokio::test(start_paused = true)]
    async fn the_json_has_the_keys_that_scripts_rely_on() {
        let fake = Fake::new("acme", Vec::new());
        let rows =
            vec![row("g1", "decaf pods", 5.5, 1), row("g1", "decaf pod", 1.0, 0), row("g2", "tea", 3.0, 0)];
        let rig = rig(&fake, rows).await;
        let view = rig.engine.simulate(texts(MatchType::Exact, &["decaf pods"], None)).await.unwrap();
        let json = serde_json::to_value(&view).unwrap();
        let one = &json["verdicts"][0];
        assert_eq!(one["negative"]["text"], "decaf pods");
        assert_eq!((&one["blocks"], &one["may_block"], &one["orders"]), (&json!(1), &json!(1), &json!(1)));
        assert_eq!(
            (&one["spend"], &one["sales"], &one["currency"]),
            (&json!(5.5), &json!(20.0), &json!("USD"))
        );
        assert_eq!(
            one["terms"][0],
            json!({"term":"decaf pods","verdict":"blocks","impressions":10,"clicks":2,"spend":5.5,"orders":1,
                "sales":20.0,"moves_to":null})
        );
        assert_eq!(one["terms"][1]["verdict"], "may-block");
        assert_eq!(
            json["totals"]["USD"],
            json!({"blocks":1,"may_block":1,"spend":5.5,"orders":1,"sales":20.0})
        );
    }

    #[tokio::test(start_paused = true)]
    async fn a_scope_narrows_and_one_that_is_not_there_is_refused() {
        let fake = Fake::new("acme", Vec::new());
        let rig = rig(&fake, vec![row("g1", "decaf", 5.0, 0), row("g2", "decaf", 7.0, 0)]).await;
        let blocked = async |group| {
            let view = rig.engine.simulate(texts(MatchType::Phrase, &["decaf"], group)).await;
            view.map(|view| view.verdicts[0].spend)
        };
        assert_eq!(blocked(None).await, Ok(12.0));
        assert_eq!(blocked(Some("g2")).await, Ok(7.0));
        assert_eq!(blocked(Some("gone")).await.unwrap_err().kind, ProblemKind::Usage);
    }

    #[tokio::test(start_paused = true)]
    async fn staged_additions_are_asked_where_they_are_staged_for() {
        let fake = Fake::new("acme", Vec::new());
        let rig = rig(&fake, vec![row("g1", "decaf", 5.0, 0), row("g2", "decaf", 7.0, 0)]).await;
        rig.stage(&fake, vec![Change::Add { new: new("g1", "decaf") }]).await.unwrap();
        let asked = Simulate { accounts: Vec::new(), wanted: Wanted::Staged, since: None };
        let view = rig.engine.simulate(asked).await.unwrap();
        assert_eq!((view.verdicts.len(), view.verdicts[0].spend), (1, 5.0));
        assert_eq!(view.verdicts[0].negative["id"], "staged:1");
    }

    #[test]
    fn a_match_that_the_platform_lacks_is_said() {
        let member = |id: &'static str| {
            let id = crate::domain::ids::PlatformId::from_static(id);
            let allowed = crate::platform::by_id(&id).map(crate::platform::Platform::capabilities);
            let problem = Problem::new(ProblemKind::Config, "no secret");
            Member::broken(AccountName::new(id.as_str()), id.clone(), allowed, problem)
        };
        let said = |id, match_type| no_such_match(&member(id), &texts(match_type, &["decaf"], None).wanted);
        assert!(said("sams", MatchType::Phrase).is_some_and(|said| said.contains("has no phrase match")));
        assert_eq!(said("sams", MatchType::Exact), None);
        assert_eq!(said("amazon", MatchType::Phrase), None);
    }

    #[tokio::test(start_paused = true)]
    async fn without_terms_there_is_no_currency_and_no_day() {
        let fake = Fake::new("acme", Vec::new());
        let rig = Rig::new(&[&fake]).await;
        let view = rig.engine.simulate(texts(MatchType::Exact, &["decaf"], None)).await.unwrap();
        assert_eq!(
            (view.verdicts[0].currency.clone(), view.verdicts[0].from, view.totals.len()),
            (None, None, 0)
        );
    }
}
