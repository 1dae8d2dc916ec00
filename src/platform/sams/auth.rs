//! Proving who calls Sam's Club: a bearer token, and a signature over consumer id, time and key version. Key, token
//! and signature stay in memory; a signature serves the calls of the next seconds.

use std::sync::{Arc, Mutex, PoisonError};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ring::rand::SystemRandom;
use ring::signature::{RSA_PKCS1_SHA256, RsaKeyPair};
use secrecy::{ExposeSecret, SecretString};

use crate::domain::problem::{Problem, ProblemKind};
use crate::domain::request::{Request, Response};
use crate::platform::http::{Auth, Http, Signed};
use crate::platform::traits::Pending;

/// The headers of every call ("Authentication", developer.samsclub.com). Only the token and the signature are
/// secrets, but all of them are made at the send, because the signature binds them together.
pub(super) const SECRET_HEADERS: [&str; 6] = [
    "Authorization",
    "WM_CONSUMER.ID",
    "WM_CONSUMER.intimestamp",
    "WM_SEC.KEY_VERSION",
    "WM_SEC.AUTH_SIGNATURE",
    "WM_QOS.CORRELATION_ID",
];

/// Service bases. The staging one is printed on every page of developer.samsclub.com; the production one follows
/// from it and from onboarding letters, and `base_url` overrides it.
pub(super) const PRODUCTION: &str = "https://developer.api.us.walmart.com/api-proxy/service/sp/api-sams/v1";
pub(super) const SANDBOX: &str = "https://developer.api.us.stg.walmart.com/api-proxy/service/sp/api-sams/v1";
/// The origin of the staging base.
pub(super) const SANDBOX_ORIGIN: &str = "https://developer.api.us.stg.walmart.com";

/// How long a signature serves. It binds neither path nor body, so any call may carry it while its time lasts: 180 s
/// on the sister APIs of the same gateway ("expire every 3 minutes"), not told for this one. Far less than that is
/// enough to spare a refresh nearly all its signing, a millisecond of computing for each call.
const SERVES_MS: i64 = 20_000;

/// A signature in use.
struct Kept {
    stamp: u64,
    millis: i64,
    value: SecretString,
    /// How many calls carried it.
    calls: u32,
}

#[derive(Default)]
struct Signatures {
    last: Option<Kept>,
    stamp: u64,
    /// One that had served before was refused: from now on each call has its own.
    once: bool,
}

/// One partner's credentials.
pub(super) struct Signer {
    http: Arc<Http>,
    consumer: String,
    version: String,
    token: SecretString,
    key: RsaKeyPair,
    signatures: Mutex<Signatures>,
}

impl Signer {
    pub fn new(http: &Arc<Http>, consumer: &str, version: &str, token: &SecretString, key: RsaKeyPair) -> Self {
        Self {
            http: Arc::clone(http),
            consumer: consumer.trim().to_owned(),
            version: version.trim().to_owned(),
            token: token.expose_secret().trim().to_owned().into(),
            key,
            signatures: Mutex::default(),
        }
    }

    /// The signature for a time in milliseconds.
    ///
    /// What is signed are the three values in the alphabetical order of their headers, each followed by a line
    /// feed, the last one too: RSASSA-PKCS1-v1_5 with SHA-256, then plain base64 on one line. The page
    /// "Authentication" leaves the algorithm to sample code; public clients of the same gateway agree on this
    /// form (alyiox/mcp-samsclub-ads `auth.py`; walmart.io, "Custom headers").
    fn signature(&self, millis: i64) -> Result<String, ring::error::Unspecified> {
        let text = format!("{}\n{millis}\n{}\n", self.consumer, self.version);
        let mut raw = vec![0; self.key.public().modulus_len()];
        self.key.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), text.as_bytes(), &mut raw)?;
        Ok(STANDARD.encode(raw))
    }

    /// A signature that still serves, or a new one: its time, value and stamp.
    fn signed(&self) -> Result<(i64, SecretString, u64), ring::error::Unspecified> {
        let now = self.http.now().as_millisecond();
        // Whoever comes meanwhile waits for this one signature rather than making another.
        let mut signatures = self.signatures.lock().unwrap_or_else(PoisonError::into_inner);
        let Signatures { last, stamp, once } = &mut *signatures;
        let serves = |kept: &Kept| !*once && (0..SERVES_MS).contains(&(now - kept.millis));
        let kept = if let Some(kept) = last.take().filter(serves) {
            last.insert(Kept { calls: kept.calls.saturating_add(1), ..kept })
        } else {
            *stamp += 1;
            last.insert(Kept { stamp: *stamp, millis: now, value: self.signature(now)?.into(), calls: 1 })
        };
        Ok((kept.millis, kept.value.clone(), kept.stamp))
    }

    fn headers(&self) -> Result<Signed, Problem> {
        let (millis, signature, stamp) = self.signed().map_err(|_| {
            Problem::new(ProblemKind::Auth, "The call could not be signed")
                .hint("Check private_key: an RSA key of 2048 bits or more.")
        })?;
        let values: [SecretString; 6] = [
            format!("Bearer {}", self.token.expose_secret()).into(),
            self.consumer.clone().into(),
            millis.to_string().into(),
            self.version.clone().into(),
            signature,
            uuid::Uuid::new_v4().to_string().into(),
        ];
        Ok(Signed { headers: SECRET_HEADERS.into_iter().zip(values).collect(), stamp })
    }
}

