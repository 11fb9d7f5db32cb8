package dev.throng.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.throng.bench.rig.OllamaProcess;
import dev.throng.it.RunningServer.Event;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two real backends, one of which dies. When both are idle, the first one is used. */
@Tag("alone")
@Timeout(120)
@SuppressWarnings("NullAway.Init") // set in @BeforeEach
final class DyingBackendTest {
  private static final String QUESTION = "Tell me what is known of the lamp L7.";

  @TempDir private Path folder;
  private OllamaProcess first;
  private OllamaProcess second;
  private RunningServer throng;

  @FunctionalInterface
  private interface Blow {
    void strike() throws IOException, InterruptedException;
  }

  @BeforeEach
  void start() throws IOException, InterruptedException {
    first = OllamaProcess.start();
    second = OllamaProcess.start();
    throng = RunningServer.start(folder, first, second);
  }

  @AfterEach
  void stop() throws IOException {
    throng.close();
    first.close();
    second.close();
  }

  @Test
  void killedBackendMidStreamContinuesOnAnother() throws Exception {
    assertContinues(first::kill);
  }

  @Test
  void frozenBackendMidStreamContinuesOnAnother() throws Exception {
    assertContinues(first::freeze);
  }

  @Test
  void backendLostBeforeTheFirstTokenIsReplaced() throws Exception {
    first.kill();
    List<Event> events = throng.stream(QUESTION, event -> {});
    assertWhole(events);
  }

  private void assertContinues(Blow blow) throws Exception {
    AtomicInteger tokens = new AtomicInteger();
    List<Event> events =
        throng.stream(
            QUESTION,
            event -> {
              if (event.name().equals("token") && tokens.incrementAndGet() == 4) {
                strike(blow);
              }
            });
    assertTrue(tokens.get() >= 4, "the fault came mid-answer");
    assertWhole(events);
    assertTrue(second.generateCalls() > 0, "the second backend continued");
  }

  private static void assertWhole(List<Event> events) {
    Event last = events.getLast();
    assertEquals("done", last.name(), last.data().toString());
    String joined =
        events.stream()
            .filter(event -> event.name().equals("token"))
            .map(event -> event.data().path("text").asText())
            .collect(Collectors.joining());
    assertEquals(last.data().path("response").asText(), joined);
  }

  private static void strike(Blow blow) {
    try {
      blow.strike();
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
