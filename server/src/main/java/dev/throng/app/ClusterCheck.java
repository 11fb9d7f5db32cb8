package dev.throng.app;

import dev.throng.backend.Embedder;
import dev.throng.catalog.Catalog;
import dev.throng.catalog.Replica;
import dev.throng.config.ThrongConfig;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The traits of the replicas of a shared catalogue and of this machine, and how they differ.
 *
 * @param here traits of this machine, as {@link Replica#traits}
 * @param replicas the serving replicas, the oldest first
 * @param differences between replicas, and between them and this machine; empty when all agree
 */
public record ClusterCheck(
    Map<String, String> here, List<Replica> replicas, List<String> differences) {

  /**
   * Reads the catalogue, and asks a backend for its model's digest.
   *
   * @throws IllegalArgumentException when the configuration has no shared catalogue
   * @throws dev.throng.core.ThrongException CATALOG_UNAVAILABLE, or the reason why there is no
   *     embedder
   */
  public static ClusterCheck of(ThrongConfig config) {
    if (!config.catalog().isShared()) {
      throw new IllegalArgumentException(
          "catalog.url: not set, so this server has no other replicas (expected: the"
              + " PostgreSQL that replicas share, like jdbc:postgresql://db:5432/throng)");
    }
    Map<String, String> here;
    try (Embedder embedder = Corpus.embedder(config)) {
      here = Agreement.traits(config, embedder, Generators.identity(config, embedder));
    }
    try (Catalog catalog = Corpus.catalog(config, InstantSource.system())) {
      List<Replica> serving =
          catalog.replicas().stream().filter(replica -> !replica.traits().isEmpty()).toList();
      return of(here, serving);
    }
  }

  static ClusterCheck of(Map<String, String> here, List<Replica> serving) {
    List<String> differences = new ArrayList<>();
    for (Replica replica : serving) {
      Agreement.difference(replica.id(), replica.traits(), serving)
          .map(difference -> "%s: %s".formatted(url(replica), difference))
          .ifPresent(differences::add);
    }
    Agreement.difference("", here, serving)
        .map(difference -> "this machine's configuration: " + difference)
        .ifPresent(differences::add);
    return new ClusterCheck(here, serving, List.copyOf(differences));
  }

  public boolean isAgreed() {
    return differences.isEmpty();
  }

  /** Returns the address of a replica. */
  public static String url(Replica replica) {
    return replica.traits().getOrDefault(Agreement.URL, "an unknown address");
  }
}
