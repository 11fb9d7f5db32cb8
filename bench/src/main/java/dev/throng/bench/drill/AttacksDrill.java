package dev.throng.bench.drill;

import dev.throng.bench.rig.Home;
import dev.throng.bench.rig.ServerProcess;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * What strangers may send to a real server, one {@link Attack} after the other. In the meantime,
 * health and a cached question are requested; both must be answered as before.
 */
public final class AttacksDrill {
  private static final String HEALTH =
      "GET /health/live HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
  private static final String QUESTION = "{\"query\": \"How big may an email attachment be?\"}";
  private static final String HIT =
      "POST /query HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: application/json\r\n"
          + "Content-Length: %d\r\n\r\n%s".formatted(QUESTION.length(), QUESTION);
  private static final int WARM_UPS = 2_000;
  private static final Duration PROBE_INTERVAL = Duration.ofMillis(20);
  private static final int PROBE_TIMEOUT_MILLIS = 10_000;

  /** The longest wait for /health/live. */
  public static final Duration HEALTH_BAR = Duration.ofSeconds(1);

  /** The p99 of a cached answer, as a multiple of the idle one. */
  public static final double HIT_BAR = 3;

  /**
   * The parameters.
   *
   * @param watched how long each attack is watched
   * @param heap the server's heap, as in -Xmx
   */
  public record Plan(Duration watched, String heap, Path documents) {}

  /**
   * The results of the probes.
   *
   * @param name of the attack
   * @param failed probes without the right answer
   */
  public record Watched(
      String name, int probes, int failed, double healthMaxMillis, double hitP99Millis) {}

  /** The results. */
  public record Result(Watched idle, List<Watched> attacks, boolean isAlive) {
    /** The worst p99; the p99 over all attacks would hide a single bad one. */
    public double worstHitRatio() {
      return attacks.stream().mapToDouble(Watched::hitP99Millis).max().orElse(0)
          / idle.hitP99Millis();
    }

    public double healthMaxMillis() {
      return attacks.stream().mapToDouble(Watched::healthMaxMillis).max().orElse(0);
    }

    public int failed() {
      return attacks.stream().mapToInt(Watched::failed).sum();
    }

    /** Whether health was answered in time, every probe was answered, and the server survived. */
    public boolean stands() {
      return isAlive && failed() == 0 && healthMaxMillis() <= HEALTH_BAR.toMillis();
    }

    public boolean isGood() {
      return stands() && worstHitRatio() <= HIT_BAR;
    }
  }

  private final Plan plan;
  private final Consumer<Watched> onWatched;

  /**
   * @param onWatched receives the result of each attack when it is over
   */
  public AttacksDrill(Plan plan, Consumer<Watched> onWatched) {
    this.plan = plan;
    this.onWatched = onWatched;
  }

  public Result run() throws IOException, InterruptedException {
    Map<String, String> settings =
        Map.of(
            "THRONG_SERVER_MAX_CONNECTIONS", "50",
            "THRONG_SERVER_HEAD_TIMEOUT", "5s",
            "THRONG_SERVER_BODY_TIMEOUT", "5s",
            "THRONG_SERVER_WRITE_TIMEOUT", "5s");
    try (ServerProcess server =
        ServerProcess.throng(
            Home.temporary("attacks"), settings, List.of("-Xmx" + plan.heap()), plan.documents())) {
      for (int i = 0; i < WARM_UPS; i++) {
        var _ = answers(server.port(), HIT);
      }
      Watched idle = watch(server.port(), "idle", List.of());
      List<Watched> attacks = new ArrayList<>();
      for (Attack attack : Attack.values()) {
        List<Socket> sockets = attack.begin(server.port());
        Watched watched = watch(server.port(), attack.name(), sockets);
        attacks.add(watched);
        onWatched.accept(watched);
      }
      return new Result(idle, attacks, server.process().isAlive());
    }
  }

  /** Watches the server, and ends the attack. */
  private Watched watch(int port, String name, List<Socket> attack)
      throws IOException, InterruptedException {
    List<Long> health = new ArrayList<>();
    List<Long> hits = new ArrayList<>();
    int failed = 0;
    AtomicBoolean isOver = new AtomicBoolean();
    Thread clock =
        Thread.ofVirtual()
            .start(() -> {
              try {
                TimeUnit.NANOSECONDS.sleep(plan.watched().toNanos());
              } catch (InterruptedException e) {
                return;
              } finally {
                isOver.set(true);
              }
            });
    while (!isOver.get()) {
      failed += time(port, HEALTH, health) ? 0 : 1;
      failed += time(port, HIT, hits) ? 0 : 1;
      TimeUnit.NANOSECONDS.sleep(PROBE_INTERVAL.toNanos());
    }
    clock.join();
    for (Socket socket : attack) {
      socket.close();
    }
    return new Watched(
        name, health.size() + hits.size(), failed, millis(health, 1), millis(hits, 0.99));
  }

  private static boolean time(int port, String request, List<Long> nanos) {
    long start = System.nanoTime();
    boolean isAnswered = answers(port, request);
    nanos.add(System.nanoTime() - start);
    return isAnswered;
  }

  private static boolean answers(int port, String request) {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(PROBE_TIMEOUT_MILLIS);
      socket.setTcpNoDelay(true);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
      String response =
          new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
      return response.startsWith("HTTP/1.1 200 ") && response.endsWith("}");
    } catch (IOException e) {
      return false;
    }
  }

  private static double millis(List<Long> nanos, double share) {
    List<Long> sorted = nanos.stream().sorted().toList();
    int index = (int) Math.ceil(share * sorted.size()) - 1;
    return sorted.get(Math.max(0, index)) / 1e6;
  }
}
