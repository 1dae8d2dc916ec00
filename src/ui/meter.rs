//! How full a campaign or ad group is, in words, for Browse, the plan and the add form. The counting is
//! `domain::judge`'s business.

use super::canvas::count;
use super::data::Data;
use super::theme::Role;
use crate::domain::account::Identity;
use crate::domain::catalog::Scope;
use crate::domain::judge::Meter;
use crate::domain::negative::Level;

/// The meter of a scope of an account; `None` where there is no snapshot, or nothing to count.
pub fn of(data: &Data, account: &Identity, scope: Scope) -> Option<Meter> {
    Meter::of(scope, data.catalog()?, &data.overlay, data.account(account)?.capabilities)
}

/// What it says: `the ad group holds 41 of 1,000`; with staged changes `… 41, 44 once sent, of 1,000`.
pub fn words(meter: Meter) -> String {
    let what = if meter.level == Level::AdGroup { "ad group" } else { "campaign" };
    let (held, after) = (count(meter.held), count(meter.after));
    match (meter.after == meter.held, meter.most.map(count)) {
        (true, None) => format!("the {what} holds {held}"),
        (true, Some(most)) => format!("the {what} holds {held} of {most}"),
        (false, None) => format!("the {what} holds {held}, {after} once sent"),
        (false, Some(most)) => format!("the {what} holds {held}, {after} once sent, of {most}"),
    }
}

/// Its colour: a warning from nine tenths on.
pub fn role(meter: Meter) -> Role {
    if meter.is_near() { Role::Warn } else { Role::Dim }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_meter_says_what_is_there_what_will_be_and_the_most() {
        let said = |held, after, most| words(Meter { level: Level::AdGroup, held, after, most });
        assert_eq!(said(41, 41, Some(1_000)), "the ad group holds 41 of 1,000");
        assert_eq!(said(41, 44, Some(1_000)), "the ad group holds 41, 44 once sent, of 1,000");
        assert_eq!(said(41, 41, None), "the ad group holds 41");
        assert_eq!(said(1_041, 1_040, None), "the ad group holds 1,041, 1,040 once sent");
    }

    #[test]
    fn nine_tenths_are_worth_a_warning_before_they_are_there() {
        let near = |held, after, most| role(Meter { level: Level::Campaign, held, after, most }) == Role::Warn;
        assert!(near(900, 900, Some(1_000)) && near(10, 900, Some(1_000)));
        assert!(!near(899, 899, Some(1_000)) && !near(5_000, 5_000, None));
    }
}
