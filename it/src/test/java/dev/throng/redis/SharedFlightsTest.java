package dev.throng.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.throng.cache.FlightEnd;
import dev.throng.cache.FlightHead;
import dev.throng.cache.SharedFlight;
import dev.throng.core.Answer.FinishReason;
import dev.throng.core.AnswerLimits;
import dev.throng.core.CollectionRef;
import dev.throng.core.Deadline;
import dev.throng.core.ErrorCode;
import dev.throng.core.Fingerprint;
import dev.throng.core.Hash;
import dev.throng.core.Ids;
import dev.throng.core.Passage;
import dev.throng.core.Source;
import dev.throng.core.Ticker;
import dev.throng.fixtures.Await;
import dev.throng.fixtures.Failures;
import dev.throng.it.Component;
import dev.throng.it.Replicas;
import dev.throng.it.Started;
import io.lettuce.core.RedisClient;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Two replicas that generate one answer; each in turn dies, pauses, or loses Redis. */
@Timeout(60)
@SuppressWarnings("NullAway.Init") // set in @BeforeEach
final class SharedFlightsTest {
  private static final FlightEnd END = new FlightEnd(FinishReason.STOP, 5, List.of());
  private static final Duration LONGEST_LOOK = Duration.ofMillis(250);

  @RegisterExtension private static final Started<Component> server = Started.by(Component::redis);

  private static final AtomicInteger prompts = new AtomicInteger();

  private final Received first = new Received();
  private final Received second = new Received();
  private Redis here;
  private Redis there;
  private SharedFlight leader;
  private SharedFlight follower;

  /** What a replica's listeners have received. */
  private static final class Received implements SharedFlight.Listener {
    private final StringBuilder text = new StringBuilder();
    private String name = "";

    @Override
    public void named(String answerId) {
      assertEquals("", name, "named twice");
      name = answerId;
    }

    @Override
    public void text(String piece) {
      text.append(piece);
    }
  }

  @BeforeEach
  void join() {
    here = Replicas.connect(server.get(), "flights", "r1");
    there = Replicas.connect(server.get(), "flights", "r2");
    Replicas.await(here, there);
    Fingerprint prompt = fingerprint("prompt " + prompts.incrementAndGet());
    leader = here.flights().join(prompt);
    follower = there.flights().join(prompt);
  }

  @AfterEach
  void leave() {
    leader.close();
    follower.close();
    here.close();
    there.close();
  }

  private static Fingerprint fingerprint(String prompt) {
    return new Fingerprint(Hash.of(prompt.getBytes(StandardCharsets.UTF_8)));
  }

  private static FlightHead head(String answerId) {
    Passage passage = new Passage("d1", 7, "a.md", "A", "Head > ings", 3, 10, 15, "größer 😀", 0.5);
    return new FlightHead(
        answerId,
        new CollectionRef("tenant1", "handbook"),
        42,
        "be brief",
        "[1] größer 😀\n\nQuestion: q",
        "q",
        "de",
        AnswerLimits.tokens(99),
        List.of(new Source(1, passage, false)));
  }

  private static Deadline soon() {
    return Deadline.after(Ticker.system(), Duration.ofSeconds(20));
  }

  private void publish(String... pieces) {
    for (String piece : pieces) {
      leader.publish(piece, first);
    }
  }

  /** Delivers text to the follower until the answer ends, or no replica leads. */
  private Optional<FlightEnd> follow() throws InterruptedException {
    return follower.follow(second, soon());
  }

  @Test
  void oneLeadsAndTheOtherFollowsTheWholeAnswer() throws InterruptedException {
    assertTrue(leader.lead(head("a1"), first));
    assertFalse(follower.lead(head("a2"), second));
    publish("größer", " 😀", "\n[1]");
    leader.finish(END);
    leader.close();
    assertEquals(Optional.of(END), follow());
    assertEquals("größer 😀\n[1]", second.text.toString());
    assertEquals("a1", second.name, "the leader's name for the answer");
    assertEquals("a1", first.name);
  }

  @Test
  void followerThatJoinsAfterTheEndReplaysTheAnswer() throws InterruptedException {
    assertTrue(leader.lead(head("a1"), first));
    publish("all ", "of it");
    leader.finish(END);
    leader.close();
    assertFalse(follower.lead(head("a2"), second));
    assertEquals(Optional.of(END), follow());
    assertEquals("all of it", second.text.toString());
  }

  @Test
  void anyReplicaCanReadWhatTheAnswerIsMadeFrom() {
    Fingerprint prompt = fingerprint("prompt " + prompts.get());
    assertEquals(Optional.empty(), there.flights().head(prompt));
    leader.lead(head("a1"), first);
    assertEquals(Optional.of(head("a1")), there.flights().head(prompt));
  }

