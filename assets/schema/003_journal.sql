-- The journal: what was meant to be sent, what was answered, what came of each change. Append-only.

CREATE TABLE operations (
    seq     INTEGER PRIMARY KEY AUTOINCREMENT,
    id      TEXT    NOT NULL UNIQUE,
    plan    TEXT    NOT NULL,
    account INTEGER NOT NULL REFERENCES accounts (id),
    name    TEXT    NOT NULL,
    who     TEXT    NOT NULL,
    began   TEXT    NOT NULL,
    ended   TEXT
) STRICT;

CREATE INDEX operations_by_account ON operations (account);

CREATE TABLE attempts (
    operation INTEGER NOT NULL REFERENCES operations (seq),
    number    INTEGER NOT NULL,
    request   TEXT    NOT NULL,
    changes   TEXT    NOT NULL,
    intended  TEXT    NOT NULL,
    status    INTEGER,
    answer    TEXT,
    answered  TEXT,
    PRIMARY KEY (operation, number)
) STRICT;

-- A change may have several outcomes in one operation (unknown, then settled); the last one counts.
CREATE TABLE outcomes (
    seq       INTEGER PRIMARY KEY AUTOINCREMENT,
    operation INTEGER NOT NULL REFERENCES operations (seq),
    number    INTEGER NOT NULL,
    change    TEXT    NOT NULL,
    kind      TEXT    NOT NULL,
    outcome   TEXT    NOT NULL,
    at        TEXT    NOT NULL
) STRICT;

CREATE INDEX outcomes_by_operation ON outcomes (operation, number, seq);
CREATE INDEX outcomes_by_number ON outcomes (number);

CREATE TRIGGER operations_stay
BEFORE DELETE ON operations
BEGIN
    SELECT RAISE(ABORT, 'the journal is append-only');
END;

CREATE TRIGGER operations_never_change
BEFORE UPDATE OF seq, id, plan, account, name, who, began ON operations
BEGIN
    SELECT RAISE(ABORT, 'the journal is append-only');
END;

CREATE TRIGGER attempts_stay
BEFORE DELETE ON attempts
BEGIN
    SELECT RAISE(ABORT, 'the journal is append-only');
END;

CREATE TRIGGER intents_never_change
BEFORE UPDATE OF operation, number, request, changes, intended ON attempts
BEGIN
    SELECT RAISE(ABORT, 'the journal is append-only');
END;

CREATE TRIGGER answers_are_written_once
BEFORE UPDATE OF status, answer, answered ON attempts WHEN OLD.answered IS NOT NULL
BEGIN
    SELECT RAISE(ABORT, 'the journal is append-only');
END;

CREATE TRIGGER outcomes_stay
BEFORE DELETE ON outcomes
BEGIN
    SELECT RAISE(ABORT, 'the journal is append-only');
END;

CREATE TRIGGER outcomes_never_change
BEFORE UPDATE ON outcomes
BEGIN
    SELECT RAISE(ABORT, 'the journal is append-only');
END;
