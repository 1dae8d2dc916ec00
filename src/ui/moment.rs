//! Times of day as people read them, in the zone that the shell told.

use jiff::Timestamp;

use super::data::Data;

/// The time of day: `14:02:10`.
pub fn time(at: Timestamp, data: &Data) -> String {
    at.to_zoned(data.zone.clone()).strftime("%H:%M:%S").to_string()
}

/// Day and time: `14:02` today, `3 Mar 14:02` this year, `3 Mar 2025 14:02` before.
pub fn moment(at: Timestamp, data: &Data) -> String {
    let at = at.to_zoned(data.zone.clone());
    let now = data.clock.wall.to_zoned(data.zone.clone());
    let format = match (at.date() == now.date(), at.year() == now.year()) {
        (true, _) => "%H:%M",
        (false, true) => "%-d %b %H:%M",
        (false, false) => "%-d %b %Y %H:%M",
    };
    at.strftime(format).to_string()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::domain::clock::Clock;

    #[test]
    fn the_day_is_left_out_where_it_is_today_there() {
        let clock = Clock { wall: "2026-10-01T12:00:00Z".parse().unwrap(), monotonic: Duration::ZERO };
        let mut data = Data::new((80, 24), clock);
        let said = |data: &Data, at: &str| moment(at.parse().unwrap(), data);
        assert_eq!(said(&data, "2026-10-01T01:30:00Z"), "01:30");
        assert_eq!(said(&data, "2025-03-03T14:02:00Z"), "3 Mar 2025 14:02");
        data.zone = jiff::tz::TimeZone::fixed(jiff::tz::offset(-4));
        assert_eq!(said(&data, "2026-10-01T01:30:00Z"), "30 Sep 21:30");
        assert_eq!(time("2026-10-01T01:30:05Z".parse().unwrap(), &data), "21:30:05");
    }
}
