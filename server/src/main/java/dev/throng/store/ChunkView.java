package dev.throng.store;

import dev.throng.core.Chunk;
import dev.throng.core.Embedding;
import java.util.List;

/**
 * An index as it was at one commit; what is written later does not show, unless the engine is not
 * transactional. Safe for many threads; close it soon.
 */
public interface ChunkView extends AutoCloseable {
  /**
   * BM25: the best {@code limit} chunks for the words of {@code text}, best first.
   *
   * @throws UnsupportedOperationException when the engine does not declare it
   */
  List<Hit> searchLexical(String text, int limit, VersionFilter filter);

  /**
   * Cosine: the best {@code limit} chunks near {@code query}, best first; scores are (1 + cosine) /
   * 2.
   */
  List<Hit> searchDense(Embedding query, int limit, VersionFilter filter);

  /** The chunks themselves, in the order of {@code hits}, which must come from this view. */
  List<Chunk> chunks(List<Hit> hits);

  /**
   * How much the one of {@code hits} that has most of the words of {@code text} has of them: the
   * sum of their inverse document frequencies, in words as rare as can be. An engine that does not
   * count words guesses the frequencies.
   *
   * @param filter as in the search that found the hits
   * @return 0 when none has any; 3 is as good as three words that occur nowhere else
   */
  double wordEvidence(String text, List<Hit> hits, VersionFilter filter);

  /**
   * Whether the searches of this view could find every chunk of some versions that were live when
   * it was opened. For versions that have died since: their chunks may have been deleted before the
   * search came to them.
   */
  boolean stillHas(LiveVersions died);

  /** Chunks in it, those of replaced versions included. */
  int size();

  @Override
  void close();
}
