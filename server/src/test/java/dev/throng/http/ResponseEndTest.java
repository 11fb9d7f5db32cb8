package dev.throng.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
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

  /** The HTTP version and the Connection header of a request. */
  record ConnectionMode(String version, String connection) {
    boolean closesAfterResponse() {
      return version.equals("HTTP/1.0") || connection.contains("close");
    }

    @Override
    public String toString() {
      return version + " " + connection.strip();
    }
  }

  static Stream<ConnectionMode> modes() {
    return Stream.of("HTTP/1.0", "HTTP/1.1")
        .flatMap(version ->
            Stream.of("", "Connection: close\r\n", "Connection: keep-alive\r\n")
                .map(connection -> new ConnectionMode(version, connection)));
  }

  @ParameterizedTest
  @MethodSource("modes")
  void answersAreComplete(ConnectionMode mode) throws IOException {
    assertEnds(mode, post("/query", query("Is there a canteen?", false)), "}");
    String hit = assertEnds(mode, post("/query", query("Is there a canteen?", true)), "\n\n");
    assertTrue(hit.contains("\"cached\":true"), hit);
    String miss = assertEnds(mode, post("/query", query("When? " + mode, true)), "\n\n");
    assertTrue(miss.contains("\"cached\":false"), miss);
    assertEnds(mode, post("/query", query("", true)), "}");
    assertEnds(mode, post("/search", "{\"query\": \"canteen\"}"), "}");
  }

  @Test
  void jobEventsAndReportsAreComplete() throws IOException {
    for (ConnectionMode mode : modes().toList()) { // with one server, whose parser starts once
      assertJobEventsAndReportsAreComplete(mode);
    }
  }

  private void assertJobEventsAndReportsAreComplete(ConnectionMode mode) throws IOException {
    String sent =
        bench
            .post(
                "/collections/default/documents",
                "{\"uri\": \"b\", \"text\": \"About " + mode + "\"}")
            .body();
    String job = sent.replaceAll("(?s).*?\"id\":\"([^\"]+)\".*", "$1");
    String events = assertEnds(mode, "GET /jobs/" + job + "/events %s\r\n%s\r\n", "\n\n");
    assertTrue(events.contains("event: end"), events);
    String ingest =
        assertEnds(
            mode,
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
      ConnectionMode kept = new ConnectionMode("HTTP/1.1", "");
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

  /** Returns a request with %s placeholders for the HTTP version and the connection's headers. */
  private static String post(String path, String body, String headers) {
    int length = body.getBytes(StandardCharsets.UTF_8).length;
    String rest = JSON + "Content-Length: " + length + "\r\n\r\n" + body.replace("%", "%%");
    return "POST " + path + " %s\r\n%s" + headers + rest;
  }

  /**
   * Sends a request, reads the response by its own framing, and checks that the connection is
   * closed if the mode says so.
   */
  private String assertEnds(ConnectionMode mode, String request, String ending) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), bench.server().port())) {
      socket.setSoTimeout(60_000); // the first job waits for its parser to start
      String headers = "Host: localhost\r\n" + mode.connection();
      socket
          .getOutputStream()
          .write(request.formatted(mode.version(), headers).getBytes(StandardCharsets.UTF_8));
      InputStream in = new BufferedInputStream(socket.getInputStream());
      List<String> head = head(in);
      String body = new String(body(in, head, mode), StandardCharsets.UTF_8);
      assertTrue(body.endsWith(ending), head + "\n" + body);
      if (mode.closesAfterResponse()) {
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

  private static byte[] body(InputStream in, List<String> head, ConnectionMode mode)
      throws IOException {
    if (head.contains("transfer-encoding: chunked")) {
      assertFalse(mode.version().equals("HTTP/1.0"), "HTTP/1.0 has no chunked encoding");
      return chunks(in);
    }
    String length =
        head.stream().filter(line -> line.startsWith("content-length: ")).findFirst().orElse("");
    if (length.isEmpty()) {
      assertTrue(mode.closesAfterResponse(), "no header determines the response's end: " + head);
      return in.readAllBytes();
    }
    int bytes = Integer.parseInt(length.substring("content-length: ".length()));
    byte[] body = in.readNBytes(bytes);
    assertEquals(bytes, body.length, "the response is cut");
    return body;
  }

  private static byte[] chunks(InputStream in) throws IOException {
    var body = new ByteArrayOutputStream();
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
