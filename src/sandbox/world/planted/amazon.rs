//! Amazon's planted mistakes.

use super::super::super::model::Match::{Broad, Exact, Phrase};
use super::super::super::model::NegativeKind;
use super::Planter;

pub fn plant(planter: &mut Planter<'_>) {
    conflicts(planter);
    hygiene(planter);
    texts(planter);
    harvest(planter);
}

fn conflicts(planter: &mut Planter<'_>) {
    let campaign = planter.campaign("Northfell | Aquarium | Manual");
    let filters = planter.group(campaign, "Aquarium filters");
    planter.clash("conflict-full", filters, (Exact, "Canister Filter"), (Exact, "canister filter"));
    planter.clash("conflict-full", filters, (Phrase, "betta heater"), (Phrase, "mini betta heater"));
    planter.clash("conflict-partial", filters, (Phrase, "gravel vacuum"), (Broad, "siphon gravel vacuum"));
    planter.clash("conflict-intended", filters, (Exact, "coral frag rack"), (Broad, "coral frag rack"));
    planter.clash("conflict-may", filters, (Exact, "algae scraper"), (Exact, "algae scrapers"));
    planter.clash("conflict-may", filters, (Phrase, "air-stone diffuser"), (Exact, "air stone diffuser"));

    let wood = planter.group(campaign, "Aquarium driftwood");
    let keyword = planter.keyword(wood, Phrase, "spider driftwood branch");
    let id = planter.phrase((campaign, None), "driftwood branch");
    planter.note("conflict-full", (campaign, None), "driftwood branch", &[id], &[keyword]);

    let products = planter.campaign("Northfell | Aquarium | Products");
    let place = planter.group(products, "Aquarium rivals");
    let target = planter.product(place, "B0PLANT001");
    planter.product(place, "B0PLANT002");
    let id = planter.no_product(place, "B0PLANT001");
    planter.note("conflict-product", place, "B0PLANT001", &[id], &[target]);
}

fn hygiene(planter: &mut Planter<'_>) {
    let campaign = planter.campaign("Northfell | Knitting | Manual");
    let place = planter.group(campaign, "Knitting looms");
    planter.keyword(place, Broad, "knitting starter");
    planter.double(place, "peg loom", "Peg  Loom");
    planter.double((campaign, None), "crochet hook", "Crochet Hook");
    let asin = [planter.no_product(place, "B0PLANT011"), planter.no_product(place, "B0PLANT011")];
    planter.note("duplicate", place, "B0PLANT011", &asin, &[]);
    planter.covered((campaign, None), "yarn bowl", place, "ceramic yarn bowl");
    let wide = planter.negative_of((campaign, None), NegativeKind::Product, None, "B0PLANT012", super::AGE);
    let narrow = planter.no_product(place, "B0PLANT012");
    planter.note("redundant", place, "B0PLANT012", &[narrow, wide], &[]);
    // No mistake on Amazon: it is the phrase that the Sam's exact of the same text falls short of.
    planter.phrase(place, "zen sand rake");

    let quilting = planter.campaign("Northfell | Quilting | Manual");
    let mut ids = Vec::new();
    for name in ["Quilting rulers", "Quilting pins", "Quilting frames"] {
        let place = planter.group(quilting, name);
        planter.keyword(place, Broad, &name.to_lowercase());
        ids.push(planter.exact(place, "bobbin winder"));
    }
    planter.note("promote", (quilting, None), "bobbin winder", &ids, &[]);

    let over = planter.ended_campaign("Northfell | Sundials | Summer");
    let place = planter.group(over, "Sundials");
    let id = planter.exact(place, "sundial compass");
    planter.note("dead", place, "sundial compass", &[id], &[]);
    let id = planter.phrase((over, None), "equatorial dial");
    planter.note("dead", (over, None), "equatorial dial", &[id], &[]);
}

fn texts(planter: &mut Planter<'_>) {
    let campaign = planter.campaign("Northfell | Gnomes | Manual");
    let place = planter.group(campaign, "Gnomes");
    planter.keyword(place, Broad, "fairy village");
    let id = planter.phrase(place, "pixie house kit with lights");
    planter.note("invalid", place, "pixie house kit with lights", &[id], &[]);
    let long = format!("toadstool {}", "ornament".repeat(9));
    let id = planter.exact(place, &long);
    planter.note("invalid", place, &long, &[id], &[]);
    let id = planter.exact(place, "b0planta77");
    planter.note("looks-like-asin", place, "b0planta77", &[id], &[]);
    let id = planter.phrase(place, "gnome");
    planter.term(place, "mushroom gnome statue", (120, 6, 1));
    planter.note("broad-reach", place, "gnome", &[id], &[]);
    let id = planter.exact(place, "quillmark");
    planter.note("own-brand", place, "quillmark", &[id], &[]);
}

fn harvest(planter: &mut Planter<'_>) {
    let auto = planter.special_campaign("Northfell | Calligraphy | Auto", "ENABLED", "AUTO", "", None);
    let shows = planter.group(auto, "Calligraphy discovery");
    let manual = planter.campaign("Northfell | Calligraphy | Exact");
    let serves = planter.group(manual, "Calligraphy winners");

    planter.lost_sales(shows, "origami paper pack");

    let keyword = planter.keyword(serves, Exact, "calligraphy pen case");
    planter.term(serves, "calligraphy pen case", (9, 15, 2));
    planter.term(shows, "calligraphy pen case", (40, 12, 3));
    let id = planter.exact_since(shows, "calligraphy pen case", 21);
    planter.note("harvested", shows, "calligraphy pen case", &[id], &[keyword]);

    let keyword = planter.keyword_in(serves, Exact, "wax seal stamp", "PAUSED");
    planter.term(shows, "wax seal stamp", (41, 7, 1));
    let id = planter.exact_since(shows, "wax seal stamp", 21);
    planter.note("harvest-orphan", shows, "wax seal stamp", &[id], &[keyword]);

    let keyword = planter.keyword(serves, Exact, "fountain pen ink");
    planter.term(serves, "fountain pen ink", (12, 20, 4));
    planter.term(shows, "fountain pen ink", (11, 8, 1));
    planter.note("harvest-leak", shows, "fountain pen ink", &[], &[keyword]);

    for day in [14, 19, 25] {
        planter.term(shows, "invisible prank marker", (day, 40, 0));
    }
    planter.note("waste", shows, "invisible prank marker", &[], &[]);
}
