package dev.throng.cache;

/**
 * What a cache tier holds and has done since the start of this process.
 *
 * @param tier its name, as metrics have it
 * @param isUsed false while it is left out because it does not answer
 * @param entries questions held; {@link #UNKNOWN} where nobody counts them
 * @param bytes about how much they take, likewise
 * @param failures looks that got no answer in time
 * @param skipped looks that were not made, since it was out of use
 * @param unreadable entries that were damaged or of another release
 * @param evictions entries that gave way to others, or {@link #UNKNOWN}
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
