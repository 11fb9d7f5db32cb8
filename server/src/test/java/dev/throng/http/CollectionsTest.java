package dev.throng.http;

import static dev.throng.http.HttpBench.json;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.throng.backend.Generator.Completion;
import dev.throng.core.Answer.FinishReason;
import dev.throng.core.CollectionRef;
import dev.throng.core.TokenCount;
import dev.throng.fixtures.Await;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Collections are created with their documents, and deleted with everything that belongs to them.
 */
@Timeout(120)
final class CollectionsTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final List<String> TOKENS =
      List.of("qwkzvxjmprtlbgndfhscWbyo", "zzpkvwqxTmnrbLdgfhjkcxyu", "bvbxqjzkwpmtRldnfghcsoia");

  private final Path folder;
  private final HttpBench bench;
  private final AtomicInteger generations = new AtomicInteger();

  CollectionsTest(@TempDir Path folder) {
    this.folder = folder;
    bench = new HttpBench(folder, "ingest.publish_interval", "0s", "retrieval.top_k", "1");
    // An answer repeats the passage from which it was made.
    bench
        .generator()
        .does((prompt, sink) -> {
          generations.incrementAndGet();
          sink.append(prompt.passages().getFirst().text() + " [1].");
          return new Completion(FinishReason.STOP, TokenCount.ofText(7));
        });
  }

  @AfterEach
  void close() {
    bench.close();
  }

  private JsonNode begin(String collection, String uri, String text) {
    ObjectNode document =
        JSON.createObjectNode().put("uri", uri).put("text", text).put("title", "Of " + uri);
    String path = "/collections/" + collection + "/documents";
    return json(202, bench.post(path, document.toString())).path("jobs").get(0);
  }

  private void send(String collection, String uri, String text) {
    String path = "/jobs/" + begin(collection, uri, text).path("id").asText();
    Await.until(
        "the end of " + uri, () -> !json(200, bench.get(path)).path("finished_at").isMissingNode());
    assertEquals("done", json(200, bench.get(path)).path("state").asText());
  }

  private HttpResponse<String> query(String collection, String question) {
    ObjectNode body = JSON.createObjectNode().put("query", question).put("collection", collection);
    return bench.post("/query", body.toString());
  }

  private HttpResponse<String> delete(String collection) {
    return bench.send(bench.request("/collections/" + collection).DELETE());
  }

  private List<String> names() {
    List<String> names = new ArrayList<>();
    json(200, bench.get("/collections"))
        .path("collections")
        .forEach(each -> names.add(each.path("name").asText()));
    return names;
  }

  private JsonNode verification() {
    ObjectNode body = JSON.createObjectNode();
    TOKENS.forEach(body.putArray("tokens")::add);
    return json(200, bench.send(bench.asOperator("/admin/purge/verify", body.toString())));
  }

  private static List<String> placesWithFindings(JsonNode report) {
    List<String> places = new ArrayList<>();
    report
        .path("places")
        .forEach(place -> {
          if (!place.path("found").isEmpty()) {
            places.add(place.path("place").asText());
          }
        });
    return places;
  }

  @Test
  void deletionRemovesEveryWordEverywhere() {
    send("vaults", "a.md", "The vault is opened by " + TOKENS.get(0) + " alone.");
    send("vaults", TOKENS.get(1) + ".md", "In winter " + TOKENS.get(2) + " is kept there.");
    json(200, query("vaults", "Who opens the vault?"));
    ObjectNode streamed =
        JSON.createObjectNode()
            .put("query", "What is " + TOKENS.get(2) + " in winter?")
            .put("collection", "vaults")
            .put("stream", true);
    assertEquals(200, bench.post("/query", streamed.toString()).statusCode());
    List<String> before = placesWithFindings(verification());
    for (String place :
        List.of("catalogue", "file originals", "answers", "streams", "stored texts")) {
      assertTrue(before.contains(place), before::toString);
    }
    JsonNode deleted = json(200, delete("vaults"));
    assertEquals("vaults", deleted.path("collection").asText());
    assertTrue(deleted.path("deleted").asBoolean());
    assertEquals(2, deleted.path("documents").asInt());
    assertTrue(deleted.path("complete").asBoolean(), deleted::toString);
    assertTrue(deleted.path("left").isMissingNode(), deleted::toString);
    JsonNode after = verification();
    assertTrue(after.path("clean").asBoolean(), after::toString);
    assertEquals(0, json(200, bench.get("/jobs?collection=vaults")).path("jobs").size());
    assertFalse(Files.exists(folder.resolve("index/default/vaults")));
  }

  @Test
  void deletedCollectionIsUnknownEverywhere() {
    send("vaults", "a.md", "The vault is opened by a key.");
    assertTrue(names().contains("vaults"));
    json(200, delete("vaults"));
    assertFalse(names().contains("vaults"));
    for (HttpResponse<String> response :
        List.of(
            query("vaults", "Who opens the vault?"),
            bench.post("/search", "{\"query\": \"vault\", \"collection\": \"vaults\"}"),
            bench.get("/collections/vaults/documents"),
            delete("vaults"),
            delete("never"))) {
      assertEquals("unknown_collection", json(404, response).path("code").asText());
    }
  }

  @Test
  void collectionOfTheSameNameNeverServesAnOldAnswer() {
    send("vaults", "a.md", "The vault is opened by the red key.");
    String first = json(200, query("vaults", "Who opens the vault?")).path("response").asText();
    assertTrue(first.contains("red"), first);
    long epoch =
        bench.corpus().catalog().states().stream().mapToLong(s -> s.epoch()).max().orElse(0);
    json(200, delete("vaults"));
    send("vaults", "a.md", "The vault is opened by the blue key.");
    JsonNode second = json(200, query("vaults", "Who opens the vault?"));
    assertTrue(second.path("response").asText().contains("blue"), second::toString);
    assertFalse(second.path("cached").asBoolean(), second::toString);
    assertTrue(
        bench.corpus().catalog().states().stream().anyMatch(s -> s.epoch() > epoch),
        "the clock is frozen in this test, but epochs advance");
    json(200, delete("vaults"));
    send("vaults", "a.md", "The vault is opened by the red key.");
    int before = generations.get();
    JsonNode third = json(200, query("vaults", "Who opens the vault?"));
    assertFalse(third.path("cached").asBoolean(), "deleted answers stay gone");
    assertEquals(before + 1, generations.get());
  }

  @Test
  void uploadsDuringDeletionAreEitherKeptOrRefused() {
    List<CompletableFuture<Boolean>> uploads = new ArrayList<>();
    send("vaults", "first.md", "The first document.");
    for (int i = 0; i < 12; i++) {
      String uri = "d" + i + ".md";
      uploads.add(
          CompletableFuture.supplyAsync(() -> {
            ObjectNode document = JSON.createObjectNode().put("uri", uri).put("text", "Of " + uri);
            HttpResponse<String> response =
                bench.post("/collections/vaults/documents", document.toString());
            assertTrue(List.of(202, 409).contains(response.statusCode()), response.body());
            return response.statusCode() == 202;
          }));
      if (i % 4 == 1) {
        HttpResponse<String> response = delete("vaults");
        assertTrue(List.of(200, 404).contains(response.statusCode()), response.body());
      }
    }
    uploads.forEach(Await::result);
    // A new document shows that the collection works, regardless of earlier events.
    send("vaults", "last.md", "The last document is about copper.");
    JsonNode answer = json(200, query("vaults", "What is the last document about?"));
    assertTrue(answer.path("response").asText().contains("copper"), answer::toString);
    Await.until(
        "the end of all jobs",
        () -> json(200, bench.get("/jobs?state=open")).path("jobs").isEmpty());
  }

  @Test
  void floodOfCollectionNamesLeavesNothingBehind() throws Exception {
    for (int i = 0; i < 300; i++) {
      String name = "flood-" + i;
      begin(name, "a.md", "Document " + i);
      json(200, delete(name));
    }
    Await.until("the end of all jobs", () -> json(200, bench.get("/jobs")).path("jobs").isEmpty());
    assertEquals(List.of(), names());
    assertEquals(0, bench.corpus().store().openIndexes());
    try (Stream<Path> originals = Files.walk(folder.resolve("originals"))) {
      assertEquals(0, originals.filter(Files::isRegularFile).count());
    }
  }

  @Test
  void collectionExistsFromItsFirstPublishedDocument() {
    String nothing =
        """
        --b
        Content-Disposition: form-data; name="file"; filename="a.pdf"

        this is no PDF
        --b--
        """
            .replace("\n", "\r\n");
    HttpResponse<String> sent =
        bench.send(
            bench
                .request("/collections/vaults/documents")
                .header("Content-Type", "multipart/form-data; boundary=b")
                .POST(HttpRequest.BodyPublishers.ofString(nothing)));
    String path = "/jobs/" + json(202, sent).path("jobs").get(0).path("id").asText();
    Await.until(
        "the end of the job",
        () -> !json(200, bench.get(path)).path("finished_at").isMissingNode());
    assertEquals("failed", json(200, bench.get(path)).path("state").asText());
    assertEquals(List.of(), names());
    for (HttpResponse<String> response :
        List.of(
            query("vaults", "Who opens the vault?"),
            bench.post("/search", "{\"query\": \"vault\", \"collection\": \"vaults\"}"),
            bench.get("/collections/vaults/documents"))) {
      assertEquals("unknown_collection", json(404, response).path("code").asText());
    }
    send("vaults", "b.md", "The vault is opened by a key.");
    json(200, query("vaults", "Who opens the vault?"));
    assertEquals(List.of("vaults"), names());
  }

  /** As after a crash between the first step and the others. */
  @Test
  void purgeFinishesAnInterruptedDeletion() {
    send("vaults", TOKENS.get(1) + ".md", "The vault is opened by " + TOKENS.get(0) + " alone.");
    json(200, query("vaults", "Who opens the vault?"));
    CollectionRef ref = new CollectionRef("default", "vaults");
    bench.corpus().catalog().deletions().begin(ref);
    json(404, query("vaults", "Who opens the vault?"));
    HttpResponse<String> early =
        bench.post("/collections/vaults/documents", "{\"uri\": \"b.md\", \"text\": \"b\"}");
    assertEquals("collection_deleting", json(409, early).path("code").asText());
    assertFalse(verification().path("clean").asBoolean());
    JsonNode report = json(200, bench.send(bench.asOperator("/admin/purge", "{}")));
    assertTrue(report.path("complete").asBoolean(), report::toString);
    JsonNode after = verification();
    assertTrue(after.path("clean").asBoolean(), after::toString);
    send("vaults", "b.md", "The vault is opened by a lever.");
    json(200, query("vaults", "Who opens the vault?"));
  }

  @Test
  void followedCollectionIsNotDeleted() {
    send("vaults", "a.md", "The vault is opened by a key.");
    bench.queue().follow(new CollectionRef("default", "vaults"));
    assertEquals("collection_followed", json(409, delete("vaults")).path("code").asText());
    json(200, query("vaults", "Who opens the vault?"));
  }

  @Test
  void otherTenantsCollectionOfTheSameNameStays() {
    send("vaults", "a.md", "The vault is opened by a key.");
    send("cellars", "b.md", "The cellar is opened by a lever.");
    json(200, delete("vaults"));
    JsonNode answer = json(200, query("cellars", "Who opens the cellar?"));
    assertTrue(answer.path("response").asText().contains("lever"));
  }
}
