package dev.throng.stress;

import dev.throng.backend.Backend;
import dev.throng.backend.Generator.Completion;
import dev.throng.backend.Generator.TextSink;
import dev.throng.config.BackendConfig;
import dev.throng.core.Answer.FinishReason;
import dev.throng.core.Deadline;
import dev.throng.core.ErrorCode;
import dev.throng.core.ThrongException;
import dev.throng.core.TokenCount;
import java.net.URI;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** A backend without a network, whose text is a function of the prompt, and which often fails. */
final class ShakyBackend implements Backend {
  private static final List<ErrorCode> FAILURES =
      List.of(
          ErrorCode.BACKEND_UNREACHABLE,
          ErrorCode.BACKEND_ERROR,
          ErrorCode.BACKEND_PROTOCOL,
          ErrorCode.BACKEND_STALLED);

  private static final int PIECES = 12;
  private static final long PIECE_NANOS = 50_000;

  private final BackendConfig config;
  private final double failureShare;
  private final AtomicInteger inFlight = new AtomicInteger();
  private final AtomicInteger maxInFlight = new AtomicInteger();
  private volatile boolean isClosed;

  /**
   * Creates a backend.
   *
   * @param failureShare share of the calls that fail at a random piece
   */
  ShakyBackend(int number, int slots, double failureShare) {
    int port = number + 1; // 0 is not valid
    this.config = BackendConfig.ollama(URI.create("http://shaky:" + port), slots);
    this.failureShare = failureShare;
  }

  static String textFor(String question) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < PIECES; i++) {
      text.append(question).append('.').append(i).append(' ');
    }
    return text.toString();
  }

  int maxInFlight() {
    return maxInFlight.get();
  }

  boolean isClosed() {
    return isClosed;
  }

  @Override
  public BackendConfig config() {
    return config;
  }

  @Override
  public String modelDigest() {
    return "digest";
  }

  @Override
  public Probed probe(Deadline deadline) {
    generate(new Call(PROBE, "", 1), piece -> {}, deadline);
    return new Probed("digest", true);
  }

  @Override
  public Completion generate(Call call, TextSink sink, Deadline deadline) {
    maxInFlight.accumulateAndGet(inFlight.incrementAndGet(), Math::max);
    try {
      return write(call, sink);
    } finally {
      inFlight.decrementAndGet();
    }
  }

  @Override
  public void close() {
    isClosed = true;
  }

  private Completion write(Call call, TextSink sink) {
    String rest = textFor(call.prompt().question()).substring(call.delivered().length());
    List<String> pieces = List.of(rest.split("(?<= )"));
    ThreadLocalRandom random = ThreadLocalRandom.current();
    boolean fails = random.nextDouble() < failureShare;
    int failsAt = fails ? random.nextInt(pieces.size()) : pieces.size();
    for (int i = 0; i < pieces.size(); i++) {
      LockSupport.parkNanos(PIECE_NANOS);
      if (Thread.currentThread().isInterrupted()) {
        throw new ThrongException(ErrorCode.SHUTTING_DOWN, "interrupted");
      }
      if (i == failsAt) {
        throw new ThrongException(FAILURES.get(random.nextInt(FAILURES.size())), "shaky");
      }
      sink.append(pieces.get(i));
    }
    return new Completion(FinishReason.STOP, TokenCount.ofText(pieces.size()));
  }
}
