package dev.throng.ollamasim;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/**
 * One instance of the simulator: an Ollama look-alike on a loopback port, and a second port that
 * controls it. No model runs; every response has the header {@code X-Ollama-Simulator: true}.
 */
public final class OllamaSim implements AutoCloseable {
  private static final Logger log = System.getLogger(OllamaSim.class.getName());

  private final SimSettings settings;
  private final Counters counters = new Counters();
  private final Faults faults = new Faults();
  private final AtomicLong starts = new AtomicLong();
  private final HttpPort api;
  private final HttpPort admin;
  private volatile Machine machine;
  private volatile double slowFactor = 1;

  private OllamaSim(SimSettings settings, int port, int adminPort) throws IOException {
    this.settings = settings;
    this.machine = new Machine(settings, counters);
    this.api = new HttpPort(port, new Api(this));
    try {
      this.admin = new HttpPort(adminPort, new AdminApi(this));
    } catch (IOException e) {
      api.close();
      throw e;
    }
  }

  /** Starts an instance on free ports. */
  public static OllamaSim start(SimSettings settings) {
    return start(settings, 0, 0);
  }

  /**
   * Starts an instance on these ports; 0: a free port.
   *
   * @throws UncheckedIOException when a port is taken
   */
  public static OllamaSim start(SimSettings settings, int port, int adminPort) {
    try {
      return new OllamaSim(settings, port, adminPort);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public URI url() {
    return URI.create("http://127.0.0.1:" + api.port());
  }

  public URI adminUrl() {
    return URI.create("http://127.0.0.1:" + admin.port());
  }

  public SimSettings settings() {
    return settings;
  }

  public SimStats stats() {
    Machine current = machine;
    return counters.snapshot(current.inFlight(), current.running());
  }

  public void resetStats() {
    Machine current = machine;
    counters.reset(current.inFlight(), current.running());
  }

  public void inject(Fault fault) {
    switch (fault.kind()) {
      case SLOW -> {
        counters.recordFault(fault.kind());
        slow(fault.factor());
      }
      case MODEL_UNLOADED -> {
        counters.recordFault(fault.kind());
        machine.unload();
      }
      case CRASH,
          HANG_BEFORE_FIRST_TOKEN,
          HANG,
          HTTP_500,
          HTTP_503,
          ERROR_LINE,
          EOF_WITHOUT_DONE,
          GARBAGE_LINE,
          RESET,
          HALF_OPEN ->
          faults.plan(fault);
    }
  }

  /** Forgets planned faults, and ends slowness and darkness; hanging requests continue. */
  public void clearFaults() {
    slow(1);
    faults.clear();
  }

  /**
   * Cuts every connection and refuses new ones, as when the process is killed.
   *
   * @param downMillis until it returns automatically, or {@link Fault#UNTIL_RESTART}
   */
  public void crash(long downMillis) {
    long crashed = starts.incrementAndGet();
    stop();
    if (downMillis != Fault.UNTIL_RESTART) {
      Thread.ofVirtual()
          .name("ollama-sim-restart-" + api.port())
          .start(() -> comeBack(crashed, Duration.ofMillis(downMillis)));
    }
  }

  /** Cuts every connection and restarts, without a loaded model. Planned faults stay. */
  public void restart() {
    starts.incrementAndGet();
    stop();
    listen();
  }

  @Override
  public void close() {
    starts.incrementAndGet();
    try {
      api.close();
      admin.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    faults.clear();
  }

  Machine machine() {
    return machine;
  }

  Counters counters() {
    return counters;
  }

  Faults faults() {
    return faults;
  }

  private void slow(double factor) {
    slowFactor = factor;
    machine.clock().slow(factor);
  }

  private void stop() {
    try {
      api.refuse();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Machine fresh = new Machine(settings, counters);
    fresh.clock().slow(slowFactor);
    machine = fresh;
    faults.release();
  }

  private void listen() {
    try {
      api.listen();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void comeBack(long crashed, Duration down) {
    try {
      Thread.sleep(down);
      if (starts.get() == crashed) {
        listen();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (UncheckedIOException e) {
      log.log(Level.ERROR, url() + " could not restart", e);
    }
  }
}
