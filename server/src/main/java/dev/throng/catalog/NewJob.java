package dev.throng.catalog;

/**
 * Work that a client requests.
 *
 * @param id the id of the job
 * @param documentId the document it is about; "" for a folder
 */
public record NewJob(String id, Job.Kind kind, String documentId, DocumentSource source) {}
