package dev.throng.ollamasim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.throng.ollamasim.SimSettings.AnswerLength;
import dev.throng.ollamasim.SimSettings.Rates;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

final class SlotsTest {
  /** Every answer takes about 100 ms. */
  private static final SimSettings SETTINGS =
      SimSettings.instant()
          .withRates(new Rates(1e9, 200, 0, 0))
          .withAnswers(new AnswerLength(20, 0, 20, 20));

  @Test
  void runningGenerationsNeverExceedTheSlotsAndTheRestWaitsInOrder() throws Exception {
    try (OllamaSim sim = OllamaSim.start(SETTINGS.withSlots(1))) {
      Client client = new Client(sim.url());
      sim.inject(Fault.of(FaultKind.HANG));
      List<CompletableFuture<HttpResponse<String>>> all = new ArrayList<>();
      for (int i = 0; i < 6; i++) {
        int count = i + 1;
        all.add(client.generating(Client.PROMPT));
        FaultsTest.await(() -> sim.stats().inFlight() == count);
      }
      sim.clearFaults();
      List<Instant> ends = new ArrayList<>();
      for (CompletableFuture<HttpResponse<String>> each : all) {
        List<JsonNode> lines = Client.lines(each.join().body());
        ends.add(Instant.parse(lines.getLast().path("created_at").asText()));
      }
      assertEquals(ends.stream().sorted().toList(), ends);
      assertEquals(1, sim.stats().maxRunning());
      assertEquals(6, sim.stats().maxInFlight());
    }
  }

  @Test
  void clientsThatRespectTheSlotsAreNeverCountedAboveThem() throws Exception {
    SimSettings instant = SimSettings.instant().withSlots(2);
    try (OllamaSim sim = OllamaSim.start(instant)) {
      List<Thread> senders = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        senders.add(
            Thread.ofVirtual()
                .name("sender-" + i)
                .start(() -> {
                  Client client = new Client(sim.url());
                  for (int request = 0; request < 100; request++) {
                    client.generating(Client.PROMPT).join();
                  }
                }));
      }
      for (Thread sender : senders) {
        sender.join();
      }
      assertEquals(200, sim.stats().requests());
      assertTrue(sim.stats().maxInFlight() <= 2, () -> sim.stats().toString());
    }
  }

  @Test
  void clientThatHangsUpWhileWaitingLeavesTheQueue() throws Exception {
    try (OllamaSim sim = OllamaSim.start(SETTINGS.withSlots(1))) {
      sim.inject(Fault.of(FaultKind.HANG));
      CompletableFuture<HttpResponse<String>> first =
          new Client(sim.url()).generating(Client.PROMPT);
      FaultsTest.await(() -> sim.stats().running() == 1);
      CompletableFuture<HttpResponse<String>> second =
          new Client(sim.url()).generating(Client.PROMPT);
      FaultsTest.await(() -> sim.stats().inFlight() == 2);
      second.cancel(true);
      FaultsTest.await(() -> sim.stats().inFlight() == 1);
      sim.clearFaults();
      assertEquals(200, first.join().statusCode());
      assertEquals(0, sim.stats().running());
      assertEquals(2, sim.stats().maxInFlight());
    }
  }

  /** A busy machine only makes it later, so these are lower bounds. */
  @Test
  void simultaneousStreamsSlowDownAsConfigured() throws Exception {
    Rates rates = new Rates(1e9, 200, 1, 0);
    try (OllamaSim sim = OllamaSim.start(SETTINGS.withRates(rates).withSlots(3))) {
      Client client = new Client(sim.url());
      sim.inject(Fault.of(FaultKind.HANG).times(2));
      List<CompletableFuture<HttpResponse<String>>> others =
          List.of(client.generating(Client.PROMPT), client.generating(Client.PROMPT));
      FaultsTest.await(() -> sim.stats().running() == 2);
      double alone = 18 / 200.0; // at least: the last piece may hold more than one token
      double seconds = seconds(client.generating(Client.PROMPT), "eval_duration");
      assertTrue(seconds >= 3 * alone, () -> seconds + " s");
      sim.clearFaults();
      others.forEach(CompletableFuture::join);
    }
  }

  @Test
  void readingThePromptTakesTime() throws Exception {
    SimSettings reading = SETTINGS.withRates(new Rates(1000, 2.0, 1e9, 0, 0));
    try (OllamaSim sim = OllamaSim.start(reading)) {
      String prompt = "word ".repeat(80) + SimulatedText.ASSISTANT;
      int tokens = SimSettings.tokensOf(prompt);
      double seconds = seconds(new Client(sim.url()).generating(prompt), "prompt_eval_duration");
      assertTrue(seconds >= tokens / 1000.0 * (1 + 2.0 * tokens / 1000), () -> seconds + " s");
    }
  }

  @Test
  void crowdRunsSimultaneously() throws Exception {
    try (OllamaSim sim = OllamaSim.start(SimSettings.instant().withSlots(300))) {
      Client client = new Client(sim.url());
      sim.inject(Fault.of(FaultKind.HANG).times(300));
      List<CompletableFuture<HttpResponse<String>>> all = new ArrayList<>();
      for (int i = 0; i < 300; i++) {
        all.add(client.generating(i + Client.PROMPT));
      }
      FaultsTest.await(() -> sim.stats().running() == 300);
      sim.clearFaults();
      for (int i = 0; i < 300; i++) {
        assertEquals(
            SimulatedText.answerTo(i + Client.PROMPT), Client.text(all.get(i).join().body()));
      }
      assertEquals(0, sim.stats().seamMismatches());
    }
  }

  private static double seconds(CompletableFuture<HttpResponse<String>> response, String name)
      throws IOException {
    return Client.lines(response.join().body()).getLast().path(name).asLong() / 1e9;
  }
}
