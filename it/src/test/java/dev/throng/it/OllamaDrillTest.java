package dev.throng.it;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.throng.backend.Backend;
import dev.throng.backend.Generator.Completion;
import dev.throng.backend.Prompt;
import dev.throng.backend.ollama.OllamaBackend;
import dev.throng.backend.pool.BackendPool;
import dev.throng.config.ConfigLoader;
import dev.throng.config.ThrongConfig;
import dev.throng.core.Deadline;
import dev.throng.core.Ticker;
import dev.throng.observe.BackendMetrics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Real backends die under many answers at once: one is killed, one frozen, one stays well. */
final class OllamaDrillTest {
  private static final int ANSWERS = 8;
  private static final int MAX_TOKENS = 80;
  private static final int PIECES_BEFORE_KILL = 40;
  private static final int PIECES_BEFORE_FREEZE = 140;

  private static final ThrongConfig CONFIG =
      ConfigLoader.load(
          null,
          Map.of(),
          Map.of(
              "ollama.model", OllamaProcess.MODEL,
              "ollama.num_ctx", "1024",
              "ollama.slots", "2",
              "ollama.first_token_timeout", "10s",
              "ollama.between_tokens_timeout", "5s"));

  private record Made(Prompt prompt, String text, Completion completion) {}

  private final List<OllamaProcess> processes = new ArrayList<>();
  private final AtomicInteger pieces = new AtomicInteger();

  @BeforeEach
  void start() throws IOException, InterruptedException {
    for (int i = 0; i < 3; i++) {
      processes.add(OllamaProcess.start());
    }
  }

  @AfterEach
  void stop() throws IOException {
    for (OllamaProcess process : processes) {
      process.close();
    }
  }

  @Test
  void everyAnswerIsWholeAndEverySeamIsWhatTheModelWouldHaveSaidNext() throws Exception {
    List<Backend> backends = new ArrayList<>();
    for (OllamaProcess process : processes) {
      backends.add(new OllamaBackend(URI.create(process.url()), CONFIG.ollama()));
    }
    List<Made> made = new ArrayList<>();
    try (BackendPool pool =
            new BackendPool(
                CONFIG.pool(),
                CONFIG.ollama(),
                backends,
                new BackendMetrics(new SimpleMeterRegistry()),
                new SplittableRandom(1));
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Made>> pending = new ArrayList<>();
      for (int i = 0; i < ANSWERS; i++) {
        int number = i;
        pending.add(threads.submit(() -> answer(pool, number)));
      }
      for (Future<Made> answer : pending) {
        made.add(answer.get());
      }
      checkSeams(made, backends.get(2));
    }
  }

  private Made answer(BackendPool pool, int number) {
    Prompt prompt =
        new Prompt(
            "You are helpful.",
            "Write a short story about a pump with number " + number + ".",
            "",
            List.of(),
            "en");
    StringBuilder text = new StringBuilder();
    Completion completion =
        pool.generate(
            prompt,
            MAX_TOKENS,
            Deadline.after(Ticker.system(), Duration.ofMinutes(2)),
            piece -> {
              text.append(piece);
              strike(pieces.incrementAndGet());
            });
    return new Made(prompt, text.toString(), completion);
  }

  private void strike(int count) {
    try {
      if (count == PIECES_BEFORE_KILL) {
        processes.get(0).kill();
      } else if (count == PIECES_BEFORE_FREEZE) {
        processes.get(1).freeze();
      }
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** A raw request for the prompt and all that was delivered before a seam gives the rest. */
  private static void checkSeams(List<Made> made, Backend alive) {
    int seams = 0;
    int exact = 0;
    for (Made answer : made) {
      assertTrue(answer.text().length() > 20, answer.text());
      List<Integer> at = answer.completion().seams();
      for (int i = 0; i < at.size(); i++) {
        String before = answer.text().substring(0, at.get(i));
        int end = i + 1 < at.size() ? at.get(i + 1) : answer.text().length();
        String rest = answer.text().substring(at.get(i), end);
        StringBuilder direct = new StringBuilder();
        alive.generate(
            new Backend.Call(answer.prompt(), before, MAX_TOKENS),
            direct::append,
            Deadline.after(Ticker.system(), Duration.ofMinutes(1)));
        seams++;
        exact += direct.toString().startsWith(rest) ? 1 : 0;
      }
    }
    assertTrue(seams >= 2, "nobody had to be continued: " + seams);
    // Two answers in one batch round differently from one alone, which may turn a near-tie.
    assertTrue(exact >= seams - 1, "of %d seams %d are exact".formatted(seams, exact));
  }
}
