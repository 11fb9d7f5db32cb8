package dev.throng.catalog;

/**
 * The right of a process to work on a job. It is lost when the job is cancelled, or when the
 * process was silent for so long that another one took the job over. Publications under a lost
 * claim are discarded.
 *
 * @param number the job's number
 * @param claim how many times the job was claimed, including this time
 */
public record JobClaim(long number, long claim) {}
