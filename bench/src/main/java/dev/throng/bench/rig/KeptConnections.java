package dev.throng.bench.rig;

import dev.throng.bench.rig.QueryConnection.Event;
import dev.throng.bench.rig.QueryConnection.Response;
import java.io.IOException;
import java.net.URI;
import java.util.Deque;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.function.Consumer;

/** Connections that are used again, by many threads. */
public final class KeptConnections implements AutoCloseable {
  private final URI server;
  private final Deque<QueryConnection> idle = new ConcurrentLinkedDeque<>();

  public KeptConnections(URI server) {
    this.server = server;
  }

  /**
   * Asks on an idle connection, or on a new one, and waits for the end of the answer.
   *
   * @param onEvent receives each event of a stream as it arrives
   */
  public Response ask(String body, Consumer<Event> onEvent) throws IOException {
    QueryConnection known = idle.poll();
    QueryConnection connection = known == null ? new QueryConnection(server) : known;
    boolean isKept = false;
    try {
      Response response = connection.post("/query", body, onEvent);
      isKept = connection.isUsable();
      return response;
    } finally {
      if (isKept) {
        idle.push(connection);
      } else {
        connection.close();
      }
    }
  }

  @Override
  public void close() {
    idle.forEach(QueryConnection::close);
  }
}
