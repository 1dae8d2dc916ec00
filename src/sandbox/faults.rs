//! Fault rules as they are written in a faults file or sent to `PUT /faults`, and what they do to one call.
//! Nothing here touches HTTP; `pipeline.rs` and the platforms act on the [`Verdict`].

use std::time::Duration;

use serde::Deserialize;
use serde_json::Value;
use tokio::time::Instant;

use super::platform::Platform;

/// One rule of a fault list.
#[derive(Debug, Clone, Deserialize)]
pub struct Rule {
    /// Only calls to this platform.
    #[serde(default)]
    pub platform: Option<Platform>,
    /// Only calls with this method.
    #[serde(default)]
    pub method: Option<String>,
    /// Only calls whose path, as received, begins with this (or is this, with `exact`).
    #[serde(default)]
    pub path: Option<String>,
    /// The path must be the same as a whole.
    #[serde(default)]
    pub exact: bool,
    /// How many matching calls pass unharmed first.
    #[serde(default)]
    pub after: u64,
    /// How many matching calls are then hit; none: all.
    #[serde(default)]
    pub times: Option<u64>,
    /// Hits by chance instead of `after` and `times`.
    #[serde(default)]
    pub probability: Option<f64>,
    /// Makes the chance repeatable.
    #[serde(default)]
    pub seed: u64,
    /// What happens.
    #[serde(flatten)]
    pub kind: Kind,
}

/// What a rule does.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Kind {
    /// Answers with a status, and does nothing.
    Status {
        /// HTTP status.
        status: u16,
        /// `Retry-After`.
        #[serde(default)]
        retry_after: Option<RetryAfter>,
        /// Body: a string as it is, anything else as JSON; absent: the platform's own error body.
        #[serde(default)]
        body: Option<Value>,
    },
    /// Waits before the call is handled.
    Delay {
        /// Milliseconds.
        ms: u64,
    },
    /// Closes the connection, nothing done.
    DropBefore,
    /// Handles the call, then closes the connection without a response.
    DropAfter,
    /// What is written stays hidden from lists for a number of lists, or for a time.
    Lag {
        /// Lists of negatives.
        #[serde(default)]
        calls: Option<u64>,
        /// Milliseconds.
        #[serde(default)]
        ms: Option<u64>,
    },
    /// An equal negative is stored a second time.
    AcceptDuplicates,
    /// Each n-th item of a batch fails.
    RejectItems {
        /// n; 1 is every item.
        every: usize,
    },
    /// Result items come in another order than the request's.
    ReorderItems,
    /// Text is stored in lower case and trimmed.
    Normalise,
    /// The access token of the call is no longer good.
    ExpireToken,
    /// Answers with an HTML page, as a proxy in front does.
    HtmlError {
        /// HTTP status; 503 when absent.
        #[serde(default)]
        status: Option<u16>,
    },
    /// Handles the call, sends half of the body and closes the connection.
    TruncateBody,
    /// Handles the call, answers with a whole body that is no JSON.
    BadJson,
    /// Sends the body at this pace.
    SlowBody {
        /// Bytes per second.
        bytes_per_second: u64,
    },
    /// A list gives the same page and the same way on for ever.
    RepeatPage,
    /// A bucket of one second; what is beyond it gets 429 with `Retry-After`.
    Throttle {
        /// Calls per second.
        per_second: f64,
    },
    /// Waits on every call.
    Latency {
        /// Milliseconds.
        ms: u64,
    },
}

/// The value of `Retry-After`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub enum RetryAfter {
    /// Seconds.
    Seconds(u64),
    /// As it stands (an HTTP date).
    Text(String),
}

impl Kind {
    /// Kinds that act together with every other one.
    fn composes(&self) -> bool {
        matches!(
            self,
            Self::Latency { .. }
                | Self::Throttle { .. }
                | Self::Lag { .. }
                | Self::SlowBody { .. }
                | Self::Normalise
                | Self::ReorderItems
                | Self::AcceptDuplicates
        )
    }

    /// The word in a fault list.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Status { .. } => "status",
            Self::Delay { .. } => "delay",
            Self::DropBefore => "drop_before",
            Self::DropAfter => "drop_after",
            Self::Lag { .. } => "lag",
            Self::AcceptDuplicates => "accept_duplicates",
            Self::RejectItems { .. } => "reject_items",
            Self::ReorderItems => "reorder_items",
            Self::Normalise => "normalise",
            Self::ExpireToken => "expire_token",
            Self::HtmlError { .. } => "html_error",
            Self::TruncateBody => "truncate_body",
            Self::BadJson => "bad_json",
            Self::SlowBody { .. } => "slow_body",
            Self::RepeatPage => "repeat_page",
            Self::Throttle { .. } => "throttle",
            Self::Latency { .. } => "latency",
        }
    }
}

