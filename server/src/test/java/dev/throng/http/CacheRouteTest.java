package dev.throng.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.throng.catalog.InvalidationTarget;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The cache from the operators' point of view. */
final class CacheRouteTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String LEAVE = "{\"query\": \"How many days of leave?\"}";

  private final HttpBench bench;

  CacheRouteTest(@TempDir Path folder) {
    bench = new HttpBench(folder);
    bench.corpus().writeAndPublish("leave.md", "There are thirty days of leave.");
  }

  @AfterEach
  void close() {
    bench.close();
  }

  private HttpResponse<String> send(HttpRequest.Builder request) {
    return bench.send(
        request
            .header("Authorization", "Bearer " + HttpBench.ADMIN_TOKEN)
            .header("Content-Type", "application/json"));
  }

  private HttpResponse<String> post(String path, String body) {
    return send(bench.request(path).POST(BodyPublishers.ofString(body)));
  }

  private static JsonNode json(HttpResponse<String> response) {
    assertEquals(200, response.statusCode(), response.body());
    try {
      return JSON.readTree(response.body());
    } catch (JsonProcessingException e) {
      throw new AssertionError(response.body(), e);
    }
  }

  private JsonNode ask() {
    return json(bench.post("/query", LEAVE));
  }

  private JsonNode invalidate(String body) {
    return json(post("/admin/cache/invalidate", body));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"all\": true} | all",
        "{\"collection\": \"default\"} | collection",
        "{\"collection\": \"default\", \"document\": \"leave.md\"} | document",
        "{\"query\": \"How many days of  leave?\"} | question"
      })
  void invalidatedAnswersAreGeneratedAgain(String body, String scope) {
    JsonNode before = ask();
    assertTrue(ask().path("cached").booleanValue());
    JsonNode done = invalidate(body);
    assertEquals(scope, done.path("scope").textValue(), done::toString);
    assertEquals(1, done.path("tiers").path(0).path("forgotten").intValue(), done::toString);
    assertEquals("default", done.path("collections").path(0).path("name").textValue());
    JsonNode after = ask();
    assertFalse(after.path("cached").booleanValue());
    assertNotEquals(before.path("answer_id"), after.path("answer_id"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{} | 400 | collection",
        "{\"all\": false} | 400 | collection",
        "{\"all\": true, \"collection\": \"default\"} | 400 | exactly one",
        "{\"document\": \"leave.md\"} | 400 | collection",
        "{\"collection\": \"default\", \"document\": \"no.md\"} | 400 | no.md",
        "{\"collection\": \"nope\"} | 404 | nope",
        "{\"query\": \"x\", \"all\": true} | 400 | all",
        "{\"query\": \" \"} | 400 | blank"
      })
  void invalidationTargetMustBeUnambiguous(String body, int status, String word) {
    HttpResponse<String> refused = post("/admin/cache/invalidate", body);
    assertEquals(status, refused.statusCode(), refused.body());
    assertTrue(refused.body().contains(word), refused.body());
  }

  @Test
  void onlyOperatorsMayUseTheCacheRoutes() {
    assertEquals(401, bench.get("/admin/cache/stats").statusCode());
    assertEquals(401, bench.post("/admin/cache/inspect", LEAVE).statusCode());
    assertEquals(401, bench.post("/admin/cache/invalidate", "{\"all\": true}").statusCode());
  }

  @Test
  void statsShowTheTiersActivity() {
    ask();
    ask();
    JsonNode stats = json(send(bench.request("/admin/cache/stats").GET()));
    JsonNode process = stats.path("tiers").path(0);
    assertEquals("process", process.path("tier").textValue());
    assertEquals(1, process.path("entries").intValue());
    assertEquals(0.5, process.path("hit_rate").doubleValue());
    assertEquals(1, stats.path("tiers").size());
    assertEquals(0, stats.path("flights").intValue());
  }

  @Test
  void inspectionShowsTheEntry() {
    JsonNode asked = ask();
    JsonNode found = json(post("/admin/cache/inspect", LEAVE));
    assertEquals("hit", found.path("outcome").textValue(), found::toString);
    JsonNode process = found.path("tiers").path(0);
    assertEquals("current", process.path("reason").textValue());
    assertEquals(asked.path("answer_id"), process.path("answer_id"));
    assertEquals(found.path("fingerprint"), process.path("fingerprint"));
    assertEquals("leave.md", process.path("documents").path(0).textValue());
    assertTrue(process.path("age").doubleValue() < 60, found::toString);
    bench.corpus().catalog().invalidation().of(new InvalidationTarget.All());
    JsonNode later = json(post("/admin/cache/inspect", LEAVE));
    assertEquals("generated", later.path("outcome").textValue(), later::toString);
    assertEquals("invalidated", later.path("tiers").path(0).path("reason").textValue());
    assertFalse(later.path("stale_possible").booleanValue());
    assertNotEquals(found.path("fingerprint"), later.path("fingerprint"));
  }
}
