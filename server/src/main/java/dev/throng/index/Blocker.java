package dev.throng.index;

import dev.throng.core.ErrorCode;
import dev.throng.core.ThrongException;

/**
 * What is in the way of work that waits.
 *
 * @param code as clients see it; "" when nothing is in the way
 * @param detail in words; "" when nothing is in the way
 */
public record Blocker(String code, String detail) {
  public static final Blocker NONE = new Blocker("", "");

  public static Blocker of(RuntimeException failure) {
    ErrorCode code = failure instanceof ThrongException known ? known.code() : ErrorCode.INTERNAL;
    return new Blocker(code.code(), String.valueOf(failure.getMessage()));
  }

  public boolean isNone() {
    return code.isEmpty();
  }
}
