package dev.throng.backend.pool;

import dev.throng.backend.Backend;
import dev.throng.backend.Generator.Completion;
import dev.throng.backend.Generator.TextSink;
import dev.throng.backend.Prompt;
import dev.throng.core.Answer.FinishReason;
import dev.throng.core.Deadline;
import dev.throng.core.ErrorCode;
import dev.throng.core.ThrongException;
import dev.throng.core.Tokens;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One answer, handed from backend to backend until it is whole: to another one before its first
 * token (failover), and from the delivered text on after it (continuation). The text delivered is
 * at any time the beginning of the answer: nothing is taken back, lost or repeated. Used by one
 * thread.
 */
final class Relay {
  private static final Logger log = LoggerFactory.getLogger(Relay.class);

  /**
   * Failures in a row without new text before an answer is given up. A backend that cannot be
   * reached does not count: that costs no time, and it is not asked again.
   */
  private static final int MAX_FAILURES_WITHOUT_TEXT = 2;

  /** Events that an attempt may be ahead of the relay; further ones wait at the backend. */
  private static final int EVENTS_AHEAD = 64;

  private static final int PREFIX_CHARS = 1_000;

  private final BackendPool pool;
  private final Prompt prompt;
  private final int maxTokens;
  private final Deadline deadline;
  private final TextSink sink;
  private final BlockingQueue<Attempt.Event> events = new ArrayBlockingQueue<>(EVENTS_AHEAD);

  /** The attempts whose events count: one, or two while a hedge is on. */
  private final List<Attempt> racing = new ArrayList<>();

  private final Set<Integer> failed = new HashSet<>();
  private final List<Integer> seams = new ArrayList<>();
  private final StringBuilder delivered = new StringBuilder();
  private final StringBuilder heldBack = new StringBuilder();
  private int pieces;
  private int failuresWithoutText;
  private @Nullable ThrongException lastFailure;

  Relay(BackendPool pool, Prompt prompt, int maxTokens, Deadline deadline, TextSink sink) {
    this.pool = pool;
    this.prompt = prompt;
    this.maxTokens = maxTokens;
    this.deadline = deadline;
    this.sink = sink;
  }

  Completion run() throws InterruptedException {
    try {
      while (tokensLeft() > 0) {
        int before = delivered.length();
        if (before > 0) {
          seams.add(before);
        }
        start(pool.awaitSlot(need(), deadline, before > 0, lastFailure));
        Optional<Completion> completion = follow();
        if (completion.isPresent()) {
          return whole(completion.get());
        }
        checkMayGoOn(before);
      }
      return new Completion(FinishReason.LENGTH, maxTokens, List.copyOf(seams));
    } finally {
      racing.forEach(Attempt::abandon);
    }
  }

  /**
   * Passes on what the attempt makes, until the answer is whole.
   *
   * @return empty when it failed
   */
  private Optional<Completion> follow() throws InterruptedException {
    Optional<Duration> hedgeAfter = pool.hedgeAfter();
    Attempt leading = null;
    while (true) {
      boolean mayHedge = leading == null && hedgeAfter.isPresent() && racing.size() == 1;
      Attempt.Event event = next(mayHedge ? hedgeAfter.get() : deadline.remaining());
      if (event == null) {
        deadline.check("the answer was whole");
        hedgeAfter = Optional.empty(); // once
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
            leads(leading);
          }
          receive(leading, piece.text());
        }
        case Attempt.Event.Finished finished -> {
          leads(finished.from());
          racing.clear();
          deliver(takeHeldBack());
          return Optional.of(finished.completion());
        }
        case Attempt.Event.Failed failure -> {
          note(failure);
          if (racing.isEmpty()) {
            return Optional.empty();
          }
        }
      }
    }
  }

  private void start(Slot slot) {
    Backend.Call call = new Backend.Call(prompt, delivered.toString(), tokensLeft());
    Attempt attempt = new Attempt(pool, slot, call, deadline, events);
    racing.add(attempt);
    pool.start(attempt);
  }

  private Attempt.@Nullable Event next(Duration patience) throws InterruptedException {
    long nanos = Math.min(patience.toNanos(), deadline.remainingNanos());
    return events.poll(nanos, TimeUnit.NANOSECONDS);
  }

  /** A second call elsewhere; whichever shows a token first goes on. */
  private void hedge() {
    Set<Integer> others = new HashSet<>(failed);
    racing.forEach(attempt -> others.add(attempt.backendIndex()));
    Slot slot = pool.takeIdle(need(others));
    if (slot != null) {
      start(slot);
    }
  }

  private void leads(Attempt leading) {
    if (racing.size() > 1) {
      pool.hedged(racing.getFirst() != leading);
    }
    racing.stream().filter(attempt -> attempt != leading).forEach(Attempt::abandon);
    racing.removeIf(attempt -> attempt != leading);
  }

  /**
   * Text of a backend that nobody could go on for is held back until it is whole, if there is
   * somebody to start anew at.
   */
  private void receive(Attempt from, String piece) {
    pieces++;
    heldBack.append(piece);
    if (!pool.isHeldBack(from.backendIndex())) {
      // Half a character stays back: what is delivered can be shown, and continued.
      boolean isHalf = Character.isHighSurrogate(heldBack.charAt(heldBack.length() - 1));
      String whole = heldBack.substring(0, heldBack.length() - (isHalf ? 1 : 0));
      heldBack.delete(0, whole.length());
      deliver(whole);
    }
  }

  private void deliver(String text) {
    if (!text.isEmpty()) {
      delivered.append(text);
      sink.append(text);
    }
  }

  private String takeHeldBack() {
    String held = heldBack.toString();
    heldBack.setLength(0);
    return held;
  }

  private void note(Attempt.Event.Failed failure) {
    racing.remove(failure.from());
    failed.add(failure.from().backendIndex());
    lastFailure = failure.cause();
    if (!PoolState.isBackendsFault(failure.cause().code())) {
      throw failure.cause();
    }
  }

  private void checkMayGoOn(int deliveredBefore) {
    ThrongException cause = lastFailure;
    if (cause == null) {
      throw new IllegalStateException("neither whole nor failed");
    }
    takeHeldBack();
    if (delivered.length() > deliveredBefore) {
      failuresWithoutText = 0;
    }
    if (cause.code() != ErrorCode.BACKEND_UNREACHABLE) {
      failuresWithoutText++;
    }
    if (failuresWithoutText > MAX_FAILURES_WITHOUT_TEXT) {
      throw cause;
    }
    log.warn(
        "{} after {} characters ({}), another backend goes on",
        cause.getMessage(),
        delivered.length(),
        cause.code().code());
  }

  private Completion whole(Completion last) {
    if (seams.isEmpty()) {
      return last;
    }
    int before = Tokens.estimate(delivered.substring(0, seams.getLast()));
    return new Completion(last.finishReason(), before + last.tokens(), List.copyOf(seams));
  }

  /** A piece may hold several tokens and a backend that died told no count, so: at least these. */
  private int tokensLeft() {
    return delivered.isEmpty() ? maxTokens : maxTokens - Math.max(pieces, Tokens.atMost(delivered));
  }

  private Need need() {
    return need(failed);
  }

  private Need need(Set<Integer> avoided) {
    String user = prompt.user();
    int prefix = user.substring(0, Math.min(PREFIX_CHARS, user.length())).hashCode();
    int promptTokens = Tokens.estimate(prompt.system()) + Tokens.estimate(user);
    Set<Integer> barred = delivered.isEmpty() ? Set.of() : pool.withoutContinuation();
    return new Need(promptTokens, prefix, Set.copyOf(avoided), barred);
  }
}
