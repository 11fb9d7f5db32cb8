package dev.throng.http;

import static dev.throng.http.HttpBench.json;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.throng.fixtures.Await;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Documents over HTTP: uploaded, tracked, replaced, deleted. */
final class DocumentsTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String DOCUMENTS = "/collections/default/documents";
  private static final String BOUNDARY = "----form7c1";

  private final Path folder;
  private final HttpBench bench;

  DocumentsTest(@TempDir Path folder) {
    this.folder = folder;
    bench = new HttpBench(folder, "ingest.publish_interval", "0s", "ingest.max_file_bytes", "4KiB");
  }

  @AfterEach
  void close() {
    bench.close();
  }

  private static String text(String uri, String text) {
    return JSON.createObjectNode().put("uri", uri).put("text", text).toString();
  }

  private JsonNode sendText(String uri, String text) {
    return json(202, bench.post(DOCUMENTS, text(uri, text))).path("jobs").get(0);
  }

  /** The job when it has ended. */
  private JsonNode ended(JsonNode job) {
    String path = "/jobs/" + job.path("id").asText();
    JsonNode[] last = {job};
    Await.until(
        "the end of " + job,
        () -> {
          last[0] = json(200, bench.get(path));
          return List.of("done", "failed", "cancelled").contains(last[0].path("state").asText());
        });
    return last[0];
  }

  private JsonNode done(JsonNode job) {
    JsonNode end = ended(job);
    assertEquals("done", end.path("state").asText(), end.toString());
    return end;
  }

  private String found(String question) {
    return json(200, bench.post("/search", "{\"query\": \"" + question + "\"}"))
        .path("results")
        .toString();
  }

  private HttpRequest.Builder form(String... namesAndTexts) {
    StringBuilder body = new StringBuilder();
    for (int i = 0; i < namesAndTexts.length; i += 2) {
      body.append(
              "--" + BOUNDARY + "\r\nContent-Disposition: form-data; name=\"file\"; filename=\"")
          .append(namesAndTexts[i])
          .append("\"\r\nContent-Type: application/octet-stream\r\n\r\n")
          .append(namesAndTexts[i + 1])
          .append("\r\n");
    }
    body.append("--" + BOUNDARY + "--\r\n");
    return bench
        .request(DOCUMENTS)
        .header("Content-Type", "multipart/form-data; boundary=" + BOUNDARY)
        .POST(BodyPublishers.ofString(body.toString()));
  }

  private long originals() throws IOException {
    Path originals = folder.resolve("originals");
    if (!Files.isDirectory(originals)) {
      return 0;
    }
    try (var files = Files.list(originals)) {
      return files.count();
    }
  }

  @Test
  void uploadedTextIsFoundAndShown() {
    JsonNode end = done(sendText("notes/parking", "Parking is behind the gasworks."));
    assertEquals(1, end.path("chunks_done").asInt());
    assertTrue(found("where is parking").contains("gasworks"));
    JsonNode list = json(200, bench.get(DOCUMENTS));
    assertEquals(1, list.path("total").asInt());
    JsonNode document = list.path("documents").get(0);
    assertEquals("notes/parking", document.path("uri").asText());
    JsonNode one = json(200, bench.get(DOCUMENTS + "/" + document.path("id").asText()));
    assertEquals("parking", one.path("title").asText());
    assertEquals(31, one.path("bytes").asInt());
    assertTrue(one.path("original_kept").asBoolean());
    assertEquals(
        "default",
        json(200, bench.get("/collections")).path("collections").get(0).path("name").asText());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "a\\u0000b", "\\ud800", "a\\nb"})
  void documentsNeedAStorableUri(String uri) {
    String answer = bench.post(DOCUMENTS, "{\"uri\": \"" + uri + "\", \"text\": \"x\"}").body();
    assertTrue(answer.contains("invalid_field"), answer);
  }

  @Test
  void sameTextInAnotherFormatIsParsedAgain() {
    String text = "{\"uri\": \"a\", \"text\": \"<b>Parking</b> is dear.\", \"format\": \"%s\"}";
    done(json(202, bench.post(DOCUMENTS, text.formatted("text"))).path("jobs").get(0));
    assertTrue(found("parking").contains("<b>"));
    done(json(202, bench.post(DOCUMENTS, text.formatted("html"))).path("jobs").get(0));
    assertFalse(found("parking").contains("<b>"), found("parking"));
  }

  @Test
  void eachFileOfAFormBecomesADocument() {
    HttpResponse<String> response =
        bench.send(form("a.md", "# Alpha\n\nAbout lamps.", "b/ü.txt", "About bicycles."));
    JsonNode jobs = json(202, response).path("jobs");
    assertEquals(2, jobs.size());
    jobs.forEach(this::done);
    JsonNode list = json(200, bench.get(DOCUMENTS + "?limit=1"));
    assertEquals("a.md", list.path("documents").get(0).path("uri").asText());
    JsonNode rest =
        json(200, bench.get(DOCUMENTS + "?limit=1&after=" + list.path("next").asText()));
    assertEquals("a.md", list.path("next").asText());
    assertEquals("b/ü.txt", rest.path("documents").get(0).path("uri").asText());
    assertTrue(rest.path("next").isMissingNode());
  }

  @Test
  void sameContentAgainChangesNothing() {
    done(sendText("a", "The canteen opens at noon."));
    int embedded = bench.corpus().documentsEmbedded();
    long epoch = bench.corpus().state().epoch();
    assertEquals(
        "unchanged", done(sendText("a", "The canteen opens at noon.")).path("detail").asText());
    assertEquals(embedded, bench.corpus().documentsEmbedded());
    assertEquals(epoch, bench.corpus().state().epoch());
  }

  @Test
  void newContentReplacesTheOldOne() {
    done(sendText("a", "The canteen opens at noon."));
    done(sendText("a", "The canteen opens at eleven."));
    assertFalse(found("when does the canteen open").contains("noon"));
    JsonNode document = json(200, bench.get(DOCUMENTS)).path("documents").get(0);
    HttpRequest.Builder put =
        bench
            .request(DOCUMENTS + "/" + document.path("id").asText())
            .header("Content-Type", "text/markdown")
            .PUT(BodyPublishers.ofString("The canteen opens at **ten**."));
    done(json(202, bench.send(put)).path("jobs").get(0));
    assertTrue(found("when does the canteen open").contains("ten"));
    assertEquals(1, json(200, bench.get(DOCUMENTS)).path("total").asInt());
  }

  @Test
  void deletedDocumentIsGoneOnceTheResponseArrives() {
    done(sendText("a", "The canteen opens at noon."));
    String id = json(200, bench.get(DOCUMENTS)).path("documents").get(0).path("id").asText();
    HttpRequest.Builder delete = bench.request(DOCUMENTS + "/" + id).DELETE();
    json(200, bench.send(delete));
    assertFalse(found("when does the canteen open").contains("noon"));
    JsonNode gone = json(404, bench.send(delete));
    assertTrue(gone.toString().contains("unknown_document"), gone.toString());
  }

  @Test
  void sameIdempotencyKeyGivesTheSameJob() throws IOException {
    HttpRequest.Builder request =
        bench
            .request(DOCUMENTS)
            .header("Content-Type", "application/json")
            .header("Idempotency-Key", "k1");
    String body = text("a", "The canteen opens at noon.");
    JsonNode first = json(202, bench.send(request.POST(BodyPublishers.ofString(body))));
    done(first.path("jobs").get(0));
    JsonNode again = json(202, bench.send(request.POST(BodyPublishers.ofString(body))));
    assertEquals(first.path("jobs").get(0).path("id"), again.path("jobs").get(0).path("id"));
    assertEquals(1, originals());
    String other = text("a", "The canteen opens at one.");
    JsonNode refused = json(409, bench.send(request.POST(BodyPublishers.ofString(other))));
    assertTrue(refused.toString().contains("idempotency_conflict"));
    assertEquals(1, originals(), "a refused upload is not kept");
  }

  @Test
  void failedDocumentReportsTheReasonAndCanBeRetried() {
    JsonNode end = ended(sendText("a", "   "));
    assertEquals("failed", end.path("state").asText());
    assertEquals("document_empty", end.path("error").path("code").asText());
    assertFalse(end.path("error").path("remedy").asText().isEmpty());
    String path = "/jobs/" + end.path("id").asText();
    JsonNode retried =
        json(200, bench.send(bench.request(path + "/retry").POST(BodyPublishers.noBody())));
    assertNotEquals("cancelled", retried.path("state").asText());
    assertEquals("failed", ended(end).path("state").asText());
    JsonNode failed = json(200, bench.get("/jobs?state=failed&collection=default"));
    assertEquals(1, failed.path("jobs").size());
    assertEquals(0, json(200, bench.get("/jobs?state=open")).path("jobs").size());
  }

  @Test
  void eventsEndWithTheJob() {
    JsonNode job = sendText("a", "The canteen opens at noon.");
    String events = bench.get("/jobs/" + job.path("id").asText() + "/events").body();
    assertTrue(events.contains("event: end"), events);
    assertTrue(events.contains("\"state\":\"done\""), events);
  }

  @Test
  void badRequestsAreRefusedAndNothingIsKept() throws IOException {
    json(400, bench.post(DOCUMENTS, "{\"uri\": \"a\"}"));
    json(400, bench.post(DOCUMENTS, "{\"uri\": \"\", \"text\": \"x\"}"));
    json(400, bench.post(DOCUMENTS, "{\"uri\": \"a\", \"text\": \"x\", \"colour\": 1}"));
    json(400, bench.post("/collections/-bad/documents", text("a", "b")));
    json(400, bench.get(DOCUMENTS + "?page=2"));
    json(400, bench.get("/jobs?state=lost"));
    json(404, bench.get("/jobs/nothing"));
    json(404, bench.get("/collections/nowhere/documents"));
    json(415, bench.send(bench.request(DOCUMENTS).POST(BodyPublishers.ofString("x"))));
    json(413, bench.send(form("a.txt", "fits", "b.txt", "x".repeat(5_000))));
    json(400, bench.send(form()));
    json(405, bench.send(bench.request(DOCUMENTS).DELETE()));
    HttpRequest.Builder crossSite =
        form("a.txt", "from elsewhere").header("Sec-Fetch-Site", "cross-site");
    assertTrue(json(403, bench.send(crossSite)).toString().contains("cross_site"));
    assertEquals(0, originals());
    assertEquals(0, json(200, bench.get("/jobs")).path("jobs").size());
  }

  @Test
  void onlyOperatorsMayIngestAFolderAsAJob() throws IOException {
    Path docs = Files.createDirectory(folder.resolve("docs"));
    Files.writeString(docs.resolve("a.txt"), "About lamps.");
    Files.writeString(docs.resolve("b.txt"), "");
    String body = JSON.createObjectNode().put("path", docs.toString()).toString();
    HttpRequest.Builder request =
        bench
            .request("/collections/default/sync")
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body));
    json(401, bench.send(request));
    JsonNode job =
        json(202, bench.send(request.header("Authorization", "Bearer " + HttpBench.ADMIN_TOKEN)));
    JsonNode end = done(job);
    assertEquals(
        "1 added, 0 changed, 0 removed, 0 unchanged, 1 not read: b.txt (document_empty)",
        end.path("detail").asText());
    assertTrue(found("lamps").contains("lamps"));
  }

  @Test
  void operatorsBuildAnotherIndexAndRollBack() {
    done(sendText("a.md", "Alpha is about parking."));
    assertEquals(401, bench.post("/admin/reindex", "{}").statusCode());
    assertEquals(401, bench.get("/admin/reindex").statusCode());
    JsonNode started =
        json(202, bench.send(bench.asOperator("/admin/reindex", "{\"embedder\": \"hash-other\"}")));
    assertEquals("reindex", started.path("kind").asText());
    JsonNode end = done(started);
    assertEquals("1 documents from their originals", end.path("detail").asText());
    assertEquals(1, end.path("documents_done").asInt(), end.toString());
    assertTrue(found("parking").contains("Alpha"), found("parking"));
    JsonNode status = json(200, bench.send(bench.asOperator("/admin/reindex")));
    assertEquals("hash-other", status.path("live").path("embedder").asText());
    assertEquals("former", status.path("others").path(0).path("state").asText());
    done(json(202, bench.send(bench.asOperator("/admin/reindex/rollback", "{}"))));
    assertTrue(found("parking").contains("Alpha"), found("parking"));
    JsonNode left = json(200, bench.send(bench.asOperator("/admin/reindex/discard", "{}")));
    assertEquals("hash-64", left.path("live").path("embedder").asText());
    assertEquals("dropped", left.path("others").path(0).path("state").asText());
    JsonNode none = json(409, bench.send(bench.asOperator("/admin/reindex/rollback", "{}")));
    assertEquals("no_such_index", none.path("code").asText());
    JsonNode unknown =
        json(404, bench.send(bench.asOperator("/admin/reindex", "{\"collection\": \"nowhere\"}")));
    assertEquals("unknown_collection", unknown.path("code").asText());
  }
}
