package dev.throng.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.throng.catalog.DocumentIds;
import dev.throng.core.ErrorCode;
import dev.throng.fixtures.TestCorpus;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** POST /feedback, its deletion, and its list. */
@Timeout(180)
final class FeedbackTest extends OneServer {
  FeedbackTest(@TempDir Path folder) {
    super(folder);
  }

  @AfterEach
  void deleteAll() {
    for (JsonNode entry : list()) {
      delete(entry.path("id").asText());
    }
  }

  private JsonNode list() {
    return HttpBench.json(200, bench().send(bench().asOperator("/admin/feedback").GET()))
        .path("feedback");
  }

  private HttpResponse<String> delete(String id) {
    return bench().send(bench().request("/feedback/" + id).DELETE());
  }

  private HttpResponse<String> rate(String json) {
    return bench().post("/feedback", json);
  }

  @Test
  void userRatesAnAnswerAndTakesItBack() {
    JsonNode answer = json(bench().post("/query", LEAVE).body());
    String document = answer.path("sources").path(0).path("document_id").asText();
    JsonNode said =
        HttpBench.json(
            201,
            rate(
                """
                {"answer_id": "%s", "rating": "up", "query": "How many days of leave?",
                 "comment": " It's right. ", "documents": ["%s"], "helpful": ["%s"]}
                """
                    .formatted(answer.path("answer_id").asText(), document, document)));
    JsonNode entry = list().path(0);
    assertEquals(said.path("id").asText(), entry.path("id").asText());
    assertEquals("up", entry.path("rating").asText());
    assertEquals("How many days of leave?", entry.path("query").asText());
    assertEquals("It's right.", entry.path("comment").asText());
    assertEquals("leave.md", entry.path("helpful").path(0).asText());
    assertEquals(200, delete(said.path("id").asText()).statusCode());
    assertEquals(0, list().size());
    assertProblem(ErrorCode.UNKNOWN_FEEDBACK, delete(said.path("id").asText()), "feedback");
  }

  @Test
  void ratingsAreCounted() {
    rate("{\"answer_id\": \"a\", \"rating\": \"down\"}");
    String metrics = bench().get("/metrics").body();
    assertTrue(metrics.contains("throng_feedback_total{rating=\"down\"}"), metrics);
    assertTrue(
        metrics
            .lines()
            .noneMatch(line -> line.equals("throng_feedback_total{rating=\"down\"} 0.0")));
  }

  @Test
  void documentThatIsGoneIsLeftOut() {
    assertEquals(
        201,
        rate("{\"answer_id\": \"a\", \"rating\": \"up\", \"documents\": [\"dgone\"]}")
            .statusCode());
    assertEquals(0, list().path(0).path("documents").size());
  }

  @Test
  void purgeDeletesWhatMayQuoteADeletedDocument() {
    bench().corpus().writeAndPublish("vault.md", "The vault is opened with a golden key.");
    String leave = DocumentIds.of(TestCorpus.REF, "leave.md");
    String vault = DocumentIds.of(TestCorpus.REF, "vault.md");
    rate("{\"answer_id\": \"a\", \"rating\": \"up\", \"documents\": [\"%s\"]}".formatted(leave));
    rate(
        "{\"answer_id\": \"b\", \"rating\": \"up\", \"documents\": [\"%s\", \"%s\"]}"
            .formatted(leave, vault));
    purge();
    assertEquals(2, list().size(), "both documents are live");
    String path = "/collections/default/documents/" + vault;
    HttpBench.json(200, bench().send(bench().request(path).DELETE()));
    assertTrue(purge().contains("\"feedback\",\"removed\":1"));
    assertEquals("a", list().path(0).path("answer_id").asText());
    assertEquals(1, list().size());
  }

  @Test
  void helpfulDocumentIsOneThatTheAnswerWasMadeFrom() {
    String leave = DocumentIds.of(TestCorpus.REF, "leave.md");
    rate("{\"answer_id\": \"a\", \"rating\": \"up\", \"helpful\": [\"%s\"]}".formatted(leave));
    rate(
        "{\"answer_id\": \"b\", \"rating\": \"up\", \"documents\": [\"%s\", \"dgone\"]}"
            .formatted(leave));
    assertEquals("leave.md", list().path(1).path("documents").path(0).asText());
    assertTrue(purge().contains("\"feedback\",\"removed\":1"));
    assertEquals("a", list().path(0).path("answer_id").asText());
  }

  private String purge() {
    return HttpBench.json(200, bench().send(bench().asOperator("/admin/purge", "{}"))).toString();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      textBlock =
          """
          invalid_field      | answer_id  | {"rating": "up"}
          invalid_field      | answer_id  | {"answer_id": "not an id!", "rating": "up"}
          invalid_field      | rating     | {"answer_id": "a"}
          invalid_field      | rating     | {"answer_id": "a", "rating": "5 stars"}
          invalid_field      | documents  | {"answer_id": "a", "rating": "up", "documents": ["a b"]}
          invalid_field      | helpful    | {"answer_id": "a", "rating": "up", "helpful": "d"}
          unknown_field      | stars      | {"answer_id": "a", "rating": "up", "stars": 5}
          unknown_collection | missing    | {"answer_id": "a", "rating": "up", "collection": "missing"}
          malformed_json     | JSON       | {
          """)
  void badInputGetsAPreciseError(String code, String word, String body) {
    HttpResponse<String> response = rate(body);
    assertProblem(ErrorCode.of(code).orElseThrow(), response, word);
    assertEquals(0, list().size());
  }

  @Test
  void longCommentIsRefused() {
    String body =
        "{\"answer_id\": \"a\", \"rating\": \"up\", \"comment\": \"%s\"}"
            .formatted("x".repeat(2_001));
    assertProblem(ErrorCode.INVALID_FIELD, rate(body), "2001 characters");
  }

  @Test
  void onlyOperatorsReadWhatUsersSay() {
    assertEquals(401, bench().get("/admin/feedback").statusCode());
  }
}