  @Test
  void followerContinuesWhenTheLeaderGivesUp() throws InterruptedException {
    leader.lead(head("a1"), first);
    publish("one ", "two ");
    leader.close();
    assertFalse(follower.text().contains("one"));
    assertEquals(Optional.empty(), follow());
    assertTrue(follower.lead(head("a2"), second));
    assertEquals("one two ", second.text.toString());
    assertEquals("a1", second.name);
    assertEquals("one two ", follower.text());
    follower.publish("three", second);
    follower.finish(END);
    SharedFlight late = here.flights().join(fingerprint("prompt " + prompts.get()));
    Received third = new Received();
    assertFalse(late.lead(head("a3"), third));
    assertEquals(Optional.of(END), late.follow(third, soon()));
    assertEquals("one two three", third.text.toString());
  }

  @Test
  void leaderThatPausesTooLongFollowsItsSuccessor() throws InterruptedException {
    leader.lead(head("a1"), first);
    publish("one ");
    here.flights().close(); // its lease is no longer renewed, as in a stopped process
    assertEquals(Optional.empty(), follow());
    assertTrue(follower.lead(head("a2"), second));
    follower.publish("two ", second);
    assertThrows(SharedFlight.LeadershipLost.class, () -> leader.publish("deux ", first));
    assertFalse(leader.lead(head("a1"), first));
    follower.publish("three", second);
    follower.finish(END);
    assertEquals(Optional.of(END), leader.follow(first, soon()));
    assertEquals("one two three", first.text.toString());
    assertEquals("one two three", second.text.toString());
  }

  @Test
  void leaseIsRenewedWhileALeaderWaitsForItsFirstToken() throws InterruptedException {
    leader.lead(head("a1"), first);
    Thread.sleep(3_000);
    assertFalse(follower.lead(head("a2"), second));
    publish("late");
    leader.finish(END);
    assertEquals(Optional.of(END), follow());
  }

  @Test
  void leaderWritesItsTextAgainAfterRedisLostIt() throws InterruptedException {
    leader.lead(head("a1"), first);
    publish("one ");
    Thread.ofVirtual().start(this::forgetSoon);
    assertEquals(Optional.empty(), follow(), "no replica leads any longer");
    assertThrows(SharedFlight.LeadershipLost.class, () -> leader.publish("two ", first));
    assertTrue(leader.lead(head("a1"), first));
    assertFalse(follower.lead(head("a2"), second));
    publish("two ");
    leader.finish(END);
    assertEquals(Optional.of(END), follow());
    assertEquals("one two ", first.text.toString());
    assertEquals("one two ", second.text.toString());
  }

  private void forgetSoon() {
    Await.until("the follower has read something", () -> follower.text().equals("one "));
    RedisClient client = RedisClient.create("redis://127.0.0.1:" + server.get().port());
    try (var connection = client.connect()) {
      connection.sync().flushall();
    } finally {
      client.shutdown();
    }
  }

  @Test
  void frozenRedisDelaysNoReplica() throws InterruptedException {
    leader.lead(head("a1"), first);
    publish("one ");
    assertFalse(follower.lead(head("a2"), second));
    server.get().freeze();
    try {
      long start = System.nanoTime();
      publish("two ", "three");
      leader.finish(END);
      Duration took = Duration.ofNanos(System.nanoTime() - start);
      assertTrue(took.compareTo(LONGEST_LOOK) < 0, took::toString);
      assertEquals("one two three", first.text.toString());
      start = System.nanoTime();
      assertEquals(Optional.empty(), follow());
      assertTrue(follower.lead(head("a2"), second), "the follower continues alone");
      took = Duration.ofNanos(System.nanoTime() - start);
      assertTrue(took.compareTo(LONGEST_LOOK) < 0, took::toString);
      follower.publish("its own", second);
      follower.finish(END);
    } finally {
      server.get().thaw();
    }
  }

  @Test
  void followerRespectsItsDeadline() {
    leader.lead(head("a1"), first);
    Deadline short_ = Deadline.after(Ticker.system(), Duration.ofMillis(100));
    Failures.assertFails(
        ErrorCode.DEADLINE_EXCEEDED, () -> follower.follow(second, short_), "was done");
  }

  @Test
  void onlyOneOfManyLeads() {
    Fingerprint prompt = fingerprint(new Ids(() -> 1L).next());
    List<SharedFlight> all =
        java.util.stream.IntStream.range(0, 40)
            .mapToObj(i -> (i % 2 == 0 ? here : there).flights().join(prompt))
            .toList();
    long leading = all.parallelStream().filter(one -> one.lead(head("a"), new Received())).count();
    assertEquals(1, leading);
    all.forEach(SharedFlight::close);
  }
}