impl Rule {
    /// Reads a fault list.
    ///
    /// # Errors
    /// Says what is wrong and in which rule.
    pub fn list(json: &[u8]) -> Result<Vec<Self>, String> {
        let values: Vec<Value> = serde_json::from_slice(json)
            .map_err(|error| format!("a fault list is a JSON array of rules: {error}"))?;
        let read = |(index, value)| {
            let rule: Self =
                serde_json::from_value(value).map_err(|error| format!("fault rule {}: {error}", index + 1))?;
            rule.check().map_err(|problem| format!("fault rule {}: {problem}", index + 1))?;
            Ok(rule)
        };
        values.into_iter().enumerate().map(read).collect()
    }

    fn check(&self) -> Result<(), &'static str> {
        match &self.kind {
            Kind::Status { status, .. } | Kind::HtmlError { status: Some(status) }
                if !(100..=599).contains(status) =>
            {
                Err("`status` is an HTTP status from 100 to 599")
            }
            Kind::RejectItems { every: 0 } => Err("`every` is at least 1"),
            Kind::SlowBody { bytes_per_second: 0 } => Err("`bytes_per_second` is at least 1"),
            Kind::Throttle { per_second } if !(*per_second > 0.0 && per_second.is_finite()) => {
                Err("`per_second` is above 0")
            }
            Kind::Lag { calls: None, ms: None } => Err("`lag` needs `calls` or `ms`"),
            _ if self.probability.is_some_and(|chance| !(0.0..=1.0).contains(&chance)) => {
                Err("`probability` is from 0 to 1")
            }
            _ => Ok(()),
        }
    }

    fn matches(&self, seen: &Seen<'_>) -> bool {
        // A token endpoint issues tokens; there is none to expire yet, so such a call does not use the rule up.
        if matches!(self.kind, Kind::ExpireToken) && seen.issues_tokens {
            return false;
        }
        self.platform.is_none_or(|platform| platform == seen.platform)
            && self.method.as_deref().is_none_or(|method| method.eq_ignore_ascii_case(seen.method))
            && self
                .path
                .as_deref()
                .is_none_or(|path| if self.exact { seen.path == path } else { seen.path.starts_with(path) })
    }
}

/// A call as the rules see it.
#[derive(Debug, Clone, Copy)]
pub struct Seen<'a> {
    /// The listener it came to.
    pub platform: Platform,
    /// HTTP method.
    pub method: &'a str,
    /// Path as received, without the query.
    pub path: &'a str,
    /// Whether the path is the platform's token endpoint.
    pub issues_tokens: bool,
}

/// How long a write stays hidden from lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lag {
    /// This many lists of negatives.
    Calls(u64),
    /// This long.
    Time(Duration),
}

/// What the composing rules that are due do to a call.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Effects {
    /// Write hidden from lists.
    pub lag: Option<Lag>,
    /// Equal negatives are stored again.
    pub accept_duplicates: bool,
    /// Result items come in another order.
    pub reorder: bool,
    /// Text is stored folded.
    pub normalise: bool,
    /// Pace of the body.
    pub bytes_per_second: Option<u64>,
}

/// What happens to a call.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Verdict {
    /// Waiting time on every call.
    pub latency: Duration,
    /// Over the allowed rate: whole seconds until the next call can pass.
    pub throttled: Option<u64>,
    /// The first due rule of the kinds that do not compose.
    pub acting: Option<Kind>,
    /// The composing rules.
    pub effects: Effects,
}

#[derive(Debug)]
struct Live {
    rule: Rule,
    /// Matching calls so far.
    seen: u64,
    /// Tokens left in a throttle's bucket, and when that was.
    bucket: Option<(f64, Instant)>,
}

impl Live {
    /// Counts a matching call and tells whether the rule hits it.
    fn is_due(&mut self) -> bool {
        let number = self.seen;
        self.seen += 1;
        match self.rule.probability {
            Some(chance) => super::rng::unit(self.rule.seed, number) < chance,
            None => {
                number >= self.rule.after
                    && self.rule.times.is_none_or(|times| number - self.rule.after < times)
            }
        }
    }

    /// Takes a token; without one, the seconds until there is one.
    fn take(&mut self, per_second: f64) -> Option<u64> {
        let (size, now) = (per_second.max(1.0), Instant::now());
        let (left, since) = self.bucket.unwrap_or((size, now));
        let left = (left + now.duration_since(since).as_secs_f64() * per_second).min(size);
        if left >= 1.0 {
            self.bucket = Some((left - 1.0, now));
            return None;
        }
        self.bucket = Some((left, now));
        // Whole seconds, at least one: the header has no fractions.
        #[allow(clippy::cast_sign_loss)]
        let wait = ((1.0 - left) / per_second).ceil().max(1.0) as u64;
        Some(wait)
    }
}

/// The rules in force, with their counts.
#[derive(Debug, Default)]
pub struct FaultBook {
    live: Vec<Live>,
}

impl FaultBook {
    /// These rules, nothing counted yet.
    pub fn new(rules: Vec<Rule>) -> Self {
        Self { live: rules.into_iter().map(|rule| Live { rule, seen: 0, bucket: None }).collect() }
    }

