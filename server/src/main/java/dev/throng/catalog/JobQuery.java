package dev.throng.catalog;

import java.util.Set;

/**
 * Which jobs of a tenant to list, the newest first.
 *
 * @param collection its name; "" for all
 * @param states empty for all
 * @param subject the {@link JobSpec#subject}, such as the id of a document; "" for all
 * @param before the number of the last job of the previous page; {@link Long#MAX_VALUE} for the
 *     first page
 * @param limit maximum number of jobs
 */
public record JobQuery(
    String collection, Set<JobState> states, String subject, long before, int limit) {}
