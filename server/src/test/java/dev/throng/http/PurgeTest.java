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
import dev.throng.core.TokenCount;
import dev.throng.fixtures.Await;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Documents of unique tokens, which are found everywhere before a purge and nowhere after it. */
@Timeout(120)
final class PurgeTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String DOCUMENTS = "/collections/default/documents";

  private final SplittableRandom random = new SplittableRandom(11);
  private final List<String> tokens = new ArrayList<>();
  private final HttpBench bench;

  PurgeTest(@TempDir Path folder) {
    bench = new HttpBench(folder, "ingest.publish_interval", "0s", "retrieval.top_k", "1");
    // An answer repeats the passage from which it was made.
    bench
        .generator()
        .does((prompt, sink) -> {
          sink.append(prompt.passages().getFirst().text() + " [1].");
          return new Completion(FinishReason.STOP, TokenCount.ofText(7));
        });
  }

  @AfterEach
  void close() {
    bench.close();
  }

  /** A token of mixed case, like words in real documents. */
  private String token() {
    StringBuilder token = new StringBuilder();
    for (int i = 0; i < 24; i++) {
      char letter = (char) ('a' + random.nextInt(26));
      token.append(random.nextInt(3) == 0 ? Character.toUpperCase(letter) : letter);
    }
    tokens.add(token.toString());
    return token.toString();
  }

  private JsonNode send(ObjectNode document) {
    JsonNode job = json(202, bench.post(DOCUMENTS, document.toString())).path("jobs").get(0);
    String path = "/jobs/" + job.path("id").asText();
    Await.until(
        "the end of " + job, () -> !json(200, bench.get(path)).path("finished_at").isMissingNode());
    JsonNode end = json(200, bench.get(path));
    assertEquals("done", end.path("state").asText(), end::toString);
    return end;
  }

  private static ObjectNode document(String uri, String text) {
    return JSON.createObjectNode().put("uri", uri).put("text", text);
  }

  private ObjectNode secret(String uri) {
    ObjectNode document =
        document(
                uri,
                "The vault is opened by "
                    + token()
                    + " alone.\n\nIn winter "
                    + token()
                    + " is kept there.")
            .put("title", "About " + token());
    document.putObject("metadata").put("keeper", token());
    return document;
  }

  private JsonNode ask(String question) {
    return json(200, bench.post("/query", body(question)));
  }

  private static String body(String question) {
    return JSON.createObjectNode().put("query", question).toString();
  }

  /** An event stream, which leaves a record of the question. */
  private void stream(String question) {
    String body = JSON.createObjectNode().put("query", question).put("stream", true).toString();
    assertEquals(200, bench.post("/query", body).statusCode());
  }

  private void delete(String uri) {
    JsonNode listed = json(200, bench.get(DOCUMENTS + "?prefix=" + uri)).path("documents").get(0);
    String path = DOCUMENTS + "/" + listed.path("id").asText();
    assertEquals(200, bench.send(bench.request(path).DELETE()).statusCode());
  }

  private JsonNode operate(String path, ObjectNode body) {
    return json(200, bench.send(bench.asOperator(path, body.toString())));
  }

  private JsonNode purge() {
    JsonNode report = operate("/admin/purge", JSON.createObjectNode());
    assertTrue(report.path("complete").asBoolean(), report::toString);
    return report;
  }

  private JsonNode verify() {
    ObjectNode body = JSON.createObjectNode();
    tokens.forEach(body.putArray("tokens")::add);
    JsonNode report = operate("/admin/purge/verify", body);
    tokens.forEach(token -> assertFalse(report.toString().contains(token)));
    return report;
  }

  private void assertClean() {
    JsonNode report = verify();
    assertTrue(report.path("clean").asBoolean(), report::toString);
    assertTrue(report.path("complete").asBoolean(), report::toString);
  }

  /** The number of tokens found, by place. */
  private Map<String, Integer> found() {
    Map<String, Integer> found = new HashMap<>();
    for (JsonNode place : verify().path("places")) {
      found.put(place.path("place").asText(), place.path("found").size());
    }
    return found;
  }

  private static int at(Map<String, Integer> found, String place) {
    return found.getOrDefault(place, -1);
  }

  @Test
  void tokensAreFoundEverywhereBeforeAPurgeAndNowhereAfterIt() {
    send(document("lamp.md", "The lamp in the hall burns brightly at night."));
    String uri = "vault-" + token() + ".md";
    send(secret(uri));
    ask("What does the lamp in the hall do at night?");
    ask("Who opens the vault in winter?");
    stream("What is " + tokens.get(1) + " of the vault in winter?");
    bench.post("/search", body(tokens.get(2)));
    Map<String, Integer> live = found();
    assertEquals(tokens.size() - 1, at(live, "search"), live::toString); // metadata is not shown
    assertTrue(at(live, "answers") >= 2, live::toString);
    assertTrue(at(live, "streams") >= 1, live::toString);
    assertEquals(2, at(live, "stored texts"), live::toString);
    assertEquals(2, at(live, "words"), live::toString);
    assertEquals(3, at(live, "catalogue"), live::toString);
    int inFiles = at(live, "file catalog.sqlite") + at(live, "file catalog.sqlite-wal");
    assertTrue(inFiles >= 3, live::toString);
    assertEquals(2, at(live, "file originals"), live::toString);

    delete(uri);
    Map<String, Integer> deleted = found();
    assertEquals(0, at(deleted, "search"), deleted::toString);
    for (String place : List.of("answers", "stored texts", "words", "catalogue", "streams")) {
      assertTrue(at(deleted, place) > 0, place + " of " + deleted);
    }
    assertTrue(at(deleted, "file originals") > 0, deleted::toString);

    JsonNode report = purge();
    assertClean();
    assertTrue(report.toString().contains("\"index\",\"removed\":1"), report::toString);
    JsonNode other = ask("What does the lamp in the hall do at night?");
    assertTrue(other.path("cached").asBoolean(), other::toString);
    purge();
    assertClean();
  }

  @Test
  void previousContentIsGoneAndTheDocumentStays() {
    String uri = "vault.md";
    JsonNode first = send(secret(uri));
    ask("Who opens the vault in winter?");
    JsonNode second = send(document(uri, "The vault was emptied; nothing is in it."));
    assertFalse(verify().path("clean").asBoolean());
    purge();
    assertClean();
    assertEquals(404, bench.get("/jobs/" + first.path("id").asText()).statusCode());
    assertEquals(200, bench.get("/jobs/" + second.path("id").asText()).statusCode());
    JsonNode listed = json(200, bench.get(DOCUMENTS)).path("documents").get(0);
    assertEquals(uri, listed.path("uri").asText());
    JsonNode one = json(200, bench.get(DOCUMENTS + "/" + listed.path("id").asText()));
    assertTrue(one.path("original_kept").asBoolean());
    JsonNode answer = ask("What is in the vault?");
    assertTrue(answer.toString().contains("emptied"), answer::toString);
  }

  /** An ordinary publish has already removed the rows that recorded the deletion. */
  @Test
  void documentDeletedLongAgoIsGoneFromAnswers() {
    String uri = "vault.md";
    send(secret(uri));
    send(document("lamp.md", "The lamp in the hall burns brightly at night."));
    ask("Who opens the vault in winter?");
    delete(uri);
    bench.corpus().advance(Duration.ofHours(1));
    send(document("lamp.md", "The lamp in the hall burns dimly at night."));
    assertTrue(bench.corpus().state().dead().size() <= 1, "its row is gone");
    assertTrue(at(found(), "answers") > 0);
    assertFalse(verify().path("complete").asBoolean(), "an original belongs to no document");
    purge();
    assertClean();
  }

  @Test
  void runningFlightIsEndedAndNotCached() {
    String uri = "vault.md";
    send(secret(uri));
    CountDownLatch started = new CountDownLatch(1);
    CountDownLatch gate = new CountDownLatch(1);
    bench
        .generator()
        .does((prompt, sink) -> {
          sink.append(prompt.passages().getFirst().text());
          started.countDown();
          gate.await();
          return new Completion(FinishReason.STOP, TokenCount.ofText(7));
        });
    CompletableFuture<HttpResponse<String>> answer =
        CompletableFuture.supplyAsync(() -> bench.post("/query", body("Who opens the vault?")));
    Await.latch(started);
    assertTrue(at(found(), "flights") > 0);
    delete(uri);
    JsonNode report = purge();
    assertTrue(report.toString().contains("\"flights\",\"removed\":1"), report::toString);
    HttpResponse<String> ended = Await.result(answer);
    assertEquals(410, ended.statusCode(), ended.body());
    gate.countDown();
    assertClean();
  }

  @Test
  void purgeOfAnotherCollectionDoesNotAffectThisOne() {
    String uri = "vault.md";
    send(secret(uri));
    json(
        202,
        bench.post("/collections/other/documents", document("a.md", "Something else.").toString()));
    ask("Who opens the vault in winter?");
    delete(uri);
    Await.until(
        "the other collection",
        () -> bench.corpus().catalog().states().stream().anyMatch(s -> s.byUri().size() == 1));
    operate("/admin/purge", JSON.createObjectNode().put("collection", "other"));
    assertFalse(verify().path("clean").asBoolean());
    operate("/admin/purge", JSON.createObjectNode().put("collection", "default"));
    assertClean();
  }

  /** Uploads, replacements and questions continue during successive purges. */
  @Test
  void nothingLiveIsLostWhileDocumentsAreAddedAndReplaced() throws InterruptedException {
    AtomicBoolean isOver = new AtomicBoolean();
    AtomicInteger purges = new AtomicInteger();
    Thread purging =
        Thread.ofVirtual()
            .start(() -> {
              while (!isOver.get()) {
                purge();
                purges.incrementAndGet();
              }
            });
    List<CompletableFuture<Void>> writers = new ArrayList<>();
    for (int writer = 0; writer < 3; writer++) {
      String name = "w" + writer;
      writers.add(
          CompletableFuture.runAsync(() -> {
            for (int round = 0; round < 12; round++) {
              String uri = name + "/" + round % 3;
              String body = document(uri, "round " + round + " of " + name).toString();
              JsonNode job = json(202, bench.post(DOCUMENTS, body)).path("jobs").get(0);
              String path = "/jobs/" + job.path("id").asText();
              // Once it is replaced, a purge forgets the job; it is not replaced before this wait
              // ends.
              Await.until(
                  "the end of " + uri,
                  () -> !json(200, bench.get(path)).path("finished_at").isMissingNode());
              assertEquals("done", json(200, bench.get(path)).path("state").asText());
              ask("Which round is " + name + "?");
            }
          }));
    }
    writers.forEach(Await::result);
    isOver.set(true);
    purging.join();
    purge(); // the versions replaced last
    assertTrue(purges.get() > 1);
    JsonNode listed = json(200, bench.get(DOCUMENTS)).path("documents");
    assertEquals(9, listed.size());
    for (JsonNode each : listed) {
      JsonNode one = json(200, bench.get(DOCUMENTS + "/" + each.path("id").asText()));
      assertTrue(one.path("original_kept").asBoolean(), one::toString);
      assertEquals(1, one.path("chunks").asInt());
    }
    assertEquals(
        bench.corpus().state().byVersion().keySet(),
        bench.corpus().index().versions(),
        "each live version has its chunk");
    assertOriginalsAreThere();
  }

  private void assertOriginalsAreThere() {
    bench
        .corpus()
        .state()
        .byVersion()
        .values()
        .forEach(live -> {
          String key = bench.corpus().catalog().originalOf(live).blob().key();
          try (var original = bench.corpus().blobs().local(key)) {
            assertTrue(Files.isReadable(original.path()));
          }
        });
  }

  /** A rollback can reactivate the former index, and it has deleted chunks, too. */
  @Test
  void formerIndexOfACollectionIsPurgedToo() {
    send(document("lamp.md", "The lamp in the hall burns brightly at night."));
    send(secret("vault.md"));
    String reindex = JSON.createObjectNode().put("embedder", "hash-other").toString();
    HttpResponse<String> started = bench.send(bench.asOperator("/admin/reindex", reindex));
    String path = "/jobs/" + json(202, started).path("id").asText();
    Await.until(
        "the switch", () -> !json(200, bench.get(path)).path("finished_at").isMissingNode());
    assertEquals("hash-other", bench.corpus().state().spec().embedderId());
    delete("vault.md");
    purge();
    assertClean();
  }

  /** The index holds only the stemmed word, and the text in small packed pieces. */
  @Test
  void wordIsFoundByItsStemInTheIndex() {
    tokens.add("qwkzvxjmprtlbgndfhscings");
    send(document("a.md", "About " + tokens.getFirst() + " and others."));
    assertEquals(1, at(found(), "words"), () -> found().toString());
    delete("a.md");
    purge();
    assertClean();
  }

  @Test
  void placesAreNamed() {
    send(document("lamp.md", "The lamp in the hall burns brightly at night."));
    token();
    assertEquals(
        new TreeSet<>(
            List.of(
                "answers",
                "catalogue",
                "file catalog.sqlite",
                "file index",
                "file originals",
                "flights",
                "originals",
                "redis",
                "search",
                "stored texts",
                "streams",
                "words")),
        new TreeSet<>(
            found().keySet().stream()
                .filter(name -> !name.startsWith("file catalog.sqlite-"))
                .toList()));
  }
}
