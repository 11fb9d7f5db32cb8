package dev.throng.core;

import java.util.Collection;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The versions of documents whose passages a prompt contains, cited or not.
 *
 * @param epoch the epoch at which they were read; all of them were live then
 */
public record MadeFrom(CollectionRef collection, long epoch, Set<Long> versions) {
  public static MadeFrom of(CollectionRef collection, long epoch, Collection<Source> sources) {
    return new MadeFrom(
        collection,
        epoch,
        sources.stream()
            .map(source -> source.passage().version())
            .collect(Collectors.toUnmodifiableSet()));
  }
}
