//! Judgements on three made-up platforms of the three shapes there are: everything; ad groups only, archive only;
//! exact only, switching only.

use super::super::capabilities::{CapRule, Capabilities, Fact, KindRule, Removal, TextRule};
use super::super::catalog::fixture::{account, ad_group, campaign, keyword, new, small, staged};
use super::super::catalog::{CatalogBuilder, Scope};
use super::super::change::Change;
use super::*;
use crate::domain::campaign::{Campaign, Holds};

const EXACT_PHRASE: &[MatchType] = &[MatchType::Exact, MatchType::Phrase];
const BOTH: &[State] = &[State::Enabled, State::Paused];
const ALL_MOVES: &[(State, State)] = &[
    (State::Enabled, State::Paused),
    (State::Paused, State::Enabled),
    (State::Enabled, State::Archived),
    (State::Paused, State::Archived),
];

const fn sort(kind: Kind, level: Level, matches: &'static [MatchType]) -> KindRule {
    KindRule { kind, level, matches, makes: BOTH, moves: ALL_MOVES, adding: "", pausing: "" }
}

/// Keywords, products and brands, at both levels, with archive.
const FULL: Capabilities = Capabilities {
    title: "Mill",
    kinds: &[
        sort(Kind::Keyword, Level::Campaign, EXACT_PHRASE),
        sort(Kind::Keyword, Level::AdGroup, EXACT_PHRASE),
        sort(Kind::Product, Level::AdGroup, &[]),
        KindRule { adding: "sellers only", ..sort(Kind::Product, Level::Campaign, &[]) },
        sort(Kind::Brand, Level::Campaign, &[]),
        sort(Kind::Brand, Level::AdGroup, &[]),
    ],
    text: TextRule {
        most_chars: Fact::documented(24, "test"),
        most_words_exact: Some(Fact::documented(10, "test")),
        most_words_phrase: Some(Fact::documented(4, "test")),
        refused: &[';', '%'],
        doubtful: |c| c == '#',
    },
    cap: CapRule { per_ad_group: None, per_campaign: None, paused_count: true },
    most_per_create: Fact::documented(1_000, "test"),
    most_per_update: Fact::documented(1_000, "test"),
    removal: Removal::Archive,
    paused_twin_blocks: true,
    stop_words: &[],
    inert_campaigns: &[],
    acts_within: "",
    late_orders_days: Fact::guessed(7, "test"),
    revised_days: Fact::guessed(10, "test"),
    state_words: &[],
};

/// Keywords in ad groups, archived for good, never paused.
const NO_PAUSE: Capabilities = Capabilities {
    title: "Bay",
    kinds: &[KindRule {
        makes: &[State::Enabled],
        moves: &[(State::Enabled, State::Archived)],
        ..sort(Kind::Keyword, Level::AdGroup, EXACT_PHRASE)
    }],
    cap: CapRule { per_ad_group: Some(Fact::documented(10, "test")), per_campaign: None, paused_count: true },
    ..FULL
};

/// Exact keywords in ad groups, switched on and off, never archived.
const EXACT_ONLY: Capabilities = Capabilities {
    title: "Club",
    kinds: &[KindRule {
        moves: &[(State::Enabled, State::Paused), (State::Paused, State::Enabled)],
        ..sort(Kind::Keyword, Level::AdGroup, &[MatchType::Exact])
    }],
    removal: Removal::SwitchOff,
    cap: CapRule { per_ad_group: Some(Fact::guessed(2, "test")), per_campaign: None, paused_count: true },
    ..FULL
};

const US: AccountIx = AccountIx(0);
const BEANS: Option<&str> = Some("100");
const PODS: Option<&str> = Some("101");

fn said(new: &NewNegative, capabilities: &Capabilities) -> (Advice, String) {
    let (catalog, overlay) = (small(), Overlay::default());
    let judgement = judge(new, capabilities, &catalog, US, &overlay);
    (judgement.advice(), judgement.says(capabilities, &catalog, &overlay))
}

