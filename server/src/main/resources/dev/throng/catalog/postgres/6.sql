-- origin: who brought a version. sent: a client; read: somebody had it read from the server's disk; mirrored: it is in the
-- collection because it is in a folder that the collection follows, and goes when its file goes.
-- What was there before is a folder's, unless its original was kept, as it is of documents that were sent.
ALTER TABLE document_version ADD COLUMN origin TEXT NOT NULL DEFAULT 'mirrored';
UPDATE document_version SET origin = 'sent' WHERE blob <> '';

-- Work that one replica does for all. It is held while the holder is seen as a replica; see ReplicaLease.
CREATE TABLE lease (
  name   TEXT PRIMARY KEY,
  holder TEXT NOT NULL
);
