package dev.throng.bench.drill.cluster;

import dev.throng.catalog.Catalog;
import dev.throng.catalog.CollectionSpec;
import dev.throng.catalog.DocumentIds;
import dev.throng.catalog.LiveDocument;
import dev.throng.catalog.Publication;
import dev.throng.config.ThrongConfig;
import dev.throng.core.CollectionRef;
import dev.throng.core.Hash;
import dev.throng.core.Metadata;
import dev.throng.redis.Redis;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

/**
 * Measures how long a publish takes from its start until no replica treats the previous state as
 * current. A replica in this process publishes, in a collection that is not searched.
 */
final class PublishTimes {
  private static final CollectionRef COLLECTION = new CollectionRef("drill", "publishes");
  private static final int DIMENSION = 8;
  private static final Duration REDIS_WAIT = Duration.ofSeconds(10);

  /** The times, in milliseconds. */
  record Result(int publishes, double p50, double p99) {}

  private PublishTimes() {}

  static Result run(ThrongConfig config, int publishes) {
    List<Double> times = new ArrayList<>();
    try (Redis redis = new Redis(config.redis(), "drill", new SimpleMeterRegistry(), () -> 1L);
        Catalog catalog =
            Catalog.openPostgres(
                config.catalog(), "drill-" + System.nanoTime(), InstantSource.system())) {
      catalog.onPublish(redis::announcePublish);
      redis.onPublish(catalog::lookNow);
      redis.awaitUse(REDIS_WAIT);
      catalog.create(COLLECTION, new CollectionSpec("en", "none", DIMENSION));
      for (int i = 0; i < publishes; i++) {
        Hash hash = Hash.of(Integer.toString(i).getBytes(StandardCharsets.UTF_8));
        String id = DocumentIds.of(COLLECTION, "a.md");
        long version = catalog.beginVersion(COLLECTION, "a.md", "A", hash, Metadata.NONE, null);
        LiveDocument document =
            new LiveDocument(id, "a.md", "A", hash, version, 1, Metadata.NONE, null);
        long start = System.nanoTime();
        catalog.publish(COLLECTION, new Publication(List.of(document), Set.of(), Set.of()));
        times.add((System.nanoTime() - start) / 1e6);
      }
    }
    times.sort(Comparator.naturalOrder());
    return new Result(
        publishes,
        times.get(times.size() / 2),
        times.get((int) Math.ceil(0.99 * times.size()) - 1));
  }
}
