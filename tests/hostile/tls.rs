//! A server that shows a certificate which nobody vouches for: a clear error that says so, and not a byte of any request.

use std::io::Read;
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::time::Duration;

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use unbid::domain::problem::ProblemKind;
use unbid::platform::http::{Http, OverReqwest};
use unbid::platform::registry;
use unbid::platform::traits::Scope;

use crate::support::{Bench, list};

/// Made with `openssl req -x509 -key assets/demo/sams_private_key.pem -subj /CN=localhost`, for `localhost` and
/// `127.0.0.1`, a hundred years long.
const CERTIFICATE: &[u8] = include_bytes!("self_signed.pem");
/// The sandbox's throw-away key.
const KEY: &[u8] = include_bytes!("../../assets/demo/sams_private_key.pem");

/// What the server has seen.
#[derive(Default)]
struct Seen {
    connections: AtomicUsize,
    /// Bytes of requests, decrypted.
    bytes: AtomicUsize,
}

/// Takes every connection, shows the certificate, and reads what then comes.
fn serve(listener: TcpListener, seen: Arc<Seen>) {
    let chain = vec![CertificateDer::from_pem_slice(CERTIFICATE).expect("a certificate")];
    let key = PrivateKeyDer::from_pem_slice(KEY).expect("a key");
    let config = rustls::ServerConfig::builder().with_no_client_auth().with_single_cert(chain, key);
    let config = Arc::new(config.expect("the certificate is of that key"));
    std::thread::spawn(move || {
        for socket in listener.incoming() {
            let Ok(socket) = socket else { return };
            seen.connections.fetch_add(1, SeqCst);
            read(socket, Arc::clone(&config), &seen);
        }
    });
}

fn read(socket: TcpStream, config: Arc<rustls::ServerConfig>, seen: &Seen) {
    // A client that goes away in silence must not hold the next one up.
    socket.set_read_timeout(Some(Duration::from_secs(5))).expect("a time-out");
    let connection = rustls::ServerConnection::new(config).expect("a connection");
    let mut stream = rustls::StreamOwned::new(connection, socket);
    let mut buffer = [0; 4_096];
    // The handshake fails here, as it should: the client says `unknown_ca` and goes.
    while let Ok(count @ 1..) = stream.read(&mut buffer) {
        seen.bytes.fetch_add(count, SeqCst);
    }
}

#[tokio::test]
async fn a_certificate_that_nobody_vouches_for_ends_the_talk_before_it_begins() {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let (listener, seen) = (TcpListener::bind("127.0.0.1:0").expect("a port"), Arc::new(Seen::default()));
    let port = listener.local_addr().expect("bound").port();
    serve(listener, Arc::clone(&seen));
    let bench = Bench::small();
    // As the sandbox's config has it, but for the addresses.
    let text = std::fs::read_to_string(&bench.config.file).expect("the config");
    let moved = |line: &str| {
        let Some((head, rest)) = line.split_once("http://") else { return line.to_owned() };
        let path = rest.find('/').map_or("\"", |at| &rest[at..]);
        format!("{head}https://localhost:{port}{path}")
    };
    let text = text.lines().map(moved).collect::<Vec<_>>().join("\n");
    let config = unbid::config::Config::parse(&text, &bench.config.file).expect("a config");
    let http = Http::new(Arc::new(OverReqwest::default()), Arc::new(jiff::Timestamp::now));
    // Side by side, because each is tried a few times.
    let each = registry().iter().map(async |platform| {
        let account = config.accounts.iter().find(|account| account.platform == platform.id()).expect("one");
        let connection = unbid::platform::connect(account, &http).expect("an account");
        // Either the whole listing fails or each of its parts does.
        let problem = match list(&*connection, &Scope::SNAPSHOT).await {
            Err(problem) => problem,
            Ok(all) => all.failures.into_iter().next().expect("nothing can come"),
        };
        assert_eq!(problem.kind, ProblemKind::Network, "{problem:?}");
        assert!(problem.detail.contains("invalid peer certificate"), "{problem:?}");
        assert!(problem.hint.contains("certificate"), "{problem:?}");
    });
    futures::future::join_all(each).await;
    assert!(seen.connections.load(SeqCst) >= 3, "everybody knocked");
    assert_eq!(seen.bytes.load(SeqCst), 0, "nothing was said");
}
