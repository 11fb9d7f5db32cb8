package dev.throng.backend.pool;

import dev.throng.backend.Backend;
import dev.throng.backend.Generator.Completion;
import dev.throng.backend.Generator.TextSink;
import dev.throng.backend.Prompt;
import dev.throng.core.AnswerLimits;
import dev.throng.core.Deadline;
import dev.throng.core.ErrorCode;
import dev.throng.core.ThrongException;
import dev.throng.core.Tokens;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Passes one answer from backend to backend until it is complete: to another one before its first
 * token (failover), and from the delivered text onwards after it (continuation). The delivered text
 * is always a prefix of the answer: nothing is withdrawn, lost or repeated.
 *
 * <p>Attempts deliver their text on their own threads, because handing each token to another thread
 * costs more than everything else that is done with it. While no attempt is racing, the state
 * belongs to the thread of {@link #run}.
 */
final class Relay implements Attempt.Listener {
  private static final Logger log = LoggerFactory.getLogger(Relay.class);

  private static final int PREFIX_CHARS = 1_000;

  private final SlotTable table;
  private final Prompt prompt;
  private final AnswerLimits limits;
  private final Deadline deadline;
  private final Deadline recovery;
  private final TextSink sink;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition settled = lock.newCondition();

  /** The attempts that count: one, or two during a hedge. */
  private final List<Attempt> racing = new ArrayList<>();

  private final Set<Integer> failed = new HashSet<>();

  /** Backends that returned no text. They would do so again, so they are not called twice. */
  private final Map<Integer, ErrorCode> withoutTextByBackend = new HashMap<>();

  private final Delivery delivery;
  private @Nullable ThrongException lastFailure;

  /** Whether one of the attempts has delivered text, or the end; the others are abandoned. */
  private boolean hasLeader;

  private boolean isHeldBack;
  private @Nullable Completion completion;

  /** Why there can be no answer. */
  private @Nullable RuntimeException failure;

  /**
   * Creates a relay.
   *
   * @param partialText text of the answer that was already delivered; "" for none
   */
  Relay(
      SlotTable table,
      Prompt prompt,
      String partialText,
      AnswerLimits limits,
      Deadline deadline,
      TextSink sink) {
    this.table = table;
    this.prompt = prompt;
    this.limits = limits;
    this.delivery = new Delivery(limits, partialText);
    this.deadline = deadline;
    this.recovery = table.recovery(deadline);
    this.sink = sink;
  }

  Completion run() throws InterruptedException {
    try {
      while (delivery.tokensLeft() > 0) {
        boolean isShown = delivery.isBegun() && sink.isShown();
        Slot slot = table.awaitSlot(need(failed), deadline, recovery, isShown, lastFailure);
        Optional<Completion> reached = race(slot);
        if (reached.isPresent()) {
          recordBackendsWithoutText();
          return reached.get();
        }
        checkMayContinue();
      }
      String rest = delivery.finish();
      if (!rest.isEmpty()) {
        sink.append(rest);
      }
      return delivery.cut();
    } finally {
      end();
    }
  }

  /** Afterwards, no attempt delivers text any more. */
  private void end() {
    lock.lock();
    try {
      racing.forEach(Attempt::abandon);
      racing.clear();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Starts an attempt, and waits for the end of the answer.
   *
   * @return empty when all attempts have failed
   */
  private Optional<Completion> race(Slot slot) throws InterruptedException {
    lock.lock();
    try {
      hasLeader = false;
      delivery.begins();
      start(slot);
      Optional<Duration> hedgeAfter = table.hedgeAfter();
      if (hedgeAfter.isPresent()) {
        awaitSettled(Math.min(hedgeAfter.get().toNanos(), deadline.remainingNanos()));
        if (!isSettled() && !hasLeader) {
          deadline.check("the first token came");
          hedge();
        }
      }
      while (!isSettled()) {
        deadline.check("the answer was complete");
        awaitSettled(deadline.remainingNanos());
      }
      if (failure != null) {
        throw failure;
      }
      return Optional.ofNullable(completion);
    } finally {
      lock.unlock();
    }
  }

  private void awaitSettled(long nanos) throws InterruptedException {
    long left = nanos;
    while (!isSettled() && left > 0) {
      left = settled.awaitNanos(left);
    }
  }

  private boolean isSettled() {
    return completion != null || failure != null || racing.isEmpty();
  }

  @Override
  public boolean append(Attempt from, String piece) {
    lock.lock();
    try {
      if (isOutOfRace(from)) {
        return false;
      }
      if (!hasLeader) {
        makeLeader(from);
        isHeldBack = table.isHeldBack(from.backendIndex()); // looked up once, not per token
      }
      deliver(delivery.append(piece, isHeldBack));
      if (delivery.isStopped()) {
        settle(delivery.stopped());
      }
      boolean isNeeded = !isSettled();
      if (!isNeeded) {
        racing.remove(from); // it ends itself
      }
      return isNeeded;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void finished(Attempt from, Completion end) {
    lock.lock();
    try {
      if (isOutOfRace(from)) {
        return;
      }
      deliver(delivery.finish());
      if (delivery.isAnswer(end)) {
        makeLeader(from);
        settle(delivery.completion(end));
      } else {
        note(from, withoutText(from, end));
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void failed(Attempt from, ThrongException cause) {
    lock.lock();
    try {
      if (!isOutOfRace(from)) {
        note(from, cause);
      }
    } finally {
      lock.unlock();
    }
  }

  private boolean isOutOfRace(Attempt attempt) {
    return isSettled() || !racing.contains(attempt);
  }

  private void settle(Completion reached) {
    completion = reached;
    settled.signal();
  }

  private void fail(RuntimeException cause) {
    failure = cause;
    settled.signal();
  }

  /**
   * Records a failure of the backends that returned no text, because one with the same model did. A
   * refusal may come from a stricter filter.
   */
  private void recordBackendsWithoutText() {
    withoutTextByBackend.forEach((backend, code) -> {
      if (code == ErrorCode.BACKEND_EMPTY) {
        table.recordMissingText(backend);
      }
    });
  }

  private void start(Slot slot) {
    Backend.Call call =
        new Backend.Call(prompt, delivery.received(), delivery.tokensLeft(), limits.stop());
    Attempt attempt = new Attempt(table, slot, call, deadline, this);
    racing.add(attempt);
    attempt.start();
  }

  /** Starts a second call on another backend. The one that shows a token first continues. */
  private void hedge() {
    Set<Integer> others = new HashSet<>(failed);
    racing.forEach(attempt -> others.add(attempt.backendIndex()));
    Slot slot = table.takeIdle(need(others));
    if (slot != null) {
      start(slot);
    }
  }

  private void makeLeader(Attempt leading) {
    hasLeader = true;
    if (racing.size() > 1) {
      table.hedged(racing.getFirst() != leading);
    }
    racing.stream().filter(attempt -> attempt != leading).forEach(Attempt::abandon);
    racing.removeIf(attempt -> attempt != leading);
  }

  private void deliver(String text) {
    try {
      if (!text.isEmpty()) {
        sink.append(text);
      }
    } catch (RuntimeException e) {
      fail(e); // thrown to the caller of the pool, whose sink it is
    } catch (Error e) {
      fail(new ThrongException(ErrorCode.INTERNAL, "delivering a piece: " + e, e));
    }
  }

  private void note(Attempt from, ThrongException cause) {
    racing.remove(from);
    failed.add(from.backendIndex());
    if (!cause.code().kind().isBackendFault()) {
      withoutTextByBackend.put(from.backendIndex(), cause.code());
    }
    lastFailure = cause;
    if (!cause.code().kind().isBackendFailure()) {
      fail(cause);
    } else if (racing.isEmpty()) {
      settled.signal();
    }
  }

  private static ThrongException withoutText(Attempt from, Completion end) {
    return new ThrongException(
        ErrorCode.BACKEND_EMPTY,
        "%s generated %d tokens and no text (%s)"
            .formatted(
                from.backendName(),
                end.tokens().generated(),
                end.finishReason().name().toLowerCase(Locale.ROOT)));
  }

  private void checkMayContinue() {
    ThrongException cause = lastFailure;
    if (cause == null) {
      throw new IllegalStateException("neither complete nor failed");
    }
    if (!delivery.fail(cause.code())) {
      throw cause;
    }
    log.warn(
        "{} after {} characters ({}), another backend continues",
        cause.getMessage(),
        delivery.received().length(),
        cause.code().code());
  }

  private Need need(Set<Integer> avoided) {
    String user = prompt.user();
    int prefix = user.substring(0, Math.min(PREFIX_CHARS, user.length())).hashCode();
    int promptTokens = Tokens.estimate(prompt.system()) + Tokens.estimate(user);
    Set<Integer> barred = new HashSet<>(withoutTextByBackend.keySet());
    if (delivery.isBegun()) {
      barred.addAll(table.withoutContinuation());
    }
    return new Need(promptTokens, prefix, Set.copyOf(avoided), Set.copyOf(barred));
  }
}
