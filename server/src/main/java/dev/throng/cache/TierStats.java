package dev.throng.cache;

/**
 * What a cache tier holds, and what it has done since the start of this process.
 *
 * @param tier its name in metrics
 * @param isUsed false while it is out of use because it does not answer
 * @param entries questions held, or {@link #UNKNOWN} where they are not counted
 * @param bytes their approximate size, or {@link #UNKNOWN}
 * @param failures lookups that were not answered in time
 * @param skipped lookups that were not made because the tier was out of use
 * @param unreadable entries that were damaged or of another release
 * @param evictions entries evicted in favour of others, or {@link #UNKNOWN}
 */
public record TierStats(
    String tier,
    boolean isUsed,
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
