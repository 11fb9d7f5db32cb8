package dev.throng.store.weaviate;

import com.fasterxml.jackson.databind.JsonNode;
import dev.throng.core.Deadline;
import dev.throng.core.ErrorCode;
import dev.throng.core.ThrongException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/**
 * What every node must show after a commit. A write is complete when a quorum has it, but a search
 * reads only one node.
 */
final class Committed {
  /** Number of versions in one filter. */
  private static final int FILTER_VERSIONS = 500;

  private final IndexPlace place;
  private final List<String> whereClauses = new ArrayList<>();
  private final int clausesOfKept;
  private final long keptChunks;

  /**
   * Creates the expectation.
   *
   * @param written chunks; those of deleted versions must be absent
   */
  Committed(IndexPlace place, Collection<ChunkKey> written, Set<Long> deleted) {
    this.place = place;
    List<ChunkKey> kept = written.stream().filter(key -> !deleted.contains(key.version())).toList();
    this.keptChunks = kept.size();
    addWheres(kept.stream().map(ChunkKey::version).distinct().toList());
    this.clausesOfKept = whereClauses.size();
    addWheres(List.copyOf(deleted));
  }

  private void addWheres(List<Long> versions) {
    GraphQl.pieces(versions, FILTER_VERSIONS)
        .forEach(piece -> whereClauses.add(ChunkObjects.where("ContainsAny", piece)));
  }

  /** Returns whether a node shows it before the deadline. */
  boolean isShownBy(Node node, Deadline deadline) {
    String query = place.counts(whereClauses);
    try {
      while (!isShown(node.query(query, deadline))) {
        Pause.of(Pause.SHORT, deadline);
      }
      return true;
    } catch (ThrongException e) {
      if (e.code() == ErrorCode.SHUTTING_DOWN) {
        throw e;
      }
      return false; // the deadline passed, or it does not answer
    }
  }

  private boolean isShown(JsonNode data) {
    long kept = 0;
    long gone = 0;
    for (int i = 0; i < whereClauses.size(); i++) {
      int count = IndexPlace.count(data, i);
      kept += i < clausesOfKept ? count : 0;
      gone += i < clausesOfKept ? 0 : count;
    }
    return kept >= keptChunks && gone == 0;
  }
}
