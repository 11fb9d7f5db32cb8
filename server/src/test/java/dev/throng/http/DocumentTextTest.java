package dev.throng.http;

import static dev.throng.http.HttpBench.json;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.throng.catalog.DocumentIds;
import dev.throng.fixtures.Await;
import dev.throng.fixtures.Pdfs;
import dev.throng.fixtures.TestCorpus;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What was understood of documents, and their originals, over HTTP. */
final class DocumentTextTest {
  private static final String DOCUMENTS = "/collections/default/documents";
  private static final String MARKDOWN =
      "# Rules\n\n## Parking\n\nGuests park behind the gasworks.\n\n## Lunch\n\nLunch is at noon.\n";

  private final HttpBench bench;

  DocumentTextTest(@TempDir Path folder) {
    bench = new HttpBench(folder, "ingest.publish_interval", "0s");
  }

  @AfterEach
  void close() {
    bench.close();
  }

  /** Sends a document, and returns its path. */
  private String send(String uri, byte[] content) throws Exception {
    String head =
        "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"%s\"\r\n\r\n"
            .formatted(uri);
    HttpResponse<String> sent =
        bench.send(
            bench
                .request(DOCUMENTS)
                .header("Content-Type", "multipart/form-data; boundary=b")
                .POST(
                    BodyPublishers.concat(
                        BodyPublishers.ofString(head),
                        BodyPublishers.ofByteArray(content),
                        BodyPublishers.ofString("\r\n--b--\r\n"))));
    String job = "/jobs/" + json(202, sent).path("jobs").path(0).path("id").asText();
    Await.until(
        "the end of " + job, () -> "done".equals(json(200, bench.get(job)).path("state").asText()));
    return DOCUMENTS + "/" + DocumentIds.of(TestCorpus.REF, uri);
  }

  private static byte[] pdf(String... pages) throws IOException {
    try (PDDocument document = Pdfs.of(pages)) {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      document.save(out);
      return out.toByteArray();
    }
  }

  @Test
  void chunksShowWhatIsSearched() throws Exception {
    String document = send("rules.md", MARKDOWN.getBytes(StandardCharsets.UTF_8));
    JsonNode found = json(200, bench.get(document + "/chunks"));
    assertEquals("rules.md", found.path("uri").asText());
    assertEquals(found.path("total").asInt(), found.path("chunks").size());
    JsonNode chunk = found.path("chunks").path(0);
    assertEquals(0, chunk.path("ordinal").asInt());
    assertTrue(chunk.path("text").asText().contains("gasworks"), chunk.toString());
    assertEquals("Rules > Parking", chunk.path("spans").path(1).path("section").asText());
    JsonNode limited = json(200, bench.get(document + "/chunks?from=0&limit=1"));
    assertEquals(found.path("total").asInt() > 1, limited.has("next"));
  }

  @Test
  void textNamesItsSections() throws Exception {
    String document = send("rules.md", MARKDOWN.getBytes(StandardCharsets.UTF_8));
    JsonNode parts = json(200, bench.get(document + "/text")).path("parts");
    JsonNode last = parts.path(parts.size() - 1);
    assertEquals("Rules > Lunch", last.path("section").asText());
    assertEquals("Lunch\n\nLunch is at noon.", last.path("text").asText());
    JsonNode end = json(200, bench.get(document + "/text?start=" + (last.path("end").asInt() - 5)));
    assertEquals("noon.", end.path("parts").path(0).path("text").asText());
    assertFalse(end.has("next"));
    json(404, bench.get(document + "/pages/1"));
  }

  @Test
  void pageOfAPdfHasTheBoxesOfItsLines() throws Exception {
    String document = send("a b.pdf", pdf("Guests park behind the gasworks.", "Lunch is at noon."));
    JsonNode page = json(200, bench.get(document + "/pages/2"));
    assertEquals("Lunch is at noon.", page.path("parts").path(0).path("text").asText());
    assertEquals("2", page.path("page_label").asText());
    assertEquals(595.3, page.path("width").asDouble(), 0.1);
    JsonNode line = page.path("lines").path(0);
    assertEquals(72, line.path("left").asDouble(), 2);
    assertEquals(842 - 700, line.path("top").asDouble() + line.path("height").asDouble(), 5);
    assertEquals(page.path("parts").path(0).path("start").asInt(), line.path("start").asInt());
    JsonNode problem = json(404, bench.get(document + "/pages/3"));
    assertEquals("unknown_page", problem.path("code").asText());
    assertEquals("page 3 of a b.pdf (expected: 1 to 2)", problem.path("detail").asText());
    json(400, bench.get(document + "/pages/two"));
  }

  @Test
  void originalIsSentAsItCame() throws Exception {
    byte[] bytes = pdf("Guests park behind the gasworks.");
    String document = send("a ü.pdf", bytes);
    HttpResponse<byte[]> response =
        bench
            .client()
            .send(bench.request(document + "/content").build(), BodyHandlers.ofByteArray());
    assertArrayEquals(bytes, response.body());
    assertEquals("application/pdf", header(response, "Content-Type"));
    assertEquals(
        "inline; filename*=UTF-8''a%20%C3%BC.pdf", header(response, "Content-Disposition"));
    HttpResponse<String> same =
        bench.send(
            bench.request(document + "/content").header("If-None-Match", header(response, "ETag")));
    assertEquals(304, same.statusCode());
  }

  @Test
  void pageThatAClientSentIsOnlySaved() throws Exception {
    String document =
        send("x.html", "<html><body><p>Lunch is at noon.".getBytes(StandardCharsets.UTF_8));
    HttpResponse<String> response = bench.get(document + "/content");
    assertEquals("application/octet-stream", header(response, "Content-Type"));
    assertEquals("nosniff", header(response, "X-Content-Type-Options"));
    assertTrue(header(response, "Content-Disposition").startsWith("attachment;"));
  }

  @Test
  void originalThatIsNotKeptIsNamed() throws Exception {
    bench.corpus().writeAndPublish("notes.md", "Lunch is at noon.");
    HttpResponse<String> response =
        bench.get(DOCUMENTS + "/" + DocumentIds.of(TestCorpus.REF, "notes.md") + "/content");
    JsonNode problem = json(404, response);
    assertEquals("original_not_kept", problem.path("code").asText());
    assertEquals("only the text of notes.md is stored", problem.path("detail").asText());
    assertEquals("", header(response, "ETag"));
  }

  @Test
  void documentThatDoesNotExistIsUnknown() throws Exception {
    send("rules.md", MARKDOWN.getBytes(StandardCharsets.UTF_8));
    for (String rest : List.of("chunks", "text", "pages/1", "content")) {
      HttpResponse<String> response = bench.get(DOCUMENTS + "/d0/" + rest);
      assertEquals("unknown_document", json(404, response).path("code").asText());
    }
  }

  private static String header(HttpResponse<?> response, String name) {
    return response.headers().firstValue(name).orElse("");
  }
}
