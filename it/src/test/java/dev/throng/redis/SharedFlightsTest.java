package dev.throng.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.throng.contract.SharedFlightsContract;
import dev.throng.fixtures.Await;
import dev.throng.flight.SharedFlight;
import dev.throng.flight.SharedFlights;
import dev.throng.it.Component;
import dev.throng.it.Replicas;
import dev.throng.it.Started;
import io.lettuce.core.RedisClient;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Two replicas that generate one answer; each in turn dies, pauses, or loses Redis. */
@Timeout(180)
@SuppressWarnings("NullAway.Init") // set in open()
final class SharedFlightsTest extends SharedFlightsContract {
  private static final Duration LONGEST_LOOK = Duration.ofMillis(250);

  @RegisterExtension private static final Started<Component> server = Started.by(Component::redis);

  private Redis here;
  private Redis there;

  @Override
  protected SharedFlights here() {
    return here.flights();
  }

  @Override
  protected SharedFlights there() {
    return there.flights();
  }

  @Override
  protected void open() {
    here = Replicas.connectPatiently(server.get(), "flights", "r1");
    there = Replicas.connectPatiently(server.get(), "flights", "r2");
    Replicas.await(here, there);
  }

  @Override
  protected void close() {
    here.close();
    there.close();
  }

  @Test
  void leaderThatPausesTooLongFollowsItsSuccessor() throws InterruptedException {
    leader.lead(head("a1"), first);
    publish("one ");
    here.flights().close(); // its lease is no longer renewed, as in a stopped process
    assertEquals(Optional.empty(), follow());
    assertTrue(follower.lead(head("a2"), second));
    follower.append("two ", second);
    assertThrows(SharedFlight.LeadershipLost.class, () -> leader.append("deux ", first));
    assertFalse(leader.lead(head("a1"), first));
    follower.append("three", second);
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
    assertThrows(SharedFlight.LeadershipLost.class, () -> leader.append("two ", first));
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
    leave();
    here = Replicas.connect(server.get(), "flights", "r3");
    there = Replicas.connect(server.get(), "flights", "r4");
    Replicas.await(here, there);
    leader = here.flights().join(prompt());
    follower = there.flights().join(prompt());
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
      follower.append("its own", second);
      follower.finish(END);
    } finally {
      server.get().thaw();
    }
  }
}
