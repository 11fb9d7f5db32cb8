package dev.throng.backend.pool;

import dev.throng.core.ErrorCode;

/** How a call to a backend ended. */
public sealed interface CallEnd {
  /**
   * Well.
   *
   * @param tokens made, 0 when unknown
   */
  record Done(int tokens) implements CallEnd {}

  /** Badly, by the backend's fault or the prompt's. */
  record Failed(ErrorCode code) implements CallEnd {}

  /** Nobody wanted it any more; says nothing about the backend. */
  record Cancelled() implements CallEnd {}
}
