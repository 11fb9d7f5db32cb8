package dev.throng.core;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class SecureLongsTest {
  private static final int MORE_THAN_A_BLOCK = 2_000;

  @Test
  void numbersDoNotRepeatAcrossBlocks() {
    SecureLongs longs = new SecureLongs();
    Set<Long> seen = new HashSet<>();
    for (int i = 0; i < MORE_THAN_A_BLOCK; i++) {
      seen.add(longs.nextLong());
    }
    assertEquals(MORE_THAN_A_BLOCK, seen.size());
  }
}
