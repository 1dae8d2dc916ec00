//! Plain lists of negatives, the catalogs made of them, and filters and scopes as a loop over the rows sees them.

use proptest::prelude::*;

use super::super::fixture::{account, ad_group, campaign};
use super::super::*;
use crate::domain::campaign::Campaign;
use crate::domain::ids::NegativeId;
use crate::domain::negative::{Kind, Level, MatchType, Negative, State};

/// A catalog's content as a plain list: account, campaign's and ad group's names, the negative.
#[derive(Clone, Debug)]
pub(super) struct Plain {
    pub(super) account: u16,
    pub(super) campaign: u8,
    pub(super) group: Option<u8>,
    pub(super) negative: Negative,
}

pub(super) fn plain() -> impl Strategy<Value = Vec<Plain>> {
    let text = "[aAbB]{1,3}( [abß\n]{1,3}){0,2}|\"a b\"|B0[0-9A]{8}";
    let row = (0_u16..2, 0_u8..3, proptest::option::of(0_u8..3), text, 0_u8..3, 0_u8..3, 1_u32..40, 0_u8..2);
    proptest::collection::vec(row, 0..40).prop_map(|rows| {
        let mut plain: Vec<Plain> = Vec::new();
        for (account, campaign, group, text, kind, state, id, phrase) in rows {
            let kind = [Kind::Keyword, Kind::Product, Kind::Brand][usize::from(kind)];
            let negative = Negative {
                id: NegativeId::new(if id % 9 == 0 { format!("n-{id}") } else { (id * 100_003).to_string() }),
                kind,
                campaign: format!("{campaign}").as_str().into(),
                ad_group: group.map(|group| format!("{campaign}{group}").as_str().into()),
                text: text.into(),
                brand_name: (kind == Kind::Brand).then(|| format!("Brand {}", id % 3).into()),
                match_type: (kind == Kind::Keyword).then_some(if phrase == 1 {
                    MatchType::Phrase
                } else {
                    MatchType::Exact
                }),
                state: [State::Enabled, State::Paused, State::Archived][usize::from(state)],
                native_state: "WORD".into(),
                created: (id % 2 == 0).then(|| jiff::Timestamp::from_second(i64::from(id) * 100_000).unwrap()),
            };
            let same = |row: &Plain| row.account == account && row.negative.key() == negative.key();
            if !plain.iter().any(same) {
                plain.push(Plain { account, campaign, group, negative });
            }
        }
        plain
    })
}

/// One campaign of [`build`].
fn add_campaign(builder: &mut CatalogBuilder, account: AccountIx, c: u8) {
    let state = if c == 2 { ParentState::Ended } else { ParentState::Enabled };
    let slot = builder.add_campaign(account, Campaign { state, ..campaign(&c.to_string(), &format!("C{c}")) });
    for g in [2_u8, 0, 1] {
        ad_group(builder, slot, &format!("{c}{g}"), &format!("G{g}"));
    }
}

/// The same as [`build`], collected campaign by campaign, by builders of their own, in this order.
pub(super) fn build_in_parts(rows: &[Plain], campaigns: [u8; 3]) -> Catalog {
    let mut builder = CatalogBuilder::default();
    let accounts = [builder.add_account(account("one")), builder.add_account(account("two"))];
    let parts = accounts.into_iter().flat_map(|account| campaigns.map(|c| (account, c)));
    let parts = parts.map(|(account, c)| {
        let mut part = CatalogBuilder::default();
        add_campaign(&mut part, account, c);
        for row in rows.iter().filter(|row| row.account == account.0 && row.campaign == c) {
            assert!(part.add_negative(account, &row.negative, None));
        }
        part
    });
    builder.append(parts.collect());
    builder.finish()
}

/// Three campaigns an account, `C0` to `C2`, of which `C2` has ended, with three ad groups each, `G0` to `G2`.
pub(super) fn build(rows: &[Plain]) -> Catalog {
    let mut builder = CatalogBuilder::default();
    let accounts = [builder.add_account(account("one")), builder.add_account(account("two"))];
    for account in accounts {
        for c in [1_u8, 0, 2] {
            add_campaign(&mut builder, account, c);
        }
    }
    for row in rows {
        assert!(builder.add_negative(accounts[usize::from(row.account)], &row.negative, None));
    }
    builder.finish()
}

pub(super) fn lower(text: &str) -> String {
    text.chars().flat_map(char::to_lowercase).collect()
}

/// One part of a filter, as it is written and as a plain test.
#[derive(Clone, Debug)]
pub(super) enum Part {
    Word(String),
    Phrase(String),
    State(State),
    Idle,
    Match(MatchType),
    Campaign(u8),
    Group(u8),
    Level(Level),
    Id(String),
}

