package dev.throng.ollamasim;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/** One client's connection: sequential requests, until either side hangs up. */
final class Connection {
  private static final Logger log = System.getLogger(Connection.class.getName());
  private static final int MAX_HEAD_BYTES = 32 << 10;
  private static final int MAX_BODY_BYTES = 64 << 20;
  private static final int END = -1;

  private final HttpPort port;
  private final Socket socket;
  private final HttpPort.Handler handler;
  private final InputStream in;
  private final OutputStream out;
  private final Thread thread;

  /**
   * The byte after the request, once it arrives; it shows whether the client is still connected.
   */
  private @Nullable CompletableFuture<Integer> ahead;

  Connection(HttpPort port, Socket socket, HttpPort.Handler handler) throws IOException {
    this.port = port;
    this.socket = socket;
    this.handler = handler;
    socket.setTcpNoDelay(true);
    this.in = new BufferedInputStream(socket.getInputStream());
    this.out = socket.getOutputStream();
    this.thread = Thread.ofVirtual().name("ollama-sim-" + socket.getPort()).unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  OutputStream out() {
    return out;
  }

  /** Closes the connection, as when a process ends, and ends its work. */
  void cut() {
    close();
    if (thread != Thread.currentThread()) {
      thread.interrupt();
    }
  }

  /** Ends the connection with a TCP reset. */
  void reset() throws IOException {
    socket.setSoLinger(true, 0);
    socket.close();
  }

  /**
   * Watches for the client hanging up from now on.
   *
   * @return completes when the client hangs up
   */
  CompletableFuture<Boolean> watch() {
    CompletableFuture<Integer> next = new CompletableFuture<>();
    CompletableFuture<Boolean> gone = new CompletableFuture<>();
    ahead = next;
    Thread.ofVirtual()
        .name(thread.getName() + "-watch")
        .start(() -> {
          int read = END;
          try {
            read = in.read();
          } catch (IOException e) {
            // reset by the client, or closed by the simulator
          }
          if (read == END) {
            gone.complete(true);
          }
          next.complete(read);
        });
    return gone;
  }

  private void run() {
    try {
      for (int first = in.read(); first != END; first = nextByte()) {
        Exchange exchange = read(first);
        handler.handle(exchange);
        if (exchange.isLast()) {
          return;
        }
      }
    } catch (IOException | InterruptedException e) {
      log.log(Level.DEBUG, "{0} ended: {1}", thread.getName(), e);
    } catch (RuntimeException e) {
      log.log(Level.ERROR, thread.getName() + " failed", e);
    } finally {
      close();
      port.ended(this);
    }
  }

  private int nextByte() throws IOException, InterruptedException {
    CompletableFuture<Integer> watched = ahead;
    if (watched == null) {
      return in.read();
    }
    ahead = null;
    try {
      return watched.get();
    } catch (ExecutionException e) {
      throw new IOException(e);
    }
  }

  private Exchange read(int first) throws IOException {
    String[] line = ((char) first + line()).split(" ", 3);
    if (line.length != 3) {
      throw new IOException("no HTTP");
    }
    Map<String, String> headers = headers();
    Exchange exchange = new Exchange(this, line[0], line[1], headers);
    if (headers.containsKey("transfer-encoding")) {
      exchange.refuse(411, "a body needs a Content-Length");
      throw new IOException("a body without length");
    }
    int length = Integer.parseInt(headers.getOrDefault("content-length", "0"));
    if (length > MAX_BODY_BYTES) {
      exchange.refuse(413, "at most %d bytes".formatted(MAX_BODY_BYTES));
      throw new IOException("a body of %d bytes".formatted(length));
    }
    if ("100-continue".equalsIgnoreCase(headers.get("expect"))) {
      out.write("HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    }
    byte[] body = in.readNBytes(length);
    if (body.length < length) {
      throw new EOFException();
    }
    exchange.body(new String(body, StandardCharsets.UTF_8));
    return exchange;
  }

  private Map<String, String> headers() throws IOException {
    Map<String, String> headers = new HashMap<>();
    int bytes = 0;
    for (String line = line(); !line.isEmpty(); line = line()) {
      bytes += line.length();
      int colon = line.indexOf(':');
      if (colon < 0 || bytes > MAX_HEAD_BYTES) {
        throw new IOException("bad header");
      }
      headers.put(
          line.substring(0, colon).strip().toLowerCase(Locale.ROOT),
          line.substring(colon + 1).strip());
    }
    return headers;
  }

  private String line() throws IOException {
    StringBuilder line = new StringBuilder();
    for (int read = in.read(); read != '\n'; read = in.read()) {
      if (read == END || line.length() > MAX_HEAD_BYTES) {
        throw new EOFException();
      }
      if (read != '\r') {
        line.append((char) read);
      }
    }
    return line.toString();
  }

  private void close() {
    try {
      socket.close();
    } catch (IOException e) {
      log.log(Level.DEBUG, "{0}: {1}", thread.getName(), e);
    }
  }
}
