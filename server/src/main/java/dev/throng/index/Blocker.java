package dev.throng.index;

import dev.throng.core.ErrorCode;
import dev.throng.core.ThrongException;

/**
 * The reason why work has to wait.
 *
 * @param code as clients see it; "" when there is none
 * @param detail in words; "" when there is none
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
