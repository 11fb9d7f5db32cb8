-- Backends that an operator has taken out of use; they stay so over restarts.

CREATE TABLE drained_backend (
  url   TEXT    PRIMARY KEY,
  since INTEGER NOT NULL
);
