package dev.throng.ollamasim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.throng.ollamasim.SimSettings.Rates;
import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Each fault as a plain client sees it. */
@Timeout(60)
final class FaultsTest {
  private static final String WHOLE = SimulatedText.answerTo(Client.PROMPT);
  private static final int TOKENS = 5;
  private static final String BEGINNING =
      SimulatedText.answerTo(Client.PROMPT, SimSettings.AnswerLength.DEFAULT, TOKENS);
  private static final long SILENCE_MILLIS = 150;
  private static final long OUTAGE_MILLIS = 150;
  private static final Rates SLOW = new Rates(1e9, 10, 0, 0);

  private final OllamaSim sim = OllamaSim.start(SimSettings.instant());
  private final Client client = new Client(sim.url());

  @AfterEach
  void stop() {
    sim.close();
  }

  @Test
  void errorArrivesAsALineWithinTheStream() throws Exception {
    sim.inject(Fault.after(TOKENS, FaultKind.ERROR_LINE));
    HttpResponse<String> response = client.generating(Client.PROMPT).join();
    assertEquals(200, response.statusCode());
    assertEquals(BEGINNING, Client.text(response.body()));
    assertTrue(Client.lines(response.body()).getLast().has("error"));
    assertWorksAgain(FaultKind.ERROR_LINE);
  }

  @Test
  void streamEndsWithoutDone() throws Exception {
    sim.inject(Fault.after(TOKENS, FaultKind.EOF_WITHOUT_DONE));
    HttpResponse<String> response = client.generating(Client.PROMPT).join();
    assertEquals(BEGINNING, Client.text(response.body()));
    assertFalse(response.body().contains("\"done\":true"));
    assertWorksAgain(FaultKind.EOF_WITHOUT_DONE);
  }

  @Test
  void lineIsNotJson() throws Exception {
    sim.inject(Fault.after(TOKENS, FaultKind.GARBAGE_LINE));
    String body = client.generating(Client.PROMPT).join().body();
    int garbage = body.indexOf("<html>");
    assertTrue(garbage > 0);
    assertEquals(BEGINNING, Client.text(body.substring(0, garbage)));
    assertWorksAgain(FaultKind.GARBAGE_LINE);
  }

  @Test
  void statusIsReturnedInsteadOfAnAnswer() throws Exception {
    sim.inject(Fault.of(FaultKind.HTTP_500));
    sim.inject(Fault.of(FaultKind.HTTP_503).times(2));
    assertEquals(
        List.of(500, 503, 503, 200),
        Stream.generate(() -> client.generating(Client.PROMPT).join())
            .limit(4)
            .map(HttpResponse::statusCode)
            .toList());
    assertEquals(Map.of(FaultKind.HTTP_500, 1L, FaultKind.HTTP_503, 2L), sim.stats().faults());
  }

  @Test
  void resetBreaksTheConnection() throws Exception {
    sim.inject(Fault.after(TOKENS, FaultKind.RESET));
    // A reset discards unread data, so it may come before the first line.
    Exception broken =
        assertThrows(
            Exception.class,
            () -> {
              try (Client.Lines lines = client.stream(Client.raw(Client.PROMPT))) {
                lines.text(Integer.MAX_VALUE);
              }
            });
    assertTrue(String.valueOf(rootOf(broken)).contains("reset"), () -> "" + rootOf(broken));
    assertWorksAgain(FaultKind.RESET);
  }

  @Test
  void hangingGenerationContinuesWhenFaultsAreCleared() throws Exception {
    sim.inject(Fault.after(TOKENS, FaultKind.HANG));
    CompletableFuture<HttpResponse<String>> hanging = client.generating(Client.PROMPT);
    await(() -> sim.stats().faults().containsKey(FaultKind.HANG));
    assertStaysSilent(hanging);
    assertEquals(1, sim.stats().running());
    sim.clearFaults();
    assertEquals(WHOLE, Client.text(hanging.join().body()));
  }

