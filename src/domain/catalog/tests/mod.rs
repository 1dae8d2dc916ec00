//! What a catalog answers: on a small one by hand (`small`), and against plain lists (`oracle` over `plain`).

mod oracle;
mod plain;
mod small;

use super::*;
use crate::domain::filter::Filter;

fn query(catalog: &Catalog, query: &Query) -> Rows {
    catalog.query(query, &Overlay::default(), None, &Cancel::default()).unwrap()
}

fn by_text(filter: &str) -> Query {
    Query { filter: Filter::parse(filter), ..Query::default() }
}

fn ids(catalog: &Catalog, rows: &Rows) -> Vec<String> {
    rows.iter()
        .map(|row| match row {
            Row::Existing(ix) => catalog.negative(ix).id().raw().to_owned(),
            Row::Added(number) => format!("staged:{number}"),
        })
        .collect()
}
