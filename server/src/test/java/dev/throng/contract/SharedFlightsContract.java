package dev.throng.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
import dev.throng.core.TokenCount;
import dev.throng.fixtures.Failures;
import dev.throng.flight.FlightEnd;
import dev.throng.flight.FlightHead;
import dev.throng.flight.SharedFlight;
import dev.throng.flight.SharedFlights;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two flights that generate one answer. */
@SuppressWarnings("NullAway.Init") // set in @BeforeEach
public abstract class SharedFlightsContract {
  protected static final FlightEnd END =
      new FlightEnd(FinishReason.STOP, TokenCount.ofText(5), List.of());

  private static final AtomicInteger prompts = new AtomicInteger();

  protected final Received first = new Received();
  protected final Received second = new Received();
  protected SharedFlight leader;
  protected SharedFlight follower;

  /** What a replica's listeners have received. */
  protected static final class Received implements SharedFlight.Listener {
    public final StringBuilder text = new StringBuilder();
    public String name = "";

    public Received() {}

    @Override
    public void named(String answerId) {
      assertEquals("", name, "named twice");
      name = answerId;
    }

    @Override
    public void append(String piece) {
      text.append(piece);
    }
  }

  protected abstract void open();

  /** The flights of one replica. */
  protected abstract SharedFlights here();

  /** Those of another replica, or the same. */
  protected abstract SharedFlights there();

  protected abstract void close();

  @BeforeEach
  void join() {
    open();
    prompts.incrementAndGet();
    leader = here().join(prompt());
    follower = there().join(prompt());
  }

  @AfterEach
  protected final void leave() {
    leader.close();
    follower.close();
    close();
  }

  /** The prompt that leader and follower answer. */
  protected static Fingerprint prompt() {
    return fingerprint("prompt " + prompts.get());
  }

  protected static Fingerprint fingerprint(String prompt) {
    return new Fingerprint(Hash.of(prompt.getBytes(StandardCharsets.UTF_8)));
  }

  protected static FlightHead head(String answerId) {
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
        List.of(new Source(1, passage, List.of())));
  }

  protected static Deadline soon() {
    return Deadline.after(Ticker.system(), Duration.ofSeconds(20));
  }

  protected void publish(String... pieces) {
    for (String piece : pieces) {
      leader.append(piece, first);
    }
  }

  /** Delivers text to the follower until the answer ends, or no replica leads. */
  protected Optional<FlightEnd> follow() throws InterruptedException {
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
    assertEquals(Optional.empty(), there().head(prompt()));
    leader.lead(head("a1"), first);
    assertEquals(Optional.of(head("a1")), there().head(prompt()));
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
    follower.append("three", second);
    follower.finish(END);
    SharedFlight late = here().rejoin(prompt());
    Received third = new Received();
    assertFalse(late.lead(head("a3"), third));
    assertEquals(Optional.of(END), late.follow(third, soon()));
    assertEquals("one two three", third.text.toString());
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
        IntStream.range(0, 40).mapToObj(i -> (i % 2 == 0 ? here() : there()).join(prompt)).toList();
    long leading = all.parallelStream().filter(one -> one.lead(head("a"), new Received())).count();
    assertEquals(1, leading);
    all.forEach(SharedFlight::close);
  }
}
