-- What a catalogue shared by several replicas needs; here one process is all there is.

ALTER TABLE document_version ADD COLUMN changed_epoch INTEGER NOT NULL DEFAULT 0;
ALTER TABLE document_version ADD COLUMN writer TEXT NOT NULL DEFAULT '';

-- Versions whose rows are gone, for who still knows them.
CREATE TABLE purged_version (
  version       INTEGER PRIMARY KEY,
  collection_id INTEGER NOT NULL REFERENCES collection (id),
  epoch         INTEGER NOT NULL
);

CREATE INDEX purge_by_epoch ON purged_version (collection_id, epoch);
