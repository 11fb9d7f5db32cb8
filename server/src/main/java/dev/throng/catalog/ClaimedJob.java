package dev.throng.catalog;

/**
 * A job and the right to do it.
 *
 * @param isSuspect whether a process died while it had it: it should run alone, so that its fault
 *     is told from that of others
 */
public record ClaimedJob(Job job, JobClaim claim, boolean isSuspect) {}
