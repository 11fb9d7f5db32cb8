-- What users say about answers. documents, helpful: ids of documents, separated by blanks.

CREATE TABLE feedback (
  number        BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  id            TEXT   NOT NULL UNIQUE,
  tenant        TEXT   NOT NULL,
  collection_id BIGINT NOT NULL REFERENCES collection (id),
  answer_id     TEXT   NOT NULL,
  rating        TEXT   NOT NULL CHECK (rating IN ('up', 'down')),
  question      TEXT   NOT NULL,
  comment       TEXT   NOT NULL,
  documents     TEXT   NOT NULL,
  helpful       TEXT   NOT NULL,
  created_at    BIGINT NOT NULL
);

CREATE INDEX feedback_of_tenant ON feedback (tenant, number);
CREATE INDEX feedback_of_collection ON feedback (collection_id);
