//! A JSON array of flat objects, or one object a line, as records: the keys of the first object are the heading. Objects
//! are cut out one by one, so that a large array is never in memory.

use std::borrow::Cow;
use std::io::{BufRead, BufReader, Read};

use rustc_hash::FxHashMap;
use serde::Deserialize;
use serde_json::value::RawValue;

use super::record::{Found, LONGEST, MOST_CELLS, Record, Table};
use super::{refused, unreadable};
use crate::domain::problem::Problem;

/// A JSON file.
pub(super) struct Json<R> {
    file: BufReader<R>,
    object: Vec<u8>,
    /// The cell of each key; empty before the first object.
    keys: FxHashMap<String, usize>,
    /// The first object, when only its keys were handed over.
    held: bool,
    cells: Vec<String>,
    line: u64,
}

/// One object. Values are kept as they are written: ids are numbers of up to 64 bits.
#[derive(Deserialize)]
struct Object<'a>(#[serde(borrow)] std::collections::BTreeMap<Cow<'a, str>, &'a RawValue>);

impl<R: Read> Json<R> {
    pub(super) fn new(file: BufReader<R>) -> Self {
        Self { file, object: Vec::new(), keys: FxHashMap::default(), held: false, cells: Vec::new(), line: 0 }
    }

    /// Cuts out the next object; false at the end.
    fn cut(&mut self) -> Result<bool, Problem> {
        self.object.clear();
        let mut state = Cut::default();
        loop {
            let input = self.file.fill_buf().map_err(|error| unreadable(&error))?;
            if input.is_empty() {
                return if state.depth == 0 {
                    Ok(false)
                } else {
                    Err(refused("The report ends in the middle of a row")
                        .hint("Download it once more and try again."))
                };
            }
            let (read, done) = state.take(input, &mut self.object)?;
            self.file.consume(read);
            if done {
                self.line += 1;
                return Ok(true);
            }
            if self.object.len() > LONGEST {
                return Err(refused("The file is no report: a row of it is longer than any can be"));
            }
        }
    }

    /// Reads the object that was cut out into cells by key.
    fn fill(&mut self) -> Result<(), &'static str> {
        let Ok(object) = serde_json::from_slice::<Object<'_>>(&self.object) else {
            return Err("is no flat JSON object");
        };
        for cell in &mut self.cells {
            cell.clear();
        }
        if self.keys.is_empty() {
            for (at, key) in object.0.keys().take(MOST_CELLS).enumerate() {
                self.keys.insert(key.clone().into_owned(), at);
            }
            self.cells = vec![String::new(); self.keys.len()];
        }
        for (key, value) in &object.0 {
            if let Some(&at) = self.keys.get(key.as_ref()) {
                cell(value.get(), &mut self.cells[at]);
            }
        }
        Ok(())
    }
}

fn cell(json: &str, into: &mut String) {
    if json.starts_with('"') {
        if let Ok(text) = serde_json::from_str::<Cow<'_, str>>(json) {
            into.push_str(&text);
        }
    } else if json != "null" {
        into.push_str(json);
    }
}

/// Where in an object the cutting is.
#[derive(Default)]
struct Cut {
    depth: usize,
    in_text: bool,
    escaped: bool,
}

impl Cut {
    /// Takes bytes up to the end of the object; how many were read, and whether it is whole.
    fn take(&mut self, input: &[u8], object: &mut Vec<u8>) -> Result<(usize, bool), Problem> {
        for (at, &byte) in input.iter().enumerate() {
            if self.depth == 0 {
                match byte {
                    b'{' => self.depth = 1,
                    b'[' | b']' | b',' => continue,
                    byte if byte.is_ascii_whitespace() => continue,
                    _ => return Err(refused("The file is no list of JSON objects")),
                }
            } else if self.in_text {
                match byte {
                    _ if self.escaped => self.escaped = false,
                    b'\\' => self.escaped = true,
                    b'"' => self.in_text = false,
                    _ => {}
                }
            } else {
                match byte {
                    b'"' => self.in_text = true,
                    b'{' | b'[' => self.depth += 1,
                    b'}' | b']' => self.depth -= 1,
                    _ => {}
                }
            }
            object.push(byte);
            if self.depth == 0 {
                return Ok((at + 1, true));
            }
        }
        Ok((input.len(), false))
    }
}

impl<R: Read> Table for Json<R> {
    fn next(&mut self, record: &mut Record) -> Result<Found, Problem> {
        let heading = self.keys.is_empty();
        if self.held {
            self.held = false;
        } else {
            if !self.cut()? {
                return Ok(Found::End);
            }
            if let Err(reason) = self.fill() {
                return Ok(Found::Bad(self.line, reason));
            }
        }
        record.clear();
        if heading {
            // The same object comes again, as the first row.
            self.held = true;
            let mut keys: Vec<(&String, &usize)> = self.keys.iter().collect();
            keys.sort_by_key(|(_, at)| **at);
            for (key, _) in keys {
                record.push(key);
            }
        } else {
            for cell in &self.cells {
                record.push(cell);
            }
        }
        Ok(Found::Record(self.line))
    }
}
