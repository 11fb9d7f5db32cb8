package dev.throng.catalog;

import dev.throng.core.ErrorCode;
import dev.throng.core.ThrongException;

/**
 * What one request may still add to the data of its tenant, as of the start of the request. It is
 * checked before bytes are stored. {@link Jobs#enqueue} checks exactly, when all documents are
 * known.
 *
 * @param jobs number of jobs that may be opened
 * @param documents number of documents that the request may contain
 * @param bytes maximum size of all of them together
 */
public record Allowance(long jobs, long documents, long bytes) {
  static final Allowance ANY = new Allowance(Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE);

  /**
   * Checks a request with this many documents and bytes so far.
   *
   * @throws ThrongException QUEUE_FULL, QUOTA_EXCEEDED
   */
  public void check(int requestDocuments, long requestBytes) {
    if (requestDocuments > jobs) {
      throw ThrongException.queueFull(
          "%d documents in one request (expected: at most %d now, by ingest.max_open_jobs)"
              .formatted(requestDocuments, Math.max(0, jobs)));
    }
    if (requestDocuments > documents) {
      throw exceeded("quota_documents", "%d in one request".formatted(requestDocuments), documents);
    }
    if (requestBytes > bytes || bytes <= 0) {
      throw exceeded("quota_bytes", "exceeded by this request", Math.max(0, bytes));
    }
  }

  private static ThrongException exceeded(String setting, String what, long allowed) {
    return new ThrongException(
        ErrorCode.QUOTA_EXCEEDED,
        "ingest.%s: %s (expected: at most %d)".formatted(setting, what, allowed));
  }
}
