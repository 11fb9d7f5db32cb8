package dev.throng.http;

import io.helidon.common.buffers.BufferData;
import io.helidon.common.buffers.DataReader;
import io.helidon.common.concurrency.limits.Limit;
import io.helidon.common.task.InterruptableTask;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.http1.Http1Config;
import io.helidon.webserver.http1.Http1ConnectionSelector;
import io.helidon.webserver.spi.ServerConnection;
import io.helidon.webserver.spi.ServerConnectionSelector;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Passes every connection to Helidon's HTTP/1.1, which also answers input that is not HTTP. An
 * HTTP/1.0 request, which many proxies and health checks send, is rewritten as the only HTTP/1.1
 * request of its connection, and its response is framed for HTTP/1.0.
 */
final class HttpVersions implements ServerConnectionSelector {
  private static final int MAX_HEAD_BYTES = 1 << 16;
  private static final String OLD = " HTTP/1.0";
  private static final String NEW = " HTTP/1.1";
  private static final int CRLF = 2;

  private final Connections connections;
  private final ServerConnectionSelector http1;

  HttpVersions(Connections connections) {
    this.connections = connections;
    Http1Config config = Http1Config.builder().addReceiveListener(connections).build();
    http1 = Http1ConnectionSelector.builder().config(config).build();
  }

  @Override
  public int bytesToIdentifyConnection() {
    return http1.bytesToIdentifyConnection();
  }

  @Override
  public Support supports(BufferData data) {
    return Support.SUPPORTED;
  }

  @Override
  public Set<String> supportedApplicationProtocols() {
    return http1.supportedApplicationProtocols();
  }

  @Override
  public ServerConnection connection(ConnectionContext connection) {
    ClientConnection client = connections.open(connection);
    try {
      DataReader reader = client.dataReader();
      if (!isText(reader)) {
        throw new CloseConnectionException("TLS on a plain-text port, or not HTTP");
      }
      if (isOld(reader)) {
        client.speakHttp10(renewed(reader));
      }
      return new Served(http1.connection(client), client, connections);
    } catch (RuntimeException e) {
      connections.closed(client);
      throw e;
    }
  }

  private static boolean isText(DataReader reader) {
    try {
      return reader.lookup() >= ' ';
    } catch (DataReader.InsufficientDataAvailableException e) {
      return false; // nothing was sent
    }
  }

  private static boolean isOld(DataReader reader) {
    try {
      int end = reader.findNewLine(MAX_HEAD_BYTES);
      return end < MAX_HEAD_BYTES && reader.getBuffer(end).readString(end).endsWith(OLD);
    } catch (DataReader.IncorrectNewLineException
        | DataReader.InsufficientDataAvailableException e) {
      return false; // Helidon reports what is wrong with it
    }
  }

  /** Returns the request in the form of an HTTP/1.1 client that wants the connection closed. */
  private static DataReader renewed(DataReader reader) {
    byte[] head = head(reader).getBytes(StandardCharsets.ISO_8859_1);
    return DataReader.create(
        new Supplier<>() {
          private boolean isHeadRead;

          @Override
          public byte @Nullable [] get() {
            if (!isHeadRead) {
              isHeadRead = true;
              return head;
            }
            try {
              reader.ensureAvailable();
              return reader.readBytes(reader.available());
            } catch (DataReader.InsufficientDataAvailableException e) {
              return null; // the end of the stream
            }
          }
        });
  }

  private static String head(DataReader reader) {
    String request = line(reader, 0);
    StringBuilder head = new StringBuilder();
    head.append(request, 0, request.length() - OLD.length()).append(NEW).append("\r\n");
    boolean hasHost = false;
    String line = line(reader, head.length());
    while (!line.isEmpty()) {
      String name = line.substring(0, Math.max(0, line.indexOf(':'))).toLowerCase(Locale.ROOT);
      hasHost |= name.equals("host");
      if (!name.equals("connection") && !name.equals("keep-alive")) {
        head.append(line).append("\r\n");
      }
      line = line(reader, head.length());
    }
    return head.append(hasHost ? "" : "Host: localhost\r\n")
        .append("Connection: close\r\n\r\n")
        .toString();
  }

  /**
   * Returns the next line of a head. Beyond the maximum length of a head there are no more lines,
   * and Helidon refuses it.
   */
  private static String line(DataReader reader, int before) {
    int left = MAX_HEAD_BYTES - before;
    int end = left <= 0 ? left : reader.findNewLine(left);
    if (end >= left) {
      return "";
    }
    String line = reader.readAsciiString(end);
    reader.skip(CRLF);
    return line;
  }

  /** Ends the bookkeeping for a connection when the connection ends. */
  private record Served(ServerConnection http, ClientConnection client, Connections connections)
      implements ServerConnection, InterruptableTask<Void> {
    @Override
    public void handle(Limit limit) throws InterruptedException {
      try {
        http.handle(limit);
      } finally {
        connections.closed(client);
      }
    }

    @Override
    public Duration idleTime() {
      return Duration.ZERO; // connections have deadlines of their own
    }

    @Override
    public void close(boolean interrupt) {
      http.close(interrupt);
    }

    @Override
    public boolean canInterrupt() {
      return http instanceof InterruptableTask<?> task && task.canInterrupt();
    }
  }
}
