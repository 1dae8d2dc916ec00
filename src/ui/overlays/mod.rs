//! What lies over a screen. Each is a [`Part`] of its own file; [`Overlay`] lists them. An overlay does not reach
//! into a screen: what it decides goes out as [`Want`](super::part::Want)s.

pub mod add;
pub mod blocked;
pub mod confirm;
pub mod help;
pub mod menu;
pub mod pager;
pub mod palette;
pub mod places;
pub mod reason;
pub mod review;
pub mod terms_form;

use super::part::Part;

/// Every overlay there is.
#[derive(Clone, Debug)]
pub enum Overlay {
    /// Text to read: help, everything of a row, requests.
    Pager(pager::Pager),
    /// Find any action or place.
    Palette(palette::Palette),
    /// Choose one of a few.
    Menu(menu::Menu),
    /// Yes or no, or type a name.
    Confirm(confirm::Confirm),
    /// Why findings are meant as they are.
    Reason(reason::Reason),
    /// Add negatives, or edit one.
    Add(Box<add::AddForm>),
    /// Add search terms as negatives.
    Terms(Box<terms_form::TermsForm>),
    /// Mark search terms as reviewed.
    Review(review::ReviewForm),
}

impl Overlay {
    /// The part.
    pub fn part(&self) -> &dyn Part {
        match self {
            Self::Pager(part) => part,
            Self::Palette(part) => part,
            Self::Menu(part) => part,
            Self::Confirm(part) => part,
            Self::Reason(part) => part,
            Self::Add(part) => part.as_ref(),
            Self::Terms(part) => part.as_ref(),
            Self::Review(part) => part,
        }
    }

    /// The part, to be changed.
    pub fn part_mut(&mut self) -> &mut dyn Part {
        match self {
            Self::Pager(part) => part,
            Self::Palette(part) => part,
            Self::Menu(part) => part,
            Self::Confirm(part) => part,
            Self::Reason(part) => part,
            Self::Add(part) => part.as_mut(),
            Self::Terms(part) => part.as_mut(),
            Self::Review(part) => part,
        }
    }
}
