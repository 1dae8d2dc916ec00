//! The sandbox and the client in one process, without sockets: what the contract tests and journeys stand on.
//! Waiting goes by tokio's clock, which a test pauses; tokens and signatures go by the real one.

#![allow(dead_code, reason = "each test file uses its share")]

pub mod chaos;
pub mod desk;
pub mod journey;
#[cfg(unix)]
pub mod seat;

use std::collections::HashMap;
use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Request, header};
use jiff::Timestamp;
use secrecy::ExposeSecret;
use serde_json::Value;
use tokio::sync::mpsc;
use tower::ServiceExt;
use unbid::config::{AccountConfig, Config};
use unbid::domain::change::{Change, NewNegative};
use unbid::domain::ids::{AdGroupId, CampaignId};
use unbid::domain::negative::{Kind, Level, Negative, State};
use unbid::domain::plan::{Fingerprint, PlannedChange, PlannedRequest};
use unbid::domain::problem::Problem;
use unbid::domain::request::Response;
use unbid::platform::http::{Http, Transport, TransportError, WireRequest};
use unbid::platform::traits::{Answer, Fetched, Pending, Scope};
use unbid::platform::{self, Connection, Platform};
use unbid::sandbox::{Dropped, Emulation, Options, Origins, Platform as Emulated};

/// Carries calls to routers in the same process, by origin.
pub struct InProcess {
    routers: HashMap<String, Router>,
}

impl Transport for InProcess {
    fn send(&self, wire: WireRequest) -> Pending<'_, Result<Response, TransportError>> {
        Box::pin(async move {
            let at = wire.url.match_indices('/').nth(2).map_or(wire.url.len(), |(at, _)| at);
            let (origin, path) = wire.url.split_at(at);
            let Some(router) = self.routers.get(origin) else {
                return Err(TransportError::NotConnected(format!("nobody listens at {origin}")));
            };
            let host = origin.split_once("//").map_or("", |(_, host)| host);
            let mut request = Request::builder()
                .method(wire.method.to_string().as_str())
                .uri(path)
                .header(header::HOST, host);
            for (name, value) in &wire.headers {
                request = request.header(name, value);
            }
            for (name, value) in &wire.secret_headers {
                request = request.header(name, value.expose_secret());
            }
            // As the real transport: a value that no header can carry is not sent.
            let request = request
                .body(Body::from(wire.body))
                .map_err(|error| TransportError::NotConnected(error.to_string()))?;
            let exchange = async {
                let answer = router.clone().oneshot(request).await.expect("routers do not fail");
                if answer.extensions().get::<Dropped>().is_some() {
                    return Err(TransportError::Broken("the connection was closed".into()));
                }
                let status = answer.status().as_u16();
                let headers = answer
                    .headers()
                    .iter()
                    .map(|(name, value)| {
                        (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into_owned())
                    })
                    .collect();
                let body = to_bytes(answer.into_body(), wire.most_bytes)
                    .await
                    .map_err(|error| TransportError::Unreadable(error.to_string()))?;
                Ok(Response { status, headers, body })
            };
            match tokio::time::timeout(wire.timeout, exchange).await {
                Ok(end) => end,
                Err(_) => Err(TransportError::Broken("no answer in time".into())),
            }
        })
    }
}

/// A sandbox and a client on it.
pub struct Bench {
    pub http: Arc<Http>,
    pub config: Config,
    transport: Arc<dyn Transport>,
    control: Router,
    /// Holds the key and stands for the config file.
    _folder: tempfile::TempDir,
}

impl Bench {
    /// A small world without faults.
    pub fn small() -> Self {
        Self::new(Options::default())
    }

    pub fn new(options: Options) -> Self {
        Self::through(options, |transport| transport)
    }