#[track_caller]
fn check(new: &NewNegative, capabilities: &Capabilities, advice: Advice, words: &str) {
    assert_eq!(said(new, capabilities), (advice, words.to_owned()));
}

fn exact(text: &str) -> NewNegative {
    new(PODS, MatchType::Exact, text)
}

#[test]
fn a_sound_text_is_fine_everywhere() {
    for capabilities in [FULL, NO_PAUSE] {
        check(&exact("espresso"), &capabilities, Advice::Stage, "fine");
    }
}

#[test]
fn texts_keep_to_length_words_and_characters() {
    check(&exact(" \t"), &FULL, Advice::Refuse, "empty");
    check(&exact("\"\""), &FULL, Advice::Refuse, "empty");
    check(&exact(&"é".repeat(25)), &FULL, Advice::Refuse, "24 characters at most on Mill (25)");
    check(&exact(&"é".repeat(24)), &FULL, Advice::Stage, "fine");
    check(&exact("a b c d e f g h i j"), &FULL, Advice::Stage, "fine");
    check(&exact("a b c d e f g h i j k"), &FULL, Advice::Refuse, "exact: 10 words at most on Mill (11)");
    let phrase = |text| new(PODS, MatchType::Phrase, text);
    check(&phrase("a b  c d e"), &FULL, Advice::Refuse, "phrase: 4 words at most on Mill (5)");
    check(&phrase("a b  c d"), &FULL, Advice::Stage, "fine");
    check(&exact("50% off; 50%\u{7}"), &FULL, Advice::Refuse, "Mill refuses % ;");
    check(&exact("a#1"), &FULL, Advice::Stage, "Mill may refuse #");
    check(&exact(" tea "), &FULL, Advice::Stage, "spaces at its ends are not sent");
    check(
        &exact("b07yt8nvf9"),
        &FULL,
        Advice::Stage,
        "looks like an ASIN: as a keyword it blocks that search only",
    );
    check(&exact("b07yt8nvf9"), &EXACT_ONLY, Advice::Stage, "fine");
}

#[test]
fn a_platform_says_what_it_has_instead() {
    let product = |text: &str| NewNegative { kind: Kind::Product, match_type: None, ..exact(text) };
    check(&product("B07YT8NVF9"), &FULL, Advice::Stage, "fine");
    check(&product("beans"), &FULL, Advice::Refuse, "not an ASIN: ten characters, capital letters and digits");
    check(&product("B07YT8NVF9"), &NO_PAUSE, Advice::Refuse, "Bay has no product negatives");
    check(&NewNegative { ad_group: None, ..product("B07YT8NVF8") }, &FULL, Advice::Stage, "sellers only");
    let shared = new(None, MatchType::Exact, "tea");
    check(&shared, &NO_PAUSE, Advice::Refuse, "Bay has keyword negatives in ad groups only");
    let phrase = new(PODS, MatchType::Phrase, "tea");
    check(&phrase, &EXACT_ONLY, Advice::Refuse, "Club has no phrase match, only exact");
    let bare = NewNegative { match_type: None, ..exact("tea") };
    check(&bare, &FULL, Advice::Refuse, "needs a match type: exact or phrase");
    let odd = NewNegative { match_type: Some(MatchType::Exact), ..product("B07YT8NVF9") };
    check(&odd, &FULL, Advice::Refuse, "exact: only keywords have a match type");
    let paused = NewNegative { state: State::Paused, ..exact("tea") };
    check(&paused, &NO_PAUSE, Advice::Refuse, "Bay cannot make it paused, only enabled");
    check(&paused, &FULL, Advice::Stage, "fine");
}

