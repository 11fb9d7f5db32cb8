package dev.throng.catalog;

/**
 * A job together with the claim on it.
 *
 * @param isSuspect whether a process died while it had the job; such a job runs alone, so that its
 *     failure cannot be caused by another one
 */
public record ClaimedJob(Job job, JobClaim claim, boolean isSuspect) {}
