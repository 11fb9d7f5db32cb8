package dev.throng.ollamasim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.throng.ollamasim.SimSettings.AnswerLength;
import dev.throng.ollamasim.SimSettings.Rates;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

final class SlotsTest {
  /** Every answer takes about 100 ms. */
  private static final SimSettings SETTINGS =
      SimSettings.instant()
          .withRates(new Rates(1e9, 200, 0, 0))
          .withAnswers(new AnswerLength(20, 0, 20, 20));

  @Test
  void noMoreRunThanThereAreSlotsAndTheRestWaitsInOrder() throws Exception {
    try (OllamaSim sim = OllamaSim.start(SETTINGS.withSlots(1))) {
      Client client = new Client(sim.url());
      List<Integer> order = new CopyOnWriteArrayList<>();
      List<CompletableFuture<Void>> all = new ArrayList<>();
      for (int i = 0; i < 6; i++) {
        int number = i;
        int before = sim.stats().inFlight();
        all.add(client.generating(Client.PROMPT).thenAccept(response -> order.add(number)));
        FaultsTest.await(() -> sim.stats().requests() == number + 1);
        assertTrue(sim.stats().inFlight() >= before);
      }
      all.forEach(CompletableFuture::join);
      assertEquals(List.of(0, 1, 2, 3, 4, 5), order);
      assertEquals(1, sim.stats().maxRunning());
      assertTrue(sim.stats().maxInFlight() >= 5, () -> sim.stats().toString());
    }
  }

  @Test
  void sendersThatKeepToTheSlotsAreNeverSeenAboveThem() throws Exception {
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
  void aClientThatHangsUpWhileItWaitsLeavesTheQueue() throws Exception {
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

  @Test
  void streamsTogetherAreAsMuchSlowerAsSettingsSay() throws Exception {
    Rates rates = new Rates(1e9, 200, 1, 0);
    try (OllamaSim sim = OllamaSim.start(SETTINGS.withRates(rates).withSlots(3))) {
      Client client = new Client(sim.url());
      client.generating(Client.PROMPT).join(); // warms up
      long alone = nanos(client, 1);
      long together = nanos(client, 3);
      assertEquals(3, (double) together / alone, 0.9);
    }
  }

  @Test
  void readingThePromptTakesTimeToo() throws Exception {
    SimSettings reading = SETTINGS.withRates(new Rates(1000, 1e9, 0, 0));
    try (OllamaSim sim = OllamaSim.start(reading)) {
      Client client = new Client(sim.url());
      String prompt = "word ".repeat(80) + SimulatedText.ASSISTANT;
      String body = client.generating(prompt).join().body();
      long nanos = Client.lines(body).getLast().path("prompt_eval_duration").asLong();
      assertEquals(SimSettings.tokensOf(prompt), nanos / 1e6, 30);
    }
  }

  @Test
  void anEndlessCrowdIsServedByOneVirtualThreadEach() throws Exception {
    SimSettings crowd =
        SimSettings.instant()
            .withSlots(300)
            .withRates(new Rates(1e9, 20, 0, 0))
            .withAnswers(new AnswerLength(20, 0, 20, 20));
    try (OllamaSim sim = OllamaSim.start(crowd)) {
      Client client = new Client(sim.url());
      List<CompletableFuture<HttpResponse<String>>> all = new ArrayList<>();
      for (int i = 0; i < 300; i++) {
        all.add(client.generating(i + Client.PROMPT));
      }
      all.forEach(CompletableFuture::join);
      assertEquals(300, sim.stats().maxRunning());
    }
  }

  /** The longest of so many at once. */
  private static long nanos(Client client, int streams) throws Exception {
    List<CompletableFuture<HttpResponse<String>>> all = new ArrayList<>();
    for (int i = 0; i < streams; i++) {
      all.add(client.generating(Client.PROMPT));
    }
    long longest = 0;
    for (CompletableFuture<HttpResponse<String>> each : all) {
      long nanos = Client.lines(each.join().body()).getLast().path("eval_duration").asLong();
      longest = Math.max(longest, nanos);
    }
    return longest;
  }
}
