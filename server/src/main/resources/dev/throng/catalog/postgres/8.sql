-- Collections that are new or deleted.
-- stage: new, nothing was published in it yet; live; deleting, nothing of it can be found and what belonged to it is being
-- removed; deleted, nothing is left but the row, so that neither an epoch nor an index number of it comes again.
-- stage_since: when it was deleted.
ALTER TABLE collection ADD COLUMN stage TEXT NOT NULL DEFAULT 'live'
  CHECK (stage IN ('new', 'live', 'deleting', 'deleted'));
ALTER TABLE collection ADD COLUMN stage_since BIGINT NOT NULL DEFAULT 0;

-- A collection begins above these: they are the highest of the collections whose rows are gone. One row.
CREATE TABLE collection_floor (
  epoch      BIGINT NOT NULL,
  generation BIGINT NOT NULL
);

INSERT INTO collection_floor (epoch, generation) VALUES (-1, 0);
