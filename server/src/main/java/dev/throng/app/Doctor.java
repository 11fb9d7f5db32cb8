package dev.throng.app;

import dev.throng.backend.Backend;
import dev.throng.backend.Embedder;
import dev.throng.backend.pool.SlotCount;
import dev.throng.catalog.CollectionState;
import dev.throng.config.AgreementChoice;
import dev.throng.config.BackendConfig;
import dev.throng.config.GeneratorChoice;
import dev.throng.config.ModelConfig;
import dev.throng.config.ThrongConfig;
import dev.throng.core.Deadline;
import dev.throng.core.ErrorCode;
import dev.throng.core.ThrongException;
import dev.throng.core.Ticker;
import dev.throng.http.HttpServer;
import dev.throng.redis.Redis;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Checks everything that a server needs, and continues after each problem. */
public final class Doctor {
  private static final int MIN_JAVA = 25;
  private static final long TIGHT_SPACE_BYTES = 2L << 30;
  private static final long TOO_LITTLE_SPACE_BYTES = 200L << 20;
  private static final Duration REDIS_TIMEOUT = Duration.ofSeconds(3);
  private static final Duration EMBED_TIMEOUT = Duration.ofSeconds(30);

  /** The state of a part. */
  public enum Verdict {
    OK,
    WARNING,
    FAILED
  }

  /**
   * The result of checking one part.
   *
   * @param remedy what to do; empty when nothing needs to be done
   */
  public record Finding(String part, Verdict verdict, String detail, String remedy) {
    public boolean isFailure() {
      return verdict == Verdict.FAILED;
    }
  }

  private final ThrongConfig config;
  private final Consumer<Finding> findings;

  /**
   * Creates a doctor.
   *
   * @param findings receives each finding when it is made
   */
  public Doctor(ThrongConfig config, Consumer<Finding> findings) {
    this.config = config;
    this.findings = findings;
  }

  /** Checks all parts, one after another. */
  public void examine() {
    java();
    disk();
    Optional<LocalServer.Address> running = LocalServer.find(config.data().dir());
    port(running.orElse(null));
    store();
    if (running.isPresent()) {
      ok("index", "in use by the server at " + running.get().url());
    } else {
      indexAndModel();
    }
    replicas();
    redis();
    generator();
  }

  private void java() {
    Runtime.Version version = Runtime.version();
    if (version.feature() < MIN_JAVA) {
      failed("java", version.toString(), "Install a JDK %d or newer.".formatted(MIN_JAVA));
    } else if (ModuleLayer.boot().findModule("jdk.incubator.vector").isEmpty()) {
      warning(
          "java",
          version + ", without jdk.incubator.vector: vector search takes twice the CPU time",
          "Start through ./throng, or with --add-modules jdk.incubator.vector.");
    } else {
      ok("java", version.toString());
    }
  }

  private void disk() {
    Path folder = config.data().dir().toAbsolutePath();
    try {
      Files.createDirectories(folder);
      Files.delete(Files.createTempFile(folder, "doctor", null));
      long free = Files.getFileStore(folder).getUsableSpace();
      String detail = "%s, %.1f GiB free".formatted(folder, free / (double) (1 << 30));
      if (free < TOO_LITTLE_SPACE_BYTES) {
        failed(
            "data folder", detail, "Free some disk space, or choose another folder with --data.");
      } else if (free < TIGHT_SPACE_BYTES) {
        warning("data folder", detail, "Free some disk space before a large ingest.");
      } else {
        ok("data folder", detail);
      }
    } catch (IOException e) {
      failed("data folder", "%s is not writable: %s".formatted(folder, e), "Fix its permissions.");
    }
  }

  private void port(LocalServer.@Nullable Address running) {
    int port = config.server().port();
    String place = "%s:%d".formatted(config.server().host(), port);
    if (running != null) {
      ok("port", "this data folder's server listens at " + running.url());
      return;
    }
    try {
      HttpServer.checkPortIsFree(config.server());
      ok("port", place + " is free" + (port == 0 ? " (any free port)" : ""));
    } catch (ThrongException e) {
      failed("port", e);
    }
  }

  private void store() {
    try {
      Stores.identity(config)
          .ifPresent(shared -> {
            ok("store", shared.identity());
            if (!shared.missing().isEmpty()) {
              warning("store", shared.missing(), ErrorCode.STORE_UNAVAILABLE.remedy());
            }
          });
    } catch (ThrongException e) {
      failed("store", e);
    }
  }

  private void indexAndModel() {
    try (Corpus corpus = Corpus.open(config)) {
      if (config.catalog().isShared()) {
        ok("catalogue", config.catalog().shownUrl());
      }
      List<CollectionState> states = corpus.servedCollections();
      if (states.isEmpty()) {
        warning("index", "no collection yet", "Create one: throng ingest PATH");
      }
      states.forEach(state -> collection(corpus, state));
      model(corpus);
    } catch (ThrongException e) {
      failed("index", e);
    }
  }

