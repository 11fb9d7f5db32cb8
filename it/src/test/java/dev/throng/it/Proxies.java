package dev.throng.it;

import dev.throng.bench.rig.ServerProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Real proxies in front of a server, with minimal configurations. */
final class Proxies {
  private Proxies() {}

  /** nginx, which by default uses HTTP/1.0 to the server and closes each connection. */
  static LoopbackProcess nginx(Path folder, String upstream, String more) throws Exception {
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
    return LoopbackProcess.start(
        folder.resolve("proxy.log"),
        port,
        List.of(Component.path("nginx"), "-c", config.toString(), "-e", "stderr"));
  }

  static LoopbackProcess haproxy(Path folder, String upstream) throws Exception {
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
    return LoopbackProcess.start(
        folder.resolve("proxy.log"),
        port,
        List.of(Component.path("haproxy"), "-db", "-f", config.toString()));
  }
}
