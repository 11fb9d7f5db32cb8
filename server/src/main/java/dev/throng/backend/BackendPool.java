package dev.throng.backend;

import dev.throng.backend.ollama.OllamaBackend;
import dev.throng.backend.ollama.OllamaBackend.Progress;
import dev.throng.config.OllamaConfig;
import dev.throng.core.Deadline;
import dev.throng.core.ErrorCode;
import dev.throng.core.ThrongException;
import dev.throng.observe.BackendMetrics;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Several Ollama backends with one model. Never sends a backend more generations than it has slots.
 * When one fails, the next goes on: from the beginning before the first token, and from the
 * delivered text after it.
 */
public final class BackendPool implements Generator {
  private static final Logger log = LoggerFactory.getLogger(BackendPool.class);

  /** Failures in a row without new text before a generation gives up. */
  private static final int MAX_FAILURES_WITHOUT_TEXT = 2;

  /** Codes that another backend may not have. Anything else is the prompt's own fault. */
  private static final Set<ErrorCode> WORTH_ANOTHER_BACKEND =
      Set.of(
          ErrorCode.BACKEND_UNREACHABLE,
          ErrorCode.BACKEND_ERROR,
          ErrorCode.BACKEND_PROTOCOL,
          ErrorCode.BACKEND_TIMEOUT,
          ErrorCode.MODEL_MISSING);

  /** A backend with what the pool knows of it; all guarded by the pool's lock. */
  private static final class Member {
    private final OllamaBackend backend;
    private int inFlight;
    private long restsUntilNanos = System.nanoTime();

    Member(OllamaBackend backend) {
      this.backend = backend;
    }

    boolean rests(long now) {
      return restsUntilNanos - now > 0;
    }
  }

  private final OllamaConfig config;
  private final BackendMetrics metrics;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition slotFreed = lock.newCondition();
  private final List<Member> members;
  private final AtomicReference<@Nullable GeneratorIdentity> identity = new AtomicReference<>();

  public BackendPool(OllamaConfig config, List<OllamaBackend> backends, BackendMetrics metrics) {
    this.config = config;
    this.metrics = metrics;
    this.members = backends.stream().map(Member::new).toList();
  }

  @Override
  public GeneratorIdentity identity() {
    GeneratorIdentity known = identity.get();
    if (known != null) {
      return known;
    }
    String digest = "";
    for (Member member : members) {
      try {
        digest = member.backend.modelDigest();
        break;
      } catch (ThrongException e) {
        log.debug("{} does not tell its model: {}", member.backend.url(), e.getMessage());
      }
    }
    GeneratorIdentity found =
        new GeneratorIdentity("ollama", config.model(), digest, OllamaBackend.options(config));
    if (!digest.isEmpty()) {
      identity.set(found);
    }
    return found;
  }

  @Override
  public int slots() {
    return members.size() * config.slots();
  }

  @Override
  public int maxPromptTokens(int maxTokens) {
    return config.numCtx() - maxTokens;
  }

  @Override
  public int maxTokens() {
    return config.numPredict();
  }

  @Override
  public Completion generate(Prompt prompt, int maxTokens, Deadline deadline, TextSink sink) {
    Progress progress = new Progress(maxTokens, sink);
    List<Member> failed = new ArrayList<>();
    int failuresWithoutText = 0;
    while (true) {
      Member member = takeSlot(failed, deadline);
      int before = progress.rawLength();
      try {
        Completion completion = member.backend.generate(prompt, progress, deadline);
        metrics.called(member.backend.url().toString(), "ok");
        return completion;
      } catch (ThrongException e) {
        metrics.called(member.backend.url().toString(), e.code().code());
        if (!WORTH_ANOTHER_BACKEND.contains(e.code()) || Thread.currentThread().isInterrupted()) {
          throw e;
        }
        rest(member);
        failed.add(member);
        failuresWithoutText = progress.rawLength() > before ? 1 : failuresWithoutText + 1;
        boolean canContinue = progress.rawLength() == 0 || member.backend.canContinue();
        if (failuresWithoutText > MAX_FAILURES_WITHOUT_TEXT
            || !canContinue
            || failed.size() >= members.size() + MAX_FAILURES_WITHOUT_TEXT) {
          throw e;
        }
        log.warn(
            "{} failed after {} characters ({}: {}), another backend goes on",
            member.backend.url(),
            progress.rawLength(),
            e.code().code(),
            e.getMessage());
      } finally {
        giveSlot(member);
      }
    }
  }

  @Override
  public void close() {
    members.forEach(member -> member.backend.close());
  }

  /** Waits for the least busy backend, those that failed this very generation last. */
  private Member takeSlot(List<Member> failed, Deadline deadline) {
    lock.lock();
    try {
      while (true) {
        Member best = best(failed);
        if (best != null) {
          best.inFlight++;
          return best;
        }
        if (slotFreed.awaitNanos(deadline.remainingNanos()) <= 0) {
          throw new ThrongException(
              ErrorCode.DEADLINE_EXCEEDED, "no backend had a free slot before the deadline");
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ThrongException(ErrorCode.SHUTTING_DOWN, "interrupted while waiting for a slot", e);
    } finally {
      lock.unlock();
    }
  }

  private @Nullable Member best(List<Member> failed) {
    long now = System.nanoTime();
    return members.stream()
        .filter(member -> member.inFlight < config.slots())
        .min(
            Comparator.comparing((Member member) -> failed.contains(member))
                .thenComparing(member -> member.rests(now))
                .thenComparingInt(member -> member.inFlight))
        .orElse(null);
  }

  private void rest(Member member) {
    lock.lock();
    try {
      member.restsUntilNanos =
          System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(config.retryAfterFailure().toMillis());
    } finally {
      lock.unlock();
    }
  }

  private void giveSlot(Member member) {
    lock.lock();
    try {
      member.inFlight--;
      slotFreed.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
