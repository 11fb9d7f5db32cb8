package dev.throng.catalog;

/**
 * Work that a client requests.
 *
 * @param id the id of the job
 */
public record NewJob(String id, JobSpec spec) {}
