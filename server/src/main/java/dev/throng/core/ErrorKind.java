package dev.throng.core;

import java.util.Set;

/**
 * What holds for an {@link ErrorCode} besides its meaning.
 *
 * @param status the HTTP status of the response
 */
record ErrorKind(int status, Set<Trait> traits) {
  private enum Trait {
    /** The same work can succeed later without any change to it. */
    TRANSIENT,
    /** The detail may contain addresses, paths, or output of other programs. */
    PRIVATE,
    /** The backend failed and not the request. */
    BACKEND_FAILURE,
    /** The backend itself is at fault, whatever the prompt was. */
    BACKEND_FAULT,
    /** A process that parses documents failed. */
    PARSER_FAILURE
  }

  private ErrorKind(int status, Trait... traits) {
    this(status, Set.of(traits));
  }

  /** A failure that the request or the document causes, or that only its code describes. */
  static ErrorKind of(int status) {
    return new ErrorKind(status);
  }

  /** A failure that passes, of a part whose state clients may know. */
  static ErrorKind temporary(int status) {
    return new ErrorKind(status, Trait.TRANSIENT);
  }

  /** A failure that an operator has to remove; only the log has its detail. */
  static ErrorKind privateDetail(int status) {
    return new ErrorKind(status, Trait.PRIVATE);
  }

  /** A failure of something that all requests or jobs need; it passes when that is available. */
  static ErrorKind outage(int status) {
    return new ErrorKind(status, Trait.TRANSIENT, Trait.PRIVATE);
  }

  /** A failure of a backend that may have been caused by the prompt. */
  static ErrorKind backendFailure(int status) {
    return new ErrorKind(status, Trait.BACKEND_FAILURE);
  }

  /** A failure of a backend whatever the prompt was. */
  static ErrorKind backendFault(int status) {
    return new ErrorKind(status, Trait.BACKEND_FAULT);
  }

  /** A failure of the parser that the document may have caused. */
  static ErrorKind parserFailure(int status) {
    return new ErrorKind(status, Trait.PARSER_FAILURE);
  }

  /** A failure of the parser that no document has caused. */
  static ErrorKind parserOutage(int status) {
    return new ErrorKind(status, Trait.TRANSIENT, Trait.PRIVATE, Trait.PARSER_FAILURE);
  }

  boolean isTransient() {
    return traits.contains(Trait.TRANSIENT) || isBackendFailure();
  }

  boolean isDetailPrivate() {
    return traits.contains(Trait.PRIVATE) || isBackendFailure();
  }

  boolean isBackendFailure() {
    return traits.contains(Trait.BACKEND_FAILURE) || isBackendFault();
  }

  boolean isBackendFault() {
    return traits.contains(Trait.BACKEND_FAULT);
  }

  boolean isParserFailure() {
    return traits.contains(Trait.PARSER_FAILURE);
  }
}
