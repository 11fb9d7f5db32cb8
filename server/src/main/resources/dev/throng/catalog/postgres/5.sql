-- Documents that were sent and are on their way into a collection, or did not make it; and folders to be read.
-- A job is open until finished_at. Running means: worker is the process that has it, and claim tells this time from earlier
-- ones, so that a process that was taken for dead cannot publish what another one does now.
-- tries: failures that were nobody else's fault. is_suspect: a process died while it had it, so it runs alone next time.
-- Jobs of one document run in the order of their numbers.
CREATE TABLE job (
  number        BIGINT  GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  id            TEXT    NOT NULL UNIQUE,
  tenant        TEXT    NOT NULL,
  collection_id BIGINT  NOT NULL REFERENCES collection (id),
  kind          TEXT    NOT NULL CHECK (kind IN ('document', 'sync', 'mirror')),
  document_id   TEXT    NOT NULL,
  uri           TEXT    NOT NULL,
  name          TEXT    NOT NULL,
  title         TEXT,
  metadata      TEXT    NOT NULL DEFAULT '{}',
  modified_at   BIGINT,
  blob          TEXT    NOT NULL,
  bytes         BIGINT  NOT NULL,
  content       TEXT    NOT NULL,
  state         TEXT    NOT NULL CHECK (state IN
                ('queued', 'parsing', 'chunking', 'embedding', 'publishing', 'done', 'failed', 'cancelled')),
  worker        TEXT    NOT NULL DEFAULT '',
  claim         BIGINT  NOT NULL DEFAULT 0,
  tries         BIGINT  NOT NULL DEFAULT 0,
  is_suspect    BOOLEAN NOT NULL DEFAULT FALSE,
  not_before    BIGINT  NOT NULL DEFAULT 0,
  code          TEXT    NOT NULL DEFAULT '',
  detail        TEXT    NOT NULL DEFAULT '',
  pages         BIGINT  NOT NULL DEFAULT 0,
  chunks        BIGINT  NOT NULL DEFAULT 0,
  chunks_total  BIGINT  NOT NULL DEFAULT 0,
  version       BIGINT  NOT NULL DEFAULT 0,
  created_at    BIGINT  NOT NULL,
  started_at    BIGINT ,
  finished_at   BIGINT
);

CREATE INDEX job_queue ON job (tenant, number) WHERE state = 'queued';
CREATE INDEX job_running ON job (worker) WHERE finished_at IS NULL AND state <> 'queued';
CREATE INDEX job_of_document ON job (document_id, number);
CREATE INDEX job_of_tenant ON job (tenant, number);
CREATE INDEX job_finished ON job (finished_at) WHERE finished_at IS NOT NULL;

-- What was answered to a request with an Idempotency-Key. request: the hash of what was sent. jobs: their ids, blank between.
CREATE TABLE idempotency_key (
  tenant     TEXT    NOT NULL,
  key        TEXT    NOT NULL,
  request    TEXT    NOT NULL,
  jobs       TEXT    NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (tenant, key)
);

-- blob: where the original is kept, '' when it is not. bytes: its length.
ALTER TABLE document_version ADD COLUMN blob TEXT NOT NULL DEFAULT '';
ALTER TABLE document_version ADD COLUMN bytes BIGINT NOT NULL DEFAULT 0;

CREATE INDEX version_of_blob ON document_version (blob) WHERE blob <> '';
CREATE INDEX job_of_blob ON job (blob) WHERE blob <> '';

-- Originals, in parts of at most a mebibyte, where replicas share no folder.
CREATE TABLE blob_part (
  blob       TEXT    NOT NULL,
  part       INTEGER NOT NULL,
  content    BYTEA   NOT NULL,
  created_at BIGINT  NOT NULL,
  PRIMARY KEY (blob, part)
);
