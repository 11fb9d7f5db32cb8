package dev.throng.redis;

import dev.throng.redis.wire.AnswerCodec;
import io.lettuce.core.KeyScanCursor;
import io.lettuce.core.KeyValue;
import io.lettuce.core.Limit;
import io.lettuce.core.Range;
import io.lettuce.core.ScanArgs;
import io.lettuce.core.ScanCursor;
import io.lettuce.core.StreamMessage;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.function.Consumer;

/**
 * All keys that begin with the prefix, whatever they hold. Redis serves other clients between the
 * steps of a scan. A key that exists during the whole scan is seen.
 */
final class RedisKeys {
  private static final int KEYS_PER_STEP = 500;

  /** An answer with its sources has several kilobytes, and the timeout is short. */
  private static final int VALUES_PER_CALL = 20;

  private final RedisLink link;
  private final String prefix;

  RedisKeys(RedisLink link, String prefix) {
    this.link = link;
    this.prefix = prefix;
  }

  private interface Step {
    void take(List<String> keys) throws RedisUnavailable;
  }

  private void walk(Step step) throws RedisUnavailable {
    ScanArgs ours = ScanArgs.Builder.limit(KEYS_PER_STEP).match(escaped(prefix) + ":*");
    ScanCursor cursor = ScanCursor.INITIAL;
    while (!cursor.isFinished()) {
      ScanCursor from = cursor;
      KeyScanCursor<String> found =
          Objects.requireNonNull(link.ask(commands -> commands.scan(from, ours)));
      step.take(found.getKeys());
      cursor = found;
    }
  }

  private static String escaped(String glob) {
    return glob.replaceAll("[\\[\\]*?\\\\^]", "\\\\$0");
  }

  /**
   * Deletes keys.
   *
   * @param behind the keys without the prefix
   * @return the number of deleted keys
   */
  long delete(List<String> behind) throws RedisUnavailable {
    long deleted = 0;
    for (int from = 0; from < behind.size(); from += KEYS_PER_STEP) {
      String[] some =
          behind.subList(from, Math.min(behind.size(), from + KEYS_PER_STEP)).stream()
              .map(key -> prefix + key)
              .toArray(String[]::new);
      deleted += Objects.requireNonNull(link.ask(commands -> commands.del(some)));
    }
    return deleted;
  }

  /**
   * Deletes the values and streams that match.
   *
   * @param isDead receives the key without the prefix, and the value; for a stream, its first one
   * @return the number of deleted keys
   */
  long deleteIf(BiPredicate<String, byte[]> isDead) throws RedisUnavailable {
    Set<String> dead = new HashSet<>();
    walk(keys -> {
      List<String> strings = new ArrayList<>();
      for (String key : keys) {
        if (!key.startsWith(prefix + FlightKeys.PART)) {
          strings.add(key);
        } else if (key.endsWith(FlightKeys.TEXT)) {
          List<byte[]> first = entries(key, Limit.from(1));
          if (!first.isEmpty() && isDead.test(behind(key), first.getLast())) {
            dead.add(behind(key));
          }
        }
      }
      for (KeyValue<String, byte[]> each : strings(strings)) {
        if (each.hasValue() && isDead.test(behind(each.getKey()), each.getValue())) {
          dead.add(behind(each.getKey()));
        }
      }
    });
    return delete(List.copyOf(dead));
  }

  private String behind(String key) {
    return key.substring(prefix.length());
  }

  /** Returns the values of those keys that hold one. */
  private List<KeyValue<String, byte[]>> strings(List<String> keys) throws RedisUnavailable {
    List<KeyValue<String, byte[]>> values = new ArrayList<>();
    for (int from = 0; from < keys.size(); from += VALUES_PER_CALL) {
      String[] some =
          keys.subList(from, Math.min(keys.size(), from + VALUES_PER_CALL)).toArray(String[]::new);
      values.addAll(Objects.requireNonNull(link.ask(commands -> commands.mget(some))));
    }
    return values;
  }

  /** Returns the fields and values of a stream in sequence. */
  private List<byte[]> entries(String key, Limit limit) throws RedisUnavailable {
    List<StreamMessage<String, byte[]>> messages =
        Objects.requireNonNull(
            link.ask(commands -> commands.xrange(key, Range.unbounded(), limit)));
    List<byte[]> entries = new ArrayList<>();
    for (StreamMessage<String, byte[]> message : messages) {
      for (Map.Entry<String, byte[]> field : message.getBody().entrySet()) {
        entries.add(field.getValue());
      }
    }
    return entries;
  }

  /**
   * Passes every key and its content, unpacked, to {@code listener}.
   *
   * @return the number of keys
   */
  long forEachText(Consumer<byte[]> listener) throws RedisUnavailable {
    long[] count = {0};
    walk(keys -> {
      for (String key : keys) {
        listener.accept(key.getBytes(StandardCharsets.UTF_8));
        for (byte[] value : content(key)) {
          listener.accept(AnswerCodec.unpacked(value));
        }
        count[0]++;
      }
    });
    return count[0];
  }

  private List<byte[]> content(String key) throws RedisUnavailable {
    String type = Objects.requireNonNull(link.ask(commands -> commands.type(key)));
    return switch (type) {
      case "string" ->
          strings(List.of(key)).stream()
              .filter(KeyValue::hasValue)
              .map(KeyValue::getValue)
              .toList();
      case "stream" -> entries(key, Limit.unlimited());
      case "zset" -> Objects.requireNonNull(link.ask(commands -> commands.zrange(key, 0, -1)));
      case "hash" -> {
        List<byte[]> fields = new ArrayList<>();
        Objects.requireNonNull(link.ask(commands -> commands.hgetall(key)))
            .forEach((name, value) -> {
              fields.add(name.getBytes(StandardCharsets.UTF_8));
              fields.add(value);
            });
        yield fields;
      }
      default -> List.of(); // expired in the meantime
    };
  }
}
