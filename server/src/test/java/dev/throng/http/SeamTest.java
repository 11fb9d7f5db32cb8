package dev.throng.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.throng.backend.Backend;
import dev.throng.backend.pool.BackendPool;
import dev.throng.config.ThrongConfig;
import dev.throng.fixtures.Configs;
import dev.throng.fixtures.FakeOllama;
import dev.throng.fixtures.FakeOllama.Fault;
import dev.throng.fixtures.Pools;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A backend dies at every position of an answer in turn; clients always read the same text. */
final class SeamTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Pattern EVENT = Pattern.compile("event: (\\S+)\nid: (\\S+)\ndata: (.*)\n\n");

  /** The prompt has one passage, so [12] is not a citation, but [1] is. */
  private static final String RAW = "Ok 😀 [1], so [12]👍 [ 1 ].";

  private static final String READ = "Ok 😀 [1], so👍 [1].";

  private final FakeOllama first = backend();
  private final FakeOllama second = backend();
  private final BackendPool pool = pool(List.of(first, second));
  private final HttpBench bench;
  private int questions;

  SeamTest(@TempDir Path folder) {
    bench = new HttpBench(folder, pool);
    bench.corpus().writeAndPublish("leave.md", "There are thirty days of leave.");
  }

  /** Slow enough that a hiccup of the machine does not look like a thousandfold slowdown. */
  private static FakeOllama backend() {
    return new FakeOllama().answers(RAW).inPiecesOf(1).every(Duration.ofMillis(1));
  }

  private static BackendPool pool(List<FakeOllama> servers) {
    ThrongConfig config = Configs.with("ollama.slots", "2");
    List<Backend> backends = new ArrayList<>();
    servers.forEach(server -> backends.add(Pools.ollama(server.url(), config)));
    return Pools.warm(
        // Only answers, neither a hedge nor a probe, may meet a planned fault.
        Configs.with(
                "pool.breaker_failures", "100",
                "pool.slow_factor", "1000.0",
                "pool.hedge_share", "0.0")
            .pool(),
        config.model(),
        new SimpleMeterRegistry(),
        backends);
  }

  @AfterEach
  void close() {
    bench.close();
    pool.close();
    first.close();
    second.close();
  }

  @Test
  void seamAtAnyPositionSplitsNoCharacterOrCitation() throws IOException {
    for (int cut = 0; cut < RAW.length(); cut++) {
      first.failNext(Fault.CUT, cut);
      second.failNext(Fault.CUT, cut); // the continuing backend fails as far after the first seam
      Read read = ask("{}");
      assertEquals(READ, read.done().path("response").asText(), "cut at " + cut);
      assertEquals(READ, read.tokens(), "streamed, cut at " + cut);
      assertEquals(seams(cut), read.done().path("seams").toString(), "cut at " + cut);
    }
  }

  /** Half a character is dropped with its backend; without text there is no seam. */
  private static String seams(int cut) {
    if (cut == 0) {
      return "";
    }
    int first = wholeLength(cut);
    boolean isCutAgain = first + cut <= RAW.length();
    return isCutAgain ? "[%d,%d]".formatted(first, wholeLength(first + cut)) : "[" + first + "]";
  }

  private static int wholeLength(int cut) {
    return cut > 0 && Character.isHighSurrogate(RAW.charAt(cut - 1)) ? cut - 1 : cut;
  }

  @Test
  void seamsAreStoredWithTheAnswerAndOmittedIfThereAreNone() throws IOException {
    assertFalse(ask("{}").done().has("seams"));
    first.failNext(Fault.CUT, 5);
    second.failNext(Fault.CUT, 100);
    String body = "{\"query\": \"How long is the leave?\"}";
    JsonNode generated = JSON.readTree(bench.post("/query", body).body());
    JsonNode cached = JSON.readTree(bench.post("/query", body).body());
    assertTrue(cached.path("cached").asBoolean());
    assertEquals(generated.path("seams"), cached.path("seams"));
  }

  @Test
  void stopStringEndsTheAnswerWhereverItsSeamIs() throws IOException {
    int stop = RAW.indexOf("12]👍");
    for (int cut = stop; cut <= stop + "12]👍".length(); cut++) {
      first.failNext(Fault.CUT, cut);
      Read read = ask("{\"stop\": [\"12]👍\", \"never\"]}");
      assertEquals("Ok 😀 [1], so [", read.done().path("response").asText(), "cut at " + cut);
      assertEquals("stop", read.done().path("finish_reason").asText());
    }
  }

  private record Read(String tokens, JsonNode done) {}

  /** A new question, as an event stream. */
  private Read ask(String options) throws IOException {
    String body =
        "{\"query\": \"How many days of leave, %d?\", \"stream\": true, \"options\": %s}"
            .formatted(questions++, options);
    List<MatchResult> events = EVENT.matcher(bench.post("/query", body).body()).results().toList();
    assertTrue(events.size() > 1, "an event stream");
    StringBuilder tokens = new StringBuilder();
    for (MatchResult event : events) {
      if (event.group(1).equals("token")) {
        tokens.append(JSON.readTree(event.group(3)).path("text").asText());
      }
    }
    return new Read(tokens.toString(), JSON.readTree(events.getLast().group(3)));
  }
}
