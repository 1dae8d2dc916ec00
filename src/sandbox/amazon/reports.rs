//! Reporting v3, as far as search terms go: create, look, cancel, and the download that must come without credentials.
//! Facts: Amazon's official "Offline Report" `OpenAPI` file, and the guide "Search term report". What may be asked is in
//! `reports_request.rs`, what the file holds in `reports_file.rs`.

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Extension, Path, Query, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use serde_json::{Value, json};

use super::super::app::App;
use super::super::call::Call;
use super::super::platform::Platform;
use super::super::reports::{Job, Stage, gzip, number_of, uuid_of};
use super::reports_request::Asked;
use super::{Answer, Refusal, auth, media, reports_file};

const REQUEST: &str = "application/vnd.createasyncreportrequest.v3+json";
const CREATED: &str = "application/vnd.createasyncreportresponse.v3+json";
const LOOKED: &str = "application/vnd.getasyncreportresponse.v3+json";
/// "urlExpires at this time defaults to 3600 seconds".
const EXPIRES: i64 = 3_600;

/// `POST /reporting/reports`.
pub async fn create(
    State(app): State<App>,
    Extension(call): Extension<Call>,
    headers: HeaderMap,
    body: Bytes,
) -> Answer {
    create_in(&app, &call, &headers, &body).map_err(Refusal::reporting)
}

fn create_in(app: &App, call: &Call, headers: &HeaderMap, body: &Bytes) -> Answer {
    let account = auth::profile(app, call, headers)?;
    media::accepts(headers, &[CREATED])?;
    media::consumes(headers, body, REQUEST)?;
    let mut realm = app.realm_mut(Platform::Amazon);
    let asked = Asked::read(&realm, body)?;
    let same = |job: &&Job| job.account == account && Asked::of(job).is_some_and(|one| one.equals(&asked));
    if let Some(twin) = realm.jobs.iter().rev().find(same) {
        return Err(Refusal::duplicate_report(&uuid_of(twin.number)));
    }
    let days = (asked.from, asked.to);
    let job = realm.jobs.add(account, days, asked.written(), call.world_time);
    Ok(typed(CREATED, &report(job, Stage::Pending, None)))
}

/// `GET /reporting/reports/{reportId}`.
pub async fn one(
    State(app): State<App>,
    Extension(call): Extension<Call>,
    headers: HeaderMap,
    Path(id): Path<String>,
) -> Answer {
    let look = || {
        let job = find(&app, &call, &headers, &id)?;
        media::accepts(&headers, &[LOOKED])?;
        let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or("localhost");
        Ok(typed(LOOKED, &report(&job, job.stage(), Some(host))))
    };
    look().map_err(Refusal::reporting)
}

/// `DELETE /reporting/reports/{reportId}`.
pub async fn cancel(
    State(app): State<App>,
    Extension(call): Extension<Call>,
    headers: HeaderMap,
    Path(id): Path<String>,
) -> Answer {
    let job = find(&app, &call, &headers, &id).map_err(Refusal::reporting)?;
    app.realm_mut(Platform::Amazon).jobs.remove(job.number);
    Ok(Json(json!({"code": "200", "detail": "Report deleted", "reportId": id})).into_response())
}

fn find(app: &App, call: &Call, headers: &HeaderMap, id: &str) -> Result<Job, Refusal> {
    let account = auth::profile(app, call, headers)?;
    let realm = app.realm(Platform::Amazon);
    let job = number_of(id).and_then(|number| realm.jobs.get(number)).filter(|job| job.account == account);
    job.cloned().ok_or_else(|| Refusal::not_found("Not Found"))
}

fn typed(media: &'static str, body: &Value) -> Response {
    let mut response = Json(body).into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(media));
    response
}

/// `AsyncReport`.
fn report(job: &Job, stage: Stage, host: Option<&str>) -> Value {
    let time = |seconds: i64| Timestamp::from_second(seconds).unwrap_or_default().to_string();
    let mut out = job.asked.clone();
    out["reportId"] = json!(uuid_of(job.number));
    out["status"] = json!(match stage {
        Stage::Pending => "PENDING",
        Stage::Processing => "PROCESSING",
        Stage::Done => "COMPLETED",
    });
    out["createdAt"] = json!(time(job.made));
    out["updatedAt"] = json!(time(job.made));
    for empty in ["failureReason", "fileSize", "generatedAt", "url", "urlExpiresAt"] {
        out[empty] = Value::Null;
    }
    if let Some(host) = host.filter(|_| stage == Stage::Done) {
        let id = uuid_of(job.number);
        out["url"] = json!(format!(
            "http://{host}{STORAGE}/{id}/report-{id}.json.gz?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-SignedHeaders=host\
             &X-Amz-Expires={EXPIRES}&X-Amz-Signature={}",
            signature(job.number)
        ));
        out["generatedAt"] = json!(time(job.made + 1));
        out["urlExpiresAt"] = json!(time(job.made + EXPIRES));
    }
    out
}

/// Where files lie: on a host of their own at Amazon, on this listener here.
pub const STORAGE: &str = "/offline-report-storage";

fn signature(number: u64) -> String {
    format!("{:064x}", u128::from(number).wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835))
}

/// A presigned download, as S3 serves it: the signature in the query is all, and credentials beside it are an error
/// (S3 error `InvalidArgument`, "Only one auth mechanism allowed").
pub async fn download(
    State(app): State<App>,
    headers: HeaderMap,
    Path((id, _)): Path<(String, String)>,
    Query(query): Query<Vec<(String, String)>>,
) -> Response {
    if headers.contains_key(header::AUTHORIZATION) {
        let text = "Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter, Signature query string parameter \
                    or the Authorization header should be specified";
        return s3_error(StatusCode::BAD_REQUEST, "InvalidArgument", text);
    }
    let signed = query.iter().find(|(name, _)| name == "X-Amz-Signature").map(|(_, value)| value.as_str());
    let number = number_of(&id).filter(|number| signed == Some(signature(*number).as_str()));
    let job = number.and_then(|number| app.realm(Platform::Amazon).jobs.get(number).cloned());
    let Some(job) = job.filter(|job| job.stage() == Stage::Done) else {
        return s3_error(StatusCode::FORBIDDEN, "AccessDenied", "Access Denied");
    };
    // A large account's rows are no work for an async thread.
    let made = tokio::task::spawn_blocking(move || gzip(&reports_file::write(&app, &job))).await;
    match made {
        Ok(file) => ([(header::CONTENT_TYPE, "application/octet-stream")], file).into_response(),
        Err(_) => {
            s3_error(StatusCode::INTERNAL_SERVER_ERROR, "InternalError", "We encountered an internal error.")
        }
    }
}

fn s3_error(status: StatusCode, code: &str, message: &str) -> Response {
    let body = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>{code}</Code><Message>{message}</Message></Error>"
    );
    (status, [(header::CONTENT_TYPE, "application/xml")], body).into_response()
}
