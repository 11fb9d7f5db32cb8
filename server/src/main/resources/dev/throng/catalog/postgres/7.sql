-- Indexes of a collection beside the live one. building: a reindex fills it. former: it was live before, and one can go back
-- to it. dropped: to be deleted.
-- pipeline: names the way in which documents become chunks for it. since: when the state began. held_until: publishes wait
-- until then, because the last documents are being added.
CREATE TABLE generation (
  collection_id BIGINT  NOT NULL REFERENCES collection (id),
  number        BIGINT  NOT NULL,
  state         TEXT    NOT NULL CHECK (state IN ('building', 'former', 'dropped')),
  language      TEXT    NOT NULL,
  embedder      TEXT    NOT NULL,
  dimension     INTEGER NOT NULL,
  pipeline      TEXT    NOT NULL,
  since         BIGINT  NOT NULL,
  held_until    BIGINT  NOT NULL DEFAULT 0,
  PRIMARY KEY (collection_id, number)
);

-- Versions whose chunks are all in a generation that is not live, and what they become when it is.
CREATE TABLE generation_version (
  collection_id BIGINT  NOT NULL,
  number        BIGINT  NOT NULL,
  version       BIGINT  NOT NULL,
  content_hash  TEXT    NOT NULL,
  chunk_count   INTEGER NOT NULL,
  PRIMARY KEY (collection_id, number, version)
);

-- No number of a generation comes again.
ALTER TABLE collection ADD COLUMN last_generation BIGINT NOT NULL DEFAULT 1;

-- name: of the file, whose ending says the format. source_hash: SHA-256 of the bytes. '' when they were not noted.
ALTER TABLE document_version ADD COLUMN name TEXT NOT NULL DEFAULT '';
ALTER TABLE document_version ADD COLUMN source_hash TEXT NOT NULL DEFAULT '';

ALTER TABLE job DROP CONSTRAINT job_kind_check;
ALTER TABLE job ADD CONSTRAINT job_kind_check CHECK (kind IN ('document', 'sync', 'mirror', 'reindex'));
