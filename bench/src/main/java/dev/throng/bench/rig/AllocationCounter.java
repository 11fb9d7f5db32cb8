package dev.throng.bench.rig;

import com.sun.management.GarbageCollectionNotificationInfo;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryUsage;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import javax.management.NotificationEmitter;
import javax.management.openmbean.CompositeData;

/**
 * Counts the bytes that this process allocates in all threads: the heap before each collection,
 * minus the heap after the previous one.
 */
final class AllocationCounter {
  private final AtomicLong allocatedBytes = new AtomicLong();
  private final AtomicLong leftBytes = new AtomicLong();

  private AllocationCounter() {}

  static AllocationCounter start() {
    AllocationCounter counter = new AllocationCounter();
    for (GarbageCollectorMXBean bean : ManagementFactory.getGarbageCollectorMXBeans()) {
      if (bean instanceof NotificationEmitter emitter) {
        emitter.addNotificationListener(
            (notification, handback) ->
                counter.collected(
                    GarbageCollectionNotificationInfo.from(
                        (CompositeData) notification.getUserData())),
            null,
            null);
      }
    }
    return counter;
  }

  long allocatedBytes() {
    return allocatedBytes.get();
  }

  private void collected(GarbageCollectionNotificationInfo info) {
    long before = heap(info.getGcInfo().getMemoryUsageBeforeGc());
    long after = heap(info.getGcInfo().getMemoryUsageAfterGc());
    allocatedBytes.addAndGet(Math.max(0, before - leftBytes.getAndSet(after)));
  }

  private static long heap(Map<String, MemoryUsage> pools) {
    return pools.entrySet().stream()
        .filter(pool -> pool.getKey().matches(".*(Eden|Survivor|Old|Tenured).*"))
        .mapToLong(pool -> pool.getValue().getUsed())
        .sum();
  }
}
