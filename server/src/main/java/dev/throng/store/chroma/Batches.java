package dev.throng.store.chroma;

import dev.throng.core.Deadline;
import dev.throng.core.ErrorCode;
import dev.throng.core.Futures;
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
 * Combines similar questions into one call. The first is sent immediately. Questions that arrive
 * while the maximum number of calls is under way wait and are sent together, without an added
 * delay.
 *
 * <p>A call does not belong to a caller: it has the store's timeout and continues when a caller
 * stops waiting, so the deadline or cancellation of one caller never makes another one fail. The
 * callers bound how many questions wait (admission of retrievals).
 *
 * @param <K> the key of similar questions
 * @param <Q> a question
 * @param <R> its result
 */
final class Batches<K, Q, R> {
  /** Sends one call. */
  @FunctionalInterface
  interface Call<K, Q, R> {
    /** Returns a result for each question, in their order. */
    List<R> send(K key, List<Q> questions);
  }

  /** The question of one caller, and its future result. */
  private record Waiting<Q, R>(Q question, CompletableFuture<R> result) {}

  /** The questions with one key. Read and changed only under the key's lock in the map. */
  private static final class Lane<Q, R> {
    private final Deque<Waiting<Q, R>> waiting = new ArrayDeque<>();
    private int inFlight;
    private int lastSize;

    /**
     * Returns whether the next batch may be sent. A small call next to a large one gains little and
     * costs the server nearly as much, so its questions should wait for the next large one.
     */
    private boolean maySend(int maxInFlight) {
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
   * Creates the batches.
   *
   * @param name of its threads
   * @param maxBatch maximum number of questions in one call
   * @param maxInFlight maximum number of simultaneous calls with one key
   */
  Batches(String name, int maxBatch, int maxInFlight, Call<K, Q, R> call) {
    this.name = name;
    this.maxBatch = maxBatch;
    this.maxInFlight = maxInFlight;
    this.call = call;
  }

  /**
   * Returns the result of one question.
   *
   * @throws ThrongException as the call did; STORE_UNAVAILABLE when the deadline passes first
   */
  R ask(K key, Q question, Deadline deadline) {
    Waiting<Q, R> own = new Waiting<>(question, new CompletableFuture<>());
    List<Waiting<Q, R>> batch = enter(key, own);
    if (!batch.isEmpty()) {
      Thread.ofVirtual().name(name).start(() -> run(key, batch));
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
      throw Futures.failure(e, "searching");
    } finally {
      own.result().cancel(false); // a question that still waits is not sent
    }
  }

  /** Sends a batch, and then what has gathered in the meantime, until nothing is left. */
  private void run(K key, List<Waiting<Q, R>> first) {
    for (List<Waiting<Q, R>> batch = first; !batch.isEmpty(); batch = finish(key)) {
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
        // A single question that the store refuses makes it refuse the whole batch.
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

  /** Adds a question, and returns the next batch if one can be sent now. */
  private List<Waiting<Q, R>> enter(K key, Waiting<Q, R> own) {
    List<Waiting<Q, R>> batch = new ArrayList<>();
    lanes.compute(
        key,
        (same, known) -> {
          Lane<Q, R> lane = known == null ? new Lane<>() : known;
          lane.waiting.add(own);
          addNextBatch(lane, batch);
          return lane.isIdle() ? null : lane;
        });
    return batch;
  }

  /** Ends a call, and returns the next batch if one can be sent now. */
  private List<Waiting<Q, R>> finish(K key) {
    List<Waiting<Q, R>> batch = new ArrayList<>();
    lanes.computeIfPresent(
        key,
        (same, lane) -> {
          lane.inFlight--;
          addNextBatch(lane, batch);
          return lane.isIdle() ? null : lane;
        });
    return batch;
  }

  private void addNextBatch(Lane<Q, R> lane, List<Waiting<Q, R>> batch) {
    if (!lane.maySend(maxInFlight)) {
      return;
    }
    while (batch.size() < maxBatch && !lane.waiting.isEmpty()) {
      Waiting<Q, R> next = lane.waiting.remove();
      if (!next.result().isDone()) { // otherwise its caller no longer waits
        batch.add(next);
      }
    }
    if (!batch.isEmpty()) {
      lane.inFlight++;
      lane.lastSize = batch.size();
    }
  }

  /** Returns the number of keys with a call under way, which is 0 when idle. */
  int lanes() {
    return lanes.size();
  }

  /** Returns the number of questions that were not sent yet and whose callers still wait. */
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
