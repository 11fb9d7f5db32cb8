package dev.throng.store;

import dev.throng.core.Chunk;
import dev.throng.core.Embedding;
import java.util.List;

/**
 * A snapshot of an index at one commit. Later writes are not visible, unless the engine is not
 * transactional. Safe for concurrent use. It should be closed soon.
 */
public interface ChunkView extends AutoCloseable {
  /**
   * Searches by BM25. Returns the best {@code limit} chunks for the words of {@code text}, best
   * first.
   *
   * @throws UnsupportedOperationException when the engine does not declare it
   */
  List<Hit> searchLexical(String text, int limit, VersionFilter filter);

  /**
   * Searches by cosine. Returns the {@code limit} chunks nearest to {@code query}, best first.
   * Scores are (1 + cosine) / 2.
   */
  List<Hit> searchDense(Embedding query, int limit, VersionFilter filter);

  /** Returns the chunks in the order of {@code hits}, which must come from this view. */
  List<Chunk> chunks(List<Hit> hits);

  /**
   * Returns some chunks of a version of which this view has all, by ordinal.
   *
   * @param from ordinal of the first
   * @param to ordinal after the last
   */
  List<Chunk> chunks(long version, int from, int to);

  /**
   * Returns the word evidence of the best of {@code hits}: the sum of the inverse document
   * frequencies of the words of {@code text} that it contains, in units of the rarest possible
   * word. An engine that does not count words estimates the frequencies.
   *
   * @param filter as in the search that found the hits
   * @return 0 when no hit contains any of the words; 3 is equivalent to three words that occur
   *     nowhere else
   */
  double wordEvidence(String text, List<Hit> hits, VersionFilter filter);

  /**
   * Returns whether the searches of this view could find every chunk of some versions that were
   * live when it was opened and have died since. Their chunks may have been deleted before a search
   * reached them.
   */
  boolean stillHas(LiveVersions died);

  /** Returns the number of chunks, including those of replaced versions. */
  int size();

  @Override
  void close();
}
