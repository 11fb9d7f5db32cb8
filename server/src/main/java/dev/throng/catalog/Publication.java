package dev.throng.catalog;

import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What one publish changes, all of it or nothing.
 *
 * @param live versions that become live, each replacing the one its document had
 * @param removedDocumentIds documents that are deleted
 * @param purgedVersions dead versions whose chunks are no longer in the index
 * @param claims jobs that end with the publication, by the version that each has made; a version
 *     whose claim is lost is left out
 */
public record Publication(
    List<LiveDocument> live,
    Set<String> removedDocumentIds,
    Set<Long> purgedVersions,
    Map<Long, JobClaim> claims) {
  public Publication(
      List<LiveDocument> live, Set<String> removedDocumentIds, Set<Long> purgedVersions) {
    this(live, removedDocumentIds, purgedVersions, Map.of());
  }

  public static Publication ofPurged(Set<Long> purgedVersions) {
    return new Publication(List.of(), Set.of(), purgedVersions);
  }

  /** The same without some of its versions. */
  Publication without(Set<Long> versions) {
    List<LiveDocument> kept =
        live.stream().filter(document -> !versions.contains(document.version())).toList();
    return new Publication(kept, removedDocumentIds, purgedVersions, claims);
  }

  public boolean isEmpty() {
    return live.isEmpty() && removedDocumentIds.isEmpty() && purgedVersions.isEmpty();
  }
}
