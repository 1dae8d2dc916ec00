-- Accounts and the snapshot of what the platforms hold.
--
-- Times are RFC 3339 texts, dates inside parcels are days since 1970-01-01. `stale` is a problem as JSON: why the
-- last try to list brought nothing; `stale_since` is the listing whose rows a stale campaign still shows.
-- The rows of a campaign lie in parcels, one blob per campaign and sort: a million of them load in a
-- fraction of the time that a million table rows take, and a refresh rewrites only the campaigns that changed.

CREATE TABLE accounts (
    id                  INTEGER PRIMARY KEY,
    platform            TEXT    NOT NULL,
    origin              TEXT    NOT NULL,
    native              TEXT    NOT NULL,
    fetched_at          TEXT,
    keywords_fetched_at TEXT,
    stale               TEXT,
    campaigns           INTEGER NOT NULL DEFAULT 0,
    ad_groups           INTEGER NOT NULL DEFAULT 0,
    negatives           INTEGER NOT NULL DEFAULT 0,
    archived            INTEGER NOT NULL DEFAULT 0,
    keywords            INTEGER NOT NULL DEFAULT 0,
    UNIQUE (platform, origin, native)
) STRICT;

-- Which account a name has stood for; one row of a name is the current one.
CREATE TABLE labels (
    name    TEXT    NOT NULL,
    account INTEGER NOT NULL REFERENCES accounts (id),
    current INTEGER NOT NULL,
    PRIMARY KEY (name, account)
) STRICT, WITHOUT ROWID;

CREATE TABLE campaigns (
    id           INTEGER PRIMARY KEY,
    account      INTEGER NOT NULL REFERENCES accounts (id),
    native       TEXT    NOT NULL,
    name         TEXT    NOT NULL,
    folded       TEXT    NOT NULL,
    state        TEXT    NOT NULL,
    native_state TEXT    NOT NULL,
    targeting    TEXT    NOT NULL,
    native_type  TEXT    NOT NULL,
    holds        TEXT    NOT NULL,
    stale_since  TEXT,
    stale        TEXT,
    ad_groups    INTEGER NOT NULL DEFAULT 0,
    negatives    INTEGER NOT NULL DEFAULT 0,
    archived     INTEGER NOT NULL DEFAULT 0,
    keywords     INTEGER NOT NULL DEFAULT 0,
    UNIQUE (account, native)
) STRICT;

-- The order in which everything is shown and loaded; `folded` is the name in lower case.
CREATE INDEX campaigns_in_order ON campaigns (account, folded, native);

-- Few, and counted for the first frame.
CREATE INDEX stale_campaigns ON campaigns (account, stale) WHERE stale IS NOT NULL;

CREATE TABLE ad_group_parcels (
    campaign INTEGER PRIMARY KEY REFERENCES campaigns (id) ON DELETE CASCADE,
    data     BLOB    NOT NULL
) STRICT;

CREATE TABLE negative_parcels (
    campaign INTEGER PRIMARY KEY REFERENCES campaigns (id) ON DELETE CASCADE,
    data     BLOB    NOT NULL
) STRICT;

CREATE TABLE keyword_parcels (
    campaign INTEGER PRIMARY KEY REFERENCES campaigns (id) ON DELETE CASCADE,
    data     BLOB    NOT NULL
) STRICT;

-- Negatives that were written after an apply: a listing that began before does not know better.
-- `at` is in milliseconds since 1970.
CREATE TABLE touched (
    account INTEGER NOT NULL REFERENCES accounts (id),
    kind    TEXT    NOT NULL,
    level   TEXT    NOT NULL,
    native  TEXT    NOT NULL,
    at      INTEGER NOT NULL,
    PRIMARY KEY (account, kind, level, native)
) STRICT, WITHOUT ROWID;
