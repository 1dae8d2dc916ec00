-- Staged changes and saved plans.

-- AUTOINCREMENT: the number of a dropped change is never given to another.
CREATE TABLE staged (
    number  INTEGER PRIMARY KEY AUTOINCREMENT,
    account INTEGER NOT NULL REFERENCES accounts (id),
    change  TEXT    NOT NULL,
    at      TEXT    NOT NULL
) STRICT;

CREATE INDEX staged_by_account ON staged (account);

CREATE TABLE plans (
    id    TEXT PRIMARY KEY,
    made  TEXT NOT NULL,
    body  TEXT NOT NULL,
    spent TEXT
) STRICT;

CREATE TRIGGER plans_stay_as_shown
BEFORE UPDATE OF id, made, body ON plans
BEGIN
    SELECT RAISE(ABORT, 'a saved plan never changes');
END;

CREATE TRIGGER plans_are_spent_once
BEFORE UPDATE OF spent ON plans WHEN OLD.spent IS NOT NULL
BEGIN
    SELECT RAISE(ABORT, 'a plan is spent once');
END;
