//! The filter language of every list: words that all must hit, fields, figures, fuzzy words, regexes, negation.
//! Knows no screen and no catalog: whatever can be filtered is [`Fielded`]. The grammar is told at [`Filter`].

mod field;
mod parse;
mod tester;

use std::sync::Arc;

pub use self::field::{Field, Fielded, Value};
pub use self::tester::Tester;

/// What is wrong with a filter, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FilterProblem {
    /// The byte of the filter's text at which the bad part starts.
    pub at: usize,
    /// What is wrong, in the user's words.
    pub reason: String,
}

/// A filter as it was typed, understood as far as it could be.
///
/// Words are separated by spaces and all of them must hit; case does not matter. A bare word looks at the text, a
/// brand's name, and, when it is six digits or more, at the id. `"quotes"` keep spaces. `field:value` looks at
/// one field, `spend>10` compares a figure, `~word` is fuzzy, `/regex/` is one, `!` before any of them negates it.
///
/// ```
/// use unbid::domain::filter::Filter;
/// assert!(Filter::parse("  ").is_empty());
/// assert!(Filter::parse("decaf !match:exact \"free shipping\"").problem().is_none());
/// let broken = Filter::parse("decaf /be(ans/");
/// assert_eq!(broken.problem().unwrap().at, 6);
/// // An unknown field is an ordinary word, so that "12:30" can be looked for; the remark says so.
/// assert_eq!(Filter::parse("sate:on").remark(), Some("no field is called sate: looked for as text"));
/// ```
#[derive(Clone, Debug, Default)]
pub struct Filter(Arc<Parsed>);

#[derive(Debug, Default)]
struct Parsed {
    source: String,
    terms: Vec<Term>,
    problem: Option<FilterProblem>,
    remark: Option<String>,
}

/// One part of a filter.
#[derive(Clone, Debug)]
struct Term {
    negated: bool,
    test: Test,
}

#[derive(Clone, Debug)]
enum Test {
    /// A bare word, lower-cased.
    Word(String),
    /// Letters in order, with gaps.
    Fuzzy(String),
    /// A regular expression on the text, case aside.
    Regex(regex::Regex),
    /// A field that holds or begins with a value, lower-cased.
    Field(Field, String),
    /// A figure compared.
    Number(Field, Compare, f64),
    /// A day compared, as far as it is written out: `2026`, `2026-10`, `2026-10-01`.
    Day(Compare, String),
}

/// How a figure or day is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Compare {
    Less,
    AtMost,
    Equal,
    AtLeast,
    More,
}

impl Compare {
    fn holds(self, order: std::cmp::Ordering) -> bool {
        match self {
            Self::Less => order.is_lt(),
            Self::AtMost => order.is_le(),
            Self::Equal => order.is_eq(),
            Self::AtLeast => order.is_ge(),
            Self::More => order.is_gt(),
        }
    }
}

impl PartialEq for Filter {
    fn eq(&self, other: &Self) -> bool {
        self.0.source == other.0.source
    }
}

/// From how many digits on a bare number is looked for in ids too: shorter ones are sizes and counts.
const DIGITS_OF_AN_ID: usize = 6;

/// Whether a bare word is looked for in ids.
pub(crate) fn may_be_id(word: &str) -> bool {
    word.len() >= DIGITS_OF_AN_ID && word.bytes().all(|b| b.is_ascii_digit())
}

impl Filter {
    /// Reads a filter. Never fails: what cannot be understood is left out and told by [`Filter::problem`].
    pub fn parse(source: &str) -> Self {
        let mut parsed = Parsed { source: source.to_owned(), ..Parsed::default() };
        parse::parse(source, &mut parsed);
        Self(Arc::new(parsed))
    }

    /// The filter as it was typed.
    pub fn source(&self) -> &str {
        &self.0.source
    }

    /// Whether it lets everything through.
    pub fn is_empty(&self) -> bool {
        self.0.terms.is_empty()
    }

