package dev.throng.catalog;

/**
 * Work that a client asks for.
 *
 * @param id names the job from now on
 * @param documentId the document it is about; "" for a folder
 */
public record NewJob(String id, Job.Kind kind, String documentId, DocumentSource source) {}
