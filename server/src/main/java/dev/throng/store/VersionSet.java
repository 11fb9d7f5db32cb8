package dev.throng.store;

import java.util.AbstractSet;
import java.util.Arrays;
import java.util.PrimitiveIterator;

/** Many versions in little memory: 8 bytes each. Immutable. */
public final class VersionSet extends AbstractSet<Long> {
  private final long[] sorted;

  private VersionSet(long[] sorted) {
    this.sorted = sorted;
  }

  /**
   * @param versions each once, in any order; kept, and put in order
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
