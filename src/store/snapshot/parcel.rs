//! Parcels: the rows of one campaign as one blob. A parcel names its ad groups and the platform's words for
//! states once; rows follow ad group by ad group, the campaign's own first.

use std::marker::PhantomData;

use crate::store::codec::{Decoder, Encoder, broken};
use crate::store::error::Result;

use super::rows::{AdGroupRow, Row};

/// Writes rows that are in order: all rows of an ad group in one run.
pub(crate) fn encode<'a, R: Row<'a>>(rows: &[R]) -> Vec<u8> {
    let mut words: Vec<&str> = Vec::new();
    let (mut runs, mut body) = (Encoder::default(), Encoder::default());
    let mut count = 0;
    for run in rows.chunk_by(|a, b| a.ad_group() == b.ad_group()) {
        count += 1;
        // Native ids are never empty where there is an ad group; an empty one stands for the campaign itself.
        runs.text(run.first().and_then(Row::ad_group).unwrap_or_default());
        runs.number(run.len() as u64);
        for row in run {
            body.number(word(&mut words, row.native_state()));
            row.put(&mut body);
        }
    }
    let mut parcel = Encoder::default();
    parcel.number(words.len() as u64);
    for word in words {
        parcel.text(word);
    }
    parcel.number(count);
    parcel.append(&runs);
    parcel.append(&body);
    parcel.seal()
}

/// The place of a word among those met so far. A campaign has a handful.
fn word<'a>(words: &mut Vec<&'a str>, word: &'a str) -> u64 {
    let at = words.iter().position(|known| *known == word).unwrap_or_else(|| {
        words.push(word);
        words.len() - 1
    });
    at as u64
}

/// The rows of a parcel, in order.
pub(crate) struct Rows<'a, R> {
    from: Decoder<'a>,
    words: Vec<&'a str>,
    runs: Vec<(Option<&'a str>, usize)>,
    /// The run that is read, and how many of its rows were.
    run: usize,
    read: usize,
    row: PhantomData<R>,
}

impl<'a, R: Row<'a>> Rows<'a, R> {
    /// Opens a parcel; `None` is one without rows.
    pub(crate) fn open(parcel: Option<&'a [u8]>) -> Result<Self> {
        let (mut words, mut runs) = (Vec::new(), Vec::new());
        let mut from = Decoder::default();
        if let Some(parcel) = parcel {
            from = Decoder::open(parcel)?;
            for _ in 0..from.size()? {
                words.push(from.text()?);
            }
            for _ in 0..from.size()? {
                let id = from.text()?;
                runs.push(((!id.is_empty()).then_some(id), from.size()?));
            }
        }
        Ok(Self { from, words, runs, run: 0, read: 0, row: PhantomData })
    }

    /// The ad groups that something lies in.
    pub(crate) fn ad_groups(&self) -> impl Iterator<Item = &'a str> {
        self.runs.iter().filter_map(|(id, _)| *id)
    }

    /// The next row; `None` at the end.
    pub(crate) fn next(&mut self) -> Result<Option<R>> {
        let ad_group = loop {
            match self.runs.get(self.run) {
                None if self.from.is_done() => return Ok(None),
                None => return Err(broken()),
                Some((id, rows)) if self.read < *rows => break *id,
                Some(_) => (self.run, self.read) = (self.run + 1, 0),
            }
        };
        self.read += 1;
        let word = self.from.size()?;
        let native_state = self.words.get(word).ok_or_else(broken)?;
        R::take(&mut self.from, ad_group, native_state).map(Some)
    }
}

/// Writes ad groups.
pub(crate) fn encode_ad_groups(groups: &[AdGroupRow<'_>]) -> Vec<u8> {
    let mut parcel = Encoder::default();
    for group in groups {
        group.put(&mut parcel);
    }
    parcel.seal()
}

/// The ad groups of a parcel, in order.
pub(crate) fn ad_groups(parcel: Option<&[u8]>) -> Result<Vec<AdGroupRow<'_>>> {
    let mut from = parcel.map(Decoder::open).transpose()?.unwrap_or_default();
    let mut groups = Vec::new();
    while !from.is_done() {
        groups.push(AdGroupRow::take(&mut from)?);
    }
    Ok(groups)
}