    /// Counts a call in every rule that matches it, and says what happens to it.
    pub fn judge(&mut self, seen: &Seen<'_>) -> Verdict {
        let mut verdict = Verdict::default();
        for live in &mut self.live {
            if !live.rule.matches(seen) || !live.is_due() {
                continue;
            }
            let kind = live.rule.kind.clone();
            if !kind.composes() {
                verdict.acting.get_or_insert(kind);
                continue;
            }
            let effects = &mut verdict.effects;
            match kind {
                Kind::Latency { ms } => verdict.latency += Duration::from_millis(ms),
                Kind::Throttle { per_second } => {
                    verdict.throttled = verdict.throttled.max(live.take(per_second));
                }
                Kind::Lag { calls, ms } => {
                    effects.lag = calls.map(Lag::Calls).or(ms.map(|ms| Lag::Time(Duration::from_millis(ms))));
                }
                Kind::SlowBody { bytes_per_second } => {
                    effects.bytes_per_second = Some(bytes_per_second);
                }
                Kind::Normalise => effects.normalise = true,
                Kind::ReorderItems => effects.reorder = true,
                _ => effects.accept_duplicates = true,
            }
        }
        verdict
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn book(json: &str) -> FaultBook {
        FaultBook::new(Rule::list(json.as_bytes()).expect("rules"))
    }

    fn call(path: &str) -> Seen<'_> {
        Seen { platform: Platform::Sams, method: "POST", path, issues_tokens: false }
    }

    #[test]
    fn a_path_is_a_prefix_unless_exact() {
        let mut prefix = book(r#"[{"platform":"sams","method":"post","path":"/a","kind":"drop_before"}]"#);
        assert_eq!(prefix.judge(&call("/a/b")).acting, Some(Kind::DropBefore));
        assert_eq!(prefix.judge(&call("/b")).acting, None);
        let mut exact = book(r#"[{"path":"/a","exact":true,"kind":"drop_before"}]"#);
        assert_eq!(exact.judge(&call("/a/b")).acting, None);
        assert_eq!(exact.judge(&call("/a")).acting, Some(Kind::DropBefore));
    }

    #[test]
    fn after_and_times_count_matching_calls_only() {
        let mut book = book(r#"[{"path":"/a","after":1,"times":2,"kind":"drop_after"}]"#);
        let hits: Vec<bool> =
            ["/a", "/b", "/a", "/a", "/a"].map(|path| book.judge(&call(path)).acting.is_some()).into();
        assert_eq!(hits, [false, false, true, true, false]);
    }

    #[test]
    fn the_first_due_rule_acts_and_the_composing_ones_join_it() {
        let mut book = book(
            r#"[{"kind":"latency","ms":5},{"times":1,"kind":"status","status":500},{"kind":"delay","ms":9},
                {"kind":"normalise"},{"kind":"latency","ms":7},{"kind":"lag","calls":3}]"#,
        );
        let first = book.judge(&call("/"));
        assert!(matches!(first.acting, Some(Kind::Status { status: 500, .. })));
        assert_eq!(first.latency, Duration::from_millis(12));
        assert!(first.effects.normalise);
        assert_eq!(first.effects.lag, Some(Lag::Calls(3)));
        assert_eq!(book.judge(&call("/")).acting, Some(Kind::Delay { ms: 9 }));
    }

    #[test]
    fn chance_is_repeatable() {
        let list = r#"[{"probability":0.3,"seed":7,"kind":"drop_before"}]"#;
        let run = || {
            let mut book = book(list);
            (0..200).map(|_| book.judge(&call("/")).acting.is_some()).collect::<Vec<_>>()
        };
        let hits = run().iter().filter(|hit| **hit).count();
        assert_eq!(run(), run());
        assert!((30..90).contains(&hits), "{hits}");
    }

    #[tokio::test(start_paused = true)]
    async fn a_throttle_lets_one_second_of_calls_pass_and_refills() {
        let mut book = book(r#"[{"kind":"throttle","per_second":2}]"#);
        assert_eq!(book.judge(&call("/")).throttled, None);
        assert_eq!(book.judge(&call("/")).throttled, None);
        assert_eq!(book.judge(&call("/")).throttled, Some(1));
        tokio::time::advance(Duration::from_millis(500)).await;
        assert_eq!(book.judge(&call("/")).throttled, None);
        assert_eq!(book.judge(&call("/")).throttled, Some(1));
    }

    #[test]
    fn a_token_call_does_not_use_up_an_expiry() {
        let mut book = book(r#"[{"times":1,"kind":"expire_token"}]"#);
        assert_eq!(book.judge(&Seen { issues_tokens: true, ..call("/auth") }).acting, None);
        assert_eq!(book.judge(&call("/x")).acting, Some(Kind::ExpireToken));
    }

    #[test]
    fn a_wrong_rule_is_named() {
        let error = Rule::list(br#"[{"kind":"delay","ms":1},{"kind":"explode"}]"#).expect_err("unknown kind");
        assert!(error.contains("rule 2") && error.contains("explode"), "{error}");
        let error = Rule::list(br#"[{"kind":"reject_items","every":0}]"#).expect_err("every");
        assert!(error.contains("every"), "{error}");
    }
}
