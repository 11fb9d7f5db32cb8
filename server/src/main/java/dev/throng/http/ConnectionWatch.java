package dev.throng.http;

import io.helidon.common.socket.HelidonSocket;
import io.helidon.http.HttpPrologue;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.http1.Http1ConnectionListener;
import java.util.function.BooleanSupplier;

/**
 * Tells whether a client still waits for its answer. A connection has one thread, and that thread
 * reads the request and runs its handler, so that the thread leads from one to the other.
 */
final class ConnectionWatch implements Http1ConnectionListener {
  @SuppressWarnings("ThreadLocalUsage") // one a server; a static one would be shared by servers
  private final ThreadLocal<HelidonSocket> ownSocket = new ThreadLocal<>();

  @Override
  public void prologue(ConnectionContext connection, HttpPrologue prologue) {
    ownSocket.set(connection.serverSocket());
  }

  /**
   * Watches the connection that the calling thread serves, until the thread reads from it again.
   *
   * @return whether the client has gone; one that only closed its sending side counts as gone
   */
  BooleanSupplier watch() {
    HelidonSocket socket = ownSocket.get();
    if (socket == null) {
      return () -> false; // not a connection's thread
    }
    socket.idle();
    return () -> !socket.isConnected();
  }
}