impl Auth for Signer {
    fn sign<'a>(&'a self, _request: &'a Request) -> Pending<'a, Result<Signed, Problem>> {
        Box::pin(std::future::ready(self.headers()))
    }

    /// A signature that grew old on its way is answered with 401, and a new one helps. Wrong credentials are 403 by the
    /// page "Status Codes"; nothing helps there.
    fn expired(&self, response: &Response) -> bool {
        response.status == 401
    }

    fn discard(&self, stamp: u64) {
        let mut signatures = self.signatures.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(refused) = signatures.last.take_if(|kept| kept.stamp == stamp) {
            // No page forbids it, and none allows it: where a second use is refused, there is none any more.
            signatures.once |= refused.calls > 1;
        }
    }
}

/// Reads a private key: PKCS#8 or PKCS#1, PEM, RSA of 2048 bits or more. Line breaks may be written as `\n`,
/// as environment variables have them. The error is words that follow the key's name in the config.
pub(super) fn private_key(pem: &SecretString) -> Result<RsaKeyPair, String> {
    let pem = pem.expose_secret().replace("\\r", "").replace("\\n", "\n");
    let (label, body) = block(&pem).ok_or("is no PEM text (it begins with -----BEGIN PRIVATE KEY-----)")?;
    let make: fn(&[u8]) -> Result<RsaKeyPair, ring::error::KeyRejected> = match label {
        "ENCRYPTED PRIVATE KEY" => return Err(ENCRYPTED.to_owned()),
        "RSA PRIVATE KEY" if body.contains("ENCRYPTED") => return Err(ENCRYPTED.to_owned()),
        "PRIVATE KEY" => RsaKeyPair::from_pkcs8,
        "RSA PRIVATE KEY" => RsaKeyPair::from_der,
        "PUBLIC KEY" | "RSA PUBLIC KEY" => {
            return Err(
                "is the public key: that one goes to Sam's Club, the private one is needed here".to_owned()
            );
        }
        _ => return Err("is no RSA private key".to_owned()),
    };
    let base64: String = body.split_whitespace().collect();
    let der = STANDARD.decode(base64).map_err(|_| "is damaged: its base64 text cannot be read".to_owned())?;
    // ring says what it rejects in one word, and nothing of the key.
    make(&der).map_err(|why| match why.to_string().as_str() {
        "TooSmall" => "is too short: RSA of 2048 bits or more is needed".to_owned(),
        why => format!("is no usable RSA private key ({why})"),
    })
}

const ENCRYPTED: &str = "is encrypted: write it out without its password with `openssl pkcs8 -topk8 -nocrypt -in KEY -out NEW`, \
     readable by you alone, and name that";

/// The label and the text of the first PEM block.
fn block(pem: &str) -> Option<(&str, &str)> {
    let (_, rest) = pem.split_once("-----BEGIN ")?;
    let (label, rest) = rest.split_once("-----")?;
    let (body, _) = rest.split_once("-----END ")?;
    Some((label, body))
}

#[cfg(test)]
mod tests {
    use ring::signature::{RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey};

    use super::*;
    use crate::platform::testing::{NOW, Script, answer};

    /// A throw-away key made for these tests, in all its forms.
    const PKCS8: &str = include_str!("testdata/pkcs8.pem");
    const PKCS1: &str = include_str!("testdata/pkcs1.pem");
    const PUBLIC: &[u8] = include_bytes!("testdata/public.der");
    /// What `openssl dgst -sha256 -sign` makes of the same text with the same key.
    const KNOWN: &str = include_str!("testdata/signature.txt");
    const CONSUMER: &str = "b7f5a2c0-0000-4000-8000-000000000001";

    fn key(pem: &str) -> Result<RsaKeyPair, String> {
        private_key(&SecretString::from(pem.to_owned()))
    }

