package dev.throng.it;

import dev.throng.bench.rig.ServerProcess;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A real proxy in front of a server, with the minimal configuration. */
final class ProxyProcess implements AutoCloseable {
  private static final Duration START_TIMEOUT = Duration.ofSeconds(20);

  private final Process process;
  private final int port;
  private final Path log;

  private ProxyProcess(Process process, int port, Path log) {
    this.process = process;
    this.port = port;
    this.log = log;
  }

  /** nginx, which by default uses HTTP/1.0 to the server and closes each connection. */
  static ProxyProcess nginx(Path folder, String upstream, String more) throws Exception {
    int port = ServerProcess.freePort();
    Path config =
        Files.writeString(
            folder.resolve("nginx.conf"),
            """
            daemon off;
            pid FOLDER/nginx.pid;
            events {}
            http {
              access_log off;
              client_body_temp_path FOLDER/body;
              proxy_temp_path FOLDER/proxy;
              fastcgi_temp_path FOLDER/fastcgi;
              uwsgi_temp_path FOLDER/uwsgi;
              scgi_temp_path FOLDER/scgi;
              server {
                listen 127.0.0.1:PORT;
                location / {
                  proxy_pass UPSTREAM;
                  MORE
                }
              }
            }
            """
                .replace("FOLDER", folder.toString())
                .replace("PORT", Integer.toString(port))
                .replace("UPSTREAM", upstream)
                .replace("MORE", more));
    return start(
        folder, port, List.of(Component.path("nginx"), "-c", config.toString(), "-e", "stderr"));
  }

  static ProxyProcess haproxy(Path folder, String upstream) throws Exception {
    int port = ServerProcess.freePort();
    Path config =
        Files.writeString(
            folder.resolve("haproxy.cfg"),
            """
            defaults
              mode http
              timeout connect 5s
              timeout client 60s
              timeout server 60s
            listen throng
              bind 127.0.0.1:PORT
              server throng UPSTREAM
            """
                .replace("PORT", Integer.toString(port))
                .replace("UPSTREAM", upstream.substring("http://".length())));
    return start(folder, port, List.of(Component.path("haproxy"), "-db", "-f", config.toString()));
  }

  private static ProxyProcess start(Path folder, int port, List<String> command) throws Exception {
    Path log = folder.resolve("proxy.log");
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    long until = System.nanoTime() + START_TIMEOUT.toNanos();
    while (!isOpen(port)) {
      if (!process.isAlive() || System.nanoTime() - until > 0) {
        process.destroyForcibly();
        throw new IllegalStateException(command + ": " + Files.readString(log));
      }
      TimeUnit.MILLISECONDS.sleep(20);
    }
    return new ProxyProcess(process, port, log);
  }

  private static boolean isOpen(int port) {
    try (Socket _ = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  String url() {
    return "http://127.0.0.1:" + port;
  }

  /** Returns what it logged as errors. */
  String log() throws IOException {
    return Files.readString(log);
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(5, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
