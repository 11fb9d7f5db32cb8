package dev.throng.answer;

import dev.throng.cache.AnswerCache;
import dev.throng.cache.SharedPurge;
import dev.throng.catalog.CollectionState;
import dev.throng.core.CollectionRef;
import dev.throng.flight.StreamRecords;
import dev.throng.retrieval.Retriever;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Consumer;
import java.util.function.LongPredicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes answers that were made from purged documents: docs/decisions/0029-purge.md.
 *
 * <p>Each replica clears its own memory when it takes over the state of a purged collection, before
 * it acknowledges that state. After all replicas have done so, the purging replica clears what they
 * share.
 */
public final class AnswerPurge {
  private static final Logger log = LoggerFactory.getLogger(AnswerPurge.class);

  /**
   * What one process has dropped.
   *
   * @param entries answers and questions in the cache
   * @param flights flights that were under way
   */
  public record Dropped(int entries, int flights) {
    static final Dropped NOTHING = new Dropped(0, 0);
  }

  private final AnswerCache cache;
  private final AnswerService answers;
  private final StreamRecords streams;
  private final Retriever retriever;
  private final SharedPurge shared;
  private final ConcurrentMap<CollectionRef, Dropped> dropped = new ConcurrentHashMap<>();

  public AnswerPurge(
      AnswerCache cache,
      AnswerService answers,
      StreamRecords streams,
      Retriever retriever,
      SharedPurge shared) {
    this.cache = cache;
    this.answers = answers;
    this.streams = streams;
    this.retriever = retriever;
    this.shared = shared;
  }

  /**
   * Clears what this process holds. Never fails, and is fast, because the catalogue waits for it.
   *
   * @param purged the state of a collection that was purged
   */
  public void clearHere(CollectionState purged) {
    try {
      int entries = cache.purge(purged.ref(), purged.epoch(), isLive(purged));
      int flights = answers.endPurged();
      streams.forget(purged.ref().tenant());
      dropped.put(purged.ref(), new Dropped(entries, flights));
      shared.awaitWrites();
      retriever.forgetQuestions();
    } catch (RuntimeException e) {
      log.error("{}: answers from purged documents may remain", purged.ref(), e);
    }
  }

  /**
   * Returns a predicate that is kept until the next purge, so it holds only the version numbers and
   * not the state.
   */
  private static LongPredicate isLive(CollectionState state) {
    long[] live = state.byVersion().keySet().stream().mapToLong(Long::longValue).sorted().toArray();
    return version -> Arrays.binarySearch(live, version) >= 0;
  }

  /** Returns what this process dropped when the collection was last purged. */
  public Dropped droppedHere(CollectionRef collection) {
    return dropped.getOrDefault(collection, Dropped.NOTHING);
  }

  /**
   * Clears what replicas share. Must be called after all replicas have cleared their own memory.
   *
   * @return the number of deleted keys; empty when the shared store did not answer until the end
   */
  public OptionalLong clearShared(List<CollectionState> purged) {
    Map<CollectionRef, LongPredicate> isLive = new HashMap<>();
    purged.forEach(state -> isLive.put(state.ref(), state::isLive));
    return shared.purge(isLive);
  }

  /**
   * Passes every text of the answers that this process holds to {@code listener}, and returns the
   * number of answers.
   */
  public long forEachTextOfAnswers(Consumer<String> listener) {
    return cache.forEachText(listener);
  }

  /** Like {@link #forEachTextOfAnswers}, for answers that are being generated. */
  public long forEachTextOfFlights(Consumer<String> listener) {
    return answers.forEachText(listener);
  }

  /** Like {@link #forEachTextOfAnswers}, for streams that can be resumed. */
  public long forEachTextOfStreams(Consumer<String> listener) {
    return streams.forEachText(listener);
  }

  /** Like {@link SharedPurge#forEachText}. */
  public OptionalLong forEachTextOfShared(Consumer<byte[]> listener) {
    return shared.forEachText(listener);
  }
}