    fn signer(pem: &str) -> Signer {
        let http = Http::new(Script::new(|_| answer(200, "[]")), Arc::new(|| NOW.parse().unwrap()));
        let token = SecretString::from(" token\n".to_owned());
        Signer::new(&http, &format!(" {CONSUMER} "), "2", &token, key(pem).unwrap())
    }

    #[test]
    fn the_signature_is_the_known_one_and_verifies_with_the_public_key() {
        for pem in [PKCS8, PKCS1] {
            let signature = signer(pem).signature(1_790_812_800_000).unwrap();
            assert_eq!(signature, KNOWN);
            assert_eq!(signature.len(), 344);
            let raw = STANDARD.decode(&signature).unwrap();
            let public = UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, PUBLIC);
            let text = format!("{CONSUMER}\n1790812800000\n2\n");
            public.verify(text.as_bytes(), &raw).unwrap();
            assert!(public.verify(text.trim_end().as_bytes(), &raw).is_err(), "without the last line feed");
        }
    }

    #[test]
    fn the_time_is_in_milliseconds_and_is_the_one_that_was_signed() {
        let signed = signer(PKCS8).headers().unwrap();
        let value = |name: &str| {
            signed.headers.iter().find(|(n, _)| *n == name).map(|(_, v)| v.expose_secret().to_owned()).unwrap()
        };
        assert_eq!(value("WM_CONSUMER.intimestamp"), "1790812800000");
        assert_eq!(value("WM_SEC.AUTH_SIGNATURE"), KNOWN);
        assert_eq!(value("WM_CONSUMER.ID"), CONSUMER);
        assert_eq!(value("WM_SEC.KEY_VERSION"), "2");
        assert_eq!(value("Authorization"), "Bearer token");
        assert_eq!(value("WM_QOS.CORRELATION_ID").len(), 36);
    }

    #[test]
    fn a_signature_serves_for_seconds_and_only_once_where_a_second_use_is_refused() {
        let now = Arc::new(std::sync::atomic::AtomicI64::new(0));
        let later = |millis| now.fetch_add(millis, std::sync::atomic::Ordering::Relaxed);
        let mut signer = signer(PKCS8);
        let clock = Arc::clone(&now);
        let wall = move || {
            let millis = clock.load(std::sync::atomic::Ordering::Relaxed);
            jiff::Timestamp::from_millisecond(1_790_812_800_000 + millis).unwrap()
        };
        signer.http = Http::new(Script::new(|_| answer(200, "[]")), Arc::new(wall));
        let sign = |signer: &Signer| signer.signed().map(|(millis, _, stamp)| (millis, stamp)).unwrap();

        let stale = sign(&signer);
        signer.discard(stale.1);
        let first = sign(&signer);
        assert_ne!(first, stale, "it grew old on its way");
        later(19_000);
        assert_eq!(sign(&signer), first);
        later(1_000);
        let second = sign(&signer);
        assert_eq!(second, (first.0 + 20_000, first.1 + 1));
        later(-60_000);
        assert_ne!(sign(&signer), second, "the clock was put back");

        let third = sign(&signer);
        signer.discard(second.1);
        assert_eq!(sign(&signer), third, "only the one that was refused is dropped");
        signer.discard(third.1);
        let fourth = sign(&signer);
        assert_ne!(fourth, third);
        assert_ne!(sign(&signer), fourth, "one that had served was refused");
        assert_ne!(sign(&signer), sign(&signer));
    }

    #[test]
    fn a_key_from_the_environment_may_have_its_line_breaks_spelled_out() {
        for pem in [PKCS8, PKCS1] {
            assert!(key(&pem.replace('\n', "\\n")).is_ok());
            assert!(key(&pem.replace('\n', "\r\n")).is_ok());
        }
    }

    #[test]
    fn a_key_that_cannot_be_used_says_why() {
        let why = |pem: &str| key(pem).err().unwrap();
        assert!(why(include_str!("testdata/encrypted_pkcs8.pem")).contains("openssl pkcs8"));
        assert!(why(include_str!("testdata/encrypted_pkcs1.pem")).contains("openssl pkcs8"));
        assert!(why(include_str!("testdata/small.pem")).contains("2048"));
        assert!(why("hello").contains("no PEM"));
        assert!(why("-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----").contains("public key"));
        assert!(why("-----BEGIN PRIVATE KEY-----\n!!\n-----END PRIVATE KEY-----").contains("damaged"));
        assert!(why("-----BEGIN EC PRIVATE KEY-----\nAAAA\n-----END EC PRIVATE KEY-----").contains("RSA"));
    }
}
