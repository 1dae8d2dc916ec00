//! The tree of accounts, campaigns and ad groups. Only opened nodes have children in it; only the rows in sight
//! are painted. Before the snapshot is in memory it holds the accounts alone.

use ratatui::layout::Rect;

use super::place::Place;
use crate::domain::campaign::{Holds, ParentState, Targeting};
use crate::domain::catalog::{AdGroupIx, CampaignIx, Catalog, Scope};
use crate::domain::ids::CampaignId;
use crate::ui::action::Action;
use crate::ui::canvas::{Canvas, Line, Target, fit, short_count};
use crate::ui::data::Data;
use crate::ui::layout::row;
use crate::ui::theme::Role;
use crate::ui::widgets::list::ListState;

/// One row of the tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Node {
    /// An account, by its place in the configuration.
    Account(usize),
    /// A campaign of the account before it.
    Campaign(usize, CampaignIx),
    /// An ad group of the campaign before it.
    AdGroup(usize, AdGroupIx),
}

/// The tree.
#[derive(Clone, Debug, Default)]
pub struct Tree {
    /// The rows, opened nodes unfolded.
    nodes: Vec<Node>,
    open_accounts: Vec<usize>,
    open_campaigns: Vec<(usize, CampaignId)>,
    /// Cursor and offset.
    pub list: ListState,
}

/// The tree's number among the screen's lists.
pub const LIST: u8 = 0;

impl Tree {
    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Whether it has no row: nothing was told yet.
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// The node under the cursor.
    pub fn node(&self) -> Option<Node> {
        self.nodes.get(self.list.cursor).copied()
    }

    /// The place under the cursor.
    pub fn place(&self, data: &Data) -> Option<Place> {
        let node = self.node()?;
        let at = match node {
            Node::Account(at) | Node::Campaign(at, _) | Node::AdGroup(at, _) => at,
        };
        let account = &data.accounts.get(at)?.account.identity;
        match node {
            Node::Account(_) => Some(Place::of_account(account)),
            Node::Campaign(_, ix) => Place::of(data.catalog()?, Scope::Campaign(ix)),
            Node::AdGroup(_, ix) => Place::of(data.catalog()?, Scope::Reaching(ix)),
        }
    }

    /// Makes the rows anew, the cursor on the same place where it still is.
    pub fn rebuild(&mut self, data: &Data, keep: Option<&Place>) {
        self.nodes.clear();
        for (at, account) in data.accounts.iter().enumerate() {
            self.nodes.push(Node::Account(at));
            let Some(catalog) = data.catalog() else { continue };
            let Some(ix) = catalog.find_account(&account.account.identity) else { continue };
            if !self.open_accounts.contains(&at) {
                continue;
            }
            let open: Vec<CampaignIx> = self
                .open_campaigns
                .iter()
                .filter(|(of, _)| *of == at)
                .filter_map(|(_, id)| catalog.find_campaign(ix, id))
                .collect();
            for campaign in catalog.campaigns_of(ix) {
                self.nodes.push(Node::Campaign(at, campaign.ix()));
                if open.contains(&campaign.ix()) {
                    let groups = catalog.ad_groups_of(campaign.ix());
                    self.nodes.extend(groups.map(|group| Node::AdGroup(at, group.ix())));
                }
            }
        }
        if let Some(place) = keep {
            self.seek(data, place);
        }
        self.list.cursor = self.list.cursor.min(self.nodes.len().saturating_sub(1));
    }

    fn seek(&mut self, data: &Data, place: &Place) {
        let Some(at) = data.accounts.iter().position(|a| a.account.identity == place.account) else { return };
        let scope = data.catalog().and_then(|catalog| place.scope(catalog));
        let wanted = match scope {
            Some(Scope::Campaign(ix)) => Node::Campaign(at, ix),
            Some(Scope::Reaching(ix)) => Node::AdGroup(at, ix),
            _ => Node::Account(at),
        };
        if let Some(row) = self.nodes.iter().position(|node| *node == wanted) {
            self.list.cursor = row;
        }
    }

    /// Opens what holds a place and puts the cursor on it.
    pub fn reveal(&mut self, data: &Data, place: &Place) {
        if let Some(at) = data.accounts.iter().position(|a| a.account.identity == place.account) {
            if !self.open_accounts.contains(&at) {
                self.open_accounts.push(at);
            }
            if let (Some(campaign), Some(_)) = (&place.campaign, &place.ad_group) {
                let key = (at, campaign.clone());
                if !self.open_campaigns.contains(&key) {
                    self.open_campaigns.push(key);
                }
            }
        }
        self.rebuild(data, Some(place));
    }

    /// Opens the node under the cursor; false if it is open already or has nothing inside.
    pub fn open(&mut self, data: &Data) -> bool {
        let place = self.place(data);
        match (self.node(), data.catalog()) {
            (Some(Node::Account(at)), _) if !self.open_accounts.contains(&at) => self.open_accounts.push(at),
            (Some(Node::Campaign(at, ix)), Some(catalog)) if !self.is_open(catalog, at, ix) => {
                if catalog.campaign(ix).ad_group_count() == 0 {
                    return false;
                }
                self.open_campaigns.push((at, catalog.campaign(ix).id()));
            }
            _ => return false,
        }
        self.rebuild(data, place.as_ref());
        true
    }

