package dev.throng.bench.drill;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.throng.bench.rig.Latencies;
import dev.throng.bench.rig.MachineLoad;
import dev.throng.bench.rig.ProxiedCall;
import dev.throng.bench.rig.ProxiedCall.Piece;
import dev.throng.bench.rig.QueryConnection;
import dev.throng.bench.rig.QueryConnection.Event;
import dev.throng.bench.rig.Questions;
import dev.throng.ollamasim.SimSettings;
import dev.throng.ollamasim.SimSettings.AnswerLength;
import dev.throng.ollamasim.SimSettings.Rates;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Measures what the server adds to the time of a token: streams through it, and the same calls made
 * directly to the backends, in turn. A proxy in front of each backend records when it forwards a
 * token, and the client when it receives it, on one clock.
 *
 * <p>The first token's time is the client's, from its question, without the time of retrieval and
 * without the backend's time from the call to its first token. It thus covers everything else that
 * the server does. A token that the server must hold back, because it may become a citation, counts
 * from the token that decided it.
 */
public final class LatencyDrill {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int BACKENDS = 2;
  private static final double MILLI = 1e6;
  private static final double P50_BAR = 2;
  private static final double P99_BAR = 10;
  private static final double BUSY_BAR = 0.6;
  private static final int SHOWN = 5;

  /** Clients, and tokens of an answer, while the server warms up. */
  private static final int WARMING = 20;

  private static final int FEW_TOKENS = 2;

  /** Longer than any answer. */
  private static final int LONG = 512;

  /** No hedges: each question is one call, which is measured. */
  private static final Map<String, String> ONE_CALL = Map.of("THRONG_POOL_HEDGE_SHARE", "0");

  /**
   * The parameters.
   *
   * @param streams simultaneous streams
   * @param answerTokens of each answer
   * @param answers of each stream, one after the other, of each kind in each round
   * @param rounds of both kinds
   * @param warmUps short answers beforehand, as many as a server has given after a minute
   */
  public record Plan(
      int streams,
      double tokensPerSecond,
      int answerTokens,
      int answers,
      int rounds,
      int warmUps,
      Path documents) {
    int calls() {
      return streams * answers;
    }

    /** The times of one answer. */
    Duration length() {
      return Duration.ofMillis((long) (1000 * answerTokens / tokensPerSecond));
    }
  }

  /** The times of one kind, in milliseconds. */
  public record Line(
      int tokens,
      double tokenP50,
      double tokenP99,
      double firstP50,
      double firstP99,
      double busyShare) {}

  /**
   * The results.
   *
   * @param problems the first few answers that failed
   */
  public record Result(Plan plan, Line server, Line direct, List<String> problems) {
    public boolean isGood() {
      return problems.isEmpty()
          && server.tokenP50() - direct.tokenP50() <= P50_BAR
          && server.tokenP99() - direct.tokenP99() <= P99_BAR
          && server.firstP50() - direct.firstP50() <= P50_BAR
          && server.firstP99() - direct.firstP99() <= P99_BAR
          && server.busyShare() < BUSY_BAR;
    }
  }

  /** The times of one kind, over all rounds. */
  private static final class Times {
    private final Latencies tokens = new Latencies();
    private final Latencies firsts = new Latencies();
    private final List<Double> busy = new ArrayList<>();

    Line line() {
      return new Line(
          tokens.count(),
          tokens.p50(),
          tokens.p99(),
          firsts.p50(),
          firsts.p99(),
          busy.stream().mapToDouble(share -> share).average().orElse(0));
    }
  }

  /** An answer as its client saw it. */
  private record Seen(String asked, long sentNanos, List<Event> events) {}

  private final Plan plan;
  private final Times throughServer = new Times();
  private final Times direct = new Times();
  private final ConcurrentLinkedQueue<String> problems = new ConcurrentLinkedQueue<>();

  public LatencyDrill(Plan plan) {
    this.plan = plan;
  }

  /** Runs the drill to its end. */
  public Result run() throws IOException, InterruptedException {
    SimSettings simulated =
        SimSettings.instant()
            .withSlots(plan.streams())
            .withRates(new Rates(50_000, plan.tokensPerSecond(), 0, 0))
            .withAnswers(
                new AnswerLength(plan.answerTokens(), 0, plan.answerTokens(), plan.answerTokens()));
    int measured = plan.calls() * plan.rounds();
    List<String> questions = Questions.texts(measured + plan.warmUps());
    try (SimulatedSite site =
        SimulatedSite.start(simulated, BACKENDS, ONE_CALL, List.of(), plan.documents())) {
      warmUp(site, questions.subList(measured, questions.size()));
      for (int round = 0; round < plan.rounds(); round++) {
        List<String> own = questions.subList(round * plan.calls(), (round + 1) * plan.calls());
        round(site, own, throughServer, direct);
      }
      return new Result(
          plan, throughServer.line(), direct.line(), problems.stream().limit(SHOWN).toList());
    }
  }

  /** Generates short answers as quickly as possible: compilers need the number, not the length. */
  private void warmUp(SimulatedSite site, List<String> questions) throws InterruptedException {
    Queue<String> left = new ConcurrentLinkedQueue<>(questions);
    CountDownLatch done = new CountDownLatch(WARMING);
    for (int i = 0; i < WARMING; i++) {
      Thread.ofVirtual()
          .name("warm-up-" + i)
          .start(() -> {
            for (String question = left.poll(); question != null; question = left.poll()) {
              ask(
                  question,
                  (asked, onEvent) -> post(site.url(), "/query", body(asked, FEW_TOKENS), onEvent),
                  new ConcurrentLinkedQueue<>());
            }
            done.countDown();
          });
    }
    done.await();
  }

