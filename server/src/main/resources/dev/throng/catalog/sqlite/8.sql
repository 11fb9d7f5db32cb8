-- Indexes of a collection beside the live one. building: a reindex fills it. former: it was live before, and one can go back
-- to it. dropped: to be deleted.
-- pipeline: names the way in which documents become chunks for it. since: when the state began. held_until: publishes wait
-- until then, because the last documents are being added.
CREATE TABLE generation (
  collection_id INTEGER NOT NULL REFERENCES collection (id),
  number        INTEGER NOT NULL,
  state         TEXT    NOT NULL CHECK (state IN ('building', 'former', 'dropped')),
  language      TEXT    NOT NULL,
  embedder      TEXT    NOT NULL,
  dimension     INTEGER NOT NULL,
  pipeline      TEXT    NOT NULL,
  since         INTEGER NOT NULL,
  held_until    INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (collection_id, number)
);

-- Versions whose chunks are all in a generation that is not live, and what they become when it is.
CREATE TABLE generation_version (
  collection_id INTEGER NOT NULL,
  number        INTEGER NOT NULL,
  version       INTEGER NOT NULL,
  content_hash  TEXT    NOT NULL,
  chunk_count   INTEGER NOT NULL,
  PRIMARY KEY (collection_id, number, version)
);

-- No number of a generation comes again.
ALTER TABLE collection ADD COLUMN last_generation INTEGER NOT NULL DEFAULT 1;

-- name: of the file, whose ending says the format. source_hash: SHA-256 of the bytes. '' when they were not noted.
ALTER TABLE document_version ADD COLUMN name TEXT NOT NULL DEFAULT '';
ALTER TABLE document_version ADD COLUMN source_hash TEXT NOT NULL DEFAULT '';

-- The same jobs, with another kind.
CREATE TABLE job_next (
  number        INTEGER PRIMARY KEY AUTOINCREMENT,
  id            TEXT    NOT NULL UNIQUE,
  tenant        TEXT    NOT NULL,
  collection_id INTEGER NOT NULL REFERENCES collection (id),
  kind          TEXT    NOT NULL CHECK (kind IN ('document', 'sync', 'mirror', 'reindex')),
  document_id   TEXT    NOT NULL,
  uri           TEXT    NOT NULL,
  name          TEXT    NOT NULL,
  title         TEXT,
  metadata      TEXT    NOT NULL DEFAULT '{}',
  modified_at   INTEGER,
  blob          TEXT    NOT NULL,
  bytes         INTEGER NOT NULL,
  content       TEXT    NOT NULL,
  state         TEXT    NOT NULL CHECK (state IN
                ('queued', 'parsing', 'chunking', 'embedding', 'publishing', 'done', 'failed', 'cancelled')),
  worker        TEXT    NOT NULL DEFAULT '',
  claim         INTEGER NOT NULL DEFAULT 0,
  tries         INTEGER NOT NULL DEFAULT 0,
  is_suspect    BOOLEAN NOT NULL DEFAULT FALSE,
  not_before    INTEGER NOT NULL DEFAULT 0,
  code          TEXT    NOT NULL DEFAULT '',
  detail        TEXT    NOT NULL DEFAULT '',
  pages         INTEGER NOT NULL DEFAULT 0,
  chunks        INTEGER NOT NULL DEFAULT 0,
  chunks_total  INTEGER NOT NULL DEFAULT 0,
  version       INTEGER NOT NULL DEFAULT 0,
  created_at    INTEGER NOT NULL,
  started_at    INTEGER,
  finished_at   INTEGER
);

INSERT INTO job_next SELECT * FROM job;
DELETE FROM sqlite_sequence WHERE name = 'job_next';
INSERT INTO sqlite_sequence (name, seq) SELECT 'job_next', seq FROM sqlite_sequence WHERE name = 'job';
DROP TABLE job;
ALTER TABLE job_next RENAME TO job;

CREATE INDEX job_queue ON job (tenant, number) WHERE state = 'queued';
CREATE INDEX job_running ON job (worker) WHERE finished_at IS NULL AND state <> 'queued';
CREATE INDEX job_of_document ON job (document_id, number);
CREATE INDEX job_of_tenant ON job (tenant, number);
CREATE INDEX job_finished ON job (finished_at) WHERE finished_at IS NOT NULL;
CREATE INDEX job_of_blob ON job (blob) WHERE blob <> '';
