package dev.throng.bench;

import dev.throng.bench.rig.Home;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The load generator wrk with a script that posts questions. */
final class Wrk {
  private static final int THREADS = 2;
  private static final Pattern RESULT =
      Pattern.compile("RESULT requests=(\\d+) micros=(\\d+) errors=(\\d+) p50=(\\d+) p99=(\\d+)");

  /**
   * The result of one run.
   *
   * @param errors responses that are not 2xx, and socket errors
   */
  record Load(double requestsPerSecond, double p50Millis, double p99Millis, long errors) {}

  private final Path script;
  private final int connections;

  /**
   * @param path the path to post to
   * @param bodies JSON bodies, sent in turn
   * @param thinkMillis mean pause of a connection between two requests, uniformly distributed from
   *     0 to twice that; 0 for none
   */
  Wrk(Path folder, String path, List<String> bodies, int connections, double thinkMillis)
      throws IOException {
    this.connections = connections;
    Path data = Files.createTempFile(folder, "bodies", ".txt");
    Files.write(data, bodies);
    this.script = Files.createTempFile(folder, "post", ".lua");
    Files.writeString(script, lua(path, data, thinkMillis));
  }

  Load run(String url, int seconds) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Home.component("wrk"));
    command.addAll(List.of("-t" + THREADS, "-c" + connections, "-d" + seconds + "s"));
    command.addAll(List.of("-s", script.toString(), url));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    Matcher matcher = RESULT.matcher(out);
    if (process.waitFor() != 0 || !matcher.find()) {
      throw new IOException("wrk failed: " + out);
    }
    double requests = Double.parseDouble(matcher.group(1));
    double took = Double.parseDouble(matcher.group(2)) / 1e6;
    return new Load(
        requests / took,
        Double.parseDouble(matcher.group(4)) / 1e3,
        Double.parseDouble(matcher.group(5)) / 1e3,
        Long.parseLong(matcher.group(3)));
  }

  private static String lua(String path, Path data, double thinkMillis) {
    String delay =
        thinkMillis <= 0
            ? ""
            : String.format(
                Locale.ROOT,
                "function delay() return math.floor(math.random() * %f + 0.5) end%n",
                2 * thinkMillis);
    return """
    local requests, n = {}, 0
    function init(args)
      math.randomseed(os.time())
      for line in io.lines("%s") do
        requests[#requests + 1] = wrk.format("POST", "%s", {["Content-Type"] = "application/json"}, line)
      end
      n = math.random(#requests)
    end
    function request()
      n = n %% #requests + 1
      return requests[n]
    end
    %s
    function done(summary, latency)
      local e = summary.errors
      print(string.format("RESULT requests=%%d micros=%%d errors=%%d p50=%%d p99=%%d", summary.requests,
        summary.duration, e.connect + e.read + e.write + e.status + e.timeout, latency:percentile(50),
        latency:percentile(99)))
    end
    """
        .formatted(data, path, delay);
  }
}
