package dev.throng.bench.load;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.throng.bench.load.LoadRecorder.Figures;
import dev.throng.bench.load.Plot.Point;
import dev.throng.bench.load.ServerSamples.Sample;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** One HTML file with the results of load tests, which needs nothing else to be read. */
final class LoadReport {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String DATA_START = "<script type=\"application/json\" id=\"results\">";
  private static final String DATA_END = "</script>";

  private static final String HEAD =
      """
      <!doctype html><html lang="en"><meta charset="utf-8"><title>Throng under load</title>
      <style>
      body{font:15px/1.5 system-ui,sans-serif;max-width:1180px;margin:2rem auto;padding:0 1rem;color:#1f2937}
      table{border-collapse:collapse}td,th{padding:.15rem .9rem .15rem 0;text-align:left}
      .plots{display:grid;grid-template-columns:repeat(auto-fit,minmax(420px,1fr));gap:1rem}
      figure{margin:0}figcaption{font-weight:600}svg{width:100%;font-size:11px}svg text{fill:#6b7280}
      .legend{margin:0}.legend span{margin-right:1rem}.no{color:#dc2626;font-weight:600}.yes{color:#059669}
      </style>
      """;

  private final String setting;
  private final List<LoadResult> results;
  private final Map<String, LoadResult> earlier = new LinkedHashMap<>();

  /**
   * @param setting where and when the tests ran
   * @param earlier results to compare with; those of other tests are left out
   */
  LoadReport(String setting, List<LoadResult> results, List<LoadResult> earlier) {
    this.setting = setting;
    this.results = List.copyOf(results);
    earlier.forEach(result -> this.earlier.put(result.name(), result));
  }

  /** Reads the results from a report. */
  static List<LoadResult> read(Path report) throws IOException {
    String html = Files.readString(report);
    int start = html.indexOf(DATA_START);
    if (start < 0) {
      throw new IllegalArgumentException(report + " is no report of load tests");
    }
    int from = start + DATA_START.length();
    return JSON.readValue(
        html.substring(from, html.indexOf(DATA_END, from)), new TypeReference<>() {});
  }

  void write(Path file) throws IOException {
    StringBuilder html = new StringBuilder(HEAD);
    html.append("<h1>Throng under load</h1><p>%s</p>".formatted(escaped(setting)));
    results.forEach(result -> html.append(section(result, earlier.get(result.name()))));
    String data = JSON.writeValueAsString(results).replace("</", "<\\/");
    html.append(DATA_START).append(data).append(DATA_END).append("\n</html>\n");
    Files.writeString(file, html);
  }

  private static String section(LoadResult result, @Nullable LoadResult before) {
    StringBuilder html = new StringBuilder();
    html.append(
        "<h2>%s</h2><p>%s; meanwhile, %d edits of documents and %d kills of processes.</p>"
            .formatted(
                escaped(result.name()), escaped(result.what()), result.edits(), result.kills()));
    html.append(gates(result)).append(figures(result, before));
    result
        .problems()
        .forEach(problem -> html.append("<p><code>%s</code></p>".formatted(escaped(problem))));
    html.append("<div class=\"plots\">");
    html.append(
        plot("time of an answer, ms", result, before)
            .second("p50", Figures::p50)
            .second("p95", Figures::p95)
            .second("p99", Figures::p99)
            .svg());
    html.append(
        plot("in each second", result, before)
            .second("answers", Figures::answers)
            .second("of them from the cache", Figures::cached)
            .second("refused or failed", Figures::errors)
            .svg());
    html.append(
        plot("at the servers", result, before)
            .sample("requests in flight", Sample::inFlight)
            .sample("generations", Sample::generating)
            .sample("waiting", Sample::waiting)
            .svg());
    html.append(
        plot("memory of the servers, MiB", result, before)
            .sample("resident", each -> each.resources().residentMib())
            .sample("native", each -> each.resources().nativeMib())
            .svg());
    Set<String> shared = result.samples().getFirst().resources().sharedMib().keySet();
    if (!shared.isEmpty()) {
      Comparison sizes = plot("what the servers share, MiB", result, before);
      for (String each : shared.stream().sorted().toList()) {
        sizes.sample(each, sample -> sample.resources().sharedMib().getOrDefault(each, 0.0));
      }
      html.append(sizes.svg());
    }
    return html.append("</div>").toString();
  }

  private static String gates(LoadResult result) {
    StringBuilder html = new StringBuilder("<table>");
    for (Gate gate : result.gates()) {
      html.append(
          "<tr><td class=\"%s\">%s</td><td>%s</td><td>%s</td></tr>"
              .formatted(
                  gate.holds() ? "yes" : "no",
                  gate.holds() ? "holds" : "fails",
                  escaped(gate.name()),
                  escaped(gate.summary())));
    }
    return html.append("</table>").toString();
  }

  private static String figures(LoadResult result, @Nullable LoadResult before) {
    StringBuilder html = new StringBuilder("<table><tr><th></th><th>now</th>");
    html.append(before == null ? "</tr>" : "<th>earlier</th></tr>");
    row(html, result, before, "questions", each -> each.totals().all());
    row(html, result, before, "answers a second", LoadResult::answersPerSecond);
    row(html, result, before, "p50 of an answer, ms", each -> each.totals().p50());
    row(html, result, before, "questions asked before, %", each -> 100 * each.repeated());
    row(html, result, before, "without a new generation, %", each -> 100 * each.reused());
    row(html, result, before, "from the cache, %", each -> 100 * each.totals().cached());
    row(html, result, before, "streams resumed", each -> each.totals().resumed());
    row(html, result, before, "cores used by the servers", LoadResult::serverCores);
    row(html, result, before, "cores used by the clients", LoadResult::loadCores);
    return html.append("</table>").toString();
  }

  private static void row(
      StringBuilder html,
      LoadResult result,
      @Nullable LoadResult before,
      String name,
      ToDoubleFunction<LoadResult> figure) {
    html.append("<tr><td>%s</td><td>%s</td>".formatted(name, number(figure.applyAsDouble(result))));
    if (before != null) {
      html.append("<td>%s</td>".formatted(number(figure.applyAsDouble(before))));
    }
    html.append("</tr>");
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, value == Math.rint(value) ? "%,.0f" : "%,.2f", value);
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;");
  }

  private static Comparison plot(String title, LoadResult result, @Nullable LoadResult before) {
    return new Comparison(new Plot(title), result, before);
  }

  /** Lines of a test, each with that of an earlier one. */
  private record Comparison(Plot plot, LoadResult result, @Nullable LoadResult before) {
    Comparison second(String name, ToDoubleFunction<Figures> value) {
      return line(name, each -> points(each.figures(), Figures::at, value));
    }

    Comparison sample(String name, ToDoubleFunction<Sample> value) {
      return line(name, each -> points(each.samples(), Sample::at, value));
    }

    private static <T> List<Point> points(
        List<T> figures, ToDoubleFunction<T> at, ToDoubleFunction<T> value) {
      return figures.stream()
          .map(each -> new Point(at.applyAsDouble(each), value.applyAsDouble(each)))
          .toList();
    }

    private Comparison line(String name, Function<LoadResult, List<Point>> points) {
      plot.line(name, points.apply(result));
      if (before != null) {
        plot.earlier(points.apply(before));
      }
      return this;
    }

    String svg() {
      return plot.svg();
    }
  }
}
