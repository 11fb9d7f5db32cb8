package dev.throng.http;

import io.helidon.common.buffers.BufferData;
import io.helidon.common.buffers.DataReader;
import io.helidon.common.buffers.DataWriter;
import io.helidon.common.socket.HelidonSocket;
import io.helidon.common.socket.PeerInfo;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.ListenerContext;
import io.helidon.webserver.ProxyProtocolData;
import io.helidon.webserver.Router;
import io.helidon.webserver.http1.Http1Config;
import io.helidon.webserver.http1.Http1ConnectionSelector;
import io.helidon.webserver.spi.ServerConnection;
import io.helidon.webserver.spi.ServerConnectionSelector;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Requests of HTTP/1.1 go to Helidon as they are, and so does what is none of either: it says so to
 * the client, where it would be silent about what it does not know. One of HTTP/1.0, which many
 * proxies and health checks speak, becomes one of 1.1 and the last of its connection.
 */
final class HttpVersions implements ServerConnectionSelector {
  private static final int MAX_HEAD_BYTES = 1 << 16;
  private static final String OLD = " HTTP/1.0";
  private static final String NEW = " HTTP/1.1";
  private static final int CRLF = 2;

  private final ServerConnectionSelector http1;

  HttpVersions(Http1Config config) {
    http1 = Http1ConnectionSelector.builder().config(config).build();
  }

  @Override
  public int bytesToIdentifyConnection() {
    return http1.bytesToIdentifyConnection();
  }

  @Override
  public Support supports(BufferData data) {
    boolean isText = data.available() > 0 && data.get(0) >= ' '; // no TLS, for one
    return isText ? Support.SUPPORTED : Support.UNSUPPORTED;
  }

  @Override
  public Set<String> supportedApplicationProtocols() {
    return http1.supportedApplicationProtocols();
  }

  @Override
  public ServerConnection connection(ConnectionContext connection) {
    DataReader reader = connection.dataReader();
    return http1.connection(isOld(reader) ? new Renewed(connection, renewed(reader)) : connection);
  }

  private static boolean isOld(DataReader reader) {
    try {
      int end = reader.findNewLine(MAX_HEAD_BYTES);
      return end < MAX_HEAD_BYTES && reader.getBuffer(end).readString(end).endsWith(OLD);
    } catch (DataReader.IncorrectNewLineException
        | DataReader.InsufficientDataAvailableException e) {
      return false; // Helidon says what is wrong with it
    }
  }

  /** The same, as a client of HTTP/1.1 would send it that wants the connection closed. */
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
   * The next line of a head; what is too long for one has no more lines, and Helidon refuses it.
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

  /** A connection whose bytes come from another reader. */
  private record Renewed(ConnectionContext connection, DataReader reader)
      implements ConnectionContext {
    @Override
    public DataReader dataReader() {
      return reader;
    }

    @Override
    public DataWriter dataWriter() {
      return connection.dataWriter();
    }

    @Override
    public ListenerContext listenerContext() {
      return connection.listenerContext();
    }

    @Override
    public ExecutorService executor() {
      return connection.executor();
    }

    @Override
    public Router router() {
      return connection.router();
    }

    @Override
    public Optional<ProxyProtocolData> proxyProtocolData() {
      return connection.proxyProtocolData();
    }

    @Override
    public HelidonSocket serverSocket() {
      return connection.serverSocket();
    }

    @Override
    public PeerInfo remotePeer() {
      return connection.remotePeer();
    }

    @Override
    public PeerInfo localPeer() {
      return connection.localPeer();
    }

    @Override
    public boolean isSecure() {
      return connection.isSecure();
    }

    @Override
    public String socketId() {
      return connection.socketId();
    }

    @Override
    public String childSocketId() {
      return connection.childSocketId();
    }
  }
}
