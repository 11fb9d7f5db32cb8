-- index_number: of the index that a reindex builds, 0 for other jobs. is_restored: the chunks of the document were lost.
-- document_id: what the job works on; jobs with the same one run one after another.

ALTER TABLE job ADD COLUMN index_number INTEGER NOT NULL DEFAULT 0;
ALTER TABLE job ADD COLUMN is_restored BOOLEAN NOT NULL DEFAULT FALSE;

UPDATE job SET index_number = CAST(uri AS INTEGER), uri = '' WHERE kind = 'reindex';
UPDATE job SET is_restored = TRUE WHERE id LIKE 'return-%';
