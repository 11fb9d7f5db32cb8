package dev.throng.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.throng.app.Wiring;
import dev.throng.catalog.DocumentIds;
import dev.throng.config.ConfigLoader;
import dev.throng.core.CollectionRef;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Commands that find the running server of their data folder. */
@Timeout(180)
@SuppressWarnings("NullAway.Init") // set in @BeforeAll
final class CommandsTest {
  private static final CollectionRef COLLECTION = new CollectionRef("default", "default");

  @TempDir private static Path folder;
  private static Wiring server;

  @BeforeAll
  static void start() throws IOException {
    Map<String, String> flags =
        Map.of("data.dir", folder.resolve("data").toString(), "server.port", "0");
    server = new Wiring(ConfigLoader.load(null, Map.of("THRONG_GENERATOR", "extractive"), flags));
    server.start();
    server.announce();
    var _ = server.open(COLLECTION);
    Path documents = Files.createDirectories(folder.resolve("documents"));
    Files.writeString(
        documents.resolve("parking.md"),
        "# Parking\n\n## Guests\n\nGuests park behind the gasworks, and pay nothing.\n");
    Files.writeString(
        documents.resolve("lunch.md"),
        "# Lunch\n\nThe canteen serves lunch from 11:30 to 14:00.\n");
    CommandRun ingest = run("ingest", documents.toString());
    assertEquals(ExitCodes.OK, ingest.exitCode(), ingest.err());
    assertTrue(ingest.err().contains("2 added, 0 changed, 0 removed"), ingest.err());
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static CommandRun run(String command, String... arguments) {
    List<String> all =
        new ArrayList<>(List.of(command, "--data", folder.resolve("data").toString()));
    all.addAll(List.of(arguments));
    return CommandRun.of(all.toArray(String[]::new));
  }

  private static CommandRun succeeded(CommandRun run) {
    assertEquals(ExitCodes.OK, run.exitCode(), run.err());
    return run;
  }

  /** Checks that a command failed, and says so without a stack trace. */
  private static void assertFails(int exitCode, String words, CommandRun run) {
    assertEquals(exitCode, run.exitCode(), run.err());
    assertTrue(run.err().contains(words), run.err());
    assertFalse(run.err().contains("\tat "), run.err());
    assertEquals("", run.out());
  }

  @Test
  void askPrintsTheAnswerAndItsSources() {
    CommandRun ask = succeeded(run("ask", "Where", "do", "guests", "park?"));
    assertTrue(ask.out().contains("Guests park behind the gasworks"), ask.out());
    assertTrue(ask.out().contains("[1] Parking"), ask.out());
    assertTrue(ask.out().contains("parking.md"), ask.out());
    assertTrue(ask.err().contains("extractive"), ask.err());
  }

  @Test
  void askPrintsOneJsonDocument() {
    JsonNode answer = succeeded(run("ask", "--json", "When is lunch served?")).json();
    assertTrue(answer.path("response").asText().contains("11:30"), answer.toString());
    for (JsonNode source : answer.path("sources")) {
      assertEquals(
          source.path("cited").asBoolean(), source.path("uri").asText().equals("lunch.md"));
    }
    assertTrue(answer.has("cached") && answer.has("response_time"), answer.toString());
  }

  @Test
  void blankQuestionAndUnknownCollectionAreErrorsOfTheServer() {
    assertFails(ExitCodes.FAILED, "blank", run("ask", " "));
    assertFails(ExitCodes.FAILED, "food", run("ask", "--collection", "food", "Lunch?"));
  }

  @Test
  void searchPrintsPassagesInTheirOrder() {
    CommandRun search = succeeded(run("search", "lunch in the canteen"));
    assertTrue(search.out().startsWith("1. Lunch  lunch.md"), search.out());
    JsonNode found = succeeded(run("search", "--json", "--top-k", "1", "lunch")).json();
    assertEquals(1, found.path("results").size(), found.toString());
  }

  @Test
  void chunksShowWhatWasUnderstood() {
    CommandRun chunks = succeeded(run("chunks", "parking.md"));
    assertTrue(chunks.out().contains("Parking > Guests"), chunks.out());
    assertTrue(chunks.out().contains("   Guests park behind the gasworks"), chunks.out());
    assertFails(ExitCodes.FAILED, "parking.md", run("chunks", "park"));
  }

  @Test
  void filterRestrictsTheDocuments() {
    JsonNode found =
        succeeded(run("search", "--json", "--filter", "{\"uri\": \"parking.md\"}", "lunch")).json();
    for (JsonNode passage : found.path("results")) {
      assertEquals("parking.md", passage.path("uri").asText());
    }
    assertFails(
        ExitCodes.USAGE,
        "--filter: {uri (expected: a JSON object",
        run("ask", "--filter", "{uri", "x"));
  }

  @Test
  void ingestNamesEachFileThatCannotBeRead() throws IOException {
    Path folderOfOne = Files.createDirectories(folder.resolve("damaged"));
    Path damaged = Files.writeString(folderOfOne.resolve("plan.pdf"), "%PDF-1.7 and nothing else");
    CommandRun ingest = run("ingest", "--collection", "damaged", damaged.toString());
    assertEquals(ExitCodes.FAILED, ingest.exitCode());
    assertTrue(ingest.err().contains("not read document_"), ingest.err());
    assertTrue(ingest.err().contains("plan.pdf"), ingest.err());
    assertFails(ExitCodes.USAGE, "(expected: a file or folder", run("ingest", "/no/such/path"));
  }

  @Test
  void jobsShowsWhatWasSent() {
    assertEquals(
        0, succeeded(run("jobs", "--json", "--state", "failed")).json().path("jobs").size());
    assertFails(ExitCodes.FAILED, "no-such-job", run("jobs", "no-such-job"));
    assertFails(ExitCodes.FAILED, "no-such-job", run("jobs", "--retry", "no-such-job"));
    CommandRun both = run("jobs", "--retry", "a", "--cancel", "b");
    assertEquals(ExitCodes.USAGE, both.exitCode(), both.err());
  }

  @Test
  void reindexListsTheIndexes() {
    CommandRun status = succeeded(run("reindex", "--status"));
    assertTrue(status.out().matches("(?s)index \\d+: live, .*, 2 documents\\R"), status.out());
  }

  @Test
  void purgeLeavesNothingOfADeletedDocument() throws IOException {
    Path documents = Files.createDirectories(folder.resolve("secrets"));
    Path secret = Files.writeString(documents.resolve("code.txt"), "The code is tangerine-4711.");
    succeeded(run("ingest", "--collection", "secrets", documents.toString()));
    CommandRun kept = run("purge", "--verify", "tangerine-4711");
    assertEquals(ExitCodes.FAILED, kept.exitCode(), kept.out());
    assertTrue(kept.out().contains("found: text 1"), kept.out());
    assertFalse(kept.out().contains("tangerine"), "a text must not be left in logs");

    Files.delete(secret);
    Files.writeString(documents.resolve("other.txt"), "There is another code now.");
    succeeded(run("ingest", "--collection", "secrets", "--remove-missing", documents.toString()));
    succeeded(run("purge"));
    CommandRun gone = succeeded(run("purge", "--verify", "tangerine-4711"));
    assertTrue(gone.out().contains("None of the texts was found."), gone.out());
    assertFails(ExitCodes.USAGE, "need --verify", run("purge", "tangerine-4711"));
    assertFails(
        ExitCodes.USAGE,
        "expected: a text file",
        run("purge", "--verify", "--texts", "no-such-file.txt"));
  }

  @Test
  void doctorFindsTheRunningServer() {
    CommandRun doctor = succeeded(run("doctor"));
    assertTrue(doctor.out().contains("this data folder's server listens at"), doctor.out());
    JsonNode findings = succeeded(run("doctor", "--json")).json().path("findings");
    assertTrue(findings.size() > 3, findings.toString());
    findings.forEach(finding -> assertTrue(finding.has("part"), finding.toString()));
  }

  @Test
  void configIsCheckedBeforeItIsUsed() throws IOException {
    assertTrue(succeeded(CommandRun.of("config", "--print-defaults")).out().contains("server:"));
    assertTrue(succeeded(run("config", "--check")).out().contains("is valid"));
    Path file = folder.resolve("wrong.yaml");
    Files.writeString(file, "server:\n  port: many\nretriever: {}\n");
    CommandRun check = CommandRun.of("config", "--check", "--config", file.toString());
    assertFails(ExitCodes.USAGE, "wrong.yaml:2: server.port", check);
    assertTrue(check.err().contains("retriever"), "every error is listed: " + check.err());
  }

  @Test
  void unreachableServerIsAnError() {
    assertFails(
        ExitCodes.FAILED,
        "http://127.0.0.1:1",
        CommandRun.of("ask", "--url", "http://127.0.0.1:1", "Lunch?"));
  }

  @Test
  void wrongUsageIsExplained() {
    assertFails(ExitCodes.USAGE, "Did you mean: throng serve", CommandRun.of("serv"));
    assertFails(ExitCodes.USAGE, "Unknown option: '--colection'", run("ask", "--colection", "x"));
    assertFails(ExitCodes.USAGE, "no command given", CommandRun.of());
    assertFails(ExitCodes.USAGE, "--docs: \"/none\"", run("serve", "--docs", "/none"));
    assertTrue(CommandRun.of("--help").out().contains("reindex"));
  }

  @Test
  void evalAsksTheServerTheQuestionsOfAFile() throws IOException {
    Path questions =
        Files.writeString(
            folder.resolve("questions.jsonl"),
            """
            {"question": "Where do guests park?", "documents": ["parking.md"]}
            {"question": "When is lunch?", "documents": ["lunch.md"]}
            {"question": "Where do guests park?", "documents": ["missing.md"]}
            """);
    CommandRun eval = run("eval", "--questions", questions.toString(), "--json");
    assertEquals(ExitCodes.OK, eval.exitCode(), eval.err());
    assertEquals(3, eval.json().path("questions").asInt(), eval.out());
    assertEquals(2 / 3.0, eval.json().path("first").asDouble(), 1e-9, eval.out());
    assertTrue(run("eval", "--questions", questions.toString()).out().contains("3 questions"));
    CommandRun neither = run("eval");
    assertEquals(ExitCodes.USAGE, neither.exitCode());
    assertTrue(neither.err().contains("--questions"), neither.err());
  }

  @Test
  void feedbackExportWritesAQuestionSetThatEvalReads() throws Exception {
    post(
        "/feedback", said("up", "Where do guests park?", DocumentIds.of(COLLECTION, "parking.md")));
    post("/feedback", said("down", "When is lunch?", DocumentIds.of(COLLECTION, "lunch.md")));
    Path file = folder.resolve("exported.jsonl");
    CommandRun export = export(file);
    assertEquals(ExitCodes.OK, export.exitCode(), export.err());
    assertTrue(export.out().contains("1 questions"), export.out());
    CommandRun eval = run("eval", "--questions", file.toString(), "--json");
    assertEquals(1, eval.json().path("first").asDouble(), eval.out());
    CommandRun again = export(file);
    assertEquals(ExitCodes.USAGE, again.exitCode());
    assertTrue(again.err().contains("exists"), again.err());
  }

  private static CommandRun export(Path file) {
    String data = folder.resolve("data").toString();
    return CommandRun.of("feedback", "export", "--data", data, file.toString());
  }

  private static String said(String rating, String question, String document) {
    return "{\"answer_id\": \"a\", \"rating\": \"%s\", \"query\": \"%s\", \"documents\": [\"%s\"]}"
        .formatted(rating, question, document);
  }

  private static void post(String path, String json) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(json))
            .build();
    try (HttpClient http = HttpClient.newHttpClient()) {
      assertEquals(201, http.send(request, HttpResponse.BodyHandlers.ofString()).statusCode());
    }
  }
}
