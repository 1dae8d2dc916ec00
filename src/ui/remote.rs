//! A value that is fetched: not asked for, on its way, there, or failed. Only the reply to the newest request
//! is taken, so a late one cannot overwrite a newer state. The old value stays in sight meanwhile.

use std::time::Duration;

use crate::domain::problem::Problem;

/// The number of a request; replies carry it back.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Ticket(u64);

/// Where tickets come from.
#[derive(Clone, Debug, Default)]
pub struct Tickets(u64);

impl Tickets {
    /// The next one, never given before.
    pub fn draw(&mut self) -> Ticket {
        self.0 += 1;
        Ticket(self.0)
    }
}

/// A value that comes from outside the core.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Remote<T> {
    /// Nobody asked.
    #[default]
    Absent,
    /// Asked for and not here yet.
    Loading {
        /// Which request is awaited.
        ticket: Ticket,
        /// When it was asked, in monotonic time; a spinner shows 150 ms later.
        since: Duration,
        /// What was there before.
        old: Option<T>,
    },
    /// Here.
    Ready(T),
    /// It could not be had.
    Failed {
        /// Why.
        problem: Problem,
        /// What was there before.
        old: Option<T>,
    },
}

impl<T> Remote<T> {
    /// A request goes out: its reply alone will be taken. What is here stays in sight.
    pub fn ask(&mut self, ticket: Ticket, now: Duration) {
        let old = std::mem::take(self).into_value();
        *self = Self::Loading { ticket, since: now, old };
    }

    /// Whether the reply to this request is awaited.
    pub fn awaits(&self, ticket: Ticket) -> bool {
        matches!(self, Self::Loading { ticket: awaited, .. } if *awaited == ticket)
    }

    /// Takes a reply if it is the awaited one; says whether it was.
    pub fn take(&mut self, ticket: Ticket, reply: Result<T, Problem>) -> bool {
        if !self.awaits(ticket) {
            return false;
        }
        *self = match reply {
            Ok(value) => Self::Ready(value),
            Err(problem) => Self::Failed { problem, old: std::mem::take(self).into_value() },
        };
        true
    }

    /// The newest value there is, old or new.
    pub fn value(&self) -> Option<&T> {
        match self {
            Self::Absent => None,
            Self::Ready(value) => Some(value),
            Self::Loading { old, .. } | Self::Failed { old, .. } => old.as_ref(),
        }
    }

    /// Changes the newest value there is, if any.
    pub fn change(&mut self, change: impl FnOnce(&mut T)) {
        match self {
            Self::Ready(value)
            | Self::Loading { old: Some(value), .. }
            | Self::Failed { old: Some(value), .. } => change(value),
            Self::Absent | Self::Loading { .. } | Self::Failed { .. } => {}
        }
    }

    /// Why the last request failed.
    pub fn problem(&self) -> Option<&Problem> {
        match self {
            Self::Failed { problem, .. } => Some(problem),
            _ => None,
        }
    }

    /// Since when something is awaited.
    pub fn since(&self) -> Option<Duration> {
        match self {
            Self::Loading { since, .. } => Some(*since),
            _ => None,
        }
    }

    fn into_value(self) -> Option<T> {
        match self {
            Self::Absent => None,
            Self::Ready(value) => Some(value),
            Self::Loading { old, .. } | Self::Failed { old, .. } => old,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::problem::ProblemKind;

    #[test]
    fn a_late_reply_is_not_taken_and_the_old_value_stays() {
        let mut tickets = Tickets::default();
        let (first, second) = (tickets.draw(), tickets.draw());
        let mut remote = Remote::Ready("old");
        remote.ask(first, Duration::ZERO);
        remote.ask(second, Duration::ZERO);
        assert!(!remote.take(first, Ok("late")));
        assert_eq!(remote.value(), Some(&"old"));
        assert!(remote.take(second, Err(Problem::new(ProblemKind::Network, "down"))));
        assert_eq!((remote.value(), remote.problem().unwrap().title.as_str()), (Some(&"old"), "down"));
        assert!(!remote.take(second, Ok("twice")));
    }
}
