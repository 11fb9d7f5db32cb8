package dev.throng.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.throng.backend.Generator.Completion;
import dev.throng.core.Answer.FinishReason;
import dev.throng.core.ErrorCode;
import dev.throng.core.ThrongException;
import dev.throng.core.TokenCount;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What /metrics says about requests. */
@Timeout(180)
final class MetricsTest extends OneServer {
  private static final String REQUESTS = "throng_http_request_duration_seconds_count";
  private static final String ERRORS = "throng_errors_total";
  private static final Pattern LABEL = Pattern.compile("(\\w+)=\"([^\"]*)\"");

  MetricsTest(@TempDir Path folder) {
    super(folder);
  }

  private List<String> series() {
    return bench().get("/metrics").body().lines().filter(line -> !line.startsWith("#")).toList();
  }

  /** Returns the sum of all series of a name whose labels contain a text. */
  private double sum(String name, String labels) {
    return series().stream()
        .filter(line -> line.startsWith(name + "{") || line.startsWith(name + " "))
        .filter(line -> line.contains(labels))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }

  @Test
  void requestsAreTimedByRouteAndClassOfStatus() {
    String label = "method=\"POST\",route=\"/query\",status=\"";
    double answeredBefore = sum(REQUESTS, label + "2xx");
    double failedBefore = sum(REQUESTS, label + "4xx");
    bench().post("/query", LEAVE);
    bench().post("/query", LEAVE);
    bench().post("/query", "{");
    assertEquals(answeredBefore + 2, sum(REQUESTS, label + "2xx"));
    assertEquals(failedBefore + 1, sum(REQUESTS, label + "4xx"));
  }

  @Test
  void whatClientsChooseMakesNoNewSeries() {
    sendWhatClientsChoose(0);
    List<String> before = names();
    for (int i = 1; i < 50; i++) {
      sendWhatClientsChoose(i);
    }
    assertEquals(before, names());
    Set<String> values = new TreeSet<>();
    LABEL.matcher(String.join("\n", series())).results().forEach(m -> values.add(m.group(2)));
    assertTrue(values.stream().noneMatch(value -> value.matches("METHOD.*|/jobs/\\d+|c\\d+")));
  }

  private void sendWhatClientsChoose(int i) {
    bench().get("/nothing/" + i);
    bench().get("/jobs/" + i);
    bench().get("/collections/c" + i + "/documents");
    bench().send(bench().request("/query").method("METHOD" + i, BodyPublishers.noBody()));
    bench().send(bench().request("/x").method("OTHER" + i, BodyPublishers.noBody()));
    bench().post("/query", "{\"query\": \"leave\", \"collection\": \"c" + i + "\"}");
  }

  /** Returns the server's own series, with their labels. Those of the JVM come with its events. */
  private List<String> names() {
    return series().stream()
        .filter(line -> line.startsWith("throng_"))
        .map(line -> line.substring(0, line.lastIndexOf(' ')))
        .toList();
  }

  @Test
  void failuresAreCountedByCodeInStreamsToo() {
    double blankBefore = sum(ERRORS, "code=\"query_blank\"");
    double unreachableBefore = sum(ERRORS, "code=\"backend_protocol\"");
    bench().post("/query", "{\"query\": \" \"}");
    bench()
        .generator()
        .does((prompt, sink) -> {
          sink.append("The beginning of an answer");
          throw new ThrongException(ErrorCode.BACKEND_PROTOCOL, "cut off");
        });
    assertTrue(
        bench()
            .post("/query", "{\"query\": \"How many days?\", \"stream\": true}")
            .body()
            .contains("event: error"));
    assertEquals(blankBefore + 1, sum(ERRORS, "code=\"query_blank\""));
    assertEquals(unreachableBefore + 1, sum(ERRORS, "code=\"backend_protocol\""));
    assertEquals(0, sum(ERRORS, "code=\"internal\""), "all codes are there before they happen");
  }

  @Test
  void answerThatIsGivenAgainSavesItsTokens() {
    double before = sum("throng_model_tokens_saved_total", "kind=\"prompt\"");
    double generatedBefore = sum("throng_generations_total", "finish_reason=\"stop\"");
    bench()
        .generator()
        .does((prompt, sink) -> {
          sink.append("Thirty days [1].");
          return new Completion(FinishReason.STOP, new TokenCount(250, 6));
        });
    bench().post("/query", LEAVE);
    bench().post("/query", LEAVE);
    bench().post("/query", LEAVE);
    assertEquals(before + 500, sum("throng_model_tokens_saved_total", "kind=\"prompt\""));
    assertEquals(generatedBefore + 1, sum("throng_generations_total", "finish_reason=\"stop\""));
  }

  @Test
  void generationIsNotPartOfTheServersOwnTime() throws InterruptedException {
    double ownBefore = sum("throng_question_own_seconds_sum", "");
    double allBefore = sum("throng_question_duration_seconds_sum", "outcome=\"generated\"");
    bench()
        .generator()
        .does((prompt, sink) -> {
          Thread.sleep(600);
          sink.append("Thirty days [1].");
          return new Completion(FinishReason.STOP, TokenCount.ofText(6));
        });
    bench().post("/query", LEAVE);
    double all = sum("throng_question_duration_seconds_sum", "outcome=\"generated\"") - allBefore;
    double own = sum("throng_question_own_seconds_sum", "") - ownBefore;
    assertTrue(all >= 0.6, all + " s");
    assertTrue(own <= all - 0.6, own + " s");
  }
}
