package dev.throng.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.throng.core.Metadata;
import java.math.BigDecimal;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Filters on their way from the request to the documents, and in the cache. */
final class FilteredQuestionsTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpBench bench;

  FilteredQuestionsTest(@TempDir Path folder) {
    bench = new HttpBench(folder);
    write("hr/leave.md", "Thirty days of leave for everybody.", "hr", 2025, "2025-03-01T12:00:00Z");
    write("hr/old.md", "Twenty days of leave, long ago.", "hr", 1990, "1990-01-01T00:00:00Z");
    write("legal/leave.md", "Leave of lawyers is a right.", "legal", 2025, "2025-06-01T00:00:00Z");
    bench.corpus().write("notes.txt", "Leave it to me.");
    bench.corpus().publish();
  }

  private void write(String uri, String text, String department, int year, String modified) {
    Metadata metadata =
        new Metadata(
            Map.of(
                "department", new Metadata.Text(department),
                "year", new Metadata.Numeric(BigDecimal.valueOf(year))));
    bench.corpus().write(uri, text, metadata, Instant.parse(modified));
  }

  @AfterEach
  void close() {
    bench.close();
  }

  private HttpResponse<String> post(String path, String filter) {
    return bench.post(
        path,
        "{\"query\": \"How many days of leave?\", \"filter\": %s}"
            .formatted(filter.replace('\'', '"')));
  }

  private static JsonNode json(HttpResponse<String> response) {
    assertEquals(200, response.statusCode(), response.body());
    try {
      return JSON.readTree(response.body());
    } catch (JsonProcessingException e) {
      throw new AssertionError(response.body(), e);
    }
  }

  private static Set<String> uris(JsonNode passages) {
    Set<String> uris = new TreeSet<>();
    passages.forEach(passage -> uris.add(passage.path("uri").asText()));
    return uris;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{} | hr/leave.md hr/old.md legal/leave.md notes.txt",
        "{'department': 'hr'} | hr/leave.md hr/old.md",
        "{'department': 'hr', 'range': {'year': {'gte': 2000}}} | hr/leave.md",
        "{'modified_at': {'gte': '2025-01-01'}} | hr/leave.md legal/leave.md",
        "{'not': {'in': {'department': ['hr', 'legal']}}} | notes.txt",
        "{'or': [{'format': 'txt'}, {'prefix': {'uri': 'legal/'}}]} | legal/leave.md notes.txt",
        "{'department': 'absent'} | ``",
      })
  void searchAndAnswersUseOnlyAdmittedDocuments(String filter, String uris) {
    Set<String> expected = new TreeSet<>(Set.of(uris.split(" ")));
    expected.remove("");
    assertEquals(expected, uris(json(post("/search", filter)).path("results")));
    assertEquals(expected, uris(json(post("/query", filter)).path("sources")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"/search", "/query"})
  void invalidFilterIsReportedWithItsLocation(String path) {
    HttpResponse<String> response =
        post(path, "{'and': [{'department': 'hr'}, {'range': {'year': 'x'}}]}");
    assertEquals(400, response.statusCode());
    assertTrue(response.body().contains("invalid_field"), response.body());
    assertTrue(response.body().contains("filter.and[1].range.year: \\\"x\\\""), response.body());
  }

  @Test
  void eachFilterHasItsAnswerWhichReorderedFiltersShare() {
    JsonNode hr = json(post("/query", "{'department': 'hr', 'year': {'gte': 2000, 'lt': 2100}}"));
    JsonNode same =
        json(
            post(
                "/query",
                "{'and': [{'range': {'year': {'lt': 2100.0, 'gte': 2000}}},"
                    + " {'eq': {'department': 'hr'}}]}"));
    assertTrue(same.path("cached").booleanValue());
    assertEquals(hr.path("answer_id"), same.path("answer_id"));
    JsonNode legal = json(post("/query", "{'department': 'legal'}"));
    assertFalse(legal.path("cached").booleanValue());
    assertNotEquals(hr.path("answer_id"), legal.path("answer_id"));
    JsonNode all = json(post("/query", "{}"));
    assertFalse(all.path("cached").booleanValue());
  }

  /** After a publish, a cached answer is checked again with the filter of its request. */
  @Test
  void documentThatNoLongerMatchesTheFilterLeavesTheAnswer() {
    String filter = "{'department': 'hr', 'year': 2025}";
    assertEquals(Set.of("hr/leave.md"), uris(json(post("/query", filter)).path("sources")));
    bench.corpus().writeAndPublish("elsewhere.md", "Something else.");
    JsonNode revalidated = json(post("/query", filter));
    assertTrue(
        revalidated.path("cached").booleanValue(), "the current documents lead to the same answer");
    write("hr/leave.md", "Thirty days of leave for everybody.", "it", 2025, "2025-03-01T12:00:00Z");
    bench.corpus().publish();
    assertEquals(Set.of(), uris(json(post("/query", filter)).path("sources")));
    assertEquals(
        Set.of("hr/leave.md"), uris(json(post("/query", "{'department': 'it'}")).path("sources")));
  }
}
