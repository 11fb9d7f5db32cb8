package dev.throng.store;

import java.util.AbstractSet;
import java.util.Arrays;
import java.util.PrimitiveIterator;

/** A memory-efficient immutable set of versions, with 8 bytes for each. */
public final class VersionSet extends AbstractSet<Long> {
  private final long[] sorted;

  private VersionSet(long[] sorted) {
    this.sorted = sorted;
  }

  /**
   * Returns a set that takes ownership of the array and sorts it.
   *
   * @param versions distinct versions in any order
   */
  public static VersionSet of(long[] versions) {
    Arrays.sort(versions);
    return new VersionSet(versions);
  }

  @Override
  public boolean contains(Object version) {
    return version instanceof Long number && Arrays.binarySearch(sorted, number) >= 0;
  }

  @Override
  public PrimitiveIterator.OfLong iterator() {
    return Arrays.stream(sorted).iterator();
  }

  @Override
  public int size() {
    return sorted.length;
  }
}
