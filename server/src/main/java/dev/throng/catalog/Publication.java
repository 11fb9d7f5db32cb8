package dev.throng.catalog;

import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The changes of one publish, which are applied completely or not at all.
 *
 * @param indexNumber the index that contains the chunks of {@code live}, and from which those of
 *     {@code purgedVersions} are removed
 * @param live versions that become live, each replacing the previous one of its document
 * @param removedDocumentIds documents that are deleted
 * @param purgedVersions dead versions whose chunks are no longer in the index
 * @param claims jobs that end with the publication, by the version that each has made; a version
 *     whose claim is lost is discarded
 */
public record Publication(
    long indexNumber,
    List<LiveDocument> live,
    Set<String> removedDocumentIds,
    Set<Long> purgedVersions,
    Map<Long, JobClaim> claims) {
  /** Matches any live index. */
  static final long ANY_INDEX = 0;

  /** Creates a publication whose chunks are in the live index. */
  public Publication(
      List<LiveDocument> live, Set<String> removedDocumentIds, Set<Long> purgedVersions) {
    this(ANY_INDEX, live, removedDocumentIds, purgedVersions, Map.of());
  }

  public static Publication ofPurged(Set<Long> purgedVersions) {
    return new Publication(List.of(), Set.of(), purgedVersions);
  }

  /** Returns this publication without some of its versions. */
  Publication without(Set<Long> versions) {
    List<LiveDocument> kept =
        live.stream().filter(document -> !versions.contains(document.version())).toList();
    return new Publication(indexNumber, kept, removedDocumentIds, purgedVersions, claims);
  }

  /** Returns only the removals. */
  Publication removals() {
    return new Publication(indexNumber, List.of(), removedDocumentIds, Set.of(), Map.of());
  }

  public boolean isEmpty() {
    return live.isEmpty() && removedDocumentIds.isEmpty() && purgedVersions.isEmpty();
  }
}
