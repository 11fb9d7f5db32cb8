package dev.throng.catalog;

/**
 * Limits for all collections of one tenant together; 0 means no limit. Documents that are being
 * ingested count, too.
 *
 * @param documents live and queued documents
 * @param bytes size of the documents as they were sent
 * @param chunks live chunks
 */
public record Quota(long documents, long bytes, long chunks) {
  public static final Quota NONE = new Quota(0, 0, 0);

  public boolean isNone() {
    return equals(NONE);
  }
}
