//! The secrets of the emulated platforms. They come from the seed and protect nothing; the RSA key is a fixed throw-away one.

use ring::signature::{KeyPair, RsaKeyPair};
use rustls::pki_types::PrivatePkcs8KeyDer;
use rustls::pki_types::pem::PemObject;

use super::rng::Rng;

/// The throw-away private key (PKCS#8 PEM, RSA 2048) that clients of the emulated Sam's sign with.
pub const SAMS_PRIVATE_KEY: &str = include_str!("../../assets/demo/sams_private_key.pem");

/// What clients must present.
#[derive(Clone)]
pub struct Credentials {
    /// Amazon: client id, client secret, refresh token.
    pub amazon: OAuthClient,
    /// eBay: the same, and the `RuName`.
    pub ebay: OAuthClient,
    /// eBay's `RuName`.
    pub ebay_ru_name: String,
    /// What the throw-away key's signatures are checked with (DER `RSAPublicKey`).
    pub sams_public_key: Vec<u8>,
    /// Sam's consumer id.
    pub sams_consumer_id: String,
    /// Sam's key version.
    pub sams_key_version: String,
    /// Sam's long-lived bearer token.
    pub sams_auth_token: String,
}

/// An OAuth client with a user's consent.
#[derive(Clone)]
pub struct OAuthClient {
    /// Client id.
    pub client_id: String,
    /// Client secret.
    pub client_secret: String,
    /// Refresh token.
    pub refresh_token: String,
}

impl Credentials {
    /// The secrets of a seed, in each platform's own style.
    pub fn new(seed: u64) -> Self {
        let mut rng = Rng::new(seed, "credentials");
        let mut hex = |digits| rng.hex(digits);
        Self {
            amazon: OAuthClient {
                client_id: format!("amzn1.application-oa2-client.{}", hex(32)),
                client_secret: format!("amzn1.oa2-cs.v1.{}", hex(64)),
                refresh_token: format!("Atzr|{}", hex(64)),
            },
            ebay: OAuthClient {
                client_id: format!("Northfel-unbid-SBX-{}-{}", hex(9), hex(8)),
                client_secret: format!("SBX-{}-{}-{}", hex(12), hex(4), hex(8)),
                // Characters that a form body has to escape, as in the real ones.
                refresh_token: format!("v^1.1#i^1#r^1#I^3#p^3#f^0#t^{}/+{}==", hex(48), hex(16)),
            },
            ebay_ru_name: format!("Northfell_Supply-Northfel-unbid--{}", hex(8)),
            sams_public_key: public_key(),
            sams_consumer_id: format!("{}-{}-{}-{}-{}", hex(8), hex(4), hex(4), hex(4), hex(12)),
            sams_key_version: "1".to_owned(),
            sams_auth_token: format!("eyJhbGciOiJSUzI1NiJ9.{}", hex(96)),
        }
    }
}

/// The public half of the shipped key. Empty, and then no signature is good, only if the shipped file were no RSA key; a test reads it.
fn public_key() -> Vec<u8> {
    let key = PrivatePkcs8KeyDer::from_pem_slice(SAMS_PRIVATE_KEY.as_bytes()).ok();
    let pair = key.and_then(|key| RsaKeyPair::from_pkcs8(key.secret_pkcs8_der()).ok());
    pair.map(|pair| pair.public_key().as_ref().to_vec()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_come_from_the_seed() {
        assert_eq!(Credentials::new(1).ebay.refresh_token, Credentials::new(1).ebay.refresh_token);
        assert!(!Credentials::new(1).sams_public_key.is_empty());
        assert_ne!(Credentials::new(1).sams_auth_token, Credentials::new(2).sams_auth_token);
    }
}
