package dev.throng.cache;

import dev.throng.core.CollectionRef;
import dev.throng.core.Source;
import java.util.Collection;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which versions of documents a prompt has passages of, cited or not.
 *
 * @param epoch at which they were read: all of them were live then
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
