package dev.throng.bench.rig;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Sits in front of one backend and observes from outside what a pool sends it. A generation is in
 * flight from its request until its response has really ended or one of its connections is closed.
 * It is counted whether it is for an answer, a probe, or the counting of slots.
 */
public final class BackendProxy implements AutoCloseable {
  private static final int BACKLOG = 1024;
  private static final String GENERATE = "POST /api/generate ";
  private static final byte[] LINE_END = {'\r', '\n'};
  private static final int FRAME_BYTES = 12;
  private static final String RENDER_ONLY = "\"_debug_render_only\":true";

  private final InetSocketAddress backend;
  private final int port;
  private final Set<Line> lines = ConcurrentHashMap.newKeySet();
  private final ConcurrentLinkedQueue<ProxiedCall> calls = new ConcurrentLinkedQueue<>();
  private final AtomicInteger inFlight = new AtomicInteger();
  private final AtomicInteger mostInFlight = new AtomicInteger();
  private volatile ServerSocket listener;

  /** Listens on a free port of loopback. */
  public BackendProxy(URI backend) throws IOException {
    this.backend = new InetSocketAddress(InetAddress.getLoopbackAddress(), backend.getPort());
    this.listener = bind(0);
    this.port = listener.getLocalPort();
    accept(listener);
  }

  public URI url() {
    return URI.create("http://127.0.0.1:" + port);
  }

  /** Returns the most simultaneous generations. */
  public int mostInFlight() {
    return mostInFlight.get();
  }

  /** Restarts the count of the maximum. */
  public void forgetMostInFlight() {
    mostInFlight.set(inFlight.get());
  }

  public int inFlight() {
    return inFlight.get();
  }

  /** Returns all requested generations, in order. */
  public List<ProxiedCall> calls() {
    return List.copyOf(calls);
  }

  public void forgetCalls() {
    calls.clear();
  }

  /** Cuts connections and refuses new ones from now on, like a killed process. */
  public void refuse() throws IOException {
    listener.close();
    lines.forEach(Line::close);
  }

  /** Accepts connections again, after {@link #refuse}. */
  public void listen() throws IOException {
    listener = bind(port);
    accept(listener);
  }

  @Override
  public void close() throws IOException {
    refuse();
  }

  private static ServerSocket bind(int port) throws IOException {
    ServerSocket socket = new ServerSocket();
    socket.setReuseAddress(true);
    socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), BACKLOG);
    return socket;
  }

  private void accept(ServerSocket from) {
    Thread.ofVirtual()
        .name("proxy-" + from.getLocalPort())
        .start(() -> {
          while (!from.isClosed()) {
            try {
              new Line(from.accept()).start();
            } catch (IOException e) {
              // refusing now, or the client has already gone
            }
          }
        });
  }

  /** A client's connection and its connection to the backend. */
  private final class Line {
    private final Socket client;
    private final Socket server = new Socket();
    private final AtomicReference<@Nullable ProxiedCall> running = new AtomicReference<>();

    Line(Socket client) {
      this.client = client;
    }

    void start() throws IOException {
      lines.add(this);
      client.setTcpNoDelay(true);
      server.setTcpNoDelay(true);
      String name = "proxy-" + client.getPort();
      Thread.ofVirtual().name(name + "-requests").start(() -> untilClosed(this::passRequests));
    }

    void close() {
      ended();
      lines.remove(this);
      for (Socket socket : List.of(client, server)) {
        try {
          socket.close();
        } catch (IOException e) {
          // it is no longer needed
        }
      }
    }

    private interface Passing {
      void run() throws IOException;
    }

    private void untilClosed(Passing passing) {
      try {
        passing.run();
      } catch (IOException e) {
        // if either side disconnects, the other is closed
      } finally {
        close();
      }
    }

    private void passRequests() throws IOException {
      server.connect(backend);
      String name = "proxy-" + client.getPort();
      Thread.ofVirtual().name(name + "-responses").start(() -> untilClosed(this::passResponses));
      HttpInput in = new HttpInput(client.getInputStream());
      OutputStream out = server.getOutputStream();
      String head;
      while ((head = in.head()) != null) {
        byte[] body = in.exactly(HttpInput.length(head));
        String text = new String(body, StandardCharsets.UTF_8);
        if (head.startsWith(GENERATE) && !text.contains(RENDER_ONLY)) {
          began(new ProxiedCall(text));
        }
        out.write(concat(head, body));
      }
    }

    private void passResponses() throws IOException {
      HttpInput in = new HttpInput(server.getInputStream());
      OutputStream out = client.getOutputStream();
      String head;
      while ((head = in.head()) != null) {
        if (!HttpInput.isChunked(head)) {
          byte[] body = in.exactly(HttpInput.length(head));
          ended();
          out.write(concat(head, body));
          continue;
        }
        out.write(head.getBytes(StandardCharsets.ISO_8859_1));
        byte[] chunk;
        do {
          chunk = in.chunk();
          if (chunk.length == 0) {
            ended(); // before the client can notice and send the next request
          }
          sends(chunk);
          out.write(framed(chunk));
        } while (chunk.length > 0);
      }
    }

    private void began(ProxiedCall call) {
      running.set(call);
      calls.add(call);
      mostInFlight.accumulateAndGet(inFlight.incrementAndGet(), Math::max);
    }

    private void sends(byte[] chunk) {
      ProxiedCall call = running.get();
      if (call != null) {
        call.sends(chunk);
      }
    }

    private void ended() {
      if (running.getAndSet(null) != null) {
        inFlight.decrementAndGet();
      }
    }
  }

  private static byte[] concat(String head, byte[] body) {
    ByteArrayOutputStream all = new ByteArrayOutputStream(head.length() + body.length);
    all.writeBytes(head.getBytes(StandardCharsets.ISO_8859_1));
    all.writeBytes(body);
    return all.toByteArray();
  }

  private static byte[] framed(byte[] chunk) {
    ByteArrayOutputStream all = new ByteArrayOutputStream(chunk.length + FRAME_BYTES);
    all.writeBytes(Integer.toHexString(chunk.length).getBytes(StandardCharsets.US_ASCII));
    all.writeBytes(LINE_END);
    all.writeBytes(chunk);
    all.writeBytes(LINE_END);
    return all.toByteArray();
  }
}
