-- What is known about a document beside its text. metadata: a JSON object. modified_at: when the source was last changed.
ALTER TABLE document_version
  ADD COLUMN metadata    TEXT NOT NULL DEFAULT '{}',
  ADD COLUMN modified_at BIGINT;
