package dev.throng.catalog;

/**
 * What the collections of one tenant may hold together; 0 stands for no limit. Documents that are
 * on their way count, too.
 *
 * @param documents live and queued ones
 * @param bytes of documents as they were sent
 * @param chunks live ones
 */
public record Quota(long documents, long bytes, long chunks) {
  public static final Quota NONE = new Quota(0, 0, 0);

  public boolean isNone() {
    return equals(NONE);
  }
}
