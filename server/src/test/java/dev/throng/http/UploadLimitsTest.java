package dev.throng.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.throng.fixtures.Await;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The limits of a request are checked document by document, before more of it is stored. */
@Timeout(120)
final class UploadLimitsTest {
  private static final String DOCUMENTS = "/collections/default/documents";

  /** Each document that is kept is forced to the disk. */
  private static final Duration SLOW_DISK = Duration.ofSeconds(110);

  private final Path folder;
  private final HttpBench bench;

  UploadLimitsTest(@TempDir Path folder) {
    this.folder = folder;
    bench =
        new HttpBench(
            folder,
            "ingest.publish_interval",
            "0s",
            "ingest.quota_bytes",
            "1MiB",
            "ingest.quota_documents",
            "1500",
            "ingest.max_collections",
            "2");
  }

  @AfterEach
  void close() {
    bench.close();
  }

  private void assertRefused(int status, String code, String detail, HttpResponse<String> response)
      throws IOException {
    JsonNode problem = HttpBench.json(status, response);
    assertEquals(code, problem.get("code").asText(), response.body());
    assertTrue(problem.get("detail").asText().contains(detail), response.body());
    assertEquals(0, kept());
  }

  private long kept() throws IOException {
    Path originals = folder.resolve("originals");
    if (Files.notExists(originals)) {
      return 0;
    }
    try (Stream<Path> files = Files.list(originals)) {
      return files.filter(Files::isRegularFile).count();
    }
  }

  private static String list(int count, String text) {
    return IntStream.range(0, count)
        .mapToObj(i -> "{\"uri\": \"d%d\", \"text\": \"%s\"}".formatted(i, text))
        .collect(Collectors.joining(",", "{\"documents\": [", "]}"));
  }

  @Test
  void listWithTooManyDocumentsStoresNone() throws IOException {
    assertRefused(
        400,
        "invalid_field",
        "at most 1000",
        bench.send(
            bench
                .request(DOCUMENTS)
                .timeout(SLOW_DISK)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(list(60_000, "Lamps.")))));
  }

  @Test
  void formWithTooManyFilesStoresNone() throws IOException {
    StringBuilder form = new StringBuilder();
    for (int i = 0; i < 1_200; i++) {
      form.append("--b\r\nContent-Disposition: form-data; name=file; filename=f")
          .append(i)
          .append(".txt\r\n\r\nLamps.\r\n");
    }
    assertRefused(400, "invalid_field", "at most 1000", postForm(form + "--b--\r\n"));
  }

  @Test
  void formWithTooManyFieldsIsRefused() throws IOException {
    String field = "--b\r\nContent-Disposition: form-data; name=title\r\n\r\nLamps\r\n";
    assertRefused(400, "invalid_field", "at most 100", postForm(field.repeat(101) + "--b--\r\n"));
  }

  private HttpResponse<String> postForm(String form) {
    return bench.send(
        bench
            .request(DOCUMENTS)
            .timeout(SLOW_DISK)
            .header("Content-Type", "multipart/form-data; boundary=b")
            .POST(BodyPublishers.ofString(form)));
  }

  @Test
  void quotaIsCheckedBeforeTheExceedingDocumentIsStored() throws IOException {
    String text = "x".repeat(300_000);
    assertRefused(403, "quota_exceeded", "quota_bytes", bench.post(DOCUMENTS, list(60, text)));
  }

  @Test
  void nothingIsStoredForADisconnectedClient() throws Exception {
    String list = list(500, "About lamps and other things.");
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), bench.server().port())) {
      socket
          .getOutputStream()
          .write(
              ("POST "
                      + DOCUMENTS
                      + " HTTP/1.1\r\nHost: localhost\r\n"
                      + "Content-Type: application/json\r\nContent-Length: 99999999\r\n\r\n"
                      + list.substring(0, list.length() / 2))
                  .getBytes(StandardCharsets.US_ASCII));
    }
    Await.until("the request to end", () -> bench.server().inFlight() == 0);
    assertEquals(0, kept());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"uri\": \"a\", \"text\": \"b\", \"title\": \"\\u0000\"}",
        "{\"uri\": \"a\", \"text\": \"b\", \"title\": \"two\\nlines\"}",
        "{\"documents\": [{\"uri\": \"a\", \"text\": \"b\", \"title\": \"\\u001b[31m\"}]}",
      })
  void titlesHaveNoControlCharacters(String body) throws IOException {
    assertRefused(400, "invalid_field", "no control characters", bench.post(DOCUMENTS, body));
  }

  @Test
  void titleLengthIsLimited() throws IOException {
    String body = "{\"uri\": \"a\", \"text\": \"b\", \"title\": \"%s\"}";
    assertRefused(
        400,
        "invalid_field",
        "at most 1024 characters",
        bench.post(DOCUMENTS, body.formatted("x".repeat(8 << 20))));
    assertEquals(202, bench.post(DOCUMENTS, body.formatted("x".repeat(1_024))).statusCode());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "{\"documents\": {}}",
        "{\"documents\": [1]}",
        "{\"documents\": [], \"uri\": \"a\"}",
        "{\"documents\": []} {}",
        "{\"documents\": [{\"uri\": \"a\", \"uri\": \"b\", \"text\": \"c\"}]}",
        "{\"documents\": [{\"uri\": \"a\", \"text\": \"c\"}, {\"uri\": \"a\", \"tex\": \"c\"}]}",
        "{\"documents\": [{\"uri\": \"a\", \"text\": \"c\"}",
      })
  void malformedRequestStoresNothing(String body) throws IOException {
    HttpResponse<String> response = bench.post(DOCUMENTS, body);
    assertEquals(400, response.statusCode(), response.body());
    assertEquals(0, kept());
  }

  @Test
  void collectionsOfATenantAreLimited() {
    String body = "{\"uri\": \"a\", \"text\": \"Lamps.\"}";
    for (String name : new String[] {"one", "two"}) {
      assertEquals(202, bench.post("/collections/" + name + "/documents", body).statusCode());
    }
    JsonNode refused = HttpBench.json(403, bench.post("/collections/three/documents", body));
    assertEquals("quota_exceeded", refused.get("code").asText());
    assertTrue(refused.get("detail").asText().contains("max_collections"), refused.toString());
    assertEquals(202, bench.post("/collections/two/documents", body).statusCode());
  }
}
