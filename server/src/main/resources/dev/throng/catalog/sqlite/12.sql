-- kind: what the target is. purge is none: its epoch is that of the collection's last purge.

ALTER TABLE invalidation ADD COLUMN kind TEXT NOT NULL DEFAULT 'collection'
  CHECK (kind IN ('collection', 'document', 'question', 'purge'));

UPDATE invalidation SET kind = CASE
  WHEN target = '' THEN 'collection' WHEN target = 'purged' THEN 'purge' WHEN length(target) = 64 THEN 'question'
  ELSE 'document' END;
