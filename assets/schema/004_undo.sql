-- What took what back, and which operation touched a negative last.

-- A staged change that takes back a change of an operation. What became of it stands in the outcomes of its number;
-- it is kept when the change is dropped, and means nothing then.
CREATE TABLE undoes (
    number    INTEGER PRIMARY KEY,
    operation INTEGER NOT NULL REFERENCES operations (seq),
    undone    INTEGER NOT NULL
) STRICT;

CREATE INDEX undoes_by_undone ON undoes (operation, undone);

CREATE TRIGGER undoes_stay
BEFORE DELETE ON undoes
BEGIN
    SELECT RAISE(ABORT, 'the journal is append-only');
END;

CREATE TRIGGER undoes_never_change
BEFORE UPDATE ON undoes
BEGIN
    SELECT RAISE(ABORT, 'the journal is append-only');
END;

-- The operation that touched a negative last, from the outcomes, so that a row finds it without a search.
CREATE TABLE touched_by (
    account   INTEGER NOT NULL REFERENCES accounts (id),
    kind      TEXT    NOT NULL,
    level     TEXT    NOT NULL,
    native    TEXT    NOT NULL,
    operation INTEGER NOT NULL REFERENCES operations (seq),
    PRIMARY KEY (account, kind, level, native)
) STRICT, WITHOUT ROWID;

INSERT OR REPLACE INTO touched_by (account, kind, level, native, operation)
SELECT operations.account,
    coalesce(change ->> '$.new.kind', change ->> '$.target.kind'),
    CASE WHEN coalesce(change ->> '$.new.ad_group', change ->> '$.target.ad_group') IS NULL
        THEN 'campaign' ELSE 'ad_group' END,
    coalesce(outcome ->> '$.id', change ->> '$.target.id'),
    operations.seq
FROM outcomes JOIN operations ON operations.seq = outcomes.operation
WHERE outcomes.kind = 'applied' AND coalesce(outcome ->> '$.id', change ->> '$.target.id') IS NOT NULL
ORDER BY outcomes.seq;

-- Few: those that run or were cut off.
CREATE INDEX operations_open ON operations (account) WHERE ended IS NULL;
