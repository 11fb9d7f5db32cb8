package dev.throng.store;

import java.util.List;
import java.util.stream.IntStream;

/**
 * A chunk that a search found.
 *
 * @param version the document version it belongs to
 * @param ordinal its position in that version
 * @param score higher is better; comparable only within one list
 * @param handle where the view that found it reads its content; meaningless for another view
 */
public record Hit(long version, int ordinal, float score, int handle) {
  /** Returns chunks as hits, for engines that find a chunk by its version and ordinal. */
  public static List<Hit> range(long version, int from, int to) {
    return IntStream.range(from, to).mapToObj(i -> new Hit(version, i, 0, 0)).toList();
  }
}
