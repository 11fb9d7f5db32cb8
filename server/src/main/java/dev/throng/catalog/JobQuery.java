package dev.throng.catalog;

import java.util.Set;

/**
 * Which jobs of a tenant to list, the newest first.
 *
 * @param collection its name; "" for all
 * @param states none means all
 * @param documentId "" for all
 * @param before the number of the last job of the page before; {@link Long#MAX_VALUE} for the first
 * @param limit jobs at most
 */
public record JobQuery(
    String collection, Set<JobState> states, String documentId, long before, int limit) {}
