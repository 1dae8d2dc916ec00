//! Rules on small catalogs.
