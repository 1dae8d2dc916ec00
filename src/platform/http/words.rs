//! Failures in words: what failed, status, the platform's code and text, what to do. No secret can come in
//! here: requests are without them, and answers are quoted only by what the platform folder took out.

use super::address;
use super::transport::TransportError;
use crate::domain::account::AccountName;
use crate::domain::problem::{Problem, ProblemKind};
use crate::domain::request::{Request, Response};

/// What a platform's error body says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Complaint {
    /// The platform's own code.
    pub code: Option<String>,
    /// The platform's own text.
    pub text: Option<String>,
    /// The platform's name for this exchange, for its support.
    pub request_id: Option<String>,
    /// What to do, where the platform folder knows better than the status.
    pub hint: Option<String>,
}

/// An answer that is no success.
pub(super) fn refusal(
    platform: &str,
    account: &AccountName,
    request: &Request,
    response: &Response,
    complaint: &Complaint,
) -> Problem {
    let operation = &request.operation;
    let (kind, title, hint) = match response.status {
        401 | 403 => (
            ProblemKind::Auth,
            format!("{platform} does not let {account} do {operation}"),
            "Check the account's credentials and permissions with `unbid doctor`.",
        ),
        429 => (
            ProblemKind::Throttled,
            format!("{platform} keeps asking {account} to slow down"),
            "Wait some minutes, then try again.",
        ),
        408 | 500.. => (
            ProblemKind::Server,
            format!("{platform} failed at {operation}"),
            "Try again later; what was there before is kept.",
        ),
        300..=399 => (
            ProblemKind::Reply,
            format!("{platform} points elsewhere at {operation}"),
            "Redirects are never followed. Check the account's base_url.",
        ),
        _ => (
            ProblemKind::Refused,
            format!("{platform} refused {operation}"),
            "Nothing was changed by it. Refresh and try again; the log screen has the request and the answer's code.",
        ),
    };
    Problem::new(kind, title)
        .detail(detail(request, response, complaint))
        .hint(complaint.hint.as_deref().unwrap_or(hint))
}

/// A call that is not made because the platform asked to be left alone for long.
pub(super) fn held(platform: &str, account: &AccountName, until: jiff::Timestamp) -> Problem {
    let until = until.strftime("%F %H:%M UTC");
    Problem::new(ProblemKind::Throttled, format!("{platform} asks {account} to wait until {until}"))
        .hint("Try again then; nothing is sent before.")
}

/// A token or signature that is refused although it is new. What the platform says of it goes before the usual hint:
/// not every platform has a sign-in to repeat.
pub(super) fn not_accepted(
    platform: &str,
    account: &AccountName,
    refusal: &Problem,
    hint: Option<String>,
) -> Problem {
    let usual = || format!("Check its credentials with `unbid doctor`, or run `unbid login {account}`.");
    Problem::new(ProblemKind::Auth, format!("{platform} does not accept the sign-in of {account}"))
        .detail(&refusal.detail)
        .hint(hint.unwrap_or_else(usual))
}

/// An answer whose body is not what the platform documents.
pub(super) fn unreadable(platform: &str, request: &Request, response: &Response, why: &str) -> Problem {
    let title = format!("{platform}'s answer to {} cannot be understood", request.operation);
    Problem::new(ProblemKind::Reply, title)
        .detail(format!("{why}; {}", detail(request, response, &Complaint::default())))
        .hint("Try again; if it stays, the platform may have changed its interface.")
}

/// No answer, or none that could be read.
pub(super) fn lost(platform: &str, request: &Request, error: &TransportError) -> Problem {
    let (kind, title, why) = match error {
        TransportError::NotConnected(why) => (ProblemKind::Network, "could not be reached", why),
        TransportError::Broken(why) => (ProblemKind::Network, "gave no answer", why),
        TransportError::Unreadable(why) => {
            (ProblemKind::Reply, "sent an answer that could not be read whole", why)
        }
    };
    Problem::new(kind, format!("{platform} {title}"))
        .detail(format!("{}: {why}", endpoint(request)))
        .hint(no_answer(why))
}

/// What to do when no answer came.
pub(super) fn no_answer(why: &str) -> &'static str {
    // As rustls says it.
    if why.starts_with("invalid peer certificate") {
        "Its certificate is not one that this machine trusts, so nothing was sent: check base_url and token_url, and \
         whether a proxy opens connections on the way."
    } else {
        "Check the connection, then try again."
    }
}

fn endpoint(request: &Request) -> String {
    let path = address::path_of(&request.url);
    format!("{} {}", request.method, path.split('?').next().unwrap_or_default())
}

fn detail(request: &Request, response: &Response, complaint: &Complaint) -> String {
    let mut out = format!("{}: {}", endpoint(request), response.status);
    for part in [&complaint.code, &complaint.text].into_iter().flatten() {
        out.push(' ');
        out.push_str(&one_line(part));
    }
    if let Some(to) = response.header("location").filter(|_| (300..=399).contains(&response.status)) {
        out.push_str(" to ");
        out.push_str(&one_line(to));
    }
    if let Some(id) = &complaint.request_id {
        out.push_str(" (request ");
        out.push_str(&one_line(id));
        out.push(')');
    }
    out
}

/// A platform's words on one line: lines of an error are ours to make.
pub fn one_line(text: &str) -> String {
    let text = &text[..text.floor_char_boundary(MOST_WORDS)];
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// More of a platform's words than this tells nobody more, in bytes.
const MOST_WORDS: usize = 1_000;

/// What to say of an error body that is not the platform's JSON: a web page by its title, else its beginning.
pub fn gist(body: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(&body[..body.len().min(4_096)]);
    let text = text.trim();
    if text.is_empty() {
        return None;
    }
    if text.starts_with('<') {
        let lower = text.to_ascii_lowercase();
        let title = lower.find("<title>").and_then(|at| {
            let from = at + "<title>".len();
            let to = from + lower[from..].find("</title>")?;
            Some(text[from..to].trim())
        });
        return Some(
            title.map_or_else(|| "a web page".to_owned(), |title| format!("a web page: {}", one_line(title))),
        );
    }
    Some(one_line(&text[..text.floor_char_boundary(300)]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_that_is_no_json_is_named_by_its_gist() {
        assert_eq!(gist(b" "), None);
        assert_eq!(
            gist(b"<!DOCTYPE html><TITLE> 502 Bad Gateway </TITLE><p>x").as_deref(),
            Some("a web page: 502 Bad Gateway")
        );
        assert_eq!(gist(b"<html>").as_deref(), Some("a web page"));
        assert_eq!(gist("é".repeat(400).as_bytes()).map(|text| text.len()), Some(300));
        assert!(gist(&[0xff, 0xfe]).is_some());
        assert_eq!(gist(b"no\r\nunbid: all was sent").as_deref(), Some("no unbid: all was sent"));
    }
}
