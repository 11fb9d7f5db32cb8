package dev.throng.flight;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.throng.contract.SharedFlightsContract;
import dev.throng.core.Fingerprint;
import dev.throng.fixtures.ManualTicker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
final class LocalFlightsTest extends SharedFlightsContract {
  private final ManualTicker ticker = new ManualTicker();
  private boolean isPurged;
  private final LocalFlights flights = new LocalFlights(ticker, from -> isPurged);

  @Override
  protected void open() {}

  @Override
  protected SharedFlights here() {
    return flights;
  }

  @Override
  protected SharedFlights there() {
    return flights;
  }

  @Override
  protected void close() {
    flights.close();
  }

  private List<String> texts() {
    List<String> texts = new ArrayList<>();
    flights.forEachText(texts::add);
    return texts;
  }

  @Test
  void generationsAreKeptForAsLongAsAStreamCanBeResumed() {
    leader.lead(head("a1"), first);
    publish("one ");
    leader.close();
    assertTrue(texts().contains("one "), texts()::toString);
    ticker.advance(StreamRecords.LIFETIME.minusSeconds(1));
    assertEquals("a1", flights.head(prompt()).orElseThrow().answerId());
    ticker.advance(Duration.ofSeconds(2));
    assertEquals(Optional.empty(), flights.head(prompt()));
  }

  @Test
  void questionAfterTheEndBeginsAnotherGeneration() {
    leader.lead(head("a1"), first);
    publish("one ");
    leader.finish(END);
    leader.close();
    try (SharedFlight another = flights.join(prompt())) {
      assertTrue(another.lead(head("a2"), second));
    }
    assertEquals("a2", second.name);
  }

  @Test
  void purgedGenerationsAreDropped() {
    leader.lead(head("a1"), first);
    publish("secret");
    isPurged = true;
    flights.dropPurged();
    publish(" and more");
    leader.close();
    assertEquals(List.of(), texts());
  }

  @Test
  void generationThatBeginsDuringAPurgeIsDropped() {
    isPurged = true;
    flights.dropPurged();
    leader.lead(head("a1"), first);
    publish("secret");
    leader.close();
    assertEquals(List.of(), texts());
  }

  @Test
  void memoryIsBounded() {
    String text = "x".repeat(1 << 20);
    for (int i = 0; i < 40; i++) {
      Fingerprint prompt = fingerprint("long prompt " + i);
      try (SharedFlight flight = flights.join(prompt)) {
        flight.lead(head("a" + i), new Received());
        flight.append(text, new Received());
      }
    }
    long kept = texts().stream().filter(text::equals).count();
    assertTrue(kept > 0 && kept <= 8, () -> kept + " of 2 MiB each");
  }
}