    /// The same with something between the client and the sandbox.
    pub fn through(options: Options, between: impl FnOnce(Arc<dyn Transport>) -> Arc<dyn Transport>) -> Self {
        let emulation = Emulation::new(options);
        let origins = Origins::unbound();
        let folder = tempfile::tempdir().expect("a folder");
        let key = folder.path().join("sams_private_key.pem");
        let file = folder.path().join("config.toml");
        let text = emulation.config(&origins, &key);
        write_private(&key, Emulation::sams_private_key());
        write_private(&file, &text);
        let config = Config::load(&file, true).expect("the sandbox's own config");
        let routers = Emulated::ALL
            .into_iter()
            .map(|emulated| (origins.platforms[emulated as usize].clone(), emulation.router(emulated)))
            .collect();
        let transport = between(Arc::new(InProcess { routers }));
        let http = Http::new(Arc::clone(&transport), Arc::new(Timestamp::now));
        Self { http, config, transport, control: emulation.control(), _folder: folder }
    }

    /// The client as a new process has it: no token, no pace learned.
    pub fn new_client(&mut self) {
        self.http = Http::new(Arc::clone(&self.transport), Arc::new(Timestamp::now));
    }

    /// The accounts of a platform.
    pub fn accounts<'a>(&'a self, platform: &dyn Platform) -> Vec<&'a AccountConfig> {
        let id = platform.id();
        self.config.accounts.iter().filter(|account| account.platform == id).collect()
    }

    /// The first account of a platform.
    pub fn connect(&self, platform: &dyn Platform) -> Arc<dyn Connection> {
        platform::connect(self.accounts(platform)[0], &self.http).expect("the sandbox's own account")
    }

    /// A call to the control server.
    pub async fn control(&self, method: &str, path: &str, body: Option<Value>) -> Value {
        let request = Request::builder().method(method).uri(path);
        let body = body.map_or_else(Body::empty, |body| Body::from(body.to_string()));
        let answer =
            self.control.clone().oneshot(request.body(body).expect("a request")).await.expect("an answer");
        let status = answer.status();
        let bytes = to_bytes(answer.into_body(), usize::MAX).await.expect("a body");
        assert!(status.is_success(), "{method} {path}: {status} {}", String::from_utf8_lossy(&bytes));
        serde_json::from_slice(&bytes).expect("JSON")
    }

    /// Puts fault rules in force, in place of those before.
    pub async fn faults(&self, rules: Value) {
        self.control("PUT", "/faults", Some(rules)).await;
    }

    /// What the sandbox was asked: (path, status) of each call whose path begins so, oldest first.
    pub async fn asked(&self, path: &str) -> Vec<(String, Option<u64>)> {
        let log = self.control("GET", "/requests", None).await;
        let calls = log.as_array().expect("a list").iter();
        calls
            .filter_map(|call| Some((call["path"].as_str()?.to_owned(), call["status"].as_u64())))
            .filter(|(asked, _)| asked.starts_with(path))
            .collect()
    }
}

fn write_private(path: &std::path::Path, text: &str) {
    std::fs::write(path, text).expect("a file");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600)).expect("permissions");
    }
}

/// Everything that a listing brings, in one place; rows that come twice count once.
#[derive(Default)]
pub struct Listing {
    pub campaigns: HashMap<CampaignId, unbid::domain::campaign::Campaign>,
    pub ad_groups: HashMap<AdGroupId, unbid::domain::campaign::AdGroup>,
    pub negatives: HashMap<unbid::domain::negative::NegativeKey, Negative>,
    pub keywords: Vec<unbid::domain::keyword::Keyword>,
    pub failures: Vec<Problem>,
    pub restarts: usize,
}

