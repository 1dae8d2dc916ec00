//! `waste`: search terms that nothing blocks and that only cost, alone or by words that they share.

mod runs;

use rustc_hash::FxHashMap;

use super::super::super::campaign::ParentState;
use super::super::super::catalog::positives::PositiveView;
use super::super::super::catalog::{AdGroupIx, EntryIx, Scope};
use super::super::super::keyword::PositiveMatch;
use super::super::super::matching::tokens;
use super::super::super::negative::{Kind, Level, MatchType};
use super::super::super::term::asin_of;
use super::super::evidence::{Evidence, days};
use super::super::rates::{Rate, rate};
use super::super::rule::Draft;
use super::super::{Desk, Fix, Found, Info, Rule, Severity, says};

/// The rule.
pub(super) struct Waste;

static INFO: Info = Info::new(
    "waste",
    "spent, never sold",
    Severity::Info,
    &[
        "A search term that nothing blocks had no order, enough clicks that one was to be expected (12, or three times what an order takes here), cost at least what an order costs here, on two days or more. The newest days, whose orders may still come, count for the cost only.",
        "What an order takes and costs is told by the ad group if it had twenty orders, else by its campaign or account; where none had, by one order in ten clicks and any cost. Terms that an exact keyword of the same ad group bought are left out.",
        "Runs of one to four words that three such terms or more share are tested alike by their sums. f stages an exact negative at the ad group, a phrase for a run of words, a product negative for an ASIN.",
    ],
)
.terms();

impl Rule for Waste {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn campaign(&self, desk: &Desk<'_>, out: &mut Found<'_>) {
        let running = desk.cx.catalog().campaign(desk.campaign()).state().carries();
        let mut entries = desk.entries(Scope::Campaign(desk.campaign())).peekable();
        if !running || entries.peek().is_none() {
            return;
        }
        let of_campaign = desk.sum(entries);
        let groups: Vec<AdGroupIx> = desk.live_groups().collect();
        for group in std::iter::once(None).chain(groups.into_iter().map(Some)) {
            Place::new(desk, group, rate(desk, group, of_campaign)).report(out);
        }
    }
}

/// An ad group, or the rows of a campaign that name none.
struct Place<'d, 'a> {
    desk: &'d Desk<'a>,
    group: Option<AdGroupIx>,
    rate: Rate,
}

/// A search term that nothing blocks.
struct Candidate<'a> {
    entry: EntryIx,
    text: &'a str,
    evidence: Evidence,
}

/// Of singular and plural the costlier: a negative of one form may block the other, and if it does not, that one is
/// found the next time.
fn one_form<'c, 'a>(mut wasteful: Vec<&'c Candidate<'a>>) -> Vec<&'c Candidate<'a>> {
    wasteful.sort_by(|a, b| b.evidence.sum.spend.cmp(&a.evidence.sum.spend).then_with(|| a.text.cmp(b.text)));
    // Forms of one word begin alike, so that few are compared.
    let mut kept: FxHashMap<String, Vec<&Candidate<'_>>> = FxHashMap::default();
    let mut told = Vec::new();
    for one in wasteful {
        let begins = tokens(one.text).filter_map(|word| word.chars().next()).collect();
        let others = kept.entry(begins).or_default();
        if !others.iter().any(|other| runs::alike(other.text, one.text)) {
            others.push(one);
            told.push(one);
        }
    }
    told
}

impl<'d, 'a> Place<'d, 'a> {
    fn new(desk: &'d Desk<'a>, group: Option<AdGroupIx>, rate: Rate) -> Self {
        Self { desk, group, rate }
    }

