package dev.throng.sim;

import dev.throng.backend.pool.Delivery;
import dev.throng.backend.pool.Need;
import dev.throng.backend.pool.Slot;
import dev.throng.core.AnswerLimits;
import dev.throng.core.ErrorCode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One answer, relayed as {@code Relay} does it, in virtual time. */
final class SimAnswer {
  private static final int MAX_TOKENS = 100_000;

  /** Backends that a prompt may bring down before it is abandoned (docs/decisions/0014-pool.md). */
  private static final int FAILURES_BORNE = 3;

  private final PoolSimulation sim;
  private final int question;
  private final String text;
  private final Delivery delivery = new Delivery(AnswerLimits.tokens(MAX_TOKENS));
  private final StringBuilder read = new StringBuilder();
  private final Consumer<Boolean> ended;
  private final List<SimCall> racing = new ArrayList<>();
  private final Set<Integer> failed = new HashSet<>();
  private @Nullable SimCall leading;
  private boolean isOver;

  /**
   * @param ended receives whether the answer is complete, unless the client hung up
   */
  SimAnswer(PoolSimulation sim, int question, Consumer<Boolean> ended) {
    this.sim = sim;
    this.question = question;
    this.ended = ended;
    this.text = textOf(question);
  }

  /** Words, some with characters of two UTF-16 units. */
  static String textOf(int question) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 5 + question % 20; i++) {
      text.append(" w").append((question * 31 + i) % 97).append(i % 7 == 3 ? "😀" : "");
    }
    return text.toString();
  }

  String received() {
    return delivery.received();
  }

  Need need() {
    Set<Integer> avoided = new HashSet<>(failed);
    racing.forEach(call -> avoided.add(call.slot().backend()));
    return new Need(100, question % 3, avoided, Set.of());
  }

  boolean isBegun() {
    return delivery.isBegun();
  }

  void start(Slot slot) {
    SimCall call = new SimCall(sim, slot, this, text);
    racing.add(call);
    delivery.begins();
    leading = null;
    sim.hedgeLater(this, call);
    call.start();
  }

  /** A second call, when the first one is late. */
  void hedge(SimCall late) {
    if (!isOver && leading == null && racing.equals(List.of(late))) {
      Slot slot = sim.pool().takeIdle(need(), sim.nowNanos());
      if (slot != null) {
        sim.holds(slot);
        SimCall second = new SimCall(sim, slot, this, text);
        racing.add(second);
        sim.hedged();
        second.start();
      }
    }
  }

  void piece(SimCall from, String piece) {
    if (!racing.contains(from)) {
      return;
    }
    lead(from);
    read.append(delivery.append(piece, false));
    checkRead();
  }

  void finished(SimCall from) {
    if (!racing.contains(from)) {
      return;
    }
    lead(from);
    racing.clear();
    read.append(delivery.finish());
    checkRead();
    PoolSimulation.check(read.length() == text.length(), "the end is missing", this);
    end(true);
  }

  void failed(SimCall from, ErrorCode code) {
    if (!racing.remove(from)) {
      return;
    }
    failed.add(from.slot().backend());
    if (racing.isEmpty()) {
      if (delivery.fail(code)) {
        sim.await(this);
      } else {
        PoolSimulation.check(failed.size() >= FAILURES_BORNE, "abandoned too early", this);
        end(false);
      }
    }
  }

  /** Every backend is down, and no text was delivered. */
  void giveUp() {
    PoolSimulation.check(false, "abandoned although a backend is healthy", this);
  }

  /** The client hangs up. */
  void hangUp() {
    if (!isOver) {
      racing.forEach(SimCall::abandon);
      racing.clear();
      isOver = true;
      sim.ended();
    }
  }

  /** The text delivered so far. */
  String read() {
    return read.toString();
  }

  boolean isOver() {
    return isOver;
  }

  private void lead(SimCall from) {
    if (leading == null) {
      leading = from;
      racing.stream().filter(call -> call != from).forEach(SimCall::abandon);
      racing.removeIf(call -> call != from);
    }
  }

  private void checkRead() {
    PoolSimulation.check(text.startsWith(read.toString()), "text lost or repeated", this);
    boolean isSplit = !read.isEmpty() && Character.isHighSurrogate(read.charAt(read.length() - 1));
    PoolSimulation.check(!isSplit, "half a character", this);
  }

  private void end(boolean isWhole) {
    PoolSimulation.check(!isOver, "ended twice", this);
    isOver = true;
    sim.ended();
    ended.accept(isWhole);
  }

  @Override
  public String toString() {
    return "answer %d, %d of %d characters".formatted(question, read.length(), text.length());
  }
}
