package dev.throng.app;

import dev.throng.answer.PromptVersion;
import dev.throng.backend.Embedder;
import dev.throng.backend.Generator;
import dev.throng.catalog.Catalog;
import dev.throng.catalog.Replica;
import dev.throng.config.AgreementChoice;
import dev.throng.config.ModelConfig;
import dev.throng.config.RetrievalConfig;
import dev.throng.config.ThrongConfig;
import dev.throng.core.GeneratorIdentity;
import dev.throng.core.Periodic;
import dev.throng.core.ThrongException;
import dev.throng.http.Readiness;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checks that all replicas use the same embedder, model, prompt and settings. When they differ, the
 * replicas that started first are authoritative, and the others are not ready.
 */
final class Agreement implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Agreement.class);
  private static final Duration CHECK_INTERVAL = Duration.ofMillis(500);
  private static final int HASH_CHARS = 12;

  /** The trait with the address of a replica. */
  static final String URL = "url";

  /**
   * The version of what replicas share: prompts, question keys, and the entries in the catalogue,
   * the store and Redis. Increase it in a build whose replicas cannot answer beside those of the
   * build before it, even with the same settings. A setting that only one of two builds has is not
   * compared.
   */
  private static final int FORMAT = 1;

  private static final String VERSION = "version";

  /** The traits in which replicas may differ. A new release is rolled out one replica at a time. */
  private static final Set<String> MAY_DIFFER = Set.of(URL, VERSION);

  private final Catalog catalog;
  private final ThrongConfig config;
  private final Embedder embedder;
  private final Generator generator;
  private final Readiness readiness;
  private volatile String own = "";
  private String noted = "";
  private volatile @Nullable Periodic looks;

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
   * Publishes this replica's traits, and starts to compare them with the others.
   *
   * @param url address of this replica
   */
  void begin(String url) {
    if (config.catalog().isShared()) {
      look(url);
      looks = Periodic.start("agreement", CHECK_INTERVAL, () -> look(url));
    }
  }

  /** Records that this replica is incompatible with what the collections were made with. */
  void refuse(String why) {
    own = why;
    readiness.setDisagreement(why);
  }

  /** Returns whether this replica may answer. */
  boolean isReached() {
    return own.isEmpty();
  }

  @Override
  public void close() {
    Periodic started = looks;
    if (started != null) {
      started.close();
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
      readiness.setDisagreement(
          config.catalog().agreement() == AgreementChoice.REQUIRE ? difference : "");
    } catch (ThrongException e) {
      log.debug("the list of other replicas is not available: {}", e.getMessage());
    }
  }

  /** Returns what must be the same in all replicas, by name; "" for what is not known yet. */
  static Map<String, String> traits(
      ThrongConfig config, Embedder embedder, GeneratorIdentity identity) {
    Map<String, String> traits = new TreeMap<>();
    traits.put("embedder", embedder.id());
    traits.put("model", identity.model());
    traits.put("model_digest", identity.digest());
    traits.put("prompt", PromptVersion.get().substring(0, HASH_CHARS));
    traits.put("format", Integer.toString(FORMAT));
    traits.put(VERSION, Version.current());
    putSettings(traits, config);
    return traits;
  }

  /**
   * Adds the settings that affect answers or where they are shared. The embedder and the model are
   * traits of their own. Addresses, timeouts and sizes may differ between machines.
   */
  private static void putSettings(Map<String, String> traits, ThrongConfig config) {
    ModelConfig model = config.model();
    traits.put("model.context_tokens", Integer.toString(model.contextTokens()));
    traits.put("model.max_tokens", Integer.toString(model.maxTokens()));
    traits.put("model.temperature", Double.toString(model.temperature()));
    RetrievalConfig retrieval = config.retrieval();
    traits.put("retrieval.mode", word(retrieval.mode()));
    traits.put("retrieval.top_k", Integer.toString(retrieval.topK()));
    traits.put("retrieval.candidates", Integer.toString(retrieval.candidates()));
    traits.put("retrieval.dense_weight", Double.toString(retrieval.denseWeight()));
    traits.put("retrieval.passage_tokens", Integer.toString(retrieval.passageTokens()));
    traits.put("retrieval.duplicate_overlap", Double.toString(retrieval.duplicateOverlap()));
    traits.put("retrieval.min_relevance", Double.toString(retrieval.minRelevance()));
    traits.put("answer.default_collection", config.answer().defaultCollection());
    traits.put("ingest.language", config.ingest().language());
    traits.put("store.kind", word(config.store().kind()));
    traits.put("redis.prefix", config.redis().prefix());
  }

  private static String word(Enum<?> choice) {
    return choice.name().toLowerCase(Locale.ROOT);
  }

  /** Returns how a replica that started before this one differs. */
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
              .filter(name -> !MAY_DIFFER.contains(name))
              .sorted(Comparator.comparing(Agreement::isSetting))
              .toList();
      if (!differing.isEmpty()) {
        String name = differing.getFirst();
        return Optional.of(
            "%s: %s here, %s at the replica at %s"
                .formatted(
                    name,
                    traits.get(name),
                    other.traits().get(name),
                    other.traits().getOrDefault(URL, "an unknown address")));
      }
    }
    return Optional.empty();
  }

  /** Returns whether a trait is a setting. Other traits that differ, like the model, come first. */
  private static boolean isSetting(String name) {
    return name.contains(".");
  }

  private static boolean differs(String ours, String theirs) {
    return !ours.isEmpty() && !theirs.isEmpty() && !ours.equals(theirs);
  }
}
