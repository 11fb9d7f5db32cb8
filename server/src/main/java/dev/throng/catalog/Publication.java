package dev.throng.catalog;

import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What one publish changes, all of it or nothing.
 *
 * @param generation the index that the chunks of {@code live} are in, and those of {@code
 *     purgedVersions} are gone from
 * @param live versions that become live, each replacing the one its document had
 * @param removedDocumentIds documents that are deleted
 * @param purgedVersions dead versions whose chunks are no longer in the index
 * @param claims jobs that end with the publication, by the version that each has made; a version
 *     whose claim is lost is left out
 */
public record Publication(
    long generation,
    List<LiveDocument> live,
    Set<String> removedDocumentIds,
    Set<Long> purgedVersions,
    Map<Long, JobClaim> claims) {
  /** Fits whatever index is live. */
  static final long ANY_GENERATION = 0;

  /** One whose chunks are where the live ones are. */
  public Publication(
      List<LiveDocument> live, Set<String> removedDocumentIds, Set<Long> purgedVersions) {
    this(ANY_GENERATION, live, removedDocumentIds, purgedVersions, Map.of());
  }

  public static Publication ofPurged(Set<Long> purgedVersions) {
    return new Publication(List.of(), Set.of(), purgedVersions);
  }

  /** The same without some of its versions. */
  Publication without(Set<Long> versions) {
    List<LiveDocument> kept =
        live.stream().filter(document -> !versions.contains(document.version())).toList();
    return new Publication(generation, kept, removedDocumentIds, purgedVersions, claims);
  }

  /** What it removes, alone. */
  Publication removals() {
    return new Publication(generation, List.of(), removedDocumentIds, Set.of(), Map.of());
  }

  public boolean isEmpty() {
    return live.isEmpty() && removedDocumentIds.isEmpty() && purgedVersions.isEmpty();
  }
}
