package dev.throng.store.weaviate;

import dev.throng.core.Deadline;
import dev.throng.core.Ticker;
import dev.throng.store.HeldVersions;
import dev.throng.store.LiveVersions;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * The live versions of one index that each node is known to have. A search reads one node, and a
 * node may lack what a quorum of the others has.
 */
final class NodeContents {
  /** Number of versions in one filter. Each costs the node about 10 µs. */
  private static final int FILTER_VERSIONS = 1_000;

  /** Maximum number of objects that Weaviate returns for one query. */
  private static final int MAX_RESULTS = 10_000;

  private record Known(int exclusions, HeldVersions versions) {}

  private final IndexPlace place;
  private final String anyVector;
  private final ConcurrentMap<Node, Known> known = new ConcurrentHashMap<>();

  /**
   * Creates an empty record.
   *
   * @param dimension of the index's vectors
   */
  NodeContents(IndexPlace place, int dimension) {
    this.place = place;
    float[] vector = new float[dimension];
    vector[0] = 1;
    this.anyVector = GraphQl.vector(vector);
  }

  /**
   * Returns whether a search at the node finds everything that is live. Queries the node for
   * versions that were not found there yet.
   */
  boolean hasAll(Node node, LiveVersions live, Deadline deadline) {
    return of(node).hasAll(live, part -> hasNow(node, live, part, deadline), deadline);
  }

  /**
   * Returns whether the node has every chunk of some versions now, whatever was found there before.
   */
  boolean hasNow(Node node, LiveVersions some, Deadline deadline) {
    return some.parts(some.versions(), FILTER_VERSIONS, MAX_RESULTS).stream()
        .allMatch(part -> hasNow(node, some, part, deadline));
  }

  /**
   * Queries by vector, because a node stores a chunk, its words and its vector one after another. A
   * chunk that a filter on the version finds and counts may not have its vector yet.
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

  /**
   * Returns the record of a node, without what was known before a failure, because the node may
   * return with less.
   */
  private HeldVersions of(Node node) {
    int exclusions = node.exclusions();
    Known last = known.get(node);
    if (last == null || last.exclusions() != exclusions) {
      last =
          known.compute(
              node,
              (same, other) ->
                  other != null && other.exclusions() == exclusions
                      ? other
                      : new Known(
                          exclusions,
                          new HeldVersions(Ticker.system(), FILTER_VERSIONS, MAX_RESULTS)));
    }
    return last.versions();
  }
}