  @Test
  void clientThatHangsUpFreesAHangingSlot() throws Exception {
    sim.inject(Fault.after(TOKENS, FaultKind.HANG));
    try (Client.Lines lines = client.stream(Client.raw(Client.PROMPT))) {
      lines.next();
      await(() -> sim.stats().running() == 1);
    }
    await(() -> sim.stats().running() == 0 && sim.stats().inFlight() == 0);
    assertWorksAgain(FaultKind.HANG);
  }

  @Test
  void hangBeforeTheFirstTokenSendsNothing() throws Exception {
    sim.inject(Fault.of(FaultKind.HANG_BEFORE_FIRST_TOKEN));
    CompletableFuture<HttpResponse<String>> hanging = client.generating(Client.PROMPT);
    await(() -> sim.stats().faults().containsKey(FaultKind.HANG_BEFORE_FIRST_TOKEN));
    assertStaysSilent(hanging);
    assertEquals(0, sim.stats().tokens());
    sim.clearFaults();
    assertEquals(200, hanging.join().statusCode());
  }

  @Test
  void crashCutsEveryStreamAndRefusesConnectionsUntilTheRestart() throws Exception {
    try (OllamaSim slow = OllamaSim.start(SimSettings.instant().withRates(SLOW))) {
      Client slowClient = new Client(slow.url());
      CompletableFuture<HttpResponse<String>> bystander = slowClient.generating(Client.PROMPT);
      await(() -> slow.stats().running() == 1);
      slow.inject(Fault.after(2, FaultKind.CRASH));
      CompletableFuture<HttpResponse<String>> victim = slowClient.generating(Client.PROMPT);
      assertInstanceOf(IOException.class, failure(victim));
      assertInstanceOf(IOException.class, failure(bystander));
      assertInstanceOf(ConnectException.class, failure(slowClient.generating(Client.PROMPT)));
      assertEquals(0, slow.stats().running());
      assertEquals(200, new Client(slow.adminUrl()).send("POST", "/sim/restart").statusCode());
      assertEquals(200, slowClient.send("GET", "/api/version").statusCode());
      assertEquals(0, slow.stats().inFlight());
    }
  }

  @Test
  void crashedInstanceReturnsAutomatically() throws Exception {
    sim.inject(Fault.of(FaultKind.CRASH).downMillis(OUTAGE_MILLIS));
    assertInstanceOf(IOException.class, failure(client.generating(Client.PROMPT)));
    await(() -> {
      try {
        return client.send("GET", "/api/version").statusCode() == 200;
      } catch (IOException | InterruptedException e) {
        return false;
      }
    });
    assertWorksAgain(FaultKind.CRASH);
  }

  @Test
  void darkInstanceAcceptsRequestsAndAnswersNone() throws Exception {
    sim.inject(Fault.after(TOKENS, FaultKind.HALF_OPEN).times(2));
    CompletableFuture<HttpResponse<String>> victim = client.generating(Client.PROMPT);
    await(() -> sim.stats().faults().containsKey(FaultKind.HALF_OPEN));
    CompletableFuture<HttpResponse<String>> second = client.generating(Client.PROMPT);
    CompletableFuture<HttpResponse<String>> third = client.generating(Client.PROMPT);
    assertStaysSilent(second);
    assertStaysSilent(third);
    assertStaysSilent(victim);
    assertEquals(1, sim.stats().requests());
    assertEquals(WHOLE, Client.text(client.generating(Client.PROMPT).join().body()));
    sim.clearFaults();
    assertInstanceOf(IOException.class, failure(victim));
    assertInstanceOf(IOException.class, failure(second));
    assertInstanceOf(IOException.class, failure(third));
  }

