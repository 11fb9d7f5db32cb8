-- started_at: who came first is right where replicas disagree.
-- traits: what a replica works with, a line NAME=VALUE for each; empty for a command that only looks.
ALTER TABLE replica
  ADD COLUMN started_at TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp(),
  ADD COLUMN traits     TEXT        NOT NULL DEFAULT '';
