-- Answers that must not be given again. target: '' for all of the collection, the hash of a question, or a document's id.
-- epoch: what was generated before it is not used any more.
CREATE TABLE invalidation (
  collection_id BIGINT NOT NULL REFERENCES collection (id),
  target        TEXT   NOT NULL,
  epoch         BIGINT NOT NULL,
  PRIMARY KEY (collection_id, target)
);
