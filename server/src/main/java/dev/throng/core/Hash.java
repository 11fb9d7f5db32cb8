package dev.throng.core;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** A SHA-256 value (FIPS 180-4), held as four longs: a map key without an array. */
public record Hash(long a, long b, long c, long d) implements Comparable<Hash> {
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
  private static final int BYTES = 32;
  private static final MessageDigest SHA_256 =
      lookUpSha256(); // never used itself, so never changes

  private static Hash ofBytes(byte[] bytes) {
    return new Hash(
        (long) LONGS.get(bytes, 0),
        (long) LONGS.get(bytes, 8),
        (long) LONGS.get(bytes, 16),
        (long) LONGS.get(bytes, 24));
  }

  /** The hash of one byte sequence, unframed. */
  public static Hash of(byte[] content) {
    return ofBytes(newSha256().digest(content));
  }

  /**
   * @param hex 64 hexadecimal digits, as {@link #hex} writes them
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
    return Long.hashCode(a); // already uniform
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

  /** For hashing what is too long to be held; {@link #parse} takes its result as hex. */
  public static MessageDigest newDigest() {
    return newSha256();
  }

  /** A copy: looking the algorithm up costs more than hashing a question. */
  private static MessageDigest newSha256() {
    try {
      return (MessageDigest) SHA_256.clone();
    } catch (CloneNotSupportedException e) {
      throw new IllegalStateException("the JDK's own SHA-256 can be copied", e);
    }
  }

  private static MessageDigest lookUpSha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /**
   * Hashes a sequence of fields, each prefixed with its length, so that no two different sequences
   * give the same bytes ("ab","c" differs from "a","bc").
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
