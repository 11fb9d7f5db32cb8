package dev.throng.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.throng.fixtures.Await;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Stalled uploads do not hold a place forever; uploads that progress may take their time. */
final class SlowUploadTest {
  private static final String DOCUMENTS = "/collections/default/documents";
  private static final String TEXT = "{\"uri\": \"a\", \"text\": \"About lamps.\"}";

  private final HttpBench bench;

  SlowUploadTest(@TempDir Path folder) {
    bench = new HttpBench(folder, "ingest.max_uploads", "1", "server.body_timeout", "2s");
  }

  @AfterEach
  void close() {
    bench.close();
  }

  private Socket begin(String type, int length, String content) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), bench.server().port());
    send(
        socket,
        "POST %s HTTP/1.1\r\nHost: localhost\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n%s"
            .formatted(DOCUMENTS, type, length, content));
    return socket;
  }

  private static void send(Socket socket, String text) throws IOException {
    OutputStream out = socket.getOutputStream();
    out.write(text.getBytes(StandardCharsets.US_ASCII));
    out.flush();
  }

  private int status() {
    return bench.post(DOCUMENTS, TEXT).statusCode();
  }

  @ParameterizedTest
  @CsvSource({"application/json, '{\"uri\": '", "multipart/form-data; boundary=b, --b"})
  void stalledUploadIsEnded(String type, String beginning) throws Exception {
    try (Socket still = begin(type, 1_000, beginning)) {
      Thread.sleep(200); // the uploads below would otherwise compete for the only place
      Await.until("the only place to be taken", () -> status() == 503);
      Await.until("the place to be free", () -> status() == 202);
      assertEquals(-1, still.getInputStream().read(), "its connection is closed");
    }
  }

  @Test
  void slowUploadThatProgressesMaySucceed() throws Exception {
    String padding = " ".repeat(5_000);
    try (Socket slow = begin("application/json", 7 * 5_000 + TEXT.length(), "")) {
      for (int i = 0; i < 7; i++) {
        send(slow, padding);
        Thread.sleep(400);
      }
      send(slow, TEXT);
      byte[] head = slow.getInputStream().readNBytes(12);
      assertTrue(new String(head, StandardCharsets.US_ASCII).endsWith("202"));
    }
  }
}