  @Test
  void slowInstanceTakesAFactorLongerUntilFaultsAreCleared() throws Exception {
    Rates fast = new Rates(1e9, 1000, 0, 0);
    try (OllamaSim slowed = OllamaSim.start(SimSettings.instant().withRates(fast))) {
      slowed.inject(Fault.slow(1e6));
      CompletableFuture<HttpResponse<String>> slow =
          new Client(slowed.url()).generating(Client.PROMPT);
      await(() -> slowed.stats().running() == 1);
      assertStaysSilent(slow);
      slowed.clearFaults();
      assertEquals(WHOLE, Client.text(slow.join().body()));
    }
  }

  @Test
  void unloadedModelIsLoadedAgain() throws Exception {
    Rates loading = new Rates(1e9, 1e9, 0, 60);
    try (OllamaSim loaded = OllamaSim.start(SimSettings.instant().withRates(loading))) {
      Client loadedClient = new Client(loaded.url());
      loadedClient.generating(Client.PROMPT).join();
      loadedClient.generating(Client.PROMPT).join();
      assertEquals(1, loaded.stats().loads());
      loaded.inject(Fault.of(FaultKind.MODEL_UNLOADED));
      List<JsonNode> lines = Client.lines(loadedClient.generating(Client.PROMPT).join().body());
      assertTrue(lines.getLast().path("load_duration").asLong() >= 60_000_000);
      assertEquals(2, loaded.stats().loads());
    }
  }

  @Test
  void faultsAreInjectedListedAndClearedOverHttp() throws Exception {
    Client admin = new Client(sim.adminUrl());
    JsonNode fault = Json.MAPPER.readTree("{\"kind\": \"http_503\", \"times\": -1}");
    assertEquals(200, admin.send(admin.post("/sim/faults", fault)).statusCode());
    assertEquals(503, client.generating(Client.PROMPT).join().statusCode());
    assertEquals(503, client.generating(Client.PROMPT).join().statusCode());
    admin.send("DELETE", "/sim/faults");
    assertEquals(200, client.generating(Client.PROMPT).join().statusCode());
    JsonNode stats = Json.MAPPER.readTree(admin.send("GET", "/sim/stats").body());
    assertEquals(3, stats.path("requests").asInt());
    assertEquals(1, stats.path("max_in_flight").asInt());
    assertEquals(2, stats.path("faults").path("http_503").asInt());
    stats = Json.MAPPER.readTree(admin.send("POST", "/sim/reset").body());
    assertEquals(0, stats.path("requests").asInt());
    JsonNode wrong = Json.MAPPER.readTree("{\"kind\": \"earthquake\"}");
    assertEquals(400, admin.send(admin.post("/sim/faults", wrong)).statusCode());
    JsonNode never = Json.MAPPER.readTree("{\"kind\": \"hang\", \"times\": 0}");
    assertEquals(400, admin.send(admin.post("/sim/faults", never)).statusCode());
  }

  private void assertWorksAgain(FaultKind kind) throws IOException {
    assertEquals(WHOLE, Client.text(client.generating(Client.PROMPT).join().body()));
    assertEquals(Map.of(kind, 1L), sim.stats().faults());
    assertEquals(0, sim.stats().inFlight());
  }

  private static void assertStaysSilent(CompletableFuture<?> response) {
    assertThrows(TimeoutException.class, () -> response.get(SILENCE_MILLIS, TimeUnit.MILLISECONDS));
  }

  private static Throwable failure(CompletableFuture<?> response) {
    Throwable failure = assertThrows(CompletionException.class, response::join).getCause();
    return Objects.requireNonNull(failure);
  }

  private static Throwable rootOf(Throwable failure) {
    Throwable cause = failure.getCause();
    return cause == null ? failure : rootOf(cause);
  }

  static void await(BooleanSupplier event) throws InterruptedException {
    long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    while (!event.getAsBoolean()) {
      assertTrue(System.nanoTime() - until < 0, "the expected event did not happen");
      TimeUnit.MILLISECONDS.sleep(1);
    }
  }
}
