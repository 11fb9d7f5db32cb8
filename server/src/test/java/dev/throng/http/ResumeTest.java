package dev.throng.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.throng.backend.Generator.Completion;
import dev.throng.catalog.InvalidationTarget;
import dev.throng.core.Answer.FinishReason;
import dev.throng.core.TokenCount;
import dev.throng.fixtures.Await;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** An interrupted event stream is resumed. */
@Timeout(120)
final class ResumeTest {
  private static final String ASKED = "{\"query\": \"How many days of leave are there?\"}";
  private static final Pattern EVENT = Pattern.compile("event: (\\S+)\nid: (\\S+)\ndata: (.*)\n\n");
  private static final Pattern TEXT = Pattern.compile("\"text\":\"([^\"]*)\"");

  private final HttpBench bench;
  private final CountDownLatch gate = new CountDownLatch(1);

  ResumeTest(@TempDir Path folder) {
    bench = new HttpBench(folder, "server.trusted_tenant_header", "X-Tenant");
    bench.corpus().writeAndPublish("leave.md", "There are thirty days of leave.");
    bench
        .generator()
        .does((prompt, sink) -> {
          for (String piece : List.of("There ", "are [1", "] thirty ")) {
            sink.append(piece);
          }
          gate.await();
          sink.append("days [9].");
          return new Completion(FinishReason.STOP, TokenCount.ofText(9));
        });
  }

  @AfterEach
  void close() {
    gate.countDown();
    bench.close();
  }

  private HttpResponse<InputStream> begin() throws IOException, InterruptedException {
    return bench
        .client()
        .send(
            bench
                .request("/query")
                .header("Accept", "text/event-stream")
                .header("X-Tenant", "default")
                .POST(BodyPublishers.ofString(ASKED))
                .build(),
            BodyHandlers.ofInputStream());
  }

  private HttpResponse<String> resume(String id, String tenant, String... lastEvent) {
    var request = bench.request("/query/" + id + "/events").header("X-Tenant", tenant).GET();
    for (String last : lastEvent) {
      request.header("Last-Event-ID", last);
    }
    return bench.send(request);
  }

  private static String id(HttpResponse<?> response) {
    return response.headers().firstValue("X-Request-Id").orElseThrow();
  }

  private static List<MatchResult> events(String body) {
    return EVENT.matcher(body).results().toList();
  }

  private static String text(String body) {
    StringBuilder text = new StringBuilder();
    for (MatchResult event : events(body)) {
      if (event.group(1).equals("token")) {
        TEXT.matcher(event.group(3)).results().forEach(match -> text.append(match.group(1)));
      }
    }
    return text.toString();
  }

  /** Reads up to the given text, and returns the id of the event that contains it. */
  private static String readTo(InputStream body, String text) throws IOException {
    BufferedReader lines = new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8));
    String id = "";
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      id = line.startsWith("id: ") ? line.substring("id: ".length()) : id;
      if (line.startsWith("data: {\"text\":\"" + text)) {
        return id;
      }
    }
    throw new AssertionError("the stream ended before " + text);
  }

  private static String readToThereAndDisconnect(HttpResponse<InputStream> stream)
      throws IOException {
    try (InputStream body = stream.body()) {
      return readTo(body, "There");
    }
  }

  @Test
  void resumedStreamHasExactlyTheTextNotYetReceived() throws Exception {
    HttpResponse<InputStream> first = begin();
    HttpResponse<InputStream> second = begin(); // a second listener keeps the generation running
    String last = readToThereAndDisconnect(first);
    HttpResponse<InputStream> rest =
        bench
            .client()
            .send(
                bench
                    .request("/query/" + id(first) + "/events")
                    .header("X-Tenant", "default")
                    .header("Last-Event-ID", last)
                    .build(),
                BodyHandlers.ofInputStream());
    gate.countDown();
    String read = new String(rest.body().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(" are [1] thirty days.", text(read));
    String done = events(read).getLast().group(3);
    assertTrue(done.contains("\"id\":\"" + id(first) + "\""), done);
    assertTrue(done.contains("There are [1] thirty days."), done);
    assertEquals(1, bench.generator().generations());
    second.body().close();
  }

  @Test
  void resumeWithoutReceivedTextStartsFromTheBeginning() throws Exception {
    HttpResponse<InputStream> first = begin();
    gate.countDown();
    HttpResponse<String> rest = resume(id(first), "default");
    assertEquals("There are [1] thirty days.", text(rest.body()));
    assertEquals("sources", events(rest.body()).getFirst().group(1));
    first.body().close();
  }

  @Test
  void resumeAfterTheLastTextReturnsOnlyTheEndEvent() throws Exception {
    gate.countDown();
    String body = new String(begin().body().readAllBytes(), StandardCharsets.UTF_8);
    HttpResponse<InputStream> hit = begin(); // one piece of text
    String whole = new String(hit.body().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(text(body), text(whole));
    HttpResponse<String> rest = resume(id(hit), "default", events(whole).getLast().group(2));
    assertEquals("", text(rest.body()));
    assertEquals("done", events(rest.body()).getLast().group(1));
  }

  @Test
  void resumeOfAReplacedAnswerIsRefused() throws Exception {
    HttpResponse<InputStream> first = begin();
    String last = readToThereAndDisconnect(first);
    Await.until("no request is in flight", () -> bench.server().inFlight() == 0);
    bench.corpus().catalog().invalidation().of(new InvalidationTarget.All());
    gate.countDown();
    HttpResponse<String> rest = resume(id(first), "default", last);
    assertTrue(rest.body().contains("stream_expired"), rest.body());
  }

  @Test
  void answerThatOnlyTheLostClientWaitedForIsContinued() throws Exception {
    HttpResponse<InputStream> first = begin();
    String last = readToThereAndDisconnect(first);
    Await.until("the generation was stopped", () -> bench.server().inFlight() == 0);
    gate.countDown();
    HttpResponse<String> rest = resume(id(first), "default", last);
    assertEquals(" are [1] thirty days.", text(rest.body()));
    String done = events(rest.body()).getLast().group(3);
    assertTrue(done.contains("There are [1] thirty days."), done);
  }

  @Test
  void answerThatIsNotCachedIsReplayed() throws Exception {
    bench
        .generator()
        .does((prompt, sink) -> {
          sink.append("There ");
          sink.append("are ");
          return new Completion(
              FinishReason.LENGTH, TokenCount.ofText(bench.generator().generations()));
        });
    HttpResponse<InputStream> first = begin();
    String body = new String(first.body().readAllBytes(), StandardCharsets.UTF_8);
    HttpResponse<String> rest = resume(id(first), "default", events(body).get(1).group(2));
    assertEquals(" are ", text(rest.body()));
    assertEquals(1, bench.generator().generations());
  }

  @Test
  void unknownOrForeignStreamsAreNotFound() throws Exception {
    HttpResponse<InputStream> first = begin();
    assertEquals(404, resume("unknown", "default").statusCode());
    assertEquals(404, resume(id(first), "tenant2").statusCode());
    HttpResponse<String> malformed = resume(id(first), "default", "no colon");
    assertEquals(400, malformed.statusCode());
    assertTrue(malformed.body().contains("ANSWER_ID:OFFSET"), malformed.body());
    first.body().close();
  }
}
