package dev.throng.catalog;

import dev.throng.config.CatalogConfig;
import dev.throng.config.ConfigLoader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Jdbi;

/** A private PostgreSQL, as `dev/components` starts it. */
final class PostgresServer implements AutoCloseable {
  private static final Path COMPONENTS = Path.of("../dev/components").toAbsolutePath().normalize();

  private final int port;

  private PostgresServer(int port) {
    this.port = port;
  }

  static PostgresServer start() {
    PostgresServer server = new PostgresServer(freePort());
    run(COMPONENTS.toString(), "up", "postgres", Integer.toString(server.port));
    return server;
  }

  CatalogConfig config(String... settings) {
    Map<String, String> flags = new java.util.HashMap<>();
    flags.put("catalog.url", "jdbc:postgresql://127.0.0.1:%d/throng".formatted(port));
    flags.put("catalog.user", "throng");
    flags.put("catalog.call_timeout", "2s");
    for (int i = 0; i < settings.length; i += 2) {
      flags.put(settings[i], settings[i + 1]);
    }
    return ConfigLoader.load(null, Map.of(), flags).catalog();
  }

  /** Forgets everything, the schema too. */
  void empty() {
    direct()
        .useHandle(handle ->
            handle.createScript("DROP SCHEMA public CASCADE; CREATE SCHEMA public").execute());
  }

  Jdbi direct() {
    return Jdbi.create("jdbc:postgresql://127.0.0.1:%d/throng?user=throng".formatted(port));
  }

  /** Stops every process of it where it is; connections stay open. */
  void freeze() {
    signal("-STOP");
  }

  void thaw() {
    signal("-CONT");
  }

  @Override
  public void close() {
    run(COMPONENTS.toString(), "down", "postgres", Integer.toString(port));
  }

  private void signal(String signal) {
    String first =
        run("pgrep", "-f", "postgres.* -p " + port + " ").strip().lines().findFirst().orElseThrow();
    ProcessHandle postmaster = ProcessHandle.of(Long.parseLong(first)).orElseThrow();
    List<String> command = new ArrayList<>(List.of("kill", signal, first));
    postmaster.descendants().forEach(child -> command.add(Long.toString(child.pid())));
    run(command.toArray(String[]::new));
  }

  private static String run(String... command) {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (process.waitFor() != 0) {
        throw new IllegalStateException(String.join(" ", command) + ": " + output);
      }
      return output;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
