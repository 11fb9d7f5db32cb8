package dev.throng.answer;

import dev.throng.cache.AnswerCache;
import dev.throng.cache.SharedPurge;
import dev.throng.cache.StreamRecords;
import dev.throng.catalog.CollectionState;
import dev.throng.core.CollectionRef;
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
 * Removes answers that were made from documents which are gone for good:
 * docs/decisions/0029-purge.md.
 *
 * <p>Each replica clears its own memory when it takes over the state of a collection that was
 * purged, before it tells that it has; the one that purges clears, behind all of them, what they
 * share.
 */
public final class AnswerPurge {
  private static final Logger log = LoggerFactory.getLogger(AnswerPurge.class);

  /**
   * What one process has dropped.
   *
   * @param entries answers and questions of the cache
   * @param flights that were under way
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
   * Clears what this process holds. Never fails, and is quick, because the catalogue waits for it.
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
      log.error("{}: answers from documents that were purged may be left", purged.ref(), e);
    }
  }

  /** Kept until the next purge; so it holds the numbers alone, and not the state. */
  private static LongPredicate isLive(CollectionState state) {
    long[] live = state.byVersion().keySet().stream().mapToLong(Long::longValue).sorted().toArray();
    return version -> Arrays.binarySearch(live, version) >= 0;
  }

  /** What this process dropped when the collection was purged last. */
  public Dropped droppedHere(CollectionRef collection) {
    return dropped.getOrDefault(collection, Dropped.NOTHING);
  }

  /**
   * Clears what replicas share, when all of them have cleared their own.
   *
   * @return how many keys; empty when it did not answer to the end
   */
  public OptionalLong clearShared(List<CollectionState> purged) {
    Map<CollectionRef, LongPredicate> isLive = new HashMap<>();
    purged.forEach(state -> isLive.put(state.ref(), state::isLive));
    return shared.purge(isLive);
  }

  /** Shows every text of answers that this process holds, and returns how many there are. */
  public long tellAnswers(Consumer<String> listener) {
    return cache.forEachText(listener);
  }

  /** As {@link #tellAnswers}, of answers that are being made. */
  public long tellFlights(Consumer<String> listener) {
    return answers.forEachText(listener);
  }

  /** As {@link #tellAnswers}, of streams that can be taken up. */
  public long tellStreams(Consumer<String> listener) {
    return streams.forEachText(listener);
  }

  /** As {@link SharedPurge#forEachText}. */
  public OptionalLong tellShared(Consumer<byte[]> listener) {
    return shared.forEachText(listener);
  }
}
