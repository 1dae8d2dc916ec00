//! Where a secret comes from: the environment, a file, the system's keyring, or the config file itself.
//! A secret is read when it is needed and never written anywhere.

use std::path::{Path, PathBuf};

use secrecy::SecretString;

/// A place that holds a secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SecretSource {
    /// An environment variable.
    Env(String),
    /// A file; relative to the config file, `~/` is the home folder.
    File(PathBuf),
    /// An entry of the system's keyring.
    Keyring(String),
}

impl SecretSource {
    /// Reads the secret; the error says why in words that follow the key's name.
    pub fn read(&self, config_file: &Path) -> Result<SecretString, String> {
        match self {
            Self::Env(name) => std::env::var(name)
                .map(SecretString::from)
                .map_err(|_| format!("names the environment variable {name}, which is not set")),
            Self::File(path) => {
                let path = resolve(path, config_file);
                read_bounded(&path, LARGEST)
                    .and_then(|bytes| {
                        String::from_utf8(bytes).map_err(|_| std::io::Error::other("it is no text"))
                    })
                    .map(|text| SecretString::from(text.trim_end_matches(['\r', '\n']).to_owned()))
                    .map_err(|error| {
                        format!("names the file {}, which cannot be read: {error}", path.display())
                    })
            }
            Self::Keyring(entry) => keyring_entry(entry),
        }
    }
}

/// No secret is larger: a private key has some kilobytes.
const LARGEST: u64 = 64 << 10;

/// Reads a file that must not be larger than so many bytes: what is named by mistake may have no end.
pub fn read_bounded(file: &Path, most: u64) -> std::io::Result<Vec<u8>> {
    use std::io::Read as _;
    let mut bytes = Vec::new();
    std::fs::File::open(file)?.take(most + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > most {
        return Err(std::io::Error::other(format!("it is larger than {most} bytes")));
    }
    Ok(bytes)
}

/// A path as the config file means it: relative to the file, `~/` in the home folder.
pub fn resolve(path: &Path, config_file: &Path) -> PathBuf {
    if let Ok(rest) = path.strip_prefix("~")
        && let Some(home) = std::env::var_os("HOME")
    {
        return PathBuf::from(home).join(rest);
    }
    config_file.parent().map_or_else(|| path.to_owned(), |folder| folder.join(path))
}

/// Whether only its owner can read a file; the error says what is wrong in words that follow "and".
pub fn only_owner_reads(file: &Path) -> Result<(), String> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode =
            std::fs::metadata(file).map_err(|error| format!("its permissions cannot be read: {error}"))?;
        if mode.permissions().mode() & 0o077 != 0 {
            return Err(format!("others may read it; run `chmod 600 {}`", file.display()));
        }
    }
    #[cfg(not(unix))]
    let _ = file;
    Ok(())
}

#[cfg(feature = "keyring")]
fn keyring_entry(entry: &str) -> Result<SecretString, String> {
    keyring::v1::Entry::new("unbid", entry)
        .and_then(|found| found.get_password())
        .map(SecretString::from)
        .map_err(|error| format!("names the keyring entry {entry}, which cannot be read: {error}"))
}

#[cfg(not(feature = "keyring"))]
fn keyring_entry(entry: &str) -> Result<SecretString, String> {
    Err(format!(
        "names the keyring entry {entry}, but this build has no keyring (build with `--features keyring`)"
    ))
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret;

    use super::*;

    #[test]
    fn a_file_is_found_beside_the_config_and_loses_its_line_end() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        std::fs::write(folder.path().join("token"), "s3cret\r\n").expect("writable");
        let source = SecretSource::File("token".into());
        let secret = source.read(&folder.path().join("config.toml")).expect("readable");
        assert_eq!(secret.expose_secret(), "s3cret");
    }

    #[test]
    fn a_missing_source_is_named() {
        let why = SecretSource::Env("UNBID_NO_SUCH_VARIABLE".into()).read(Path::new("c")).expect_err("not set");
        assert!(why.contains("UNBID_NO_SUCH_VARIABLE"), "{why}");
        #[cfg(unix)]
        {
            let why = SecretSource::File("/dev/zero".into()).read(Path::new("c")).expect_err("endless");
            assert!(why.contains("larger than"), "{why}");
        }
        let why = SecretSource::File("/no/such/file".into()).read(Path::new("c")).expect_err("not there");
        assert!(why.contains("/no/such/file"), "{why}");
    }

    #[cfg(unix)]
    #[test]
    fn a_file_that_others_may_read_is_refused() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().expect("a temporary folder");
        let file = folder.path().join("config.toml");
        std::fs::write(&file, "").expect("writable");
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o644)).expect("ours");
        assert!(only_owner_reads(&file).is_err());
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o600)).expect("ours");
        assert!(only_owner_reads(&file).is_ok());
    }
}
