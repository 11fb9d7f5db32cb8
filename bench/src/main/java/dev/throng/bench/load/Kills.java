package dev.throng.bench.load;

import dev.throng.core.Periodic;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/** Kills one process after the other during a load test. */
final class Kills implements AutoCloseable {
  private static final Duration NEVER = Duration.ofDays(1);

  /** With a shorter pause, more would be down than the objectives are for. */
  private static final double SHORTEST_PAUSE_SECONDS = 20;

  private static final Duration LONGEST_DOWN = Duration.ofSeconds(20);

  private final LoadSite site;
  private final Duration down;
  private final AtomicInteger count = new AtomicInteger();
  private final Periodic periodic;

  /** Kills as often as the script says, as far as the site can. */
  static Kills during(LoadScript script, LoadSite site) {
    boolean isKilled = script.killSeconds() >= SHORTEST_PAUSE_SECONDS && site.canKill();
    return new Kills(
        site, isKilled ? Duration.ofMillis((long) (script.killSeconds() * 1e3)) : NEVER);
  }

  /**
   * @param pause between two kills
   */
  private Kills(LoadSite site, Duration pause) {
    this.site = site;
    Duration third = pause.dividedBy(3);
    this.down = third.compareTo(LONGEST_DOWN) < 0 ? third : LONGEST_DOWN;
    this.periodic = Periodic.start("load-kills", pause.minus(down), this::kill);
  }

  private void kill() {
    try {
      site.kill(count.getAndIncrement(), down);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  int count() {
    return count.get();
  }

  @Override
  public void close() {
    periodic.close();
  }
}
