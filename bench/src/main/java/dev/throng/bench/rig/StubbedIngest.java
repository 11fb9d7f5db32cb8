package dev.throng.bench.rig;

import com.sun.management.GarbageCollectionNotificationInfo;
import dev.throng.backend.Embedders;
import dev.throng.catalog.Catalog;
import dev.throng.config.ConfigLoader;
import dev.throng.config.ThrongConfig;
import dev.throng.core.CollectionRef;
import dev.throng.folder.FolderSync;
import dev.throng.folder.SyncReport;
import dev.throng.index.Indexer;
import dev.throng.store.lucene.LuceneChunkStore;
import java.io.IOException;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.management.NotificationEmitter;
import javax.management.openmbean.CompositeData;

/** A process that ingests one folder, with real parsers, index and catalogue but no model. */
public final class StubbedIngest {
  private static final long MEBIBYTE = 1 << 20;

  /** The most bytes that were live right after a collection. */
  private static final AtomicLong LIVE_PEAK = new AtomicLong();

  private StubbedIngest() {}

  /** Ingests FOLDER, keeps its data in DATA, and prints the cost. */
  public static void main(String[] args) throws IOException {
    watchCollections();
    Path data = Path.of(args[1]);
    ThrongConfig config =
        ConfigLoader.load(null, System.getenv(), Map.of("data.dir", data.toString()));
    Files.createDirectories(data);
    InstantSource clock = InstantSource.system();
    long start = System.nanoTime();
    try (Catalog catalog = Catalog.openSqlite(data.resolve("catalog.sqlite"), clock);
        LuceneChunkStore store = new LuceneChunkStore(data.resolve("index"));
        StubEmbedder embedder = new StubEmbedder();
        Indexer indexer =
            new Indexer(
                catalog,
                store,
                Embedders.only(embedder),
                config.ingest(),
                clock,
                data.resolve("spool"))) {
      SyncReport report =
          new FolderSync(indexer)
              .sync(
                  new CollectionRef("default", "default"),
                  List.of(Path.of(args[0])),
                  false,
                  progress -> {});
      double seconds = (System.nanoTime() - start) / 1e9;
      System.out.printf(
          "%7d chunks %5.0f s   heap at most %4d MiB, after collections %4d MiB   resident %4d MiB, parsers %d MiB   %s%n",
          report.chunks(),
          seconds,
          heapPeakBytes() / MEBIBYTE,
          LIVE_PEAK.get() / MEBIBYTE,
          residentBytes(ProcessHandle.current()) / MEBIBYTE,
          ProcessHandle.current().descendants().mapToLong(StubbedIngest::residentBytes).sum()
              / MEBIBYTE,
          report.failures().isEmpty() ? "" : report.failures());
      if (!report.failures().isEmpty()) {
        System.exit(1);
      }
    }
  }

  private static void watchCollections() {
    Set<String> heap = heap().map(MemoryPoolMXBean::getName).collect(Collectors.toSet());
    for (GarbageCollectorMXBean collector : ManagementFactory.getGarbageCollectorMXBeans()) {
      if (collector instanceof NotificationEmitter emitter) {
        emitter.addNotificationListener(
            (notification, handback) -> {
              GarbageCollectionNotificationInfo gc =
                  GarbageCollectionNotificationInfo.from(
                      (CompositeData) notification.getUserData());
              LIVE_PEAK.accumulateAndGet(liveBytes(gc, heap), Math::max);
            },
            null,
            null);
      }
    }
  }

  private static long liveBytes(GarbageCollectionNotificationInfo gc, Set<String> heap) {
    return gc.getGcInfo().getMemoryUsageAfterGc().entrySet().stream()
        .filter(pool -> heap.contains(pool.getKey()))
        .mapToLong(pool -> pool.getValue().getUsed())
        .sum();
  }

  private static long heapPeakBytes() {
    return heap().mapToLong(pool -> pool.getPeakUsage().getUsed()).sum();
  }

  private static Stream<MemoryPoolMXBean> heap() {
    return ManagementFactory.getMemoryPoolMXBeans().stream()
        .filter(pool -> pool.getType() == MemoryType.HEAP);
  }

  /** Returns the peak value, from /proc (Linux). */
  private static long residentBytes(ProcessHandle process) {
    try {
      return Files.readAllLines(Path.of("/proc/" + process.pid() + "/status")).stream()
          .filter(line -> line.startsWith("VmHWM:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024)
          .findFirst()
          .orElse(0);
    } catch (IOException e) {
      return 0; // the process has ended
    }
  }
}