impl Part {
    pub(super) fn written(&self) -> String {
        match self {
            Self::Word(word) => word.clone(),
            Self::Phrase(words) => format!("\"{words}\""),
            Self::State(state) => format!("state:{state}"),
            Self::Idle => "state:idle".to_owned(),
            Self::Match(match_type) => format!("match:{match_type}"),
            Self::Campaign(campaign) => format!("campaign:c{campaign}"),
            Self::Group(group) => format!("group:G{group}"),
            Self::Level(level) => format!("level:{level}"),
            Self::Id(id) => id.clone(),
        }
    }

    pub(super) fn hits(&self, row: &Plain) -> bool {
        let negative = &row.negative;
        let brand = negative.brand_name.as_ref().map(|name| lower(name.raw())).unwrap_or_default();
        match self {
            Self::Word(word) | Self::Phrase(word) => {
                lower(negative.text.raw()).contains(&lower(word)) || brand.contains(&lower(word))
            }
            Self::State(state) => negative.state == *state,
            Self::Idle => negative.state == State::Enabled && row.campaign == 2,
            Self::Match(match_type) => negative.match_type == Some(*match_type),
            Self::Campaign(campaign) => row.campaign == *campaign,
            Self::Group(group) => row.group == Some(*group),
            Self::Level(level) => negative.level() == *level,
            Self::Id(id) => lower(negative.text.raw()).contains(id) || negative.id.raw().contains(id),
        }
    }
}

pub(super) fn part() -> impl Strategy<Value = Part> {
    prop_oneof![
        4 => "[aAbBß]{1,2}|brand".prop_map(Part::Word),
        1 => "[ab]{1,2} [ab]{1,2}".prop_map(Part::Phrase),
        1 => prop_oneof![Just(State::Enabled), Just(State::Paused), Just(State::Archived)].prop_map(Part::State),
        1 => Just(Part::Idle),
        1 => prop_oneof![Just(MatchType::Exact), Just(MatchType::Phrase)].prop_map(Part::Match),
        1 => (0_u8..3).prop_map(Part::Campaign),
        1 => (0_u8..3).prop_map(Part::Group),
        1 => prop_oneof![Just(Level::Campaign), Just(Level::AdGroup)].prop_map(Part::Level),
        1 => (1_u32..40).prop_map(|id| Part::Id((id * 100_003).to_string())),
    ]
}

pub(super) fn scopes() -> impl Strategy<Value = (u8, u16, u8, u8)> {
    (0_u8..6, 0_u16..2, 0_u8..3, 0_u8..3)
}

/// A scope by names, in the catalog and as a plain test.
pub(super) fn scope_of(
    catalog: &Catalog,
    (which, account, c, g): (u8, u16, u8, u8),
) -> (Scope, impl Fn(&Plain) -> bool) {
    let account_ix = AccountIx(account);
    let campaign = catalog.find_campaign(account_ix, &c.to_string().as_str().into()).unwrap();
    let group = catalog.find_ad_group(campaign, &format!("{c}{g}").as_str().into()).unwrap();
    let scope = match which {
        0 => Scope::All,
        1 => Scope::Account(account_ix),
        2 => Scope::Campaign(campaign),
        3 => Scope::CampaignLevel(campaign),
        4 => Scope::AdGroup(group),
        _ => Scope::Reaching(group),
    };
    let test = move |row: &Plain| {
        let (in_account, in_campaign) = (row.account == account, row.account == account && row.campaign == c);
        match which {
            0 => true,
            1 => in_account,
            2 => in_campaign,
            3 => in_campaign && row.group.is_none(),
            4 => in_campaign && row.group == Some(g),
            _ => in_campaign && row.group.is_none_or(|group| group == g),
        }
    };
    (scope, test)
}

pub(super) type Known = (u16, crate::domain::negative::NegativeKey);

pub(super) fn known(catalog: &Catalog, rows: impl IntoIterator<Item = NegIx>) -> Vec<Known> {
    rows.into_iter().map(|row| (catalog.negative(row).account_ix().0, catalog.negative(row).key())).collect()
}

pub(super) fn sorted(mut rows: Vec<Known>) -> Vec<Known> {
    rows.sort();
    rows
}

pub(super) fn existing(rows: &Rows) -> impl Iterator<Item = NegIx> + '_ {
    rows.iter().filter_map(|row| match row {
        Row::Existing(ix) => Some(ix),
        Row::Added(_) => None,
    })
}
