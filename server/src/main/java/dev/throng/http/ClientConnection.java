package dev.throng.http;

import dev.throng.core.Carriers;
import io.helidon.common.buffers.BufferData;
import io.helidon.common.buffers.DataReader;
import io.helidon.common.buffers.DataWriter;
import io.helidon.common.socket.HelidonSocket;
import io.helidon.common.socket.PeerInfo;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.ListenerContext;
import io.helidon.webserver.ProxyProtocolData;
import io.helidon.webserver.Router;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A client's connection, with what it is waiting for and since when. One thread serves the
 * connection. Another thread, which belongs to {@link Connections}, closes it when a deadline has
 * passed.
 */
final class ClientConnection implements ConnectionContext {
  /** Bytes of a body that must arrive within the body timeout. */
  private static final int MIN_BODY_BYTES = 4_096;

  /** Bytes of a response that the client must take within the write timeout. */
  private static final int MAX_WRITE_BYTES = 1 << 16;

  /** Stands for no time; {@link System#nanoTime} returns it at most once in centuries. */
  private static final long NONE = Long.MIN_VALUE;

  /** What is happening on the connection. */
  enum Phase {
    /** No request has started. */
    IDLE,
    /** The head of a request has started to arrive, or the connection was just opened. */
    HEAD,
    /** A request is being served. */
    SERVING,
    /** Closed by this server, whatever the client still sends. */
    CLOSED
  }

  private final ConnectionContext connection;
  private final boolean isReserve;
  private final AtomicReference<Phase> phase = new AtomicReference<>(Phase.HEAD);
  private final TimedWriter writer;
  private DataReader reader;

  private volatile long phaseSinceNanos = System.nanoTime();

  /** The start of the read of a body that is under way, or {@link #NONE}. */
  private volatile long readingSinceNanos = NONE;

  /** Published by the writes of {@code readingSinceNanos}; a volatile write costs each request. */
  private long bodyWaitNanos;

  private int bodyBytes;

  /**
   * Creates a connection in phase HEAD.
   *
   * @param isReserve whether all connections for requests are in use, so that this one answers only
   *     health checks
   */
  ClientConnection(ConnectionContext connection, boolean isReserve) {
    this.connection = connection;
    this.isReserve = isReserve;
    this.reader = connection.dataReader();
    this.writer = new TimedWriter(connection.dataWriter());
  }

  boolean isReserve() {
    return isReserve;
  }

  /** Switches to another reader, and answers as HTTP/1.0 clients expect. */
  void speakHttp10(DataReader renewed) {
    reader = renewed;
    writer.speakHttp10();
  }

  /** Returns the phase, for the watching thread. */
  Phase phase() {
    return phase.get();
  }

  long phaseNanos(long now) {
    return now - phaseSinceNanos;
  }

  /**
   * Returns how long the server has waited for the next part of a body, or 0 when it is not waiting
   * for one.
   */
  long bodyWaitNanos(long now) {
    long since = readingSinceNanos;
    return since == NONE ? 0 : bodyWaitNanos + Math.max(0, now - since);
  }

  /**
   * Returns how long the server has waited for anything from the client, or 0 when it is not
   * waiting.
   */
  long waitNanos(long now) {
    return switch (phase()) {
      case IDLE, HEAD -> Math.max(1, phaseNanos(now));
      case SERVING -> bodyWaitNanos(now);
      case CLOSED -> 0;
    };
  }

  /**
   * Returns how long a write of a response has been blocked by the client, or 0 when no write is
   * blocked.
   */
  long writeNanos(long now) {
    return writer.nanos(now);
  }

  /**
   * Enters a phase.
   *
   * @throws CloseConnectionException when the connection was closed in the meantime
   */
  void enter(Phase next) {
    Phase current = phase.get();
    // Before the phase, or another thread would see the new phase with the time of the former one.
    phaseSinceNanos = System.nanoTime();
    if (current == Phase.CLOSED || !phase.compareAndSet(current, next)) {
      throw new CloseConnectionException("closed by the server");
    }
  }

  /**
   * Closes the connection from another thread if it is still in the expected phase.
   *
   * @return whether it was closed
   */
  boolean closeIf(Phase expected) {
    if (!phase.compareAndSet(expected, Phase.CLOSED)) {
      return false;
    }
    closeSocket();
    return true;
  }

  private void closeSocket() {
    try {
      connection.serverSocket().close();
    } catch (RuntimeException e) {
      return; // the client closed it first
    }
  }

  /** Must be called before the serving thread reads the next part of a body. */
  void beginBodyRead() {
    readingSinceNanos = System.nanoTime();
  }

  /**
   * Must be called after {@link #beginBodyRead}. The time that the server needs to process the
   * bytes is not counted.
   */
  void endBodyRead(int bytes) {
    bodyBytes += Math.max(0, bytes);
    bodyWaitNanos =
        bodyBytes >= MIN_BODY_BYTES ? 0 : bodyWaitNanos + System.nanoTime() - readingSinceNanos;
    bodyBytes = bodyBytes >= MIN_BODY_BYTES ? 0 : bodyBytes;
    readingSinceNanos = NONE;
  }

  /** Resets the measurement of how slowly an earlier request's body arrived. */
  void resetBody() {
    bodyBytes = 0;
    bodyWaitNanos = 0;
  }

  @Override
  public DataReader dataReader() {
    return reader;
  }

  @Override
  public DataWriter dataWriter() {
    return writer;
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

  /** Records since when a write has been blocked, and frames responses for HTTP/1.0. */
  private static final class TimedWriter implements DataWriter {
    private final DataWriter out;
    private @Nullable Http10Framing framing;
    private volatile long sinceNanos = NONE;

    TimedWriter(DataWriter out) {
      this.out = out;
    }

    void speakHttp10() {
      framing = new Http10Framing();
    }

    long nanos(long now) {
      long since = sinceNanos;
      return since == NONE ? 0 : Math.max(0, now - since);
    }

    @Override
    public void write(BufferData... buffers) {
      writeNow(BufferData.create(buffers));
    }

    @Override
    public void write(BufferData buffer) {
      writeNow(buffer);
    }

    @Override
    public void writeNow(BufferData... buffers) {
      writeNow(BufferData.create(buffers));
    }

    @Override
    public void writeNow(BufferData buffer) {
      BufferData framed = framing == null ? buffer : framing.frame(buffer);
      while (framed.available() > MAX_WRITE_BYTES) {
        byte[] part = new byte[MAX_WRITE_BYTES];
        framed.read(part);
        writeTimed(BufferData.create(part));
        Carriers.yieldToOthers(); // writes to a fast client never block
      }
      if (framed.available() > 0) {
        writeTimed(framed);
      }
    }

    private void writeTimed(BufferData part) {
      sinceNanos = System.nanoTime();
      try {
        out.writeNow(part);
      } finally {
        sinceNanos = NONE;
      }
    }

    @Override
    public void flush() {
      out.flush();
    }

    @Override
    public void close() {
      out.close();
    }
  }
}
