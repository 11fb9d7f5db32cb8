package dev.throng.retrieval;

import dev.throng.catalog.CollectionState;
import dev.throng.catalog.LiveDocument;
import dev.throng.core.Chunk;
import dev.throng.core.Passage;
import dev.throng.core.PastQuestion;
import dev.throng.store.ChunkView;
import dev.throng.store.Hit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The chunks that were found, as passages of their documents. Those that are no longer in force or
 * repeat an earlier text give way to others.
 */
final class FoundPassages {
  /** Further chunks that are read when some of the best ones give way. */
  private static final int SPARE = 20;

  private final ChunkView view;
  private final CollectionState state;
  private final Superseded superseded;
  private final String question;

  /**
   * Creates the reading of what a question found.
   *
   * @param state the documents that are live
   */
  FoundPassages(ChunkView view, CollectionState state, Superseded superseded, String question) {
    this.view = view;
    this.state = state;
    this.superseded = superseded;
    this.question = question;
  }

  /** Returns the best chunks, best first. */
  List<Passage> best(List<Hit> ranked, int count) {
    List<Found> found = read(first(ranked, count));
    if (found.stream().anyMatch(Found::givesWay)) {
      found = read(first(ranked, count + SPARE));
    }
    return found.stream()
        .sorted(Comparator.comparing(Found::givesWay)) // is stable
        .limit(count)
        .map(Found::passage)
        .toList();
  }

  private record Found(Passage passage, boolean givesWay) {}

  private static List<Hit> first(List<Hit> hits, int count) {
    return hits.subList(0, Math.min(count, hits.size()));
  }

  private List<Found> read(List<Hit> hits) {
    List<Chunk> chunks = view.chunks(hits);
    List<Found> found = new ArrayList<>(hits.size());
    for (int i = 0; i < hits.size(); i++) {
      Chunk chunk = chunks.get(i);
      LiveDocument document = state.documentOf(chunk.version());
      if (document != null) {
        Passage passage = passage(document, chunk, hits.get(i).score());
        // What a quoted text repeats says the same.
        found.add(new Found(passage, chunk.isQuoted() || !isOfUse(passage)));
      }
    }
    return found;
  }

  private boolean isOfUse(Passage passage) {
    return !passage.isSuperseded() || PastQuestion.of(question).asksFor(passage);
  }

  private Passage passage(LiveDocument document, Chunk chunk, double score) {
    return new Passage(
        document.id(),
        chunk.version(),
        document.uri(),
        document.title(),
        chunk.headings(),
        chunk.start(),
        chunk.end(),
        chunk.text(),
        chunk.spans(),
        superseded.includes(state, document, chunk),
        score);
  }
}
