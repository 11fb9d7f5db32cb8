package dev.throng.store.chroma;

import dev.throng.core.Deadline;
import dev.throng.core.ErrorCode;
import dev.throng.core.ThrongException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Lets questions that are alike leave in one call. The first goes at once; those that come while as
 * many calls are under way as may be wait and leave together, without a delay for its own sake.
 *
 * <p>A call belongs to no caller: it has the store's timeout and goes on when a caller gives up, so
 * nobody's deadline or cancellation is another's failure. How many may wait is bounded by who asks
 * (the admission of retrievals).
 *
 * @param <K> what is alike
 * @param <Q> a question
 * @param <R> its result
 */
final class Batches<K, Q, R> {
  /** Sends one call. */
  @FunctionalInterface
  interface Call<K, Q, R> {
    /** A result for each question, in their order. */
    List<R> send(K key, List<Q> questions);
  }

  /** One caller. */
  private record Waiting<Q, R>(Q question, CompletableFuture<R> result) {}

  /** Those with one key. Read and changed under the key's lock in the map alone. */
  private static final class Lane<Q, R> {
    private final Deque<Waiting<Q, R>> waiting = new ArrayDeque<>();
    private int inFlight;
    private int lastSize;

    /**
     * Beside a large call a small one gains little and costs the server nearly as much; its
     * questions are better off in the next large one.
     */
    private boolean mayLeave(int maxInFlight) {
      return inFlight == 0 || (inFlight < maxInFlight && 2 * waiting.size() >= lastSize);
    }

    private boolean isIdle() {
      return waiting.isEmpty() && inFlight == 0;
    }
  }

  private final String name;
  private final int maxBatch;
  private final int maxInFlight;
  private final Call<K, Q, R> call;
  private final ConcurrentMap<K, Lane<Q, R>> lanes = new ConcurrentHashMap<>();

  /**
   * @param name of its threads
   * @param maxBatch questions in one call
   * @param maxInFlight calls with one key under way at once
   */
  Batches(String name, int maxBatch, int maxInFlight, Call<K, Q, R> call) {
    this.name = name;
    this.maxBatch = maxBatch;
    this.maxInFlight = maxInFlight;
    this.call = call;
  }

  /**
   * The result of one question.
   *
   * @throws ThrongException as the call did; STORE_UNAVAILABLE when the deadline passes before
   */
  R ask(K key, Q question, Deadline deadline) {
    Waiting<Q, R> own = new Waiting<>(question, new CompletableFuture<>());
    List<Waiting<Q, R>> batch = enter(key, own);
    if (!batch.isEmpty()) {
      Thread.ofVirtual().name(name).start(() -> fly(key, batch));
    }
    try {
      return own.result().get(deadline.remainingNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ThrongException(ErrorCode.SHUTTING_DOWN, "interrupted while searching", e);
    } catch (TimeoutException e) {
      throw new ThrongException(
          ErrorCode.STORE_UNAVAILABLE, "the deadline passed before the store had answered", e);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof ThrongException failure
          ? new ThrongException(failure.code(), String.valueOf(failure.getMessage()), failure)
          : new IllegalStateException(e.getCause());
    } finally {
      own.result().cancel(false); // one that still waits does not leave any more
    }
  }

  /** Sends a batch, and then what gathered meanwhile, until nothing is left. */
  private void fly(K key, List<Waiting<Q, R>> first) {
    for (List<Waiting<Q, R>> batch = first; !batch.isEmpty(); batch = land(key)) {
      send(key, batch);
    }
  }

  private void send(K key, List<Waiting<Q, R>> batch) {
    try {
      List<R> results = call.send(key, batch.stream().map(Waiting::question).toList());
      for (int i = 0; i < batch.size(); i++) {
        batch.get(i).result().complete(results.get(i));
      }
    } catch (ThrongException e) {
      if (e.code() == ErrorCode.STORE_FAILED && batch.size() > 1) {
        // One that the store refuses makes it refuse them all.
        batch.forEach(each -> send(key, List.of(each)));
      } else {
        fail(batch, e);
      }
    } catch (RuntimeException | Error e) {
      fail(batch, e);
    }
  }

  private void fail(List<Waiting<Q, R>> batch, Throwable failure) {
    batch.forEach(each -> each.result().completeExceptionally(failure));
  }

  /** The next batch, if it can leave now. */
  private List<Waiting<Q, R>> enter(K key, Waiting<Q, R> own) {
    List<Waiting<Q, R>> batch = new ArrayList<>();
    lanes.compute(
        key,
        (same, known) -> {
          Lane<Q, R> lane = known == null ? new Lane<>() : known;
          lane.waiting.add(own);
          board(lane, batch);
          return lane.isIdle() ? null : lane;
        });
    return batch;
  }

  /** A call has ended; the next batch, if there is one. */
  private List<Waiting<Q, R>> land(K key) {
    List<Waiting<Q, R>> batch = new ArrayList<>();
    lanes.computeIfPresent(
        key,
        (same, lane) -> {
          lane.inFlight--;
          board(lane, batch);
          return lane.isIdle() ? null : lane;
        });
    return batch;
  }

  private void board(Lane<Q, R> lane, List<Waiting<Q, R>> batch) {
    if (!lane.mayLeave(maxInFlight)) {
      return;
    }
    while (batch.size() < maxBatch && !lane.waiting.isEmpty()) {
      Waiting<Q, R> next = lane.waiting.remove();
      if (!next.result().isDone()) { // nobody waits for it any more
        batch.add(next);
      }
    }
    if (!batch.isEmpty()) {
      lane.inFlight++;
      lane.lastSize = batch.size();
    }
  }

  /** Keys with a call under way; 0 at rest. */
  int lanes() {
    return lanes.size();
  }

  /** Questions that have not left yet and are still waited for. */
  int waiting() {
    AtomicInteger count = new AtomicInteger();
    for (K key : lanes.keySet()) {
      lanes.computeIfPresent(
          key,
          (same, lane) -> {
            lane.waiting.forEach(each -> count.addAndGet(each.result().isDone() ? 0 : 1));
            return lane;
          });
    }
    return count.get();
  }
}
