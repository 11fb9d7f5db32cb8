package dev.throng.catalog;

import java.time.Instant;
import java.util.Map;

/**
 * A process that is using the shared catalogue.
 *
 * @param id identifies the process; no other process has or had it
 * @param startedAt by the database's clock
 * @param traits its configuration and model, by name; empty for a command that only reads
 */
public record Replica(String id, Instant startedAt, Map<String, String> traits) {}
