package dev.throng.bench.drill;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** What a stranger may send to a server, bounded in number and size, to this machine only. */
enum Attack {
  HALF_HEADS {
    @Override
    List<Socket> begin(int port) throws IOException {
      return repeat(CROWD, port, "GET /health/live HTTP/1.1\r\nHost: local");
    }
  },
  HALF_BODIES {
    @Override
    List<Socket> begin(int port) throws IOException {
      List<Socket> sockets = new ArrayList<>();
      for (String path : List.of("/query", "/search", "/jobs/x/cancel", DOCUMENTS)) {
        sockets.addAll(repeat(CROWD / 4, port, post(path, 1_000, "{\"query\": \"")));
      }
      return sockets;
    }
  },
  ENDLESS_CHUNKS {
    @Override
    List<Socket> begin(int port) throws IOException {
      String head =
          "POST /query HTTP/1.1\r\n" + HEADERS + "Transfer-Encoding: chunked\r\n\r\n7fffffff\r\n";
      return stream(4, port, head, "x".repeat(1 << 20), 64);
    }
  },
  DEAF_CLIENTS {
    @Override
    List<Socket> begin(int port) throws IOException {
      return repeat(16, port, ("GET /metrics HTTP/1.1\r\n" + HEADERS + "\r\n").repeat(500));
    }
  },
  LARGE_TEXTS {
    @Override
    List<Socket> begin(int port) throws IOException {
      String text = "x".repeat(1 << 20);
      String before = "{\"uri\": \"large\", \"text\": \"";
      long length = before.length() + LARGE_MEBIBYTES * (long) text.length() + 2;
      List<Socket> sockets =
          stream(17, port, post(DOCUMENTS, length, before), text, LARGE_MEBIBYTES);
      return sockets;
    }
  },
  LONG_LISTS {
    @Override
    List<Socket> begin(int port) throws IOException {
      String documents =
          IntStream.range(0, 60_000)
              .mapToObj(i -> "{\"uri\": \"d%d\", \"text\": \"x\"}".formatted(i))
              .collect(Collectors.joining(","));
      String body = "{\"documents\": [" + documents + "]}";
      return stream(2, port, post(DOCUMENTS, body.length(), ""), body, 1);
    }
  },
  WIDE_SEARCHES {
    @Override
    List<Socket> begin(int port) throws IOException {
      String queries =
          IntStream.range(0, 64)
              .mapToObj(i -> "\"How many days of leave are there in year %d?\"".formatted(i))
              .collect(Collectors.joining(","));
      String body = "{\"top_k\": 100, \"queries\": [" + queries + "]}";
      return repeat(6, port, post("/search", body.length(), body));
    }
  },
  COSTLY_DOCUMENTS {
    @Override
    List<Socket> begin(int port) throws IOException {
      List<Socket> sockets = new ArrayList<>();
      for (byte[] content : List.of(bytes("\0".repeat(1 << 16) + "x"), slides())) {
        String name = sockets.isEmpty() ? "a.txt" : "a.pptx";
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        body.writeBytes(
            bytes(
                "--b\r\nContent-Disposition: form-data; name=file; filename=%s\r\n\r\n"
                    .formatted(name)));
        body.writeBytes(content);
        body.writeBytes(bytes("\r\n--b--\r\n"));
        sockets.add(
            open(
                port,
                bytes(
                    "POST %s HTTP/1.1\r\nHost: localhost\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: %d\r\n\r\n"
                        .formatted(DOCUMENTS, body.size())),
                body.toByteArray()));
      }
      return sockets;
    }
  },
  MANY_COLLECTIONS {
    @Override
    List<Socket> begin(int port) throws IOException {
      List<Socket> sockets = new ArrayList<>();
      String body = "{\"uri\": \"a\", \"text\": \"Lamps.\"}";
      for (int i = 0; i < 200; i++) {
        Socket socket =
            open(port, bytes(post("/collections/c" + i + "/documents", body.length(), body)));
        sockets.add(socket);
        socket.getInputStream().read(); // sequentially
      }
      return sockets;
    }
  },
  FOREIGN_PAGES {
    @Override
    List<Socket> begin(int port) throws IOException {
      String request = "DELETE /collections/default/documents/x HTTP/1.1\r\n%s\r\n";
      List<Socket> sockets = repeat(20, port, request.formatted("Host: evil.example\r\n"));
      sockets.addAll(
          repeat(20, port, request.formatted(HEADERS + "Origin: http://evil.example\r\n")));
      return sockets;
    }
  };

  private static final String DOCUMENTS = "/collections/default/documents";
  private static final String HEADERS = "Host: localhost\r\n";
  private static final int CROWD = 60;
  private static final int LARGE_MEBIBYTES = 60;

  /**
   * Starts the attack. Continuous requests are sent on threads that end with the sockets.
   *
   * @return connections that stay open while the server is watched
   */
  abstract List<Socket> begin(int port) throws IOException;

  private static String post(String path, long length, String beginning) {
    return "POST %s HTTP/1.1\r\n%sContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s"
        .formatted(path, HEADERS, length, beginning);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  private static Socket open(int port, byte[]... parts) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
    for (byte[] part : parts) {
      send(socket, part, 1);
    }
    return socket;
  }

  private static List<Socket> repeat(int times, int port, String request) throws IOException {
    List<Socket> sockets = new ArrayList<>();
    for (int i = 0; i < times; i++) {
      sockets.add(stream(1, port, request, "", 1).getFirst());
    }
    return sockets;
  }

  /** Sends a head, followed by a part this many times, on each of several connections. */
  private static List<Socket> stream(int connections, int port, String head, String part, int times)
      throws IOException {
    List<Socket> sockets = new ArrayList<>();
    for (int i = 0; i < connections; i++) {
      Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
      sockets.add(socket);
      Thread.ofVirtual()
          .start(() -> {
            send(socket, bytes(head), 1);
            send(socket, bytes(part), times);
          });
    }
    return sockets;
  }

  private static void send(Socket socket, byte[] part, int times) {
    try {
      OutputStream out = socket.getOutputStream();
      for (int i = 0; i < times; i++) {
        out.write(part);
      }
    } catch (IOException e) {
      return; // the server closed the connection
    }
  }

  /** A presentation whose list of slides never ends. */
  private static byte[] slides() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      for (String part : List.of("ppt/presentation.xml", "ppt/_rels/presentation.xml.rels")) {
        zip.putNextEntry(new ZipEntry(part));
        zip.write(bytes("<p:sldId " + "w".repeat(1 << 20)));
        zip.closeEntry();
      }
    }
    return bytes.toByteArray();
  }
}
