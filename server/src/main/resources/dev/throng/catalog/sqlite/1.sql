-- Collections, their documents, and the versions of each document.

CREATE TABLE collection (
  id         INTEGER PRIMARY KEY,
  tenant     TEXT    NOT NULL,
  name       TEXT    NOT NULL,
  language   TEXT    NOT NULL,
  embedder   TEXT    NOT NULL,
  dimension  INTEGER NOT NULL,
  epoch      INTEGER NOT NULL,
  generation INTEGER NOT NULL,
  UNIQUE (tenant, name)
);

-- Identity is (collection, uri); equal content under two uris is two documents.
CREATE TABLE document (
  id            TEXT    PRIMARY KEY,
  collection_id INTEGER NOT NULL REFERENCES collection (id),
  uri           TEXT    NOT NULL,
  UNIQUE (collection_id, uri)
);

-- AUTOINCREMENT: the id of a deleted version is never used again, because chunks in an index carry it.
CREATE TABLE document_version (
  id           INTEGER PRIMARY KEY AUTOINCREMENT,
  document_id  TEXT    NOT NULL REFERENCES document (id),
  title        TEXT    NOT NULL,
  content_hash TEXT    NOT NULL,
  chunk_count  INTEGER NOT NULL,
  state        TEXT    NOT NULL CHECK (state IN ('writing', 'live', 'dead')),
  died_at      INTEGER
);

CREATE UNIQUE INDEX one_live_version ON document_version (document_id) WHERE state = 'live';
CREATE INDEX version_of_document ON document_version (document_id);