    /// Closes the node under the cursor, or goes to the one that holds it; false at a closed account.
    pub fn close(&mut self, data: &Data) -> bool {
        let place = self.place(data);
        match (self.node(), data.catalog()) {
            (Some(Node::Account(at)), _) if self.open_accounts.contains(&at) => {
                self.open_accounts.retain(|open| *open != at);
            }
            (Some(Node::Campaign(at, ix)), Some(catalog)) if self.is_open(catalog, at, ix) => {
                let id = catalog.campaign(ix).id();
                self.open_campaigns.retain(|(of, open)| *of != at || *open != id);
            }
            (Some(Node::Campaign(at, _)), _) => return self.go(Node::Account(at)),
            (Some(Node::AdGroup(at, ix)), Some(catalog)) => {
                return self.go(Node::Campaign(at, catalog.ad_group(ix).campaign().ix()));
            }
            _ => return false,
        }
        self.rebuild(data, place.as_ref());
        true
    }

    fn go(&mut self, node: Node) -> bool {
        self.nodes.iter().position(|n| *n == node).map(|row| self.list.cursor = row).is_some()
    }

    fn is_open(&self, catalog: &Catalog, at: usize, ix: CampaignIx) -> bool {
        self.open_campaigns.iter().any(|(of, id)| *of == at && *id == catalog.campaign(ix).id())
    }

    /// Moves the cursor; false if the action is no movement.
    pub fn act(&mut self, action: Action) -> bool {
        let len = self.len();
        self.list.act(action, len)
    }

    /// Paints the rows in sight.
    pub fn paint(&self, data: &Data, canvas: &mut Canvas, area: Rect, focused: bool) {
        canvas.hit(area, Target::List(LIST));
        for (at, index) in self.list.window(self.len(), area.height as usize).enumerate() {
            let place = row(area, at as u16);
            let line = self.line(data, self.nodes[index], area.width as usize);
            if index == self.list.cursor {
                let role = if focused { Role::Cursor } else { Role::Resting };
                canvas.ground(place, role);
                canvas.line_on(place, &line, data.theme.style(role));
            } else {
                canvas.line(place, &line);
            }
            canvas.hit(place, Target::Item(LIST, index));
        }
    }

    fn line(&self, data: &Data, node: Node, width: usize) -> Line {
        let symbols = data.theme.symbols;
        let sign = |open: bool| if open { symbols.open } else { symbols.closed };
        let (indent, sign, name, kind, n, dim) = match (node, data.catalog()) {
            (Node::Account(at), catalog) => {
                let account = &data.accounts[at];
                let ix = catalog.and_then(|c| c.find_account(&account.account.identity));
                let n = match (catalog, ix) {
                    (Some(catalog), Some(ix)) => catalog.counts(Scope::Account(ix)).standing(),
                    _ => account.snapshot.negatives,
                };
                let open = self.open_accounts.contains(&at) && catalog.is_some();
                let kind = match &account.snapshot.stale {
                    Some(_) => "stale!".to_owned(),
                    None => account.account.identity.platform.to_string(),
                };
                (0, sign(open), account.account.name.to_string(), kind, n, false)
            }
            (Node::Campaign(at, ix), Some(catalog)) => {
                let campaign = catalog.campaign(ix);
                let open = self.is_open(catalog, at, ix);
                let sign = if campaign.ad_group_count() == 0 { " " } else { sign(open) };
                let kind = kind_word(campaign.state(), campaign.targeting(), campaign.holds());
                let n = campaign.counts().standing();
                (2, sign, campaign.name().to_string(), kind.to_owned(), n, !campaign.state().carries())
            }
            (Node::AdGroup(_, ix), Some(catalog)) => {
                let group = catalog.ad_group(ix);
                let kind = state_word(group.state());
                let n = group.counts().standing();
                (4, " ", group.name().to_string(), kind.to_owned(), n, !group.state().carries())
            }
            (_, None) => (0, " ", String::new(), String::new(), 0, true),
        };
        let room = width.saturating_sub(indent + 3 + 9 + 5);
        let role = if dim { Role::Dim } else { Role::Text };
        Line::of(" ".repeat(indent + 1), Role::Text)
            .put(sign, Role::Accent)
            .put(" ", Role::Text)
            .put(fit(&name, room, symbols.cut, false), role)
            .put(
                fit(&format!(" {kind}"), 9, symbols.cut, false),
                if kind == "stale!" { Role::Warn } else { Role::Dim },
            )
            .put(fit(&short_count(n), 4, symbols.cut, true), Role::Dim)
    }
}

/// The word beside a campaign: what keeps its negatives from acting, else how it finds its searches.
fn kind_word(state: ParentState, targeting: Targeting, holds: Holds) -> &'static str {
    match (state, holds, targeting) {
        (ParentState::Archived | ParentState::Ended | ParentState::Paused, ..) => state_word(state),
        (_, Holds::Inert, _) => "inert",
        (_, Holds::No, _) => "none",
        (.., Targeting::Unknown) => "",
        (.., targeting) => targeting.into(),
    }
}

fn state_word(state: ParentState) -> &'static str {
    match state {
        ParentState::Enabled => "",
        other => other.into(),
    }
}
