package dev.throng.catalog;

import dev.throng.core.ErrorCode;
import dev.throng.core.ThrongException;

/**
 * What one request may still add to what its tenant has, as of its start. It is checked before
 * bytes are kept; {@link Jobs#enqueue} checks exactly, when all of them are there.
 *
 * @param jobs that may be opened
 * @param documents that the request may have
 * @param bytes of all of them together
 */
public record Allowance(long jobs, long documents, long bytes) {
  static final Allowance ANY = new Allowance(Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE);

  /**
   * Checks a request with so many documents and bytes so far.
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
      throw exceeded("quota_bytes", "more with this request", Math.max(0, bytes));
    }
  }

  private static ThrongException exceeded(String setting, String what, long allowed) {
    return new ThrongException(
        ErrorCode.QUOTA_EXCEEDED,
        "ingest.%s: %s (expected: at most %d)".formatted(setting, what, allowed));
  }
}