#[test]
fn what_is_there_is_not_added_twice() {
    let beans = |text| new(BEANS, MatchType::Exact, text);
    check(&beans(" DECAF  espresso \"beans\""), &FULL, Advice::Covered, "covered by decaf (phrase, campaign)");
    check(&beans(" DECAF  espresso beans"), &FULL, Advice::Skip, "already there (5000002)");
    // Another match type or ad group is another negative.
    check(&new(BEANS, MatchType::Phrase, "espresso beans"), &FULL, Advice::Stage, "fine");
    check(&exact("espresso beans"), &FULL, Advice::Stage, "fine");
    // An archived twin is no twin.
    check(&exact("old pods"), &FULL, Advice::Stage, "fine");
}

#[test]
fn a_switched_off_twin_is_switched_on() {
    let row = small().find_id(&"5000003".into()).next().unwrap();
    let on = Advice::SetState { row, to: State::Enabled };
    check(&exact("free pods"), &FULL, on, "there, switched off (5000003): it will be switched on");
    check(&exact("free pods"), &EXACT_ONLY, on, "there, switched off (5000003): it will be switched on");
    let stuck = "there, paused (5000003, ENABLED), and cannot be moved";
    check(&exact("free pods"), &NO_PAUSE, Advice::Skip, stuck);
    let paused = NewNegative { state: State::Paused, ..exact("free pods") };
    check(&paused, &FULL, Advice::Skip, "already there (5000003)");
}

#[test]
fn the_campaign_and_the_ad_group_must_take_it() {
    let to = |campaign: &str, group: Option<&str>| NewNegative {
        campaign: campaign.into(),
        ..new(group, MatchType::Exact, "tea")
    };
    check(&to("99", None), &FULL, Advice::Refuse, "no such campaign in the snapshot: refresh it");
    check(&to("10", Some("110")), &FULL, Advice::Refuse, "no such ad group in the snapshot: refresh it");
    check(&to("11", Some("110")), &FULL, Advice::Stage, "would block nothing: campaign ended");

    let mut builder = CatalogBuilder::default();
    let account = builder.add_account(account("a"));
    builder.add_campaign(account, Campaign { holds: Holds::No, ..campaign("10", "smart") });
    builder.add_campaign(account, Campaign { holds: Holds::Inert, ..campaign("11", "sba") });
    builder.add_campaign(account, Campaign { state: ParentState::Archived, ..campaign("12", "gone") });
    let catalog = builder.finish();
    let said = |campaign: &str| {
        let judgement = judge(&to(campaign, None), &FULL, &catalog, US, &Overlay::default());
        judgement.says(&FULL, &catalog, &Overlay::default())
    };
    assert_eq!(said("10"), "Mill takes no negatives in this sort of campaign");
    assert_eq!(said("11"), "would block nothing: no effect in this sort of campaign");
    assert_eq!(said("12"), "the campaign is archived");
}

#[test]
fn staged_changes_count_as_done() {
    let catalog = small();
    let row = |id: &str| catalog.find_id(&id.into()).next().unwrap();
    let remove = |id: &str| Change::Remove { target: catalog.to_negative(row(id)) };
    let add = |new: NewNegative| Change::Add { new };
    let overlay = Overlay::new(
        &catalog,
        &[
            staged(&catalog, 1, remove("5000001")),
            staged(&catalog, 2, add(new(None, MatchType::Phrase, "Free"))),
            staged(&catalog, 3, add(exact("green tea"))),
            staged(
                &catalog,
                4,
                Change::SetState { target: catalog.to_negative(row("5000003")), to: State::Enabled },
            ),
        ],
    );
    let said = |new: &NewNegative| {
        let judgement = judge(new, &FULL, &catalog, US, &overlay);
        (judgement.advice(), judgement.says(&FULL, &catalog, &overlay))
    };
    assert_eq!(said(&exact("decaf pods")), (Advice::Stage, "fine".into()), "what covers it is to go");
    let gone = new(None, MatchType::Phrase, "decaf");
    assert_eq!(said(&gone).0, Advice::Unstage(1));
    assert_eq!(said(&gone).1, "there, but change 1 staged for it says otherwise");
    assert_eq!(
        said(&exact("free samples")),
        (Advice::Covered, "covered by Free (phrase, campaign), not sent".into())
    );
    assert_eq!(said(&exact("Green  Tea")), (Advice::Skip, "already staged (change 3)".into()));
    assert_eq!(said(&exact("free pods")), (Advice::Skip, "already there (5000003)".into()));
}

