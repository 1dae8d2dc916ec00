//! Configuration: file and environment to `Config`.
