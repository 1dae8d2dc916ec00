-- A checksum over a campaign's own words, as its parcels have theirs; none in rows that were written before.

ALTER TABLE campaigns ADD COLUMN sum INTEGER;
