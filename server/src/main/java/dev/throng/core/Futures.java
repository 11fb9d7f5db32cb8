package dev.throng.core;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Waits for work that another thread does, and passes its failure on as that of the caller. */
public final class Futures {
  private Futures() {}

  /**
   * Waits for a result.
   *
   * @param doing what the work is, for messages, such as "searching"
   * @throws RuntimeException as {@link #failure}; SHUTTING_DOWN when interrupted
   */
  public static <T> T join(Future<T> result, String doing) {
    try {
      return result.get();
    } catch (ExecutionException e) {
      throw failure(e, doing);
    } catch (InterruptedException e) {
      throw interrupted(e, doing);
    }
  }

  /**
   * Waits for a result until a deadline. Work that nothing waits for any more is cancelled, unless
   * it has started.
   *
   * @throws RuntimeException as {@link #join(Future, String)}, or DEADLINE_EXCEEDED
   */
  public static <T> T join(Future<T> result, Deadline deadline, String doing) {
    try {
      return result.get(deadline.remainingNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      result.cancel(false);
      throw new ThrongException(
          ErrorCode.DEADLINE_EXCEEDED, "the deadline passed while " + doing, e);
    } catch (InterruptedException e) {
      result.cancel(false);
      throw interrupted(e, doing);
    } catch (ExecutionException e) {
      throw failure(e, doing);
    }
  }

  /** Returns the failure of work: its own if that is unchecked, otherwise INTERNAL. */
  public static RuntimeException failure(ExecutionException failed, String doing) {
    Throwable cause = failed.getCause();
    return cause instanceof RuntimeException own
        ? own
        : new ThrongException(ErrorCode.INTERNAL, doing + ": " + cause, cause);
  }

  private static ThrongException interrupted(InterruptedException e, String doing) {
    Thread.currentThread().interrupt();
    return new ThrongException(ErrorCode.SHUTTING_DOWN, "interrupted while " + doing, e);
  }
}
