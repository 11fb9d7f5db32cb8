package dev.throng.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.throng.backend.Prompt;
import dev.throng.backend.ollama.OllamaBackend;
import dev.throng.backend.pool.BackendPool;
import dev.throng.backend.pool.SlotShares;
import dev.throng.backend.pool.SlotShares.Claim;
import dev.throng.backend.pool.SlotShares.Share;
import dev.throng.backend.pool.SlotSharing;
import dev.throng.config.ThrongConfig;
import dev.throng.core.Deadline;
import dev.throng.core.Ticker;
import dev.throng.fixtures.Await;
import dev.throng.fixtures.Configs;
import dev.throng.fixtures.FakeOllama;
import dev.throng.it.Component;
import dev.throng.it.Replicas;
import dev.throng.it.Started;
import dev.throng.observe.BackendMetrics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Three replicas divide the slots of a backend. */
@Timeout(180)
@SuppressWarnings("NullAway.Init") // set in @BeforeEach
final class SlotSharesTest {
  private static final int REPLICAS = 3;
  private static final int SLOTS = 4;

  @RegisterExtension private static final Started<Component> server = Started.by(Component::redis);

  private static final AtomicInteger backends = new AtomicInteger();

  private final List<Redis> replicas = new ArrayList<>();
  private final String backend = "http://b" + backends.incrementAndGet();

  @BeforeEach
  void connect() {
    for (int i = 0; i < REPLICAS; i++) {
      replicas.add(Replicas.connectPatiently(server.get(), "slots", "r" + i));
    }
    Replicas.await(replicas.toArray(Redis[]::new));
  }

  @AfterEach
  void close() {
    replicas.forEach(Redis::close);
  }

  private Share claim(int replica, int held, int wanted) {
    return claim(replica, held, wanted, SLOTS);
  }

  private Share claim(int replica, int held, int wanted, int slots) {
    return replicas
        .get(replica)
        .slots()
        .claim(backend, new Claim(held, wanted, slots))
        .orElseThrow();
  }

  @Test
  void soleReplicaHasAllSlots() {
    assertEquals(new Share(SLOTS, SLOTS, SLOTS), claim(0, 0, 0));
  }

  @Test
  void slotsHeldByOneReplicaGoToOthersOnlyAfterRelease() {
    claim(0, 0, 9);
    assertEquals(0, claim(1, 0, 9).granted(), "the first one has released none yet");
    Share first = claim(0, SLOTS, 9);
    assertEquals(SLOTS, first.granted());
    assertEquals(2, first.target());
    assertEquals(2, claim(0, 2, 9).granted());
    assertEquals(2, claim(1, 0, 9).granted());
  }

  @Test
  void unusedSlotsGoToReplicasThatNeedMore() {
    claim(0, 0, 0);
    claim(1, 0, 20);
    assertEquals(1, claim(0, 1, 0).granted(), "one slot stays, so that a first call need not wait");
    assertEquals(3, claim(1, 0, 20).granted());
  }

  @Test
  @Tag("alone")
  void deadReplicasSlotsReturnWithinTheLease() {
    claim(0, 0, 9);
    assertEquals(0, claim(1, 0, 9).granted());
    long start = System.nanoTime();
    Await.until("the slots return", () -> claim(1, 0, 9).granted() == SLOTS);
    Duration took = Duration.ofNanos(System.nanoTime() - start);
    assertTrue(took.compareTo(SlotShares.LEASE.plusMillis(300)) < 0, took::toString);
    replicas.get(1).slots().leave(backend);
    Await.until("the released slots are free", () -> claim(2, 0, 9).granted() == SLOTS);
  }

  @Test
  void slotsCountedByOneReplicaAreKnownToAll() {
    assertEquals(new Share(1, 1, 0), claim(0, 0, 0, 0), "one call at a time until they are known");
    assertEquals(0, claim(1, 0, 0, 0).granted());
    claim(0, 1, 0, 8);
    assertEquals(8, claim(1, 0, 9, 0).slots());
    assertTrue(claim(1, 0, 9, 0).granted() >= 4);
  }

  @Test
  void moreReplicasThanSlotsTakeTurns() {
    boolean[] hadOne = new boolean[REPLICAS];
    int[] held = new int[REPLICAS];
    int[] targets = {9, 9, 9};
    Await.until(
        "each had the only slot",
        () -> {
          for (int i = 0; i < REPLICAS; i++) {
            held[i] = Math.min(held[i], targets[i]);
            Share share = claim(i, held[i], 5, 1);
            held[i] = share.granted();
            targets[i] = share.target();
            hadOne[i] |= held[i] == 1;
          }
          assertTrue(held[0] + held[1] + held[2] <= 1);
          return hadOne[0] && hadOne[1] && hadOne[2];
        });
  }

  @Test
  void heldSlotsNeverExceedTheTotal() {
    Random random = new Random(7);
    int[] held = new int[REPLICAS];
    int[] targets = {SLOTS, SLOTS, SLOTS};
    for (int step = 0; step < 2_000; step++) {
      int i = random.nextInt(REPLICAS);
      int inUse = random.nextInt(held[i] + 1);
      int holds = Math.max(inUse, Math.min(targets[i], held[i]));
      held[i] = holds;
      Share share = claim(i, holds, random.nextInt(8));
      held[i] = share.granted();
      targets[i] = share.target();
      int all = held[0] + held[1] + held[2];
      assertTrue(all <= SLOTS, all + " held");
    }
  }

  @Test
  void poolsTogetherNeverExceedABackendsSlots() throws InterruptedException {
    try (FakeOllama ollama = new FakeOllama().answers("one two three four").inPiecesOf(4)) {
      ThrongConfig config = Configs.with("ollama.slots", String.valueOf(SLOTS));
      Map<BackendPool, SlotSharing> pools = new HashMap<>();
      for (Redis replica : replicas) {
        BackendPool pool =
            new BackendPool(
                config.pool(),
                config.model(),
                List.of(),
                new BackendMetrics(new SimpleMeterRegistry(), config.observe()),
                new SplittableRandom(1));
        pool.becomeShared();
        pool.replace(List.of(new OllamaBackend(ollama.url(), config.model(), config.ollama())));
        pools.put(pool, new SlotSharing(pool, replica.slots(), () -> REPLICAS, () -> 5));
      }
      List<Thread> clients = new ArrayList<>();
      AtomicInteger whole = new AtomicInteger();
      for (BackendPool pool : pools.keySet()) {
        for (int i = 0; i < 20; i++) {
          clients.add(Thread.ofVirtual().start(() -> generate(pool, whole)));
        }
      }
      for (Thread client : clients) {
        client.join();
      }
      pools.forEach((pool, sharing) -> {
        sharing.close();
        pool.close();
      });
      assertEquals(clients.size(), whole.get());
      assertTrue(ollama.maxInFlight() <= SLOTS, ollama.maxInFlight() + " simultaneous");
    }
  }

  private static void generate(BackendPool pool, AtomicInteger whole) {
    Prompt prompt = new Prompt("s", "u", "q", List.of(), "en");
    Deadline deadline = Deadline.after(Ticker.system(), Duration.ofSeconds(30));
    StringBuilder text = new StringBuilder();
    pool.generate(prompt, 20, deadline, text::append);
    if (text.toString().equals("one two three four")) {
      whole.incrementAndGet();
    }
  }
}
