package dev.throng.bench.drill;

import com.fasterxml.jackson.databind.JsonNode;
import dev.throng.bench.rig.BackendProxy;
import dev.throng.bench.rig.ProxiedCall;
import dev.throng.bench.rig.QueryConnection;
import dev.throng.bench.rig.QueryConnection.Event;
import dev.throng.bench.rig.Questions;
import dev.throng.ollamasim.SimSettings;
import dev.throng.ollamasim.SimSettings.AnswerLength;
import dev.throng.ollamasim.SimSettings.Rates;
import dev.throng.ollamasim.SimulatedText;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A crowd of clients, each with its own question and an open event stream, at one server with a
 * small heap. The backends are simulated, so every answer is compared with the expected one, except
 * for citations: the server checks them and removes those without a passage in the prompt.
 */
public final class CrowdDrill {
  private static final int BACKENDS = 3;
  private static final AnswerLength LENGTH = new AnswerLength(170, 0.1, 150, 250);
  private static final Pattern CITATION = Pattern.compile(" ?\\[[0-9, ]+]");
  private static final int SHOWN = 5;

  /**
   * The parameters.
   *
   * @param slots of each of the three backends
   * @param tokensPerSecond of each stream
   * @param ramp time in which the clients arrive; all are there before the first answer can be
   *     complete
   * @param heapMegabytes heap of the server
   */
  public record Plan(
      int clients,
      int slots,
      double tokensPerSecond,
      Duration ramp,
      int heapMegabytes,
      Path documents) {}

  /**
   * The results.
   *
   * @param equal answers that are identical to the backend's text
   * @param mostOpen most simultaneous event streams
   * @param mostInFlight most simultaneous generations at each backend
   * @param peakHeapBytes of the server
   * @param problems the first few answers that failed or differ
   */
  public record Result(
      Plan plan,
      int complete,
      int equal,
      int mostOpen,
      List<Integer> mostInFlight,
      long peakHeapBytes,
      long peakResidentBytes,
      double seconds,
      List<String> problems) {
    public boolean isGood() {
      return complete == plan.clients()
          && equal == plan.clients()
          && mostOpen == plan.clients()
          && mostInFlight.stream().allMatch(most -> most <= plan.slots());
    }
  }

  private final Plan plan;
  private final Map<Integer, String> answers = new ConcurrentHashMap<>();
  private final ConcurrentLinkedQueue<String> problems = new ConcurrentLinkedQueue<>();
  private final AtomicInteger open = new AtomicInteger();
  private final AtomicInteger mostOpen = new AtomicInteger();

  public CrowdDrill(Plan plan) {
    this.plan = plan;
  }

  /** Runs the drill to its end. */
  public Result run() throws IOException, InterruptedException {
    SimSettings simulated =
        SimSettings.instant()
            .withSlots(plan.slots())
            .withRates(new Rates(50_000, plan.tokensPerSecond(), 0, 0))
            .withAnswers(LENGTH);
    List<String> questions = Questions.texts(plan.clients());
    try (SimulatedSite site =
        SimulatedSite.start(
            simulated,
            BACKENDS,
            Map.of("THRONG_ADMISSION_LADDER", "shed"),
            List.of("-Xmx" + plan.heapMegabytes() + "m"),
            plan.documents())) {
      long start = System.nanoTime();
      CountDownLatch done = new CountDownLatch(questions.size());
      for (int i = 0; i < questions.size(); i++) {
        int number = i;
        Thread.ofVirtual()
            .name("crowd-" + i)
            .start(() -> {
              ask(site, number, questions.get(number));
              done.countDown();
            });
        TimeUnit.NANOSECONDS.sleep(plan.ramp().toNanos() / questions.size());
      }
      done.await();
      double seconds = (System.nanoTime() - start) / 1e9;
      return result(site, questions, seconds);
    }
  }

  private void ask(SimulatedSite site, int number, String question) {
    StringBuilder tokens = new StringBuilder();
    AtomicReference<@Nullable Event> last = new AtomicReference<>();
    String body = Questions.body(question, true);
    mostOpen.accumulateAndGet(open.incrementAndGet(), Math::max);
    try (QueryConnection connection = new QueryConnection(site.url())) {
      QueryConnection.Response response =
          connection.post(
              "/query",
              body,
              event -> {
                if (event.name().equals("token")) {
                  tokens.append(event.json().path("text").asText());
                }
                last.set(event);
              });
      Event end = last.get();
      if (end == null || !end.name().equals("done")) {
        problems.add(
            "client %d: %s %s %s".formatted(number, response.status(), end, response.body()));
        return;
      }
      JsonNode answer = end.json();
      if (!answer.path("response").asText().contentEquals(tokens)) {
        problems.add(
            "client %d: its tokens differ from the response: %s".formatted(number, tokens));
      } else if (!answer.path("finish_reason").asText().equals("stop")) {
        problems.add("client %d: %s".formatted(number, end.data()));
      } else {
        answers.put(number, tokens.toString());
      }
    } catch (IOException e) {
      problems.add("client %d: %s after \"%s\"".formatted(number, e, tokens));
    } finally {
      open.decrementAndGet();
    }
  }

  private Result result(SimulatedSite site, List<String> questions, double seconds)
      throws IOException, InterruptedException {
    Map<String, String> written = new HashMap<>();
    for (ProxiedCall call : site.calls()) {
      String prompt = call.prompt();
      if (prompt.contains(ChatMl.ASKED)) { // otherwise it is a probe
        written.put(ChatMl.question(prompt), SimulatedText.answerTo(prompt, LENGTH));
      }
    }
    int equal = 0;
    for (Map.Entry<Integer, String> answer : answers.entrySet()) {
      String expected = written.getOrDefault(questions.get(answer.getKey()), "");
      if (uncited(answer.getValue()).equals(uncited(expected))) {
        equal++;
      } else {
        problems.add(
            "client %d: \"%s\" (expected: \"%s\")"
                .formatted(answer.getKey(), answer.getValue(), expected));
      }
    }
    return new Result(
        plan,
        answers.size(),
        equal,
        mostOpen.get(),
        site.proxies().stream().map(BackendProxy::mostInFlight).toList(),
        site.server().peakHeapBytes(),
        site.server().peakResidentBytes(),
        seconds,
        problems.stream().limit(SHOWN).toList());
  }

  private static String uncited(String text) {
    return CITATION.matcher(text).replaceAll("");
  }
}
