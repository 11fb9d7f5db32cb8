package dev.throng.redis;

import dev.throng.core.CollectionRef;
import dev.throng.core.Hash;
import dev.throng.core.MadeFrom;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * An index from versions of documents to the entries that were made from them, for purges. For each
 * collection, {@code PREFIX:i:{HASH}} has the versions, and {@code PREFIX:i:{HASH}:VERSION} the
 * keys made from one version, without the prefix. Both are sorted by expiry and expire with their
 * last member. All keys of a collection are in one slot of a cluster.
 *
 * <p>The index makes a purge fast but not complete: Redis may evict the index and keep the entries
 * it lists.
 */
final class RedisIndex {
  /**
   * Lists an entry. KEYS are the collection's key and those of the versions; ARGV are the entry,
   * its lifetime in milliseconds, and the versions. A version is listed for a little longer than
   * its entries, whose lifetimes differ.
   */
  private static final RedisScript ADD =
      new RedisScript(
          """
          local time = redis.call('TIME')
          local now = time[1] * 1000 + math.floor(time[2] / 1000)
          local life = tonumber(ARGV[2])
          local function list(key, member, lasts)
            redis.call('ZREMRANGEBYSCORE', key, '-inf', now)
            redis.call('ZADD', key, now + lasts, member)
            if redis.call('PTTL', key) < lasts then redis.call('PEXPIRE', key, lasts) end
          end
          for i = 2, #KEYS do
            list(KEYS[i], ARGV[1], life)
            list(KEYS[1], ARGV[i + 1], math.floor(life * 1.25))
          end
          return {}
          """);

  /** Removes a version and returns what was made from it. */
  private static final RedisScript TAKE =
      new RedisScript(
          """
          local made = redis.call('ZRANGE', KEYS[2], 0, -1)
          redis.call('DEL', KEYS[2])
          redis.call('ZREM', KEYS[1], ARGV[1])
          return made
          """);

  private final RedisLink link;
  private final String prefix;

  RedisIndex(RedisLink link, String prefix) {
    this.link = link;
    this.prefix = prefix;
  }

  /** Lists an entry, in the background. */
  void add(String entry, MadeFrom from, Duration lifetime) {
    if (from.versions().isEmpty()) {
      return;
    }
    List<String> keys = new ArrayList<>();
    List<Object> arguments = new ArrayList<>();
    keys.add(key(from.collection()));
    arguments.add(entry);
    arguments.add(lifetime.toMillis());
    for (long version : from.versions()) {
      keys.add(key(from.collection(), Long.toString(version)));
      arguments.add(version);
    }
    ADD.send(link, keys, arguments.toArray());
  }

  /** Returns the versions that any entry of a collection was made from. */
  List<Long> versions(CollectionRef collection) throws RedisUnavailable {
    List<byte[]> listed = link.ask(commands -> commands.zrange(key(collection), 0, -1));
    return listed == null
        ? List.of()
        : listed.stream().map(each -> Long.parseLong(text(each))).toList();
  }

  /**
   * Removes a version from the index. Returns the keys, without the prefix, of what was made from
   * it.
   */
  List<String> take(CollectionRef collection, long version) throws RedisUnavailable {
    String number = Long.toString(version);
    return TAKE.ask(link, List.of(key(collection), key(collection, number)), number).stream()
        .map(each -> text((byte[]) each))
        .toList();
  }

  private String key(CollectionRef collection) {
    Hash hash = new Hash.Builder().add(collection.tenant()).add(collection.name()).build();
    return "%s:i:{%s}".formatted(prefix, hash.hex());
  }

  private String key(CollectionRef collection, String version) {
    return key(collection) + ":" + version;
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
