//! The snapshot in memory: columns, interned text, indexes; `query(spec) -> rows`.
