package dev.throng.redis;

import dev.throng.cache.SharedPurge;
import dev.throng.core.CollectionRef;
import dev.throng.core.MadeFrom;
import dev.throng.core.ValidatedAnswer;
import dev.throng.flight.FlightHead;
import dev.throng.flight.StreamRecord;
import dev.throng.redis.wire.AnswerCodec;
import dev.throng.redis.wire.FlightCodec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Deletes keys by what they were made from: first those that the index lists, and then, in one scan
 * of all keys with the prefix, those that it no longer lists. Entries that do not record what they
 * were made from are deleted, too.
 */
final class RedisPurge implements SharedPurge {
  private final RedisIndex index;
  private final RedisValues values;
  private final RedisKeys keys;

  RedisPurge(RedisIndex index, RedisValues values, RedisKeys keys) {
    this.index = index;
    this.values = values;
    this.keys = keys;
  }

  @Override
  public void awaitWrites() {
    values.awaitWrites();
  }

  @Override
  public OptionalLong purge(Map<CollectionRef, LongPredicate> isLive) {
    try {
      long deleted = 0;
      for (Map.Entry<CollectionRef, LongPredicate> collection : isLive.entrySet()) {
        for (long version : index.versions(collection.getKey())) {
          if (!collection.getValue().test(version)) {
            deleted += keys.delete(withFlights(index.take(collection.getKey(), version)));
          }
        }
      }
      return OptionalLong.of(deleted + keys.deleteIf((key, value) -> isDead(key, value, isLive)));
    } catch (RedisUnavailable e) {
      return OptionalLong.empty();
    }
  }

  @Override
  public OptionalLong forEachText(Consumer<byte[]> listener) {
    try {
      return OptionalLong.of(keys.forEachText(listener));
    } catch (RedisUnavailable e) {
      return OptionalLong.empty();
    }
  }

  private List<String> withFlights(List<String> entries) {
    List<String> all = new ArrayList<>();
    for (String entry : entries) {
      all.add(entry);
      if (entry.startsWith(RedisTier.ANSWER)) {
        String flight = FlightKeys.PART + "{" + entry.substring(RedisTier.ANSWER.length()) + "}";
        all.add(flight + FlightKeys.TEXT);
      }
    }
    return all;
  }

  /**
   * Returns whether an entry must be deleted.
   *
   * @param key without the prefix
   * @param value for a stream, that of its first entry
   */
  private static boolean isDead(
      String key, byte[] value, Map<CollectionRef, LongPredicate> isLive) {
    if (key.startsWith(RedisTier.ANSWER)) {
      return isDead(AnswerCodec.madeFrom(value).orElse(null), isLive);
    }
    if (key.startsWith(RedisTier.QUESTION)) {
      return isDead(
          AnswerCodec.validated(value).flatMap(ValidatedAnswer::madeFrom).orElse(null), isLive);
    }
    if (key.startsWith(FlightKeys.PART)) {
      Optional<FlightHead> head = FlightCodec.head(value);
      return isDead(
          head.map(known -> MadeFrom.of(known.collection(), known.epoch(), known.sources()))
              .orElse(null),
          isLive);
    }
    if (key.startsWith(RedisRecords.PART)) {
      Optional<StreamRecord> record = FlightCodec.record(value);
      return record.isEmpty()
          || isLive.keySet().stream().anyMatch(ref -> ref.tenant().equals(record.get().tenant()));
    }
    return false;
  }

  private static boolean isDead(@Nullable MadeFrom from, Map<CollectionRef, LongPredicate> isLive) {
    if (from == null) {
      return true; // of another release, or damaged
    }
    LongPredicate live = isLive.get(from.collection());
    return live != null && !from.versions().stream().allMatch(live::test);
  }
}
