package dev.throng.backend.pool;

import dev.throng.backend.Backend;
import dev.throng.config.BackendKind;
import dev.throng.config.ModelConfig;
import dev.throng.core.ErrorCode;
import dev.throng.core.GeneratorIdentity;
import dev.throng.core.ThrongException;
import dev.throng.core.TokenRates;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The model that a pool answers with, and its token rates. An answer must come from the model that
 * its fingerprint names, whichever backend generates it, so a backend with another model is not
 * used. When all backends have changed, as after a pull on each of them, the pool changes, too.
 * Safe for concurrent use.
 */
final class PoolModel {
  private static final Logger log = LoggerFactory.getLogger(PoolModel.class);

  /** How long the absence of a known model is cached. */
  private static final Duration ASK_PAUSE = Duration.ofSeconds(1);

  /** How long a question waits for backends to report the model. */
  private static final Duration ASK_WAIT = Duration.ofMillis(500);

  private final ModelConfig config;
  private final ReentrantLock lock = new ReentrantLock();

  /** What each backend last reported, by its id. */
  private final Map<Integer, String> digests = new HashMap<>();

  private volatile GeneratorIdentity identity;
  private volatile @Nullable TokenRates rates;
  private volatile long lastAskedNanos = System.nanoTime() - ASK_PAUSE.toNanos();

  PoolModel(ModelConfig config) {
    this.config = config;
    this.identity = identityOf("openai", "");
  }

  /**
   * Returns the model. Asks the backends when none was probed yet.
   *
   * @param backends by their ids
   */
  GeneratorIdentity identity(Map<Integer, Backend> backends) {
    GeneratorIdentity known = identity;
    if (!known.digest().isEmpty() || System.nanoTime() - lastAskedNanos < ASK_PAUSE.toNanos()) {
      return known;
    }
    lastAskedNanos = System.nanoTime();
    Map<Integer, Backend> asked = new HashMap<>(backends);
    asked.values().removeIf(backend -> !hasDigest(backend));
    CountDownLatch reported = new CountDownLatch(asked.size());
    asked.forEach((id, backend) ->
        Thread.ofVirtual()
            .name("model-" + backend.name())
            .start(() -> {
              ask(id, backend);
              reported.countDown();
            }));
    awaitShortly(reported);
    return identity;
  }

  /** Waits briefly. Questions wait for this, so a slow backend must not hold them up. */
  private static void awaitShortly(CountDownLatch reported) {
    try {
      var _ = reported.await(ASK_WAIT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // the caller checks what is known
    }
  }

  /** Must be called when backends have joined or left. */
  void setMembers(Collection<Backend> backends) {
    lock.lock();
    try {
      if (identity.digest().isEmpty()) {
        boolean isOllama = backends.stream().anyMatch(PoolModel::hasDigest);
        identity = identityOf(isOllama ? "ollama" : "openai", "");
      }
    } finally {
      lock.unlock();
    }
  }

  /** Returns whether backends of this kind report their model. */
  static boolean hasDigest(Backend backend) {
    return backend.config().kind() == BackendKind.OLLAMA;
  }

  /**
   * Records what a backend reported.
   *
   * @param digest "" when the backend does not report it; then the configuration guarantees that it
   *     is the same
   * @return whether this has changed the pool's model
   * @throws ThrongException MODEL_MISSING when it is another model than the pool's
   */
  boolean check(int id, Backend backend, String digest) {
    if (digest.isEmpty()) {
      return false;
    }
    lock.lock();
    try {
      digests.put(id, digest);
      Set<String> all = new HashSet<>(digests.values());
      if (identity.digest().isEmpty()) {
        identity = identityOf("ollama", digest);
      }
      if (identity.digest().equals(digest)) {
        return false;
      }
      if (all.size() > 1) {
        throw other(backend, digest);
      }
      log.info("all backends have a new {} ({}) now", config.name(), digest);
      identity = identityOf("ollama", digest);
      rates = null;
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** Returns the token rates of the model, which are guessed until a backend was measured. */
  TokenRates rates() {
    TokenRates known = rates;
    return known == null ? TokenRates.GUESS : known;
  }

  /**
   * Measures the rates once per model, because all backends have the same model. Costs a few
   * generations.
   */
  void measure(Backend backend) {
    if (rates == null && hasDigest(backend)) {
      rates = backend.measureTokens();
    }
  }

  /**
   * Must be called when a backend has left, or does not answer. Its earlier report is no longer
   * valid.
   */
  void forget(int id) {
    lock.lock();
    try {
      digests.remove(id);
    } finally {
      lock.unlock();
    }
  }

  private void ask(int id, Backend backend) {
    try {
      var _ = check(id, backend, backend.modelDigest()); // there was no model that could change
    } catch (ThrongException e) {
      log.debug("{} does not report its model: {}", backend.name(), e.getMessage());
    }
  }

  private ThrongException other(Backend backend, String digest) {
    return new ThrongException(
        ErrorCode.MODEL_MISSING,
        "%s has another %s (%.12s) than the other backends (%.12s): run `ollama pull %s` on all of them"
            .formatted(backend.name(), config.name(), digest, identity.digest(), config.name()));
  }

  private GeneratorIdentity identityOf(String generator, String digest) {
    return new GeneratorIdentity(generator, config.name(), digest, options(config));
  }

  /** Returns what every call is made with, in a stable order, because it is part of cache keys. */
  private static String options(ModelConfig config) {
    return "num_ctx=%d,temperature=%s,seed=%d"
        .formatted(config.contextTokens(), config.temperature(), Backend.SEED);
  }
}