/// Lists, and gathers the pages.
pub async fn list(connection: &dyn Connection, scope: &Scope) -> Result<Listing, Problem> {
    let (sink, mut pages) = mpsc::channel(8);
    let gather = async {
        let mut all = Listing::default();
        while let Some(page) = pages.recv().await {
            match page {
                Fetched::Campaigns(rows) => {
                    all.campaigns.extend(rows.into_iter().map(|row| (row.id.clone(), row)));
                }
                Fetched::AdGroups(rows) => {
                    all.ad_groups.extend(rows.into_iter().map(|row| (row.id.clone(), row)));
                }
                Fetched::Negatives(rows) => all.negatives.extend(rows.into_iter().map(|row| (row.key(), row))),
                Fetched::Keywords(rows) => all.keywords.extend(rows),
                Fetched::Restarted => all.restarts += 1,
                Fetched::Failed { problem, .. } => all.failures.push(problem),
            }
        }
        all
    };
    let ask = async {
        let end = connection.fetch(scope, &sink).await;
        drop(sink);
        end
    };
    let (end, all) = tokio::join!(ask, gather);
    end.map(|()| all)
}

/// A place for new negatives: an ad group that is live, in a campaign that takes them.
#[derive(Clone, Debug)]
pub struct Spot {
    pub campaign: CampaignId,
    pub ad_group: AdGroupId,
}

/// The live ad group with the fewest negatives.
pub async fn spot(connection: &dyn Connection) -> Spot {
    use unbid::domain::campaign::{Holds, ParentState};
    let all = list(connection, &Scope::SNAPSHOT).await.expect("a listing");
    let count = |id: &AdGroupId| all.negatives.values().filter(|row| row.ad_group.as_ref() == Some(id)).count();
    let live = all.ad_groups.values().filter(|group| {
        let campaign = all.campaigns.get(&group.campaign);
        group.state == ParentState::Enabled
            && campaign.is_some_and(|up| up.state == ParentState::Enabled && up.holds == Holds::Yes)
    });
    let group = live.min_by_key(|group| (count(&group.id), group.id.clone())).expect("a live ad group");
    Spot { campaign: group.campaign.clone(), ad_group: group.id.clone() }
}

/// A new keyword of the platform's first match type.
pub fn keyword(connection: &dyn Connection, spot: &Spot, text: &str, state: State) -> Change {
    let rule = connection.capabilities().kind(Kind::Keyword, Level::AdGroup).expect("keywords at ad groups");
    Change::Add {
        new: NewNegative {
            kind: Kind::Keyword,
            campaign: spot.campaign.clone(),
            ad_group: Some(spot.ad_group.clone()),
            text: text.into(),
            brand_name: None,
            match_type: rule.matches.first().copied(),
            state,
        },
    }
}

/// Changes as a plan holds them, numbered from 1.
pub fn planned(changes: impl IntoIterator<Item = Change>) -> Vec<PlannedChange> {
    let plan = |(change, number): (Change, u64)| PlannedChange {
        number,
        fingerprint: Fingerprint {
            match_type: None,
            text: change.text().clone(),
            state: None,
            campaign_native_state: "".into(),
            ad_group_native_state: None,
        },
        change,
        problem: None,
        cautions: Vec::new(),
    };
    changes.into_iter().zip(1..).map(plan).collect()
}

/// Sends everything and gives the answers by number.
pub async fn send(connection: &dyn Connection, changes: impl IntoIterator<Item = Change>) -> Vec<Answer> {
    let changes = planned(changes);
    let mut answers = Vec::new();
    for request in connection.prepare(&changes) {
        let response = connection.send(&request).await.unwrap_or_else(|error| panic!("{}", error.problem()));
        answers.extend(connection.read(&request, &changes, &response));
    }
    answers.sort_by_key(|(number, _)| *number);
    assert_eq!(answers.len(), changes.len(), "each change is answered once");
    answers.into_iter().map(|(_, answer)| answer).collect()
}

/// The only request that these changes make.
pub fn one_request(connection: &dyn Connection, changes: &[PlannedChange]) -> PlannedRequest {
    let mut requests = connection.prepare(changes);
    assert_eq!(requests.len(), 1);
    requests.remove(0)
}

/// The path of a request, as a fault rule takes it.
pub fn path(request: &PlannedRequest) -> String {
    let url = request.request.url.split('?').next().unwrap_or_default();
    let at = url.match_indices('/').nth(2).map_or(0, |(at, _)| at);
    url[at..].to_owned()
}
