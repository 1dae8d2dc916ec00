-- Negatives that a whole listing had no longer, although the one before had them and they were not archived: somebody
-- removed them elsewhere. `gone` is the day of the first listing without it; one that comes back leaves this table.

CREATE TABLE vanished (
    account  INTEGER NOT NULL REFERENCES accounts (id),
    kind     TEXT    NOT NULL,
    level    TEXT    NOT NULL,
    native   TEXT    NOT NULL,
    negative TEXT    NOT NULL,
    gone     TEXT    NOT NULL,
    PRIMARY KEY (account, kind, level, native)
) STRICT, WITHOUT ROWID;
