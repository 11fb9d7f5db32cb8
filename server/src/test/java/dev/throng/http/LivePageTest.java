package dev.throng.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.throng.observe.Metric;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page /admin. */
final class LivePageTest {
  private final HttpBench bench;

  LivePageTest(@TempDir Path folder) throws IOException {
    bench = new HttpBench(folder);
  }

  @AfterEach
  void close() {
    bench.close();
  }

  @Test
  void pageAndItsFilesAreServedWithAStrictPolicy() {
    String page = bench.get("/admin").body();
    List<String> files = found("(?:src|href)=\"(/admin/[^\"]+)", page);
    assertEquals(List.of("/admin/live.css", "/admin/live.js"), files);
    for (String path : files) {
      HttpResponse<String> response = bench.get(path);
      assertEquals(200, response.statusCode(), path);
      String policy = response.headers().firstValue("Content-Security-Policy").orElse("");
      assertTrue(policy.startsWith("default-src 'none'"), policy);
    }
  }

  @Test
  void pageShowsOnlyMetricsThatExist() {
    String known = Metric.referenceMarkdown();
    List<String> shown =
        found("\"((?:throng|process|jvm)_[a-z_]+)\"", bench.get("/admin/live.js").body());
    assertTrue(shown.size() > 20, shown.toString());
    String scrape =
        bench.get("/metrics").body() + "\njvm_gc_pause_seconds_sum"; // after a collection
    for (String name : shown) {
      String family = name.replaceFirst("_(count|sum)$", "");
      assertTrue(known.contains("`" + family + "`") || scrape.contains("\n" + name), name);
    }
  }

  private static List<String> found(String pattern, String text) {
    return Pattern.compile(pattern)
        .matcher(text)
        .results()
        .map((MatchResult match) -> match.group(1))
        .distinct()
        .toList();
  }
}
