package dev.throng.http;

import io.helidon.common.buffers.DataReader;
import io.helidon.http.HttpPrologue;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.http1.Http1ConnectionListener;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;

/**
 * Tells whether a client still waits for its answer: only a read tells, and it blocks. So a thread
 * of its own reads from the connection, which then cannot be used for a further request.
 */
final class ConnectionWatch implements Http1ConnectionListener {
  // A connection has one thread, which reads the request and then runs its handler.
  @SuppressWarnings("ThreadLocalUsage") // one a server; a static one would be shared by servers
  private final ThreadLocal<DataReader> ownReader = new ThreadLocal<>();

  @Override
  public void prologue(ConnectionContext connection, HttpPrologue prologue) {
    ownReader.set(connection.dataReader());
  }

  /**
   * Watches the connection that the calling thread serves. Its request must have been read whole,
   * and the connection must be closed after the response, which also ends the watch.
   *
   * @return whether the client has gone; one that closed its sending side counts as gone
   */
  BooleanSupplier watch(String requestId) {
    DataReader reader = ownReader.get();
    AtomicBoolean isGone = new AtomicBoolean();
    if (reader != null) { // else this is no connection's thread
      Thread.ofVirtual().name("watch-" + requestId).start(() -> awaitEnd(reader, isGone));
    }
    return isGone::get;
  }

  private static void awaitEnd(DataReader reader, AtomicBoolean isGone) {
    try {
      reader.pullData(); // a client that sends on, before its answer, is not served that
    } catch (RuntimeException e) {
      isGone.set(true); // the end of the stream, or a broken connection
    }
  }
}