    /// The first part that could not be understood; the screen says so and keeps the rows it has.
    pub fn problem(&self) -> Option<&FilterProblem> {
        self.0.problem.as_ref()
    }

    /// Something worth knowing about how it was understood.
    pub fn remark(&self) -> Option<&str> {
        self.0.remark.as_deref()
    }

    /// Whether it asks for archived rows by name, so that hiding them would leave nothing.
    pub fn names_archived(&self) -> bool {
        let names =
            |test: &Test| matches!(test, Test::Field(Field::State, word) if "archived".starts_with(word));
        self.0.terms.iter().any(|term| !term.negated && names(&term.test))
    }

    /// A tester of rows; makes what one row's test would have to make anew.
    pub fn tester(&self) -> Tester<'_> {
        self.tester_where(|_| true)
    }

    /// A tester of the parts that depend on nothing but campaign, ad group and account.
    pub(crate) fn parents_tester(&self) -> Tester<'_> {
        self.tester_where(Term::is_of_parent)
    }

    /// A tester of all parts that [`Filter::parents_tester`] leaves, without the longest word.
    pub(crate) fn rest_tester(&self) -> Tester<'_> {
        let longest = self.longest_at();
        let terms = self.0.terms.iter().enumerate();
        Tester::new(
            terms.filter(|(at, term)| Some(*at) != longest && !term.is_of_parent()).map(|(_, term)| term),
        )
    }

    fn tester_where(&self, wanted: fn(&Term) -> bool) -> Tester<'_> {
        Tester::new(self.0.terms.iter().filter(|term| wanted(term)))
    }

    fn longest_at(&self) -> Option<usize> {
        let words = self.0.terms.iter().enumerate().filter_map(|(at, term)| match &term.test {
            Test::Word(word) if !term.negated => Some((word.len(), at)),
            _ => None,
        });
        words.max().map(|(_, at)| at)
    }

    /// The longest bare word that must hit, lower-cased: the one to look for first.
    pub(crate) fn longest_word(&self) -> Option<&str> {
        match &self.0.terms[self.longest_at()?].test {
            Test::Word(word) => Some(word),
            _ => None,
        }
    }

    /// Whether every row that this lets through is let through by the other too.
    ///
    /// ```
    /// use unbid::domain::filter::Filter;
    /// assert!(Filter::parse("decaf po").narrows(&Filter::parse("deca")));
    /// assert!(!Filter::parse("deca").narrows(&Filter::parse("decaf")));
    /// ```
    pub fn narrows(&self, other: &Self) -> bool {
        self.problem().is_none()
            && other.problem().is_none()
            && other.0.terms.iter().all(|old| self.0.terms.iter().any(|new| new.implies(old)))
    }
}

impl Term {
    fn is_of_parent(&self) -> bool {
        match self.test {
            Test::Field(field, _) => matches!(
                field,
                Field::Campaign | Field::Group | Field::Account | Field::Platform | Field::Level
            ),
            _ => false,
        }
    }

    fn implies(&self, other: &Self) -> bool {
        match (&self.test, &other.test) {
            // A longer word hits less, but for a number that has just become long enough for ids.
            (Test::Word(new), Test::Word(old)) if !self.negated && !other.negated => {
                new.contains(old.as_str()) && (may_be_id(old) || !may_be_id(new))
            }
            _ => self.negated == other.negated && self.test.same(&other.test),
        }
    }
}

impl Test {
    fn same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Word(mine), Self::Word(its)) | (Self::Fuzzy(mine), Self::Fuzzy(its)) => mine == its,
            (Self::Regex(mine), Self::Regex(its)) => mine.as_str() == its.as_str(),
            (Self::Field(field, mine), Self::Field(its_field, its)) => field == its_field && mine == its,
            (Self::Number(field, compare, mine), Self::Number(its_field, its_compare, its)) => {
                field == its_field && compare == its_compare && mine.total_cmp(its).is_eq()
            }
            (Self::Day(compare, mine), Self::Day(its_compare, its)) => compare == its_compare && mine == its,
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests;
