package dev.throng.parser.api;

import org.jspecify.annotations.Nullable;

/** Why a document was not parsed, as the worker reports it to the server. */
public final class DocumentException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Each has the name of the error code that clients see; what it means stands there. */
  public enum Reason {
    DOCUMENT_BOMB,
    DOCUMENT_EMPTY,
    DOCUMENT_ENCRYPTED,
    DOCUMENT_NEEDS_OCR,
    DOCUMENT_NO_TEXT,
    DOCUMENT_POLYGLOT,
    DOCUMENT_TEXT_TOO_LONG,
    DOCUMENT_TOO_DEEP,
    DOCUMENT_TOO_MANY_ENTRIES,
    DOCUMENT_TRUNCATED,
    DOCUMENT_UNREADABLE,
    DOCUMENT_WRONG_EXTENSION,
    OCR_UNAVAILABLE,
    STORAGE_FAILED,
    STORAGE_FULL,
    UNSUPPORTED_DOCUMENT
  }

  private final Reason reason;

  public DocumentException(Reason reason, String detail) {
    this(reason, detail, null);
  }

  public DocumentException(Reason reason, String detail, @Nullable Throwable cause) {
    super(detail, cause);
    this.reason = reason;
  }

  public Reason reason() {
    return reason;
  }
}
