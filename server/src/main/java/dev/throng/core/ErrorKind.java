package dev.throng.core;

import java.util.Set;

/**
 * What holds for an {@link ErrorCode} besides its meaning.
 *
 * @param status the HTTP status of the response
 */
public record ErrorKind(int status, Set<Trait> traits) {
  /** What may hold for a failure. */
  public enum Trait {
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

  /** Returns whether the same work can succeed later without any change to it. */
  public boolean isTransient() {
    return traits.contains(Trait.TRANSIENT) || isBackendFailure();
  }

  /** Returns whether the detail is only for operators and the log; clients get the code. */
  public boolean isDetailPrivate() {
    return traits.contains(Trait.PRIVATE) || isBackendFailure();
  }

  /** Returns whether the backend failed and not the request; another one, or a quote, may help. */
  public boolean isBackendFailure() {
    return traits.contains(Trait.BACKEND_FAILURE) || isBackendFault();
  }

  /**
   * Returns whether the backend itself is at fault. A response to a single prompt is not evidence
   * of that: otherwise a few questions that a model refuses would take every backend out of use.
   */
  public boolean isBackendFault() {
    return traits.contains(Trait.BACKEND_FAULT);
  }

  /** Returns whether a parser failed, which may succeed with the same document later. */
  public boolean isParserFailure() {
    return traits.contains(Trait.PARSER_FAILURE);
  }
}
