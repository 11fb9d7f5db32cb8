package dev.throng.backend.pool;

import dev.throng.backend.Backend;
import dev.throng.backend.Generator.Completion;
import dev.throng.core.Deadline;
import dev.throng.core.ErrorCode;
import dev.throng.core.ThrongException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;

/**
 * One call to one backend, in one slot, on a separate thread. Its slot is released exactly once,
 * whatever happens.
 */
final class Attempt implements SlotTable.Call {
  /** Receives what happens in attempts, on their threads. */
  interface Listener {
    /**
     * Receives a piece of text. May block, which makes the backend wait.
     *
     * @return false when no more text of this attempt is needed
     */
    boolean append(Attempt from, String piece);

    void finished(Attempt from, Completion completion);

    void failed(Attempt from, ThrongException cause);
  }

  /** Failures after which the backend may not have noticed yet that the call was abandoned. */
  private static final Set<ErrorCode> MAY_STILL_RUN =
      Set.of(
          ErrorCode.BACKEND_TIMEOUT,
          ErrorCode.BACKEND_STALLED,
          ErrorCode.BACKEND_ERROR,
          ErrorCode.BACKEND_PROTOCOL,
          ErrorCode.DEADLINE_EXCEEDED);

  /**
   * A backend whose connection was closed in the middle of an answer generates up to one more token
   * before it notices, so its slot is kept a little longer.
   */
  private static final Duration LINGER = Duration.ofMillis(100);

  private final SlotTable table;
  private final Slot slot;
  private final Backend backend;
  private final Listener listener;
  private final Thread thread;
  private volatile boolean isAbandoned;
  private volatile boolean hasText;

  Attempt(SlotTable table, Slot slot, Backend.Call call, Deadline deadline, Listener listener) {
    this.table = table;
    this.slot = slot;
    this.backend = table.backend(slot);
    this.listener = listener;
    this.thread =
        Thread.ofVirtual().name("generate-" + backend.name()).unstarted(() -> run(call, deadline));
  }

  void start() {
    table.started(this);
    thread.start();
  }

  String backendName() {
    return backend.name();
  }

  int backendIndex() {
    return slot.backend();
  }

  /**
   * Abandons the attempt because its result is no longer needed. Before its first token the
   * connection stays open until that token arrives: a backend reads a prompt to its end even if the
   * client has disconnected, and its slot is not free while it works.
   */
  void abandon() {
    isAbandoned = true;
    if (hasText) {
      thread.interrupt();
    }
  }

  @Override
  public void stop() {
    thread.interrupt(); // which its listener hears of
  }

  private void run(Backend.Call call, Deadline deadline) {
    CallEnd end;
    Runnable report;
    try {
      Completion completion = backend.generate(call, this::append, deadline);
      table.used(completion.tokens());
      end = new CallEnd.Done(completion.tokens().generated());
      report = () -> listener.finished(this, completion);
    } catch (ThrongException e) {
      end = CallEnd.Failed.of(e);
      report = () -> listener.failed(this, e);
    } catch (CancellationException e) {
      end = new CallEnd.Cancelled();
      report = () -> listener.failed(this, cancelled(e));
    } catch (RuntimeException | Error e) {
      ThrongException unexpected =
          new ThrongException(ErrorCode.INTERNAL, "the call to " + backend.name() + ": " + e, e);
      end = new CallEnd.Failed(ErrorCode.INTERNAL);
      report = () -> listener.failed(this, unexpected);
    }
    end(end, report);
  }

  private void append(String piece) {
    if (!hasText) {
      table.firstToken(slot);
      hasText = true;
    }
    if (isAbandoned || !listener.append(this, piece)) {
      isAbandoned = true;
      throw new CancellationException("abandoned");
    }
  }

  /**
   * Ends the call. The slot is released first, so that the relay sees the state of the pool after
   * the call.
   */
  private void end(CallEnd end, Runnable report) {
    if (isAbandoned) {
      boolean isCut = hasText && !(end instanceof CallEnd.Done);
      release(end instanceof CallEnd.Done ? end : new CallEnd.Cancelled(), isCut);
    } else if (end instanceof CallEnd.Failed failed && MAY_STILL_RUN.contains(failed.code())) {
      try {
        report.run(); // the answer continues elsewhere in the meantime
      } finally {
        release(end, true);
      }
    } else {
      release(end, false);
      report.run();
    }
  }

  private void release(CallEnd end, boolean isCut) {
    if (isCut) {
      linger();
    }
    table.release(slot, end);
    table.finished(this);
  }

  private static void linger() {
    Thread.interrupted(); // the interrupt that abandoned it
    try {
      TimeUnit.MILLISECONDS.sleep(LINGER.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static ThrongException cancelled(CancellationException cause) {
    return new ThrongException(ErrorCode.SHUTTING_DOWN, "the call was abandoned", cause);
  }
}
