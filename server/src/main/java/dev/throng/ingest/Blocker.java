package dev.throng.ingest;

import dev.throng.core.ErrorCode;
import dev.throng.core.ThrongException;

/**
 * What is in the way of work that waits.
 *
 * @param code as clients see it; "" when nothing is in the way
 * @param detail in words; "" when nothing is in the way
 */
record Blocker(String code, String detail) {
  static final Blocker NONE = new Blocker("", "");

  static Blocker of(RuntimeException failure) {
    ErrorCode code = failure instanceof ThrongException known ? known.code() : ErrorCode.INTERNAL;
    return new Blocker(code.code(), String.valueOf(failure.getMessage()));
  }

  boolean isNone() {
    return code.isEmpty();
  }
}
