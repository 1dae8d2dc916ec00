//! For tests of platform folders: a transport that answers from a closure and keeps what was sent. No socket,
//! no real time.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::{Arc, Mutex};

use secrecy::ExposeSecret;

use super::http::{Http, Transport, TransportError, WireRequest};
use super::traits::{Connection, Fetched, Pending, Platform, Scope, TermsFetched, TermsWanted};
use crate::config::{AccountConfig, Place, Setting};
use crate::domain::account::AccountName;
use crate::domain::change::{Change, NewNegative};
use crate::domain::ids::{AdGroupId, CampaignId, NegativeId};
use crate::domain::negative::{Kind, MatchType, Negative, State};
use crate::domain::plan::{Fingerprint, PlannedChange, PlannedRequest};
use crate::domain::problem::Problem;
use crate::domain::request::{Request, Response};
use crate::domain::term::TermRow;

type Reply = Box<dyn Fn(&WireRequest) -> Response + Send + Sync>;

/// Answers from a closure; the request as text goes into `sent`.
pub(super) struct Script {
    reply: Reply,
    sent: Mutex<Vec<String>>,
}

impl Script {
    pub(super) fn new(reply: impl Fn(&WireRequest) -> Response + Send + Sync + 'static) -> Arc<Self> {
        Arc::new(Self { reply: Box::new(reply), sent: Mutex::default() })
    }

    /// Everything that was sent, in order: request line, headers, body.
    pub(super) fn sent(&self) -> Vec<String> {
        self.sent.lock().unwrap().clone()
    }
}

impl Transport for Script {
    fn send(&self, request: WireRequest) -> Pending<'_, Result<Response, TransportError>> {
        let mut text = format!("{} {}\n", request.method, request.url);
        let secret = request.secret_headers.iter().map(|(name, value)| (name, value.expose_secret()));
        let plain = request.headers.iter().map(|(name, value)| (name, value.as_str()));
        for (name, value) in plain.chain(secret).filter(|(name, _)| *name != "User-Agent") {
            writeln!(text, "{name}: {value}").unwrap();
        }
        text.push_str(&String::from_utf8_lossy(&request.body));
        self.sent.lock().unwrap().push(text);
        let response = (self.reply)(&request);
        Box::pin(async move { Ok(response) })
    }
}

/// The time at which tests take place.
pub(super) const NOW: &str = "2026-10-01T00:00:00Z";

/// An answer without headers.
pub(super) fn answer(status: u16, body: &str) -> Response {
    Response { status, headers: Vec::new(), body: bytes::Bytes::copy_from_slice(body.as_bytes()) }
}

/// Connects an account. Its secrets stand in its file, which only its owner may read.
pub(super) fn connect(
    platform: &dyn Platform,
    settings: &[(&str, &str)],
    script: &Arc<Script>,
) -> Result<Arc<dyn Connection>, Problem> {
    let file = tempfile::NamedTempFile::new().unwrap();
    let config = AccountConfig {
        name: AccountName::new("acme"),
        platform: platform.id(),
        group: "acme".to_owned(),
        read_only: false,
        protected: false,
        place: Place { file: file.path().to_owned(), line: 1 },
        settings: settings
            .iter()
            .zip(2..)
            .map(|((key, text), line)| ((*key).to_owned(), (Setting::Text((*text).to_owned()), line)))
            .collect::<BTreeMap<_, _>>(),
    };
    platform.connect(&config, &Http::new(script.clone(), Arc::new(|| NOW.parse().unwrap())))
}

/// Lists, and gives back all pages.
pub(super) async fn fetched(connection: &dyn Connection, scope: &Scope) -> Result<Vec<Fetched>, Problem> {
    let (sink, mut pages) = tokio::sync::mpsc::channel(64);
    let gather = async {
        let mut all = Vec::new();
        while let Some(page) = pages.recv().await {
            all.push(page);
        }
        all
    };
    let list = async {
        let end = connection.fetch(scope, &sink).await;
        drop(sink);
        end
    };
    let (end, all) = tokio::join!(list, gather);
    end.map(|()| all)
}

