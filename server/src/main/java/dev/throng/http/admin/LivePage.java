package dev.throng.http.admin;

import dev.throng.http.Exchange;
import dev.throng.http.Route;
import dev.throng.http.Route.Access;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The page /admin, which shows figures of /metrics as they change. It is served where /metrics is,
 * to those who can read that, and contains nothing else.
 */
public final class LivePage {
  /** Nothing from anywhere else, and nothing inline. */
  private static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:;"
          + " base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

  private LivePage() {}

  public static List<Route> routes() {
    return List.of(
        file("/admin", "live.html", "text/html"),
        file("/admin/live.js", "live.js", "text/javascript"),
        file("/admin/live.css", "live.css", "text/css"));
  }

  private static Route file(String path, String resource, String type) {
    String content = read(resource);
    return Route.get(path, Access.METRICS, exchange -> send(exchange, type, content));
  }

  private static void send(Exchange exchange, String type, String content) {
    exchange.setHeader("Content-Security-Policy", POLICY);
    exchange.setHeader("X-Content-Type-Options", "nosniff");
    exchange.setHeader("Cache-Control", "no-cache");
    exchange.sendText(type + "; charset=utf-8", content);
  }

  private static String read(String resource) {
    try (InputStream in = LivePage.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException("missing: " + resource);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
