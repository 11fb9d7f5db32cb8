package dev.throng.sim;

import dev.throng.backend.pool.CallEnd;
import dev.throng.backend.pool.Slot;
import dev.throng.core.ErrorCode;

/** One call to a {@link SimBackend} in a slot, for an answer or a probe. */
final class SimCall {
  private static final long FIRST_TOKEN_TIMEOUT_NANOS = 2_000_000_000L;
  private static final long STALL_TIMEOUT_NANOS = 1_000_000_000L;

  private final PoolSimulation sim;
  private final Slot slot;
  private final SimBackend backend;
  private final SimAnswer answer;
  private final String text;
  private int position;
  private int tokens;
  private long lastNanos;
  private boolean isAbandoned;
  private boolean isOver;

  /**
   * @param answer whose call it is; for a probe, an answer without readers
   * @param text the backend's text for the whole question
   */
  SimCall(PoolSimulation sim, Slot slot, SimAnswer answer, String text) {
    this.sim = sim;
    this.slot = slot;
    this.backend = sim.backend(slot.backend());
    this.answer = answer;
    this.text = text;
    this.position = answer.received().length();
    PoolSimulation.check(text.startsWith(answer.received()), "continues another text", this);
    boolean isHalf = position > 0 && Character.isHighSurrogate(text.charAt(position - 1));
    PoolSimulation.check(!isHalf, "continues after half a character", this);
  }

  void start() {
    if (backend.fault() == SimBackend.Fault.DOWN) {
      end(new CallEnd.Failed(ErrorCode.BACKEND_UNREACHABLE), ErrorCode.BACKEND_UNREACHABLE);
      return;
    }
    backend.enter(this);
    lastNanos = sim.nowNanos();
    wake();
  }

  /** Produces the next token when its time has come, and gives up if it never comes. */
  void wake() {
    if (isOver) {
      return;
    }
    if (backend.fault() == SimBackend.Fault.HUNG) {
      long patience = tokens == 0 ? FIRST_TOKEN_TIMEOUT_NANOS : STALL_TIMEOUT_NANOS;
      long since = lastNanos;
      sim.after(
          patience,
          () -> {
            if (!isOver && lastNanos == since) {
              fail(tokens == 0 ? ErrorCode.BACKEND_TIMEOUT : ErrorCode.BACKEND_STALLED);
            }
          });
      return;
    }
    sim.after(backend.tokenNanos(sim.random()), this::token);
  }

  /** Before its first token, an abandoned call still occupies its backend. */
  void abandon() {
    isAbandoned = true;
    if (tokens > 0 && !isOver) {
      leaveBackend(new CallEnd.Cancelled());
    }
  }

  void fail(ErrorCode code) {
    if (!isOver) {
      end(new CallEnd.Failed(code), code);
    }
  }

  Slot slot() {
    return slot;
  }

  private void token() {
    if (isOver || backend.fault() == SimBackend.Fault.HUNG) {
      return;
    }
    lastNanos = sim.nowNanos();
    if (tokens == 0) {
      sim.pool().firstToken(slot, sim.nowNanos());
    }
    tokens++;
    if (isAbandoned) {
      leaveBackend(new CallEnd.Cancelled());
      return;
    }
    if (backend.fault() == SimBackend.Fault.BROKEN && sim.random().nextInt(4) == 0) {
      fail(ErrorCode.BACKEND_ERROR);
      return;
    }
    if (slot.isProbe() || position >= text.length()) {
      leaveBackend(new CallEnd.Done(tokens));
      answer.finished(this);
      return;
    }
    int end = Math.min(text.length(), position + 1 + sim.random().nextInt(3));
    String piece = text.substring(position, end);
    position = end;
    answer.piece(this, piece);
    if (!isOver) {
      wake();
    }
  }

  private void end(CallEnd how, ErrorCode code) {
    leaveBackend(isAbandoned && !slot.isProbe() ? new CallEnd.Cancelled() : how);
    answer.failed(this, code);
  }

  private void leaveBackend(CallEnd how) {
    isOver = true;
    backend.leave(this);
    sim.release(slot, how);
  }

  @Override
  public String toString() {
    return "call at %s, %d tokens".formatted(backend, tokens);
  }
}
