package dev.throng.catalog;

import java.time.Instant;
import java.util.Map;

/**
 * A process that uses the shared catalogue now.
 *
 * @param id names it; no other has or had the name
 * @param startedAt by the database's clock
 * @param traits what it works with, by name; empty for a command that only looks
 */
public record Replica(String id, Instant startedAt, Map<String, String> traits) {}
