package dev.throng.core;

import java.util.random.RandomGenerator;

/**
 * Generates short random ids that are safe in URLs and logs: 20 characters of Crockford's base 32
 * (100 bits).
 */
public final class Ids {
  private static final byte[] ALPHABET = {
    '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f',
    'g', 'h', 'j', 'k', 'm', 'n', 'p', 'q', 'r', 's', 't', 'v', 'w', 'x', 'y', 'z'
  };
  private static final int CHARS = 20;
  private static final int CHARS_PER_LONG = 10;
  private static final int BITS_PER_CHAR = 5;

  private final RandomGenerator random;

  /**
   * Creates a generator of ids.
   *
   * @param random a source of randomness that is safe for concurrent use
   */
  public Ids(RandomGenerator random) {
    this.random = random;
  }

  public String next() {
    byte[] id = new byte[CHARS];
    for (int from = 0; from < CHARS; from += CHARS_PER_LONG) {
      long bits = random.nextLong();
      for (int i = 0; i < CHARS_PER_LONG; i++) {
        id[from + i] = ALPHABET[(int) (bits & (ALPHABET.length - 1))];
        bits >>>= BITS_PER_CHAR;
      }
    }
    return new String(id, java.nio.charset.StandardCharsets.ISO_8859_1);
  }
}
