package dev.throng.catalog;

import java.util.List;
import java.util.Set;

/**
 * What one publish changes, all of it or nothing.
 *
 * @param live versions that become live, each replacing the one its document had
 * @param removedDocumentIds documents that are deleted
 * @param purgedVersions dead versions whose chunks are no longer in the index
 */
public record Publication(
    List<LiveDocument> live, Set<String> removedDocumentIds, Set<Long> purgedVersions) {
  public static Publication ofPurged(Set<Long> purgedVersions) {
    return new Publication(List.of(), Set.of(), purgedVersions);
  }

  public boolean isEmpty() {
    return live.isEmpty() && removedDocumentIds.isEmpty() && purgedVersions.isEmpty();
  }
}
