package dev.throng.it;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.throng.bench.rig.ServerProcess;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A real server that may open no more files, and thus cannot accept connections either. */
@Timeout(120)
final class OpenFilesFaultsTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @TempDir private Path folder = Path.of("");

  @Test
  void lostPortIsOpenedAgain() throws Exception {
    try (ServerProcess server =
        ServerProcess.restarted(folder, ServerProcess.freePort(), Uploads.SETTINGS)) {
      server.awaitReady();
      Uploads uploads = new Uploads(server.url());
      uploads.sendAll("before", 2);
      assertEquals(List.of(), uploads.problemsAtRest(PATIENCE));

      limit(server, Long.toString(openFiles(server) + 2));
      List<Socket> crowd = connect(server.port(), 20);
      awaitLog("port %d was lost".formatted(server.port()));
      limit(server, "4096");
      for (Socket socket : crowd) {
        socket.close();
      }

      awaitLog("port %d is open again".formatted(server.port()));
      server.awaitReady();
      uploads.sendAll("after", 2);
      assertEquals(List.of(), uploads.problemsAtRest(PATIENCE));
    }
  }

  private static long openFiles(ServerProcess server) throws IOException {
    try (Stream<Path> open = Files.list(Path.of("/proc/" + server.process().pid() + "/fd"))) {
      return open.count();
    }
  }

  /** Sets the soft limit of a running process with prlimit of util-linux. */
  private static void limit(ServerProcess server, String files) throws Exception {
    Process prlimit =
        new ProcessBuilder(
                "prlimit",
                "--pid",
                Long.toString(server.process().pid()),
                "--nofile=" + files + ":")
            .inheritIO()
            .start();
    assertEquals(0, prlimit.waitFor());
  }

  private static List<Socket> connect(int port, int count) {
    List<Socket> sockets = new ArrayList<>();
    try {
      for (int i = 0; i < count; i++) {
        sockets.add(new Socket(InetAddress.getLoopbackAddress(), port));
      }
    } catch (IOException e) {
      return sockets; // the port is closed now
    }
    return sockets;
  }

  private void awaitLog(String words) throws IOException, InterruptedException {
    long until = System.nanoTime() + PATIENCE.toNanos();
    while (!Files.readString(folder.resolve("throng.log")).contains(words)) {
      if (System.nanoTime() - until > 0) {
        throw new AssertionError("never logged: " + words);
      }
      TimeUnit.MILLISECONDS.sleep(50);
    }
  }
}
