package dev.throng.ollamasim;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/**
 * A planned fault. Faults of generations apply to the next ones received, in the order of
 * injection, one fault per generation. SLOW and MODEL_UNLOADED apply immediately.
 *
 * @param afterTokens tokens of the generation before the fault; if the answer is shorter, the fault
 *     comes right before its end. Ignored for HTTP_500, HTTP_503 and HANG_BEFORE_FIRST_TOKEN
 * @param times how many generations it affects, or {@link #UNTIL_CLEARED}. For HALF_OPEN: how many
 *     further requests get no response
 * @param factor the factor of SLOW
 * @param downMillis the outage of CRASH, or {@link #UNTIL_RESTART}
 */
public record Fault(FaultKind kind, int afterTokens, int times, double factor, long downMillis) {
  public static final int UNTIL_CLEARED = -1;
  public static final long UNTIL_RESTART = -1;

  public Fault {
    if (afterTokens < 0) {
      throw new IllegalArgumentException(
          "after_tokens: %d (expected: >= 0)".formatted(afterTokens));
    }
    if (times < 1 && times != UNTIL_CLEARED) {
      throw new IllegalArgumentException("times: %d (expected: >= 1, or -1)".formatted(times));
    }
    if (!(factor > 0)) { // also rejects NaN
      throw new IllegalArgumentException("factor: %s (expected: > 0)".formatted(factor));
    }
    if (downMillis < 0 && downMillis != UNTIL_RESTART) {
      throw new IllegalArgumentException(
          "down_millis: %d (expected: >= 0, or -1)".formatted(downMillis));
    }
  }

  /** Reads a fault from JSON, where everything except the kind is optional. */
  @JsonCreator
  static Fault of(
      @JsonProperty(value = "kind", required = true) FaultKind kind,
      @JsonProperty("after_tokens") @Nullable Integer afterTokens,
      @JsonProperty("times") @Nullable Integer times,
      @JsonProperty("factor") @Nullable Double factor,
      @JsonProperty("down_millis") @Nullable Long downMillis) {
    return new Fault(
        kind,
        afterTokens == null ? 0 : afterTokens,
        times == null ? 1 : times,
        factor == null ? 1 : factor,
        downMillis == null ? UNTIL_RESTART : downMillis);
  }

  /** A fault that occurs once, before the first token. */
  public static Fault of(FaultKind kind) {
    return new Fault(kind, 0, 1, 1, UNTIL_RESTART);
  }

  /** A fault that occurs once, after this many tokens. */
  public static Fault after(int tokens, FaultKind kind) {
    return new Fault(kind, tokens, 1, 1, UNTIL_RESTART);
  }

  /** All rates are divided by {@code factor}, until faults are cleared. */
  public static Fault slow(double factor) {
    return new Fault(FaultKind.SLOW, 0, 1, factor, UNTIL_RESTART);
  }

  public Fault times(int value) {
    return new Fault(kind, afterTokens, value, factor, downMillis);
  }

  public Fault downMillis(long value) {
    return new Fault(kind, afterTokens, times, factor, value);
  }
}
