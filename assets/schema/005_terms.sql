-- Search terms as reports told them.
--
-- Times are RFC 3339 texts, days are dates as texts. Periods of an account never overlap. The rows of a period lie in
-- parcels of some thousands each, in no order among them; a report becomes visible whole.

CREATE TABLE term_periods (
    id         INTEGER PRIMARY KEY,
    account    INTEGER NOT NULL REFERENCES accounts (id),
    first      TEXT    NOT NULL,
    last       TEXT    NOT NULL,
    currency   TEXT    NOT NULL,
    source     TEXT    NOT NULL,
    loaded_at  TEXT    NOT NULL,
    rows       INTEGER NOT NULL,
    rejected   INTEGER NOT NULL,
    left_out   INTEGER NOT NULL,
    unresolved INTEGER NOT NULL
) STRICT;

CREATE INDEX term_periods_by_account ON term_periods (account, first);

CREATE TABLE term_parcels (
    id     INTEGER PRIMARY KEY,
    period INTEGER NOT NULL REFERENCES term_periods (id) ON DELETE CASCADE,
    data   BLOB    NOT NULL
) STRICT;

CREATE INDEX term_parcels_by_period ON term_parcels (period, id);

-- Search terms that somebody looked at: what they had cost by then, and until when they are put off (null: until they
-- have cost as much again). `ad_group` is empty where the report tells none; `term` is in its normal form.
CREATE TABLE term_reviews (
    account  INTEGER NOT NULL REFERENCES accounts (id),
    campaign TEXT    NOT NULL,
    ad_group TEXT    NOT NULL,
    term     TEXT    NOT NULL,
    at       TEXT    NOT NULL,
    until    TEXT,
    spend    INTEGER NOT NULL,
    reason   TEXT    NOT NULL,
    PRIMARY KEY (account, campaign, ad_group, term)
) STRICT, WITHOUT ROWID;