#[test]
fn lines_of_one_form_are_judged_together() {
    let (catalog, overlay) = (small(), Overlay::default());
    let texts = ["a", "A ", "b", "c", "d", "e", "f", "g", "h", "i"];
    let lines: Vec<NewNegative> = texts.map(exact).to_vec();
    let all = judge_all(&lines, &NO_PAUSE, &catalog, US, &overlay);
    let says: Vec<String> = all.iter().map(|judgement| judgement.says(&NO_PAUSE, &catalog, &overlay)).collect();
    assert_eq!(says[0], "fine");
    assert_eq!(says[1], "the same as line 1");
    // The ad group holds one that is not archived; the tenth is the last that fits.
    assert_eq!(says[8], "fine");
    assert_eq!(says[9], "the ad group holds 9 of 10");
    let lines: Vec<NewNegative> = ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j"].map(exact).to_vec();
    let all = judge_all(&lines, &NO_PAUSE, &catalog, US, &overlay);
    assert_eq!(all[9].says(&NO_PAUSE, &catalog, &overlay), "the ad group is full: holds 10, 10 at most on Bay");
    // A cap that nobody printed does not stand in the way.
    assert_eq!(judge_all(&lines, &EXACT_ONLY, &catalog, US, &overlay)[9].advice(), Advice::Stage);
    assert_eq!(catalog.counts(Scope::All).archived, 1);
}

#[test]
fn moves_are_the_platforms_own() {
    let catalog = small();
    let verdict = |id: &str, to, capabilities: &Capabilities| {
        let row = catalog.find_id(&id.into()).next().unwrap();
        judge_move(&catalog.negative(row), to, capabilities)
    };
    let says = |id: &str, to, capabilities: &Capabilities| verdict(id, to, capabilities).says(capabilities);
    assert!(verdict("5000002", State::Paused, &FULL).is_fine());
    assert!(verdict("5000002", State::Archived, &NO_PAUSE).is_fine());
    assert!(verdict("5000003", State::Enabled, &EXACT_ONLY).is_fine());
    assert_eq!(says("5000002", State::Enabled, &FULL), "already enabled");
    assert_eq!(says("5000004", State::Enabled, &FULL), "archived, and that is final on Mill");
    assert_eq!(
        says("5000002", State::Paused, &NO_PAUSE),
        "Bay has no pause: archived, for good, is what it has"
    );
    assert_eq!(says("5000002", State::Archived, &EXACT_ONLY), "Club has no archive: the nearest is paused");
    assert_eq!(says("5000003", State::Enabled, &NO_PAUSE), "Bay cannot switch it on");
    let row = catalog.find_id(&"5000002".into()).next().unwrap();
    for capabilities in [FULL, NO_PAUSE, EXACT_ONLY] {
        assert!(judge_remove(&catalog.negative(row), &capabilities).is_fine(), "{}", capabilities.title);
    }
}

#[test]
fn keyword_of_another_account_is_another_matter() {
    let catalog = small();
    let new = NewNegative { ad_group: None, ..exact("decaf") };
    let judgement = judge(&new, &FULL, &catalog, AccountIx(1), &Overlay::default());
    assert!(judgement.is_fine());
    let mut builder = CatalogBuilder::default();
    let account = builder.add_account(account("a"));
    let slot = builder.add_campaign(account, campaign("10", "c"));
    let group = ad_group(&mut builder, slot, "101", "g");
    builder.push_negative(keyword(slot, Some(group), "1", MatchType::Exact, "decaf"));
    let catalog = builder.finish();
    assert_eq!(judge(&exact("decaf"), &FULL, &catalog, US, &Overlay::default()).advice(), Advice::Skip);
}
