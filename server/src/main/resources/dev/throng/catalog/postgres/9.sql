-- "Generation" is the word for what a language model makes, so the indexes of a collection are no longer called that.

ALTER TABLE generation RENAME TO collection_index;
ALTER TABLE generation_version RENAME TO index_version;
ALTER TABLE collection RENAME COLUMN generation TO index_number;
ALTER TABLE collection RENAME COLUMN last_generation TO last_index;
ALTER TABLE collection_floor RENAME COLUMN generation TO index_number;
