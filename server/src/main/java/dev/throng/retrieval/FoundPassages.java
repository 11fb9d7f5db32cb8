package dev.throng.retrieval;

import dev.throng.catalog.CollectionState;
import dev.throng.catalog.LiveDocument;
import dev.throng.core.Chunk;
import dev.throng.core.Passage;
import dev.throng.store.ChunkView;
import dev.throng.store.Hit;
import java.util.ArrayList;
import java.util.List;

/** The chunks that were found, as passages of their documents. */
final class FoundPassages {
  /** Further chunks that are read when some of the best ones repeat an earlier text. */
  private static final int QUOTED_SPARE = 20;

  private FoundPassages() {}

  /** Returns the best chunks. Those that repeat an earlier text give way to others. */
  static List<Passage> best(ChunkView view, CollectionState state, List<Hit> ranked, int count) {
    List<Hit> best = first(ranked, count);
    List<Chunk> chunks = view.chunks(best);
    if (chunks.stream().noneMatch(Chunk::isQuoted)) {
      return passages(state, best, chunks);
    }
    List<Hit> more = first(ranked, count + QUOTED_SPARE);
    List<Passage> passages = passages(state, more, view.chunks(more));
    return passages.subList(0, Math.min(count, passages.size()));
  }

  private static List<Hit> first(List<Hit> hits, int count) {
    return hits.subList(0, Math.min(count, hits.size()));
  }

  /** Returns chunks as passages, in their order; those that repeat an earlier text come last. */
  static List<Passage> of(ChunkView view, CollectionState state, List<Hit> hits) {
    return passages(state, hits, view.chunks(hits));
  }

  private static List<Passage> passages(CollectionState state, List<Hit> hits, List<Chunk> chunks) {
    List<Passage> passages = new ArrayList<>(hits.size());
    List<Passage> quoted = new ArrayList<>();
    for (int i = 0; i < hits.size(); i++) {
      Chunk chunk = chunks.get(i);
      LiveDocument document = state.documentOf(chunk.version());
      if (document != null) {
        (chunk.isQuoted() ? quoted : passages).add(passage(document, chunk, hits.get(i).score()));
      }
    }
    passages.addAll(quoted); // the text that they repeat says the same
    return passages;
  }

  private static Passage passage(LiveDocument document, Chunk chunk, double score) {
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
        score);
  }
}