  private void collection(Corpus corpus, CollectionState state) {
    try {
      corpus.indexer().existingCollection(state.ref());
      ok(
          "index",
          "collection %s: %d documents, epoch %d"
              .formatted(state.ref().name(), state.byVersion().size(), state.epoch()));
      corpus
          .otherEmbedder(state)
          .ifPresent(
              other -> warning("index", other, "Run `throng reindex`, or restore the setting."));
    } catch (ThrongException e) {
      failed("index", e);
    }
  }

  private void model(Corpus corpus) {
    try {
      Deadline deadline = Deadline.after(Ticker.system(), EMBED_TIMEOUT);
      Embedder embedder = corpus.embedders().configured();
      Embedder.await(embedder.embedQuery("the first one warms up", deadline), deadline);
      long start = System.nanoTime();
      Embedder.await(embedder.embedQuery("this one is timed", deadline), deadline);
      ok(
          "embedder",
          "%s, %d dimensions, %.1f ms for a question"
              .formatted(embedder.id(), embedder.dimension(), (System.nanoTime() - start) / 1e6));
    } catch (ThrongException e) {
      failed("embedder", e);
    }
  }

  private void replicas() {
    if (!config.catalog().isShared()) {
      return;
    }
    try {
      ClusterCheck check = ClusterCheck.of(config);
      if (!check.isAgreed()) {
        String detail = String.join("; ", check.differences());
        String remedy = ErrorCode.REPLICA_DISAGREES.remedy();
        if (config.catalog().agreement() == AgreementChoice.REQUIRE) {
          failed("replicas", detail, remedy);
        } else {
          warning("replicas", detail, remedy);
        }
        return;
      }
      List<String> urls = check.replicas().stream().map(ClusterCheck::url).toList();
      ok(
          "replicas",
          urls.isEmpty()
              ? "no replica is serving"
              : "%d agree: %s".formatted(urls.size(), String.join(", ", urls)));
    } catch (ThrongException e) {
      failed("replicas", e);
    }
  }

  private void redis() {
    if (!config.redis().isUsed()) {
      return;
    }
    String urls = String.join(", ", config.redis().urls());
    try (Redis redis = new Redis(config.redis(), "doctor", new SimpleMeterRegistry(), () -> 0L)) {
      if (redis.awaitUse(REDIS_TIMEOUT)) {
        ok("redis", urls);
      } else {
        warning(
            "redis",
            "no answer from %s within %d s".formatted(urls, REDIS_TIMEOUT.toSeconds()),
            "Answers are not shared until Redis answers. Check its address, user and password.");
      }
    }
  }

  private void generator() {
    if (config.generator() == GeneratorChoice.EXTRACTIVE) {
      ok("generator", "extractive, as configured");
      return;
    }
    boolean isExpected =
        config.generator() == GeneratorChoice.OLLAMA || !config.backends().isEmpty();
    if (isExpected || Generators.answersHere(config)) {
      Generators.backends(config).forEach(this::backend);
    } else {
      warning(
          "generator",
          "extractive: no Ollama with %s at %s"
              .formatted(config.model().name(), Generators.LOCAL_OLLAMA),
          "For generated answers, run `ollama pull %s`, or set THRONG_OLLAMA_URLS."
              .formatted(config.model().name()));
    }
  }

  private void backend(BackendConfig settings) {
    ModelConfig model = config.model();
    Deadline deadline = Deadline.after(Ticker.system(), model.firstTokenTimeout());
    try (Backend backend = Generators.adapter(settings, config)) {
      long start = System.nanoTime();
      Backend.Probed probed = backend.probe(deadline);
      double seconds = (System.nanoTime() - start) / 1e9;
      String slots =
          settings.slots() > 0
              ? settings.slots() + " slots as configured"
              : "%d slots detected (of %d tried)"
                  .formatted(SlotCount.of(backend, deadline), SlotCount.TRIED);
      ok(
          "backend",
          "%s, %s%s, one token in %.1f s, %s%s"
              .formatted(
                  backend.name(),
                  settings.modelOr(model.name()),
                  probed.modelDigest().isEmpty() ? "" : " (%.12s)".formatted(probed.modelDigest()),
                  seconds,
                  slots,
                  probed.canContinue()
                      ? ""
                      : "; partial answers cannot continue on another backend"));
    } catch (ThrongException e) {
      failed("backend", e);
    }
  }

  private void ok(String part, String detail) {
    findings.accept(new Finding(part, Verdict.OK, detail, ""));
  }

  private void warning(String part, String detail, String remedy) {
    findings.accept(new Finding(part, Verdict.WARNING, detail, remedy));
  }

  private void failed(String part, String detail, String remedy) {
    findings.accept(new Finding(part, Verdict.FAILED, detail, remedy));
  }

  private void failed(String part, ThrongException failure) {
    failed(part, String.valueOf(failure.getMessage()), failure.code().remedy());
  }
}
