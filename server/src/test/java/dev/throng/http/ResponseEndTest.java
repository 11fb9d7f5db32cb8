package dev.throng.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every response is complete, for every HTTP version and connection mode of the client. */
@Timeout(120)
final class ResponseEndTest {
  private static final String JSON = "Content-Type: application/json\r\n";

  private final HttpBench bench;
  private final Path folder;

  ResponseEndTest(@TempDir Path folder) throws IOException {
    this.folder = Files.createDirectory(folder.resolve("docs"));
    Files.writeString(this.folder.resolve("a.md"), "The canteen opens at noon.");
    bench =
        new HttpBench(
            Files.createDirectory(folder.resolve("data")), "ingest.publish_interval", "0s");
    bench.corpus().writeAndPublish("a", "The canteen opens at noon.");
    bench.post("/query", query("Is there a canteen?", false)); // a hit from now on
  }

  @AfterEach
  void close() {
    bench.close();
  }

  private static String query(String question, boolean stream) {
    return "{\"query\": \"%s\", \"stream\": %s}".formatted(question, stream);
  }

  /** Whether a client wants to keep the connection open. */
  record Manner(String version, String connection) {
    boolean isLast() {
      return version.equals("HTTP/1.0") || connection.contains("close");
    }

    @Override
    public String toString() {
      return version + " " + connection.strip();
    }
  }

  static Stream<Manner> manners() {
    return Stream.of("HTTP/1.0", "HTTP/1.1")
        .flatMap(version ->
            Stream.of("", "Connection: close\r\n", "Connection: keep-alive\r\n")
                .map(connection -> new Manner(version, connection)));
  }

  @ParameterizedTest
  @MethodSource("manners")
  void answersAreComplete(Manner manner) throws IOException {
    assertEnds(manner, post("/query", query("Is there a canteen?", false)), "}");
    String hit = assertEnds(manner, post("/query", query("Is there a canteen?", true)), "\n\n");
    assertTrue(hit.contains("\"cached\":true"), hit);
    String miss = assertEnds(manner, post("/query", query("When? " + manner, true)), "\n\n");
    assertTrue(miss.contains("\"cached\":false"), miss);
    assertEnds(manner, post("/query", query("", true)), "}");
    assertEnds(manner, post("/search", "{\"query\": \"canteen\"}"), "}");
  }

  @Test
  void jobEventsAndReportsAreComplete() throws IOException {
    for (Manner manner : manners().toList()) {
      assertJobEventsAndReportsAreComplete(manner);
    }
  }

  private void assertJobEventsAndReportsAreComplete(Manner manner) throws IOException {
    String sent =
        bench
            .post(
                "/collections/default/documents",
                "{\"uri\": \"b\", \"text\": \"About " + manner + "\"}")
            .body();
    String job = sent.replaceAll("(?s).*?\"id\":\"([^\"]+)\".*", "$1");
    String events = assertEnds(manner, "GET /jobs/" + job + "/events %s\r\n%s\r\n", "\n\n");
    assertTrue(events.contains("event: end"), events);
    String ingest =
        assertEnds(
            manner,
            post(
                "/admin/ingest",
                "{\"paths\": [\"" + folder + "\"]}",
                "Authorization: Bearer " + HttpBench.ADMIN_TOKEN + "\r\n"),
            "}\n");
    assertTrue(ingest.contains("\"failures\":[]"), ingest);
  }

  /** Small writes that wait for the client's acknowledgement take 40 ms each. */
  @Test
  void streamOfACachedAnswerIsNotHeldBack() throws IOException {
    List<Double> millis = new ArrayList<>();
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), bench.server().port())) {
      InputStream in = new BufferedInputStream(socket.getInputStream());
      Manner kept = new Manner("HTTP/1.1", "");
      String request =
          post("/query", query("Is there a canteen?", true))
              .formatted(kept.version(), "Host: localhost\r\n");
      for (int i = 0; i < 31; i++) {
        long start = System.nanoTime();
        socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
        var _ = body(in, head(in), kept);
        millis.add((System.nanoTime() - start) / 1e6);
      }
    }
    millis.sort(null);
    assertTrue(millis.get(15) < 20, millis.toString());
  }

  private static String post(String path, String body) {
    return post(path, body, "");
  }

  /** With placeholders for the version, and for the headers that matter here. */
  private static String post(String path, String body, String headers) {
    return ("POST " + path + " %s\r\n%s" + headers + JSON)
        + "Content-Length: %d\r\n\r\n%s"
            .formatted(body.getBytes(StandardCharsets.UTF_8).length, body.replace("%", "%%"));
  }

  /** Sends a request, reads the response by its own framing, and checks what follows it. */
  private String assertEnds(Manner manner, String request, String ending) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), bench.server().port())) {
      socket.setSoTimeout(60_000); // the first job waits for its parser to start
      String headers = "Host: localhost\r\n" + manner.connection();
      socket
          .getOutputStream()
          .write(request.formatted(manner.version(), headers).getBytes(StandardCharsets.UTF_8));
      InputStream in = new BufferedInputStream(socket.getInputStream());
      List<String> head = head(in);
      String body = new String(body(in, head, manner), StandardCharsets.UTF_8);
      assertTrue(body.endsWith(ending), head + "\n" + body);
      if (manner.isLast()) {
        assertEquals(-1, in.read(), "the connection must be closed");
      }
      return body;
    }
  }

  private static List<String> head(InputStream in) throws IOException {
    StringBuilder head = new StringBuilder();
    while (!head.toString().endsWith("\r\n\r\n")) {
      int read = in.read();
      assertTrue(read >= 0, "ended within the head: " + head);
      head.append((char) read);
    }
    return head.toString().toLowerCase(Locale.ROOT).lines().toList();
  }

  private static byte[] body(InputStream in, List<String> head, Manner manner) throws IOException {
    if (head.contains("transfer-encoding: chunked")) {
      assertFalse(manner.version().equals("HTTP/1.0"), "HTTP/1.0 has no chunked encoding");
      return chunks(in);
    }
    String length =
        head.stream().filter(line -> line.startsWith("content-length: ")).findFirst().orElse("");
    if (length.isEmpty()) {
      assertTrue(manner.isLast(), "no header determines the response's end: " + head);
      return in.readAllBytes();
    }
    return in.readNBytes(Integer.parseInt(length.substring("content-length: ".length())));
  }

  private static byte[] chunks(InputStream in) throws IOException {
    var body = new java.io.ByteArrayOutputStream();
    while (true) {
      int size = Integer.parseInt(line(in), 16);
      byte[] chunk = in.readNBytes(size);
      assertEquals(size, chunk.length);
      body.writeBytes(chunk);
      assertEquals("", line(in));
      if (size == 0) {
        return body.toByteArray();
      }
    }
  }

  private static String line(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    while (!line.toString().endsWith("\r\n")) {
      int read = in.read();
      assertTrue(read >= 0, "ended within the chunks, after \"" + line + "\"");
      line.append((char) read);
    }
    return line.substring(0, line.length() - 2);
  }
}
