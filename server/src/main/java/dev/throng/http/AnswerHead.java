package dev.throng.http;

import dev.throng.answer.Timings;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The part of an answer's JSON that differs between requests. Every cached answer needs one, so it
 * is written directly as bytes: a JSON generator, or a string that is encoded afterwards, makes a
 * cached answer 4 % slower.
 */
final class AnswerHead {
  /** Fits all names, an id of 20 characters and seven numbers of at most 20 digits. */
  private static final int MAX_BYTES = 512;

  private static final int FRACTION_DIGITS = 6;
  private static final long MILLIONTHS = 1_000_000;

  private static final byte[] ID = ascii("{\"id\":\"");
  private static final byte[] CACHED = ascii("\",\"cached\":true,\"response_time\":");
  private static final byte[] NOT_CACHED = ascii("\",\"cached\":false,\"response_time\":");
  private static final byte[] TIMINGS = ascii(",\"timings\":{");
  private static final byte[] EMBED = ascii("\"embed_ms\":");
  private static final byte[] SEARCH = ascii(",\"search_ms\":");
  private static final byte[] QUEUE = ascii(",\"queue_ms\":");
  private static final byte[] FIRST_TOKEN = ascii(",\"first_token_ms\":");
  private static final byte[] GENERATION = ascii(",\"generation_ms\":");
  private static final byte[] COMMA = ascii(",");
  private static final byte[] TOTAL = ascii("\"total_ms\":");
  private static final byte[] END = ascii("},");

  private final byte[] bytes = new byte[MAX_BYTES];
  private int length;

  /**
   * Starts the head.
   *
   * @param id letters and digits, as {@link dev.throng.core.Ids} generates them
   */
  AnswerHead(String id, boolean isCached, long elapsedNanos) {
    append(ID);
    append(ascii(id));
    append(isCached ? CACHED : NOT_CACHED);
    decimal(elapsedNanos / 1_000); // seconds, to the microsecond
  }

  /** Writes where the time was spent. Stages that a hit did not need are omitted. */
  void timings(Timings timings, long elapsedNanos) {
    append(TIMINGS);
    if (!timings.equals(Timings.NONE)) {
      millis(EMBED, timings.embedNanos());
      millis(SEARCH, timings.searchNanos());
      millis(QUEUE, timings.queueNanos());
      millis(FIRST_TOKEN, timings.firstTokenNanos());
      millis(GENERATION, timings.generationNanos());
      append(COMMA);
    }
    millis(TOTAL, elapsedNanos);
    append(END);
  }

  /** Returns the head followed by the tail. */
  byte[] with(byte[] tail) {
    byte[] whole = Arrays.copyOf(bytes, length + tail.length);
    System.arraycopy(tail, 0, whole, length, tail.length);
    return whole;
  }

  private void millis(byte[] name, long nanos) {
    append(name);
    decimal(nanos);
  }

  /** Writes millionths as a plain decimal with six places. */
  private void decimal(long millionths) {
    append(ascii(Long.toString(millionths / MILLIONTHS)));
    bytes[length] = '.';
    long rest = millionths % MILLIONTHS;
    for (int i = FRACTION_DIGITS; i > 0; i--) {
      bytes[length + i] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
    length += 1 + FRACTION_DIGITS;
  }

  private void append(byte[] text) {
    System.arraycopy(text, 0, bytes, length, text.length);
    length += text.length;
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }
}
