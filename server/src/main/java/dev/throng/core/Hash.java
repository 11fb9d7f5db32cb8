package dev.throng.core;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * A SHA-256 value (FIPS 180-4). It is stored as four longs so that it can be a map key without an
 * array.
 */
public record Hash(long a, long b, long c, long d) implements Comparable<Hash> {
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
  private static final int BYTES = 32;
  private static final MessageDigest SHA_256 =
      lookUpSha256(); // only cloned, so its state never changes

  private static Hash ofBytes(byte[] bytes) {
    return new Hash(
        (long) LONGS.get(bytes, 0),
        (long) LONGS.get(bytes, 8),
        (long) LONGS.get(bytes, 16),
        (long) LONGS.get(bytes, 24));
  }

  /** Returns the hash of one byte sequence, without length prefixes. */
  public static Hash of(byte[] content) {
    return ofBytes(newSha256().digest(content));
  }

  /**
   * Parses a hash.
   *
   * @param hex 64 hexadecimal digits, as written by {@link #hex}
   */
  public static Hash parse(String hex) {
    if (hex.length() != 2 * BYTES) {
      throw new IllegalArgumentException("hash: %s (expected: 64 hex digits)".formatted(hex));
    }
    return ofBytes(HexFormat.of().parseHex(hex));
  }

  public String hex() {
    byte[] bytes = new byte[BYTES];
    LONGS.set(bytes, 0, a);
    LONGS.set(bytes, 8, b);
    LONGS.set(bytes, 16, c);
    LONGS.set(bytes, 24, d);
    return HexFormat.of().formatHex(bytes);
  }

  @Override
  public int hashCode() {
    return Long.hashCode(a); // the bits are already uniformly distributed
  }

  @Override
  public int compareTo(Hash other) {
    int order = Long.compareUnsigned(a, other.a);
    if (order == 0) {
      order = Long.compareUnsigned(b, other.b);
    }
    if (order == 0) {
      order = Long.compareUnsigned(c, other.c);
    }
    return order == 0 ? Long.compareUnsigned(d, other.d) : order;
  }

  @Override
  public String toString() {
    return hex();
  }

  /**
   * Returns a digest for content that is too large to hold in memory. {@link #parse} accepts its
   * result as hex.
   */
  public static MessageDigest newDigest() {
    return newSha256();
  }

  /** Returns a copy, because looking up the algorithm costs more than hashing a question. */
  private static MessageDigest newSha256() {
    try {
      return (MessageDigest) SHA_256.clone();
    } catch (CloneNotSupportedException e) {
      throw new IllegalStateException("the JDK's SHA-256 cannot be cloned", e);
    }
  }

  private static MessageDigest lookUpSha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this JDK has no SHA-256", e);
    }
  }

  /**
   * Hashes a sequence of fields. Each field is prefixed with its length, so two different sequences
   * never produce the same bytes: ("ab","c") differs from ("a","bc").
   */
  public static final class Builder {
    private final MessageDigest digest = newSha256();
    private final byte[] word = new byte[Long.BYTES];

    public Builder add(byte[] field) {
      addWord(field.length);
      digest.update(field);
      return this;
    }

    public Builder add(String field) {
      return add(field.getBytes(StandardCharsets.UTF_8));
    }

    public Builder add(long field) {
      addWord(Long.BYTES);
      addWord(field);
      return this;
    }

    public Builder add(Hash field) {
      addWord(BYTES);
      addWord(field.a);
      addWord(field.b);
      addWord(field.c);
      addWord(field.d);
      return this;
    }

    public Hash build() {
      return ofBytes(digest.digest());
    }

    private void addWord(long value) {
      LONGS.set(word, 0, value);
      digest.update(word);
    }
  }
}
