package dev.throng.store;

import dev.throng.core.Chunk;
import dev.throng.core.Embedding;
import java.util.List;

/**
 * An index as it was at one commit; what is written later does not show. Safe for many threads;
 * close it soon.
 */
public interface ChunkView extends AutoCloseable {
  /** BM25: the best {@code limit} chunks for the words of {@code text}, best first. */
  List<Hit> searchLexical(String text, int limit, VersionFilter filter);

  /**
   * Cosine: the best {@code limit} chunks near {@code query}, best first; scores are (1 + cosine) /
   * 2.
   */
  List<Hit> searchDense(Embedding query, int limit, VersionFilter filter);

  /** The chunks themselves, in the order of {@code hits}, which must come from this view. */
  List<Chunk> chunks(List<Hit> hits);

  /**
   * Share of the words of {@code text} that occur in at least one of {@code hits}, each word
   * weighted by its inverse document frequency.
   *
   * @return 0 to 1; 1 when the text has no words
   */
  double coverage(String text, List<Hit> hits);

  /** Chunks in it, those of replaced versions included. */
  int size();

  @Override
  void close();
}
