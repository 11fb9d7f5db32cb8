package dev.throng.answer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.throng.admission.Place;
import dev.throng.answer.FlightState.Event;
import dev.throng.answer.FlightState.Phase;
import dev.throng.answer.FlightState.Prepared;
import dev.throng.core.Answer;
import dev.throng.core.Answer.FinishReason;
import dev.throng.core.ErrorCode;
import dev.throng.core.Fingerprint;
import dev.throng.core.Hash;
import dev.throng.core.Outcome;
import dev.throng.core.TextPiece;
import dev.throng.core.ThrongException;
import dev.throng.core.TokenCount;
import dev.throng.flight.SharedText;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Drives the state of a flight and its listeners through random histories, on one thread, so that a
 * seed replays exactly. Whatever happens, a listener gets one whole answer or a failure, and all
 * who get an answer get the same one.
 */
final class FlightSimulationTest {
  private static final int SEEDS_PER_TEST = 500;
  private static final int STEPS = 60;

  static LongStream seeds() {
    return LongStream.range(0, 20).map(block -> block * SEEDS_PER_TEST);
  }

  /** What one client has received. */
  private static final class Listener {
    private final StringBuilder text = new StringBuilder();
    private @Nullable Prepared prepared;
    private int read;
    private boolean isAnswered;
    private boolean hasFailed;

    boolean hasEnded() {
      return isAnswered || hasFailed;
    }

    void look(FlightState state) throws InterruptedException {
      if (hasEnded()) {
        return;
      }
      if (prepared == null) {
        prepared = state.prepared();
        hasFailed = prepared == null && state.failure() != null;
        return;
      }
      SharedText followed = prepared.text();
      try {
        SharedText.Update update = followed.awaitUpdate(read, 0);
        update.pieces().forEach(piece -> text.append(piece.text()));
        read += update.pieces().size();
        isAnswered = update.answer() != null;
      } catch (ThrongException e) {
        Prepared now = state.prepared();
        if (read == 0 && now != null && now.text() != followed) {
          prepared = now;
        } else {
          hasFailed = read > 0 || state.failure() != null;
        }
      }
    }
  }

  /** One flight, with the events that its runner can cause. */
  private static final class History {
    private final Random random;
    private final List<Listener> listeners = new ArrayList<>();
    private FlightState state = FlightState.initial();
    private boolean hasEnded;
    private int generations;

    History(long seed) {
      this.random = new Random(seed);
    }

    void on(Event event) {
      FlightState before = state;
      state = before.after(event);
      if (event instanceof Event.TextEnded ended) {
        before.text().fail(ended.cause());
      }
    }

    void step() throws InterruptedException {
      if (random.nextInt(4) == 0 && listeners.size() < 10) {
        listeners.add(new Listener());
      }
      for (Listener listener : listeners) {
        if (random.nextBoolean()) {
          listener.look(state);
        }
      }
      if (hasEnded) {
        return;
      }
      switch (random.nextInt(9)) {
        case 0 -> on(new Event.Queued(new Place(1 + random.nextInt(9), Duration.ofSeconds(1))));
        case 1 -> on(new Event.PromptChosen(prompt(random.nextInt(3))));
        case 2 -> on(new Event.GenerationNamed("g" + random.nextInt(3)));
        case 3 -> findSources();
        case 4, 5 -> append();
        case 6 -> finish();
        case 7 -> replace();
        default -> failSometimes();
      }
    }

    private void findSources() {
      if (!state.hasText()) {
        Prepared known = state.prepared(); // another leader names the same text again
        SharedText own = random.nextInt(4) == 0 ? new SharedText() : state.text();
        on(new Event.SourcesFound(prepared(known == null ? own : known.text())));
      }
    }

    private void append() {
      Prepared prepared = state.prepared();
      if (prepared != null) {
        prepared.text().append(new TextPiece("p" + random.nextInt(100) + " ", 0));
      }
    }

    private void finish() {
      if (state.prepared() != null) {
        end(state.prepared().text());
      }
    }

    private void end(SharedText text) {
      text.finish(
          new Answer(
              "a",
              text.soFar(),
              "g",
              "m",
              FinishReason.STOP,
              Map.of(),
              0,
              TokenCount.NONE,
              List.of()));
      hasEnded = true;
    }

    private void replace() {
      if (state.hasText()) {
        return;
      }
      failFollowed();
      if (random.nextBoolean()) {
        on(new Event.Restarted(cause()));
        assertTrue(state.phase() instanceof Phase.Working);
        return;
      }
      SharedText lesser = new SharedText();
      lesser.append(new TextPiece("lesser", 0));
      on(new Event.Degraded(prepared(lesser), cause()));
      end(lesser);
    }

    private void failSometimes() {
      if (random.nextInt(5) == 0) {
        fail();
      }
    }

    void fail() {
      Prepared before = state.prepared();
      failFollowed();
      on(new Event.Failed(cause()));
      assertSame(before, state.prepared(), "what listeners know stays");
      assertNull(state.place());
      hasEnded = true;
    }

    /** A flight that follows another one fails, or starts again, because the other one does. */
    private void failFollowed() {
      Prepared known = state.prepared();
      if (known != null) {
        known.text().fail(cause());
      }
    }

    private Prepared prepared(SharedText text) {
      return new Prepared("g" + generations++, List.of(), 1, text, Outcome.GENERATED);
    }
  }

  private static ThrongException cause() {
    return new ThrongException(ErrorCode.BACKEND_PROTOCOL, "simulated");
  }

  private static Fingerprint prompt(int n) {
    return new Fingerprint(Hash.of(("prompt " + n).getBytes(StandardCharsets.UTF_8)));
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void everyListenerGetsTheSameWholeAnswerOrAFailure(long first) throws InterruptedException {
    for (long seed = first; seed < first + SEEDS_PER_TEST; seed++) {
      History history = new History(seed);
      for (int i = 0; i < STEPS; i++) {
        history.step();
      }
      if (!history.hasEnded) {
        history.fail();
      }
      checkListeners(history, "seed " + seed);
    }
  }

  private static void checkListeners(History history, String seed) throws InterruptedException {
    Prepared last = history.state.prepared();
    for (Listener listener : history.listeners) {
      for (int looks = 0; looks < STEPS && !listener.hasEnded(); looks++) {
        listener.look(history.state);
      }
      assertTrue(listener.hasEnded(), seed);
      if (listener.prepared != null && listener.read > 0) {
        assertSame(Objects.requireNonNull(last).text(), listener.prepared.text(), seed);
        String whole = listener.prepared.text().soFar();
        assertEquals(whole, listener.text.toString(), seed);
      }
    }
  }

  @Test
  void deliveredTextIsNeverReplaced() {
    FlightState state = FlightState.initial();
    Prepared delivered = new Prepared("g1", List.of(), 1, state.text(), Outcome.GENERATED);
    state = state.after(new Event.SourcesFound(delivered));
    state.text().append(new TextPiece("Thirty", 6));
    FlightState now = state;
    for (Event replacing :
        List.of(
            new Event.SourcesFound(delivered),
            new Event.Restarted(cause()),
            new Event.Degraded(delivered, cause()))) {
      assertThrows(IllegalStateException.class, () -> now.after(replacing));
    }
    FlightState failed = now.after(new Event.Failed(cause()));
    assertThrows(IllegalStateException.class, () -> failed.after(new Event.Restarted(cause())));
  }
}
