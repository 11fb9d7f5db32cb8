package dev.throng.app;

import dev.throng.answer.PromptVersion;
import dev.throng.backend.Embedder;
import dev.throng.backend.Generator;
import dev.throng.backend.GeneratorIdentity;
import dev.throng.catalog.Catalog;
import dev.throng.catalog.Replica;
import dev.throng.config.AgreementChoice;
import dev.throng.config.ThrongConfig;
import dev.throng.core.Hash;
import dev.throng.core.ThrongException;
import dev.throng.http.Readiness;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether all replicas work with the same embedder, model, prompt and settings. Where they do not,
 * those that started first are right: the others are not ready.
 */
final class Agreement implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Agreement.class);
  private static final Duration EVERY = Duration.ofMillis(500);
  private static final int HASH_CHARS = 12;

  /** Tells where a replica is. */
  static final String URL = "url";

  private static final String VERSION = "version";

  /** Says that something differs, but not what: told when there is nothing better to tell. */
  private static final String CONFIG = "config";

  /** What replicas may differ in: a new release is rolled out one by one. */
  private static final Set<String> FREE = Set.of(URL, VERSION);

  private final Catalog catalog;
  private final ThrongConfig config;
  private final Embedder embedder;
  private final Generator generator;
  private final Readiness readiness;
  private volatile String own = "";
  private String noted = "";
  private volatile Thread thread = Thread.ofVirtual().unstarted(() -> {});

  Agreement(
      ThrongConfig config,
      Catalog catalog,
      Embedder embedder,
      Generator generator,
      Readiness readiness) {
    this.config = config;
    this.catalog = catalog;
    this.embedder = embedder;
    this.generator = generator;
    this.readiness = readiness;
  }

  /**
   * Tells the others, and looks at them from now on.
   *
   * @param url where this replica is reached
   */
  void begin(String url) {
    if (config.catalog().isShared()) {
      look(url);
      thread = Thread.ofVirtual().name("agreement").start(() -> lookUntilClosed(url));
    }
  }

  /** This replica cannot agree with what the collections were made with. */
  void refuse(String why) {
    own = why;
    readiness.disagrees(why);
  }

  /** Whether this replica may answer. */
  boolean isReached() {
    return own.isEmpty();
  }

  @Override
  public void close() {
    thread.interrupt();
  }

  private void lookUntilClosed(String url) {
    try {
      while (true) {
        TimeUnit.MILLISECONDS.sleep(EVERY.toMillis());
        look(url);
      }
    } catch (InterruptedException e) {
      return; // closed
    }
  }

  private void look(String url) {
    Map<String, String> traits = traits(config, embedder, generator.identity());
    traits.put(URL, url);
    catalog.describe(traits);
    try {
      String difference =
          own.isEmpty()
              ? difference(catalog.replica(), traits, catalog.replicas()).orElse("")
              : own;
      if (!difference.equals(noted)) {
        noted = difference;
        log.warn(
            difference.isEmpty() ? "all replicas agree again" : "replicas disagree: {}",
            difference);
      }
      readiness.disagrees(
          config.catalog().agreement() == AgreementChoice.REQUIRE ? difference : "");
    } catch (ThrongException e) {
      log.debug("other replicas cannot be asked for: {}", e.getMessage());
    }
  }

  /** What must be the same everywhere, by name; "" for what is not known yet. */
  static Map<String, String> traits(
      ThrongConfig config, Embedder embedder, GeneratorIdentity identity) {
    Map<String, String> traits = new TreeMap<>();
    traits.put("embedder", embedder.id());
    traits.put("model", identity.model());
    traits.put("model_digest", identity.digest());
    traits.put("prompt", PromptVersion.get().substring(0, HASH_CHARS));
    traits.put(CONFIG, configHash(config));
    traits.put(VERSION, Version.current());
    return traits;
  }

  /** Of what decides answers; not of where a replica listens, and what it may use. */
  static String configHash(ThrongConfig config) {
    Hash.Builder hash = new Hash.Builder();
    List.of(
            config.generator(),
            config.ollama(),
            config.embedder().model(),
            config.retrieval(),
            config.answer(),
            config.store(),
            config.ingest().language(),
            config.redis().prefix())
        .forEach(part -> hash.add(part.toString()));
    return hash.build().hex().substring(0, HASH_CHARS);
  }

  /** What a replica that started before this one works with otherwise. */
  static Optional<String> difference(
      String replica, Map<String, String> traits, List<Replica> oldestFirst) {
    for (Replica other : oldestFirst) {
      if (other.id().equals(replica)) {
        return Optional.empty();
      }
      List<String> differing =
          traits.keySet().stream()
              .filter(name ->
                  differs(traits.getOrDefault(name, ""), other.traits().getOrDefault(name, "")))
              .filter(name -> !FREE.contains(name))
              .sorted(Comparator.comparing(CONFIG::equals))
              .toList();
      if (!differing.isEmpty()) {
        String name = differing.getFirst();
        return Optional.of(
            "%s: %s here, %s at the replica at %s"
                .formatted(
                    name,
                    traits.get(name),
                    other.traits().get(name),
                    other.traits().getOrDefault(URL, "an unknown place")));
      }
    }
    return Optional.empty();
  }

  private static boolean differs(String ours, String theirs) {
    return !ours.isEmpty() && !theirs.isEmpty() && !ours.equals(theirs);
  }
}
