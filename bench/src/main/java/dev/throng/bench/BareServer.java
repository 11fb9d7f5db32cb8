package dev.throng.bench;

import io.helidon.http.HeaderNames;
import io.helidon.webserver.WebServer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** The reference: a Helidon server that reads the request's body and sends fixed bytes. */
public final class BareServer {
  private BareServer() {}

  /**
   * Serves a file's content on every POST.
   *
   * @param args port, file
   */
  public static void main(String[] args) throws IOException {
    byte[] body = Files.readAllBytes(Path.of(args[1]));
    AllocationCounter.announceIfAsked();
    WebServer.builder()
        .host("127.0.0.1")
        .port(Integer.parseInt(args[0]))
        .routing(routing ->
            routing.post(
                "/query",
                (request, response) -> {
                  try (InputStream in = request.content().inputStream()) {
                    in.readAllBytes();
                  }
                  response.header(HeaderNames.CONTENT_TYPE, "application/json");
                  response.send(body);
                }))
        .build()
        .start();
  }
}
