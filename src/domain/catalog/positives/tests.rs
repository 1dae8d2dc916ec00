//! Positives against the plain list they were made of.

use super::*;
use crate::domain::catalog::fixture::small;
use crate::domain::keyword::Keyword;

fn keyword(campaign: &str, ad_group: &str, id: &str, match_type: PositiveMatch, text: &str) -> Keyword {
    Keyword {
        id: id.into(),
        campaign: campaign.into(),
        ad_group: ad_group.into(),
        text: text.into(),
        match_type,
        state: ParentState::Enabled,
        native_state: "ENABLED".into(),
    }
}

fn rows() -> Vec<Keyword> {
    use PositiveMatch::{Broad, Exact, Product};
    vec![
        keyword("11", "110", "k1", Exact, "decaf  Gift"),
        keyword("10", "101", "7", Broad, "decaf gift"),
        keyword("10", "100", "8", Exact, "espresso beans"),
        Keyword { state: ParentState::Paused, ..keyword("10", "100", "9", Product, "B07YT8NVF9") },
        keyword("10", "999", "10", Exact, "lost"),
        keyword("12", "100", "11", Exact, "lost too"),
    ]
}

fn says(positive: PositiveView<'_>) -> (String, String, PositiveMatch, ParentState) {
    (positive.id().raw().to_owned(), positive.text().to_owned(), positive.match_type(), positive.state())
}

#[test]
fn rows_stand_by_ad_group_in_their_normal_form() {
    let catalog = small();
    let positives = Positives::bind(&catalog, AccountIx(0), &rows());
    assert_eq!((positives.len(), positives.left_out()), (4, 2));
    let beans = catalog.find_ad_group_of(AccountIx(0), &"100".into()).unwrap();
    let of_beans: Vec<_> = positives.of_ad_group(beans).map(says).collect();
    let row = |id: &str, text: &str, match_type, state| (id.to_owned(), text.to_owned(), match_type, state);
    assert_eq!(
        of_beans,
        [
            row("8", "espresso beans", PositiveMatch::Exact, ParentState::Enabled),
            row("9", "b07yt8nvf9", PositiveMatch::Product, ParentState::Paused),
        ]
    );
    let espresso = catalog.find_campaign(AccountIx(0), &"10".into()).unwrap();
    assert_eq!(positives.of_campaign(&catalog, espresso).len(), 3);
    assert_eq!((positives.listed(AccountIx(0)), positives.listed(AccountIx(1))), (true, false));
}

#[test]
fn a_text_gives_all_that_have_it() {
    let catalog = small();
    let positives = Positives::bind(&catalog, AccountIx(0), &rows());
    let text = positives.find_text("decaf gift").unwrap();
    let mut ids: Vec<String> = positives.with_text(text).map(|one| one.id().raw().to_owned()).collect();
    ids.sort();
    assert_eq!(ids, ["7", "k1"]);
    assert_eq!(positives.find_text("Decaf Gift"), None, "only normal forms are kept");
}

#[test]
fn none_at_all_is_no_panic() {
    let catalog = small();
    let positives = Positives::default();
    assert!(positives.is_empty() && !positives.listed(AccountIx(0)));
    assert_eq!(positives.of_ad_group(AdGroupIx(0)).len(), 0);
    assert_eq!(positives.of_campaign(&catalog, CampaignIx(0)).len(), 0);
}
