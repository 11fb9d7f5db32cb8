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
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Passes one answer from backend to backend until it is complete: to another one before its first
 * token (failover), and from the delivered text onwards after it (continuation). The delivered text
 * is always a prefix of the answer: nothing is withdrawn, lost or repeated. Used by one thread.
 */
final class Relay {
  private static final Logger log = LoggerFactory.getLogger(Relay.class);

  /**
   * Maximum number of events that an attempt may be ahead of the relay. Further ones wait at the
   * backend.
   */
  private static final int EVENTS_AHEAD = 64;

  private static final int PREFIX_CHARS = 1_000;

  private final SlotTable table;
  private final Prompt prompt;
  private final AnswerLimits limits;
  private final Deadline deadline;
  private final Deadline recovery;
  private final TextSink sink;
  private final BlockingQueue<Attempt.Event> events = new ArrayBlockingQueue<>(EVENTS_AHEAD);

  /** The attempts whose events count: one, or two during a hedge. */
  private final List<Attempt> racing = new ArrayList<>();

  private final Set<Integer> failed = new HashSet<>();

  /** Backends that returned no text. They would do so again, so they are not called twice. */
  private final Map<Integer, ErrorCode> withoutTextByBackend = new HashMap<>();

  private final Delivery delivery;
  private @Nullable ThrongException lastFailure;

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
        start(table.awaitSlot(need(failed), deadline, recovery, isShown, lastFailure));
        delivery.begins();
        Optional<Completion> completion = follow();
        if (completion.isPresent()) {
          recordBackendsWithoutText();
          return completion.get();
        }
        checkMayContinue();
      }
      append(delivery.finish());
      return delivery.cut();
    } finally {
      racing.forEach(Attempt::abandon);
    }
  }

  /**
   * Passes on what the attempt generates until the answer is complete.
   *
   * @return empty when the attempt failed
   */
  private Optional<Completion> follow() throws InterruptedException {
    Optional<Duration> hedgeAfter = table.hedgeAfter();
    Attempt leading = null;
    boolean isHeldBack = false;
    while (true) {
      boolean mayHedge = leading == null && hedgeAfter.isPresent() && racing.size() == 1;
      Attempt.Event event = next(mayHedge ? hedgeAfter.get() : deadline.remaining());
      if (event == null) {
        deadline.check("the answer was complete");
        hedgeAfter = Optional.empty(); // hedge only once
        hedge();
        continue;
      }
      if (!racing.contains(event.from())) {
        continue; // it lost the race
      }
      switch (event) {
        case Attempt.Event.Piece piece -> {
          if (leading == null) {
            leading = piece.from();
            makeLeader(leading);
            isHeldBack = table.isHeldBack(leading.backendIndex()); // looked up once, not per token
          }
          append(delivery.append(piece.text(), isHeldBack));
          if (delivery.isStopped()) {
            return Optional.of(delivery.stopped()); // a call that still runs is abandoned
          }
        }
        case Attempt.Event.Finished finished -> {
          append(delivery.finish());
          if (delivery.isAnswer(finished.completion())) {
            makeLeader(finished.from());
            racing.clear();
            return Optional.of(delivery.completion(finished.completion()));
          }
          note(finished.from(), withoutText(finished));
        }
        case Attempt.Event.Failed failure -> note(failure.from(), failure.cause());
      }
      if (racing.isEmpty()) {
        return Optional.empty();
      }
    }
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
    Attempt attempt = new Attempt(table, slot, call, deadline, events);
    racing.add(attempt);
    attempt.start();
  }

  private Attempt.@Nullable Event next(Duration patience) throws InterruptedException {
    long nanos = Math.min(patience.toNanos(), deadline.remainingNanos());
    return events.poll(nanos, TimeUnit.NANOSECONDS);
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
    if (racing.size() > 1) {
      table.hedged(racing.getFirst() != leading);
    }
    racing.stream().filter(attempt -> attempt != leading).forEach(Attempt::abandon);
    racing.removeIf(attempt -> attempt != leading);
  }

  private void append(String text) {
    if (!text.isEmpty()) {
      sink.append(text);
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
      throw cause;
    }
  }

  private static ThrongException withoutText(Attempt.Event.Finished finished) {
    return new ThrongException(
        ErrorCode.BACKEND_EMPTY,
        "%s generated %d tokens and no text (%s)"
            .formatted(
                finished.from().backendName(),
                finished.completion().tokens().generated(),
                finished.completion().finishReason().name().toLowerCase(Locale.ROOT)));
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
