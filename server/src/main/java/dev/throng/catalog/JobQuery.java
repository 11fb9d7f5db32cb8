package dev.throng.catalog;

import java.util.Set;

/**
 * Which jobs of a tenant to list, the newest first.
 *
 * @param collection its name; "" for all
 * @param states empty for all
 * @param documentId "" for all
 * @param before the number of the last job of the previous page; {@link Long#MAX_VALUE} for the
 *     first page
 * @param limit maximum number of jobs
 */
public record JobQuery(
    String collection, Set<JobState> states, String documentId, long before, int limit) {}