  private String body(String question, int maxTokens) {
    ObjectNode body = JSON.createObjectNode().put("query", question).put("stream", true);
    body.putObject("options").put("max_tokens", maxTokens);
    return body.toString();
  }

  /** The same calls of both kinds: first the server makes them, then they are repeated. */
  private void round(SimulatedSite site, List<String> questions, Times served, Times straight)
      throws IOException, InterruptedException {
    site.forgetCalls();
    List<Seen> answers =
        stream(
            questions,
            served,
            (question, onEvent) -> post(site.url(), "/query", body(question, LONG), onEvent));
    Map<String, ProxiedCall> calls = new HashMap<>();
    site.calls().stream()
        .filter(call -> call.prompt().contains(ChatMl.ASKED)) // otherwise it is a probe
        .forEach(call -> calls.put(ChatMl.question(call.prompt()), call));
    answers.forEach(answer -> measureServed(answer, calls, served));

    Queue<String> bodies = new ConcurrentLinkedQueue<>();
    calls.values().forEach(call -> bodies.add(call.body()));
    site.forgetCalls();
    List<Seen> again =
        stream(
            List.copyOf(bodies),
            straight,
            (body, onEvent) -> {
              int backend = Math.floorMod(body.hashCode(), BACKENDS);
              post(site.proxies().get(backend).url(), "/api/generate", body, onEvent);
            });
    Map<String, ProxiedCall> directCalls = new HashMap<>();
    site.calls().forEach(call -> directCalls.put(call.body(), call));
    again.forEach(answer -> measureDirect(answer, directCalls, straight));
  }

  /** Runs the planned streams, with their starts spread over the length of an answer. */
  private List<Seen> stream(List<String> all, Times times, Asker asker)
      throws IOException, InterruptedException {
    Queue<String> left = new ConcurrentLinkedQueue<>(all);
    Queue<Seen> seen = new ConcurrentLinkedQueue<>();
    CountDownLatch done = new CountDownLatch(plan.streams());
    MachineLoad load = MachineLoad.start();
    for (int i = 0; i < plan.streams(); i++) {
      Thread.ofVirtual()
          .name("stream-" + i)
          .start(() -> {
            for (int n = 0; n < plan.answers(); n++) {
              String asked = left.poll();
              if (asked != null) {
                ask(asked, asker, seen);
              }
            }
            done.countDown();
          });
      TimeUnit.NANOSECONDS.sleep(plan.length().toNanos() / plan.streams());
    }
    done.await();
    times.busy.add(load.busyShare());
    return List.copyOf(seen);
  }

  private void ask(String asked, Asker asker, Queue<Seen> seen) {
    List<Event> events = new ArrayList<>();
    long sentNanos = System.nanoTime();
    try {
      asker.ask(asked, events::add);
      seen.add(new Seen(asked, sentNanos, events));
    } catch (IOException e) {
      problems.add("%s: %s".formatted(asked, e));
    }
  }

  private static void post(URI url, String path, String body, Consumer<Event> onEvent)
      throws IOException {
    try (QueryConnection connection = new QueryConnection(url)) {
      QueryConnection.Response response = connection.post(path, body, onEvent);
      if (response.status() != 200) {
        throw new IOException("status %d: %s".formatted(response.status(), response.body()));
      }
    }
  }

  private void measureServed(Seen seen, Map<String, ProxiedCall> calls, Times times) {
    ProxiedCall call = calls.get(seen.asked());
    Event last = seen.events().getLast();
    JsonNode done = last.json();
    if (call == null || !last.name().equals("done") || done.path("degraded").asBoolean()) {
      problems.add("%s: %s %s".formatted(seen.asked(), last.name(), last.data()));
      return;
    }
    JsonNode took = done.path("timings");
    double retrievalMillis = took.path("embed_ms").asDouble() + took.path("search_ms").asDouble();
    List<Piece> pieces = call.pieces();
    int next = 0;
    int chars = 0;
    boolean isFirst = true;
    for (Event event : seen.events()) {
      if (!event.name().equals("token")) {
        continue;
      }
      int end = Integer.parseInt(event.id().substring(event.id().lastIndexOf(':') + 1));
      while (chars < end) {
        chars += pieces.get(next).text().length();
        next++;
      }
      if (isFirst) {
        isFirst = false;
        times.firsts.add(firstNanos(seen, event, call, pieces) - (long) (retrievalMillis * MILLI));
      } else {
        times.tokens.add(event.atNanos() - pieces.get(next - 1).atNanos());
      }
    }
  }

  private void measureDirect(Seen seen, Map<String, ProxiedCall> calls, Times times) {
    ProxiedCall call = calls.get(seen.asked());
    if (call == null) {
      problems.add("no proxy has recorded this call");
      return;
    }
    List<Piece> pieces = call.pieces();
    times.firsts.add(firstNanos(seen, seen.events().getFirst(), call, pieces));
    for (int i = 1; i < pieces.size() - 1; i++) { // the last line has no text
      times.tokens.add(seen.events().get(i).atNanos() - pieces.get(i).atNanos());
    }
  }

  private static long firstNanos(Seen seen, Event first, ProxiedCall call, List<Piece> pieces) {
    long backendNanos = pieces.getFirst().atNanos() - call.atNanos();
    return first.atNanos() - seen.sentNanos() - backendNanos;
  }

  private interface Asker {
    void ask(String what, Consumer<Event> onEvent) throws IOException;
  }
}
