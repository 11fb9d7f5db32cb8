package dev.throng.bench.rig;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;

/** A request to ingest files of this machine, like the command {@code ingest}. */
public final class IngestRequest {
  private static final ObjectMapper JSON = new ObjectMapper();

  private IngestRequest() {}

  /**
   * Creates a request.
   *
   * @param token of an operator
   * @param documents a file or a folder
   */
  public static HttpRequest of(URI server, String token, Path documents) {
    ObjectNode body = JSON.createObjectNode();
    body.putArray("paths").add(documents.toString());
    return HttpRequest.newBuilder(server.resolve("/admin/ingest"))
        .header("Content-Type", "application/json")
        .header("Authorization", "Bearer " + token)
        .POST(BodyPublishers.ofString(body.toString()))
        .build();
  }
}
