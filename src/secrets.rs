//! Where a secret comes from.
