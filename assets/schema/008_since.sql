-- Since when a negative is there, where this journal knows: the operation that added it, as `touched_by` has the one that
-- touched it last.

ALTER TABLE touched_by ADD COLUMN added INTEGER REFERENCES operations (seq);

UPDATE touched_by SET added = (
    SELECT max(outcomes.operation)
    FROM outcomes JOIN operations ON operations.seq = outcomes.operation
    WHERE outcomes.kind = 'applied' AND operations.account = touched_by.account
        AND outcomes.outcome ->> '$.id' = touched_by.native AND outcomes.change ->> '$.new.kind' = touched_by.kind
);

-- How many of a report's newest days may still lack orders, where its headings tell: vendors' figures count the orders of
-- 14 days, sellers' those of 7.
ALTER TABLE term_periods ADD COLUMN late_days INTEGER;