    fn report(&self, out: &mut Found<'_>) {
        let desk = self.desk;
        let scope = self.group.map_or(Scope::CampaignLevel(desk.campaign()), Scope::AdGroup);
        let mut free = Vec::new();
        let mut sold = Vec::new();
        for entry in desk.entries(scope) {
            let text = desk.cx.terms().text(desk.cx.terms().text_of(desk.cx.terms().first_of(entry)));
            let evidence = Evidence::of(desk, entry);
            if evidence.sum.orders > 0 {
                sold.push(text);
            } else if !desk.is_blocked(entry) && evidence.sum.clicks > 0 {
                free.push(Candidate { entry, text, evidence });
            }
        }
        let wasteful =
            |one: &&Candidate<'_>| one.evidence.is_waste(desk.cx, &self.rate) && !self.is_own(one.text);
        for one in one_form(free.iter().filter(wasteful).collect()) {
            self.tell(out, one);
        }
        if let Some(allowed) = desk.capabilities()
            && allowed
                .kind(Kind::Keyword, self.level())
                .is_some_and(|rule| rule.matches.contains(&MatchType::Phrase))
        {
            for run in runs::wasteful(self, allowed, &free, &sold) {
                self.tell_run(out, &run, &free);
            }
        }
    }

    fn level(&self) -> Level {
        if self.group.is_some() { Level::AdGroup } else { Level::Campaign }
    }

    /// The live positives that can have bought the terms: those of the ad group, or of all of them where the report
    /// names none.
    fn positives(&self) -> impl Iterator<Item = PositiveView<'_>> {
        let positives = self.desk.cx.positives();
        let groups = self.desk.live_groups().filter(|group| self.group.is_none_or(|own| own == *group));
        let all = groups.flat_map(|group| positives.of_ad_group(group));
        all.filter(|one| one.state() == ParentState::Enabled)
    }

    /// Whether a live exact keyword bought it.
    fn is_own(&self, text: &str) -> bool {
        let own = self.positives().any(|one| one.match_type() == PositiveMatch::Exact && one.text() == text);
        own || self.desk.cx.guards(text).is_some()
    }

    fn tell(&self, out: &mut Found<'_>, one: &Candidate<'_>) {
        let desk = self.desk;
        let Some(allowed) = desk.capabilities() else { return };
        let product = asin_of(one.text).filter(|_| allowed.has_kind(Kind::Product));
        let (kind, match_type) = match product {
            Some(_) => (Kind::Product, None),
            None => (Kind::Keyword, Some(MatchType::Exact)),
        };
        let text = product.as_deref().unwrap_or(one.text);
        let message = format!(
            "{} in {} only costs: {}",
            says::quoted(one.text),
            desk.cx.place(desk.campaign(), self.group),
            self.words(&one.evidence, std::iter::once(one.entry)),
        );
        let mut draft = Draft::at(desk, self.group, kind, match_type, one.text)
            .money(1, one.evidence.sum, days(desk, std::iter::once(one.entry)))
            .rank(one.evidence.sum.spend.0);
        if allowed.kind(kind, self.level()).is_some() {
            draft = draft.fix(Fix::add(desk.new_negative(self.group, kind, match_type, text)));
        }
        out.add(desk.cx, draft, message);
    }

    fn tell_run(&self, out: &mut Found<'_>, run: &runs::Run, free: &[Candidate<'_>]) {
        let desk = self.desk;
        let entries = || run.terms.iter().map(|at| free[*at].entry);
        let message = format!(
            "{} terms with {} in {} only cost: {}",
            run.terms.len(),
            says::quoted(&run.text),
            desk.cx.place(desk.campaign(), self.group),
            self.words(&run.evidence, entries()),
        );
        let match_type = Some(MatchType::Phrase);
        let draft = Draft::at(desk, self.group, Kind::Keyword, match_type, &run.text)
            .money(run.terms.len(), run.evidence.sum, days(desk, entries()))
            .rank(run.evidence.sum.spend.0)
            .fix(Fix::add(desk.new_negative(self.group, Kind::Keyword, match_type, &run.text)));
        out.add(desk.cx, draft, message);
    }

    fn words(&self, evidence: &Evidence, entries: impl Iterator<Item = EntryIx>) -> String {
        let money =
            says::money(evidence.sum, self.desk.cx.currency(self.desk.account()), days(self.desk, entries));
        format!(
            "{}, {money}; an order takes {:.0} clicks ({} figures)",
            says::counted(evidence.sum.clicks as usize, "click"),
            1.0 / self.rate.conversion,
            self.rate.told_by,
        )
    }
}