/// Asks for the search terms of the newest days, and gives back all parts.
pub(super) async fn terms(connection: &dyn Connection, days: u16) -> Result<Vec<TermsFetched>, Problem> {
    let wanted = TermsWanted { days, until: None, not: Vec::new() };
    let (sink, mut parts) = tokio::sync::mpsc::channel(64);
    let gather = async {
        let mut all = Vec::new();
        while let Some(part) = parts.recv().await {
            all.push(part);
        }
        all
    };
    let ask = async {
        let end = connection.terms(&wanted, &sink).await;
        drop(sink);
        end
    };
    let (end, all) = tokio::join!(ask, gather);
    end.map(|()| all)
}

/// The rows among the parts, and the problems.
pub(super) fn rows_and_failures(parts: Vec<TermsFetched>) -> (Vec<TermRow>, Vec<Problem>) {
    let (mut rows, mut failures) = (Vec::new(), Vec::new());
    for part in parts {
        match part {
            TermsFetched::Rows(_, more) => rows.extend(more),
            TermsFetched::Failed(_, problem) => failures.push(problem),
            TermsFetched::Asked(_) | TermsFetched::Whole(..) => {}
        }
    }
    (rows, failures)
}

/// An addition to ad group `group` of campaign `campaign`.
pub(super) fn add(
    number: u64,
    campaign: &str,
    group: &str,
    text: &str,
    match_type: MatchType,
) -> PlannedChange {
    let new = NewNegative {
        kind: Kind::Keyword,
        campaign: CampaignId::new(campaign),
        ad_group: Some(AdGroupId::new(group)),
        text: text.into(),
        brand_name: None,
        match_type: Some(match_type),
        state: State::Enabled,
    };
    planned(number, Change::Add { new })
}

/// A move of an enabled negative to another state.
pub(super) fn set(number: u64, id: &str, to: State) -> PlannedChange {
    planned(number, Change::SetState { target: negative(id, "12", "77", "free"), to })
}

/// A change as a plan holds it.
pub(super) fn planned(number: u64, change: Change) -> PlannedChange {
    let fingerprint = Fingerprint {
        match_type: None,
        text: change.text().clone(),
        state: None,
        campaign_native_state: "RUNNING".into(),
        ad_group_native_state: None,
    };
    PlannedChange { number, change, fingerprint, problem: None, cautions: Vec::new() }
}

/// An enabled exact keyword negative.
pub(super) fn negative(id: &str, campaign: &str, group: &str, text: &str) -> Negative {
    Negative {
        id: NegativeId::new(id),
        kind: Kind::Keyword,
        campaign: CampaignId::new(campaign),
        ad_group: Some(AdGroupId::new(group)),
        text: text.into(),
        brand_name: None,
        match_type: Some(MatchType::Exact),
        state: State::Enabled,
        native_state: "ACTIVE".into(),
        created: None,
    }
}

/// A request as its golden text: what a plan shows, secrets by name only.
pub(super) fn shown(planned: &PlannedRequest) -> String {
    let Request { operation, method, url, headers, secret_headers, body, class } = &planned.request;
    let mut text = format!("{operation} {class:?} carries {:?}\n{method} {url}\n", planned.changes);
    for (name, value) in headers {
        writeln!(text, "{name}: {value}").unwrap();
    }
    for name in secret_headers {
        writeln!(text, "{name}: ***").unwrap();
    }
    if let crate::domain::request::Body::Json(body) = body {
        writeln!(text, "{body}").unwrap();
    }
    text
}

/// Compares with `tests/golden/FOLDER/NAME.snap`. `INSTA_UPDATE=always` writes it anew; then read it against the
/// platform's specification.
pub(super) fn golden(folder: &str, name: &str, text: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(format!("../../tests/golden/{folder}"));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, text));
}
