package dev.throng.bench.rig;

import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
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
   * @param args port, file, and the status if it is not 200
   */
  public static void main(String[] args) throws IOException {
    int status = args.length > 2 ? Integer.parseInt(args[2]) : Status.OK_200.code();
    byte[] body = Files.readAllBytes(Path.of(args[1]));
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
                  response.status(Status.create(status)).send(body);
                }))
        .build()
        .start();
    MemoryReport.announceIfAsked(); // the server is already running
  }
}
