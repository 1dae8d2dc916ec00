//! A platform that answers every refresh with another refresh token: the newest one is used as long as the process
//! lives, and none of them is ever written down.

use std::fs;
use std::path::Path;
use std::sync::{Arc, Mutex};

use serde_json::{Value, json};
use unbid::domain::journal::OutcomeKind::Applied;
use unbid::domain::request::Response;
use unbid::platform::http::{Transport, TransportError, WireRequest};
use unbid::platform::traits::Pending;
use unbid::sandbox::Options;

use crate::rig::{Rig, paused};
use crate::support::Bench;
use crate::truth::Case;

/// Nothing else has this in it.
const CANARY: &str = "r0tated-canary";

/// Gives another refresh token with each access token, and takes only the newest.
struct Rotating {
    way: Arc<dyn Transport>,
    /// By token address: the configured token as it is in a form, and how many came in its place.
    given: Arc<Mutex<std::collections::BTreeMap<String, (String, usize)>>>,
}

impl Transport for Rotating {
    fn send(&self, mut request: WireRequest) -> Pending<'_, Result<Response, TransportError>> {
        Box::pin(async move {
            let form = String::from_utf8_lossy(&request.body).into_owned();
            let sent = form.split('&').find_map(|pair| pair.strip_prefix("refresh_token="));
            let Some(sent) = sent else { return self.way.send(request).await };
            let number = {
                let mut given = self.given.lock().unwrap();
                let (own, count) = given.entry(request.url.clone()).or_insert_with(|| (sent.to_owned(), 0));
                let newest = if *count == 0 { own.clone() } else { format!("{CANARY}-{count}") };
                assert_eq!(sent, newest, "only the newest is any good");
                request.body = form.replace(sent, own).into_bytes().into();
                *count += 1;
                *count
            };
            let answer = self.way.send(request).await?;
            let mut body: Value = serde_json::from_slice(&answer.body).unwrap();
            body["refresh_token"] = json!(format!("{CANARY}-{number}"));
            Ok(Response { body: body.to_string().into_bytes().into(), ..answer })
        })
    }
}

/// Whether any file below holds it.
fn holds(folder: &Path, what: &str) -> bool {
    fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).any(|path| {
        if path.is_dir() {
            return holds(&path, what);
        }
        let bytes = fs::read(&path).unwrap();
        bytes.windows(what.len()).any(|window| window == what.as_bytes())
    })
}

#[test]
fn a_refresh_token_that_rotates_is_used_while_the_process_lives_and_never_written_down() {
    paused(async {
        let given = Arc::default();
        let seen = Arc::clone(&given);
        let bench = Bench::through(Options::default(), |way| Arc::new(Rotating { way, given: seen }));
        let rig = Rig::on(bench).await;
        rig.bench.faults(json!([{"kind": "accept_duplicates"}])).await;
        for number in 1..=3 {
            let case = Case::copies(&rig, number, 4).await;
            let expire = |platform: &str| json!({"platform": platform, "kind": "expire_token", "times": 1});
            rig.bench.faults(json!([{"kind": "accept_duplicates"}, expire("amazon"), expire("ebay")])).await;
            let report = rig.apply().await.unwrap();
            assert_eq!(report.count(Applied), case.wanted.len(), "{report:?}");
            case.is_true(&rig).await;
        }
        let counts: Vec<usize> = given.lock().unwrap().values().map(|(_, count)| *count).collect();
        assert!(counts.len() == 2 && counts.iter().all(|count| *count >= 4), "{counts:?}");
        assert!(holds(rig.folder(), "case3"), "the search itself finds what is there");
        assert!(!holds(rig.folder(), CANARY));
        assert!(!rig.bench.http.log().iter().any(|entry| format!("{entry:?}").contains(CANARY)));
    });
}
