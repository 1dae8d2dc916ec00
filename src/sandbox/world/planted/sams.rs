//! Sam's planted mistakes.

use super::super::super::model::Match::{Broad, Exact};
use super::Planter;

pub fn plant(planter: &mut Planter<'_>) {
    let campaign = planter.campaign("Emberoak | Snacks | Manual");
    let place = planter.group(campaign, "Snacks");
    planter.clash("conflict-full", place, (Exact, "tofu crisps"), (Exact, "Tofu Crisps"));
    planter.clash("conflict-intended", place, (Exact, "kelp noodles"), (Broad, "kelp noodles"));
    planter.clash("conflict-may", place, (Exact, "lentil puff"), (Exact, "lentil puffs"));
    planter.double(place, "nori sheets", "Nori  Sheets");
    planter.lost_sales(place, "wasabi peas");
    let long = format!("edamame {}", "crunch".repeat(13));
    let id = planter.exact(place, &long);
    planter.note("invalid", place, &long, &[id], &[]);
    let id = planter.exact(place, "Quillmark");
    planter.note("own-brand", place, "Quillmark", &[id], &[]);
    let id = planter.exact(place, "zen sand rake");
    planter.note("lost-match", place, "zen sand rake", &[id], &[]);
    for day in [20, 24, 29] {
        planter.term(place, "prank pepper candy", (day, 40, 0));
    }
    planter.note("waste", place, "prank pepper candy", &[], &[]);

    let brand = planter.special_campaign("Emberoak | Snacks | Brand", "live", "manual", "sba", None);
    let place = planter.group(brand, "Brand banner");
    let id = planter.exact(place, "carob chips");
    planter.note("dead", place, "carob chips", &[id], &[]);

    let over = planter.ended_campaign("Emberoak | Snacks | Holidays");
    let place = planter.group(over, "Holiday snacks");
    let id = planter.exact(place, "fig pudding");
    planter.note("dead", place, "fig pudding", &[id], &[]);

    let full = planter.campaign("Emberoak | Yarn | Manual");
    let place = planter.group(full, "Yarn everything");
    planter.keyword(place, Broad, "crafters corner");
    let ids = planter.many(place, (&FIBRES, &THINGS), 930);
    planter.note("near-limit", place, "", &ids, &[]);
}

#[rustfmt::skip]
const FIBRES: [&str; 30] = [
    "alpaca", "angora", "cashmere", "mohair", "linen", "hemp", "silk", "ramie", "jute", "sisalette", "viscose", "acetate", "lycra", "nylon",
    "tweed", "flannel", "boucle", "chenille", "velour", "corduroy", "denim", "gauze", "muslin", "organza", "taffeta", "damask", "brocade",
    "gingham", "calico", "chiffon",
];

#[rustfmt::skip]
const THINGS: [&str; 31] = [
    "scarf", "mitten", "beanie", "poncho", "shawl", "cardigan", "vest", "tunic", "apron", "quilt", "throw", "doily", "coaster", "tassel",
    "pompom", "fringe", "ribbon", "lace", "braid", "cord", "skein", "spool", "spindle", "thimble", "zipper", "button", "hem", "cuff",
    "collar", "patch", "lining",
];
