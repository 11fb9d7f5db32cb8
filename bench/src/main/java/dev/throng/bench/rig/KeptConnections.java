package dev.throng.bench.rig;

import dev.throng.bench.rig.QueryConnection.Event;
import dev.throng.bench.rig.QueryConnection.Response;
import java.io.IOException;
import java.net.URI;
import java.util.Deque;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;

/**
 * Connections that are used again, by many threads. A stream that is cut is resumed, as real
 * clients do it.
 */
public final class KeptConnections implements AutoCloseable {
  private static final int OK = 200;
  private static final int UNAVAILABLE = 503;

  /** A load balancer needs a moment to notice that a replica is gone. */
  private static final int MAX_RESUMPTIONS = 20;

  private static final long PAUSE_MILLIS = 250;

  private final URI server;
  private final String path;
  private final Deque<QueryConnection> idle = new ConcurrentLinkedDeque<>();
  private final LongAdder resumptions = new LongAdder();

  /** Creates connections for {@code POST /query}. */
  public KeptConnections(URI server) {
    this(server, "/query");
  }

  /**
   * Creates connections.
   *
   * @param path to which bodies are posted
   */
  public KeptConnections(URI server, String path) {
    this.server = server;
    this.path = path;
  }

  /**
   * Asks on an idle connection, or on a new one, and waits for the end of the answer.
   *
   * @param onEvent receives each event of a stream as it arrives
   */
  public Response ask(String body, Consumer<Event> onEvent) throws IOException {
    Reading reading = new Reading(onEvent);
    for (int attempt = 0; ; attempt++) {
      try {
        Response response = use(connection -> reading.request(connection, body));
        boolean canBeResumed = response.status() == OK || response.status() == UNAVAILABLE;
        if (!reading.isCut() || !canBeResumed || attempt == MAX_RESUMPTIONS) {
          return response;
        }
      } catch (IOException e) {
        if (!reading.isCut() || attempt == MAX_RESUMPTIONS) {
          throw e;
        }
      }
      pause();
      resumptions.increment();
    }
  }

  /** How often a stream was resumed. */
  public long resumptions() {
    return resumptions.sum();
  }

  /** A request, over all its connections. */
  private final class Reading {
    private final Consumer<Event> onEvent;
    private String requestId = "";
    private String lastEvent = "";
    private boolean isOver;

    Reading(Consumer<Event> onEvent) {
      this.onEvent = onEvent;
    }

    /** Returns whether a stream has started and not ended. */
    boolean isCut() {
      return !requestId.isEmpty() && !isOver;
    }

    Response request(QueryConnection connection, String body) throws IOException {
      Consumer<Event> take = event -> take(connection, event);
      return requestId.isEmpty()
          ? connection.post(path, body, take)
          : connection.get("/query/%s/events".formatted(requestId), lastEvent, take);
    }

    private void take(QueryConnection from, Event event) {
      if (requestId.isEmpty()) {
        requestId = from.requestId();
      }
      switch (event.name()) {
        case "token" -> lastEvent = event.id();
        case "done", "error" -> isOver = true;
        default -> {} // is sent again
      }
      onEvent.accept(event);
    }
  }

  private interface Use {
    Response of(QueryConnection connection) throws IOException;
  }

  private Response use(Use use) throws IOException {
    QueryConnection known = idle.poll();
    QueryConnection connection = known == null ? new QueryConnection(server) : known;
    boolean isKept = false;
    try {
      Response response = use.of(connection);
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

  private static void pause() throws IOException {
    try {
      TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted before a stream was resumed", e);
    }
  }

  @Override
  public void close() {
    idle.forEach(QueryConnection::close);
  }
}
