//! eBay's planted mistakes.

use super::super::super::model::Match::{Broad, Exact, Phrase};
use super::Planter;

pub fn plant(planter: &mut Planter<'_>) {
    let campaign = planter.campaign("Northfell | Vinyl | Manual");
    let place = planter.group(campaign, "Vinyl accessories");
    planter.clash("conflict-full", place, (Exact, "Record Frame"), (Exact, "record frame"));
    planter.clash("conflict-full", place, (Phrase, "tonearm lift"), (Exact, "automatic-stop tonearm lift"));
    planter.clash("conflict-partial", place, (Phrase, "turntable slipmat"), (Broad, "felt turntable slipmat"));
    planter.clash("conflict-intended", place, (Exact, "stylus gauge"), (Phrase, "stylus gauge"));
    planter.double(place, "cassette rewinder", "Cassette  Rewinder");
    planter.covered(place, "jukebox needle", place, "wurlitzer jukebox needle");
    planter.lost_sales(place, "phono preamp tube");
    let long = format!("gramophone {}", "horn".repeat(24));
    let id = planter.exact(place, &long);
    planter.note("invalid", place, &long, &[id], &[]);
    let id = planter.exact(place, "Quillmark");
    planter.note("own-brand", place, "Quillmark", &[id], &[]);
    for day in [14, 19, 25] {
        planter.term(place, "karaoke scratch pad", (day, 40, 0));
    }
    planter.note("waste", place, "karaoke scratch pad", &[], &[]);

    let over = planter.ended_campaign("Northfell | Vinyl | Spring sale");
    let place = planter.group(over, "Spring vinyl");
    let id = planter.exact(place, "zither plectrum");
    planter.note("dead", place, "zither plectrum", &[id], &[]);

    // 1,000 per ad group is eBay's documented limit.
    let full = planter.campaign("Northfell | Paint | Manual");
    let place = planter.group(full, "Paint everything");
    planter.keyword(place, Broad, "easel brushes");
    let ids = planter.many(place, (&COLOURS, &PAINTS), 1_000);
    planter.note("at-limit", place, "", &ids, &[]);
}

#[rustfmt::skip]
const COLOURS: [&str; 25] = [
    "teal", "crimson", "ochre", "indigo", "magenta", "turquoise", "scarlet", "umber", "sienna", "cobalt", "viridian", "maroon", "lilac",
    "mauve", "coral", "salmon", "emerald", "chartreuse", "periwinkle", "burgundy", "vermilion", "taupe", "fuchsia", "lavender", "cerulean",
];

#[rustfmt::skip]
const PAINTS: [&str; 40] = [
    "acrylic", "gouache", "watercolor", "enamel", "primer", "varnish", "lacquer", "stain", "epoxy", "grout", "caulk", "dye", "pigment",
    "spray", "chalkpaint", "latex", "undercoat", "emulsion", "distemper", "tempera", "fresco", "glaze", "shellac", "polyurethane", "sealer",
    "whitewash", "limewash", "milkpaint", "faux", "glitter", "neon", "pastel", "crayon", "marker", "ink", "airbrush", "stencil", "toner",
    "putty", "filler",
];
