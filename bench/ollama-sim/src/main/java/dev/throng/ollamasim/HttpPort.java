package dev.throng.ollamasim;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A port on loopback with as much HTTP/1.1 as drills need, one virtual thread per connection.
 * Unlike a library's server, it can refuse connections, cut all of them, and listen again.
 */
final class HttpPort implements AutoCloseable {
  private static final int BACKLOG = 1024;
  private static final long PAUSE_NANOS = 1_000_000;

  /** Answers one request. */
  interface Handler {
    void handle(Exchange exchange) throws IOException, InterruptedException;
  }

  private final Handler handler;
  private final int port;
  private final Set<Connection> connections = ConcurrentHashMap.newKeySet();
  private final ReentrantLock lock = new ReentrantLock();
  private @Nullable ServerSocket listener;
  private CompletableFuture<Boolean> accepting = new CompletableFuture<>();

  /** Bound but not listening: connections are refused, and no other process gets the port. */
  private @Nullable Socket placeholder;

  /**
   * Starts to listen.
   *
   * @param port 0: any free port
   */
  HttpPort(int port, Handler handler) throws IOException {
    this.handler = handler;
    ServerSocket first = bind(port);
    this.port = first.getLocalPort();
    listener = first;
    accept(first);
  }

  int port() {
    return port;
  }

  /** Refuses connections from now on, and cuts the open ones. */
  void refuse() throws IOException {
    lock.lock();
    try {
      if (listener != null) {
        listener.close();
        listener = null;
        accepting.join(); // the thread in accept() closes the socket
        Socket reserved = new Socket();
        placeholder = reserved;
        reserved.setReuseAddress(true);
        reserved.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      }
    } finally {
      lock.unlock();
    }
    connections.forEach(Connection::cut);
  }

  /** Listens again; does nothing if it is already listening. */
  void listen() throws IOException {
    lock.lock();
    try {
      if (listener == null) {
        ServerSocket again = bind(port);
        listener = again;
        release();
        accept(again);
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() throws IOException {
    refuse();
    lock.lock();
    try {
      release();
    } finally {
      lock.unlock();
    }
  }

  void ended(Connection connection) {
    connections.remove(connection);
  }

  private void release() throws IOException {
    if (placeholder != null) {
      placeholder.close();
      placeholder = null;
    }
  }

  private static ServerSocket bind(int port) throws IOException {
    ServerSocket socket = new ServerSocket();
    socket.setReuseAddress(true);
    socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), BACKLOG);
    return socket;
  }

  private void accept(ServerSocket listening) {
    CompletableFuture<Boolean> ended = new CompletableFuture<>();
    accepting = ended;
    Thread.ofVirtual()
        .name("ollama-sim-accept-" + port)
        .start(() -> {
          while (!listening.isClosed()) {
            try {
              serve(listening.accept(), listening);
            } catch (IOException e) {
              // listener closed, client gone before it was accepted, or no file descriptor free
              LockSupport.parkNanos(PAUSE_NANOS);
            }
          }
          ended.complete(true);
        });
  }

  private void serve(Socket socket, ServerSocket listening) throws IOException {
    Connection connection = new Connection(this, socket, handler);
    connections.add(connection);
    connection.start();
    if (listening.isClosed()) {
      connection.cut(); // accepted during the crash
    }
  }
}
