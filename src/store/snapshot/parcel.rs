//! Parcels: the rows of one campaign as one blob. A parcel names its ad groups and the platform's words for
//! states once; rows follow ad group by ad group, the campaign's own first.

use crate::store::codec::{Decoder, Encoder, broken};
use crate::store::error::Result;

use super::rows::{AdGroupRow, Row};

/// Writes rows that are in order: all rows of an ad group in one run.
pub(crate) fn encode<'a, R: Row<'a>>(rows: &[R]) -> Vec<u8> {
    let mut words: Vec<&str> = Vec::new();
    let mut body = Encoder::default();
    let runs = rows.chunk_by(|a, b| a.ad_group() == b.ad_group());
    let mut count = 0;
    for run in runs {
        count += 1;
        // Native ids are never empty where there is an ad group; an empty one stands for the campaign itself.
        body.text(run.first().and_then(Row::ad_group).unwrap_or_default());
        body.number(run.len() as u64);
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
    parcel.number(rows.len() as u64);
    parcel.number(count);
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
    count: usize,
    runs: usize,
    left: usize,
    ad_group: Option<&'a str>,
    row: std::marker::PhantomData<R>,
}

impl<'a, R: Row<'a>> Rows<'a, R> {
    /// Opens a parcel; `None` is one without rows.
    pub(crate) fn open(parcel: Option<&'a [u8]>) -> Result<Self> {
        let mut from = parcel.map(Decoder::open).transpose()?.unwrap_or_default();
        let mut words = Vec::new();
        let (mut count, mut runs) = (0, 0);
        if parcel.is_some() {
            for _ in 0..from.size()? {
                words.push(from.text()?);
            }
            (count, runs) = (from.size()?, from.size()?);
        }
        Ok(Self { from, words, count, runs, left: 0, ad_group: None, row: std::marker::PhantomData })
    }

    /// How many rows it says it holds.
    pub(crate) fn count(&self) -> usize {
        self.count
    }

    /// The next row; `None` at the end.
    pub(crate) fn next(&mut self) -> Result<Option<R>> {
        while self.left == 0 {
            if self.runs == 0 {
                return if self.from.is_done() { Ok(None) } else { Err(broken()) };
            }
            self.runs -= 1;
            let id = self.from.text()?;
            self.ad_group = (!id.is_empty()).then_some(id);
            self.left = self.from.size()?;
        }
        self.left -= 1;
        let word = self.from.size()?;
        let native_state = self.words.get(word).ok_or_else(broken)?;
        R::take(&mut self.from, self.ad_group, native_state).map(Some)
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
