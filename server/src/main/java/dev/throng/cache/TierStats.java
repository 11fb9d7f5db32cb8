package dev.throng.cache;

/**
 * What a cache tier holds, and what it has done since the start of this process.
 *
 * @param tier its name in metrics
 * @param isAvailable false while it is skipped because it does not respond
 * @param entries questions held, or {@link #UNKNOWN} where they are not counted
 * @param bytes their approximate size, or {@link #UNKNOWN}
 * @param hits lookups that found an entry
 * @param misses lookups that found none
 * @param failures lookups that were not answered in time
 * @param skipped lookups that were not made because the tier was not available
 * @param unreadable entries that were damaged or of another release
 * @param evictions entries evicted in favour of others, or {@link #UNKNOWN}
 */
public record TierStats(
    String tier,
    boolean isAvailable,
    long entries,
    long bytes,
    long hits,
    long misses,
    long failures,
    long skipped,
    long unreadable,
    long evictions) {
  public static final long UNKNOWN = -1;
}
