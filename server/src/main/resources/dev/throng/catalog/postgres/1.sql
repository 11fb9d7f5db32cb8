-- Collections, their documents, and the versions of each document, shared by all replicas.

CREATE TABLE collection (
  id         BIGINT  GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  tenant     TEXT    NOT NULL,
  name       TEXT    NOT NULL,
  language   TEXT    NOT NULL,
  embedder   TEXT    NOT NULL,
  dimension  INTEGER NOT NULL,
  epoch      BIGINT  NOT NULL,
  generation BIGINT  NOT NULL,
  UNIQUE (tenant, name)
);

-- Identity is (collection, uri); equal content under two uris is two documents.
CREATE TABLE document (
  id            TEXT   PRIMARY KEY,
  collection_id BIGINT NOT NULL REFERENCES collection (id),
  uri           TEXT   NOT NULL,
  UNIQUE (collection_id, uri)
);

-- changed_epoch: the epoch at which the version became what it is, so that a replica reads only what it does not know.
-- writer: the replica that writes it.
CREATE TABLE document_version (
  id            BIGINT  GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  document_id   TEXT    NOT NULL REFERENCES document (id),
  title         TEXT    NOT NULL,
  content_hash  TEXT    NOT NULL,
  chunk_count   INTEGER NOT NULL,
  state         TEXT    NOT NULL CHECK (state IN ('writing', 'live', 'dead')),
  died_at       BIGINT,
  changed_epoch BIGINT  NOT NULL DEFAULT 0,
  writer        TEXT    NOT NULL DEFAULT ''
);

CREATE UNIQUE INDEX one_live_version ON document_version (document_id) WHERE state = 'live';
CREATE INDEX version_of_document ON document_version (document_id);
CREATE INDEX version_by_change ON document_version (changed_epoch);

-- Versions whose rows are gone, for replicas that still know them.
CREATE TABLE purged_version (
  version       BIGINT PRIMARY KEY,
  collection_id BIGINT NOT NULL REFERENCES collection (id),
  epoch         BIGINT NOT NULL
);

CREATE INDEX purge_by_epoch ON purged_version (collection_id, epoch);

-- Backends that an operator has taken out of use; they stay so over restarts.
CREATE TABLE drained_backend (
  url   TEXT   PRIMARY KEY,
  since BIGINT NOT NULL
);

-- lease_until: until then, by this database's clock, the replica may take what it knows for current.
-- refreshed_at: what it knows is at least as new as this.
CREATE TABLE replica (
  id           TEXT        PRIMARY KEY,
  lease_until  TIMESTAMPTZ NOT NULL,
  refreshed_at TIMESTAMPTZ NOT NULL
);
