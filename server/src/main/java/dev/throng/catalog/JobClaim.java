package dev.throng.catalog;

/**
 * The right of a process to work on a job. It is lost when the job is cancelled, or when the
 * process was silent for so long that another one took the job over; what is published under a lost
 * claim is left out.
 *
 * @param number the job's
 * @param claim how many times the job was claimed, this time included
 */
public record JobClaim(long number, long claim) {}
