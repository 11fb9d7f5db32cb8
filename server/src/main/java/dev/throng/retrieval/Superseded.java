package dev.throng.retrieval;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.throng.catalog.CollectionState;
import dev.throng.catalog.LiveDocument;
import dev.throng.core.Chunk;
import dev.throng.core.CollectionRef;
import dev.throng.core.Metadata;
import dev.throng.core.Metadata.Text;
import dev.throng.core.Metadata.Value;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Tells which documents are no longer in force: by their metadata, by their names, because another
 * document replaces them, or because they say so.
 */
final class Superseded {
  private static final String STATUS = "status";
  private static final String SUPERSEDES = "supersedes";

  private static final Set<String> NOT_IN_FORCE =
      Set.of(
          "superseded", "archived", "obsolete", "withdrawn", "expired", "deprecated", "repealed");

  private static final int MAX_COLLECTIONS = 1_000;
  private static final int MAX_VERSIONS = 100_000;

  private record Replaced(long epoch, Set<String> uris) {}

  private final List<Pattern> names;
  private final Cache<CollectionRef, Replaced> replaced =
      Caffeine.newBuilder().maximumSize(MAX_COLLECTIONS).executor(Runnable::run).build();

  /** By version, because a document with another title is another version. */
  private final Cache<Long, Boolean> byName =
      Caffeine.newBuilder().maximumSize(MAX_VERSIONS).executor(Runnable::run).build();

  /**
   * Creates the check.
   *
   * @param names regular expressions for parts of uris and titles
   */
  Superseded(List<String> names) {
    this.names =
        names.stream()
            .map(name -> Pattern.compile(name, Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE))
            .toList();
  }

  /** Returns whether the live document of a chunk is no longer in force. */
  boolean includes(CollectionState state, LiveDocument document, Chunk chunk) {
    Value status = document.metadata().fields().get(STATUS);
    if (status != null) { // what its owner says counts more than its name
      return status instanceof Text(String text)
          && NOT_IN_FORCE.contains(text.strip().toLowerCase(Locale.ROOT));
    }
    return chunk.isSuperseded()
        || replaced(state).contains(document.uri())
        || byName.get(document.version(), version -> isNamedSo(document));
  }

  private boolean isNamedSo(LiveDocument document) {
    return names.stream()
        .anyMatch(
            name -> name.matcher(document.uri()).find() || name.matcher(document.title()).find());
  }

  private Set<String> replaced(CollectionState state) {
    Replaced known = replaced.getIfPresent(state.ref());
    if (known == null || known.epoch() != state.epoch()) {
      known = new Replaced(state.epoch(), replacedUris(state));
      replaced.put(state.ref(), known);
    }
    return known.uris();
  }

  private static Set<String> replacedUris(CollectionState state) {
    Set<String> uris = new HashSet<>();
    for (LiveDocument document : state.byVersion().values()) {
      switch (document.metadata().fields().get(SUPERSEDES)) {
        case Text(String uri) -> uris.add(uri);
        case Metadata.Texts(List<String> several) -> uris.addAll(several);
        case null, default -> {}
      }
    }
    return Set.copyOf(uris);
  }
}
