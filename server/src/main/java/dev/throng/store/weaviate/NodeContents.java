package dev.throng.store.weaviate;

import dev.throng.core.Deadline;
import dev.throng.core.Ticker;
import dev.throng.store.HeldVersions;
import dev.throng.store.LiveVersions;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * Which live versions of one index each node holds. A search asks one node, and a node may lack
 * what a quorum of the others has.
 */
final class NodeContents {
  /** Versions in one filter; each costs the node about 10 µs. */
  private static final int FILTER_VERSIONS = 1_000;

  /** Most objects that Weaviate gives out for one query. */
  private static final int MAX_RESULTS = 10_000;

  private record Known(int absences, HeldVersions versions) {}

  private final IndexPlace place;
  private final String anyVector;
  private final ConcurrentMap<Node, Known> known = new ConcurrentHashMap<>();

  /**
   * @param dimension of the index's vectors
   */
  NodeContents(IndexPlace place, int dimension) {
    this.place = place;
    float[] vector = new float[dimension];
    vector[0] = 1;
    this.anyVector = GraphQl.vector(vector);
  }

  /**
   * Whether a search at the node finds all that is live; asks it for what it was not seen to have.
   */
  boolean hasAll(Node node, LiveVersions live, Deadline deadline) {
    return of(node).hasAll(live, part -> hasNow(node, live, part, deadline), deadline);
  }

  /** Whether the node has every chunk of some versions now, whatever it was seen to have before. */
  boolean hasNow(Node node, LiveVersions some, Deadline deadline) {
    return some.parts(some.versions(), FILTER_VERSIONS, MAX_RESULTS).stream()
        .allMatch(part -> hasNow(node, some, part, deadline));
  }

  /**
   * Asks for vectors, because a node keeps a chunk, its words and its vector one after the other:
   * what a filter on the version finds and counts may still have no vector.
   */
  private boolean hasNow(Node node, LiveVersions live, List<Long> versions, Deadline deadline) {
    long expected = Math.min(MAX_RESULTS, live.chunkCount(versions));
    String query =
        place.get(
            "limit:%d,%s,nearVector:{vector:%s}"
                .formatted(
                    Math.max(1, expected), ChunkObjects.where("ContainsAny", versions), anyVector),
            "_additional{id}");
    return place.objects(node.query(query, deadline)).size() >= expected;
  }

  /** Forgets what it knew of a node that failed: the node may come back with less. */
  private HeldVersions of(Node node) {
    int absences = node.absences();
    Known last = known.get(node);
    if (last == null || last.absences() != absences) {
      last =
          known.compute(
              node,
              (same, other) ->
                  other != null && other.absences() == absences
                      ? other
                      : new Known(
                          absences,
                          new HeldVersions(Ticker.system(), FILTER_VERSIONS, MAX_RESULTS)));
    }
    return last.versions();
  }
}
