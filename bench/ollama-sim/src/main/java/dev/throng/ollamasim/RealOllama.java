package dev.throng.ollamasim;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.throng.ollamasim.Calibration.Decode;
import dev.throng.ollamasim.Calibration.Prefill;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.stream.Stream;

/** Measures a server with one model. */
final class RealOllama {
  private static final int OK = 200;
  private static final int RUN_TOKENS = 128;
  private static final Duration UNLOAD_TIMEOUT = Duration.ofSeconds(30);
  private static final Duration UNLOAD_POLL = Duration.ofMillis(50);
  private static final String[] TOPICS = {"a river", "a harbour", "an old train", "a mountain"};

  private final URI url;
  private final String model;
  private final int numCtx;
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final Executor threads = task -> Thread.ofVirtual().name("calibrate-stream").start(task);

  /** Makes prompts differ from the first word on, so that no part of them is cached. */
  private final SplittableRandom random = new SplittableRandom();

  RealOllama(URI url, String model, int numCtx) {
    this.url = url;
    this.model = model;
    this.numCtx = numCtx;
  }

  String version() throws IOException, InterruptedException {
    return get("/api/version").path("version").asText("unknown");
  }

  /** Unloads the model and returns how long loading it takes. */
  long loadMillis() throws IOException, InterruptedException {
    post(request("", 1).put("stream", false).put("keep_alive", 0));
    long until = System.nanoTime() + UNLOAD_TIMEOUT.toNanos();
    while (!get("/api/ps").path("models").isEmpty()) {
      if (System.nanoTime() - until > 0) {
        throw new IOException("%s does not unload %s".formatted(url, model));
      }
      Thread.sleep(UNLOAD_POLL);
    }
    long start = System.nanoTime(); // the response to a load request has no durations
    post(request("", 1).put("stream", false));
    return Duration.ofNanos(System.nanoTime() - start).toMillis();
  }

  /** Reads a prompt of about this many tokens. */
  Prefill prefill(int tokens) throws IOException, InterruptedException {
    String prompt = prompt(tokens);
    JsonNode answer = post(request(prompt, 1).put("stream", false));
    return new Prefill(
        answer.path("prompt_eval_count").asInt(),
        prompt.length(),
        answer.path("prompt_eval_duration").asLong() / 1e9);
  }

  /** Returns the rate of each of several streams, while all of them were writing. */
  Decode decode(int streams) throws IOException {
    List<CompletableFuture<Run>> all = new ArrayList<>();
    for (int i = 0; i < streams; i++) {
      String topic = TOPICS[i % TOPICS.length];
      all.add(CompletableFuture.supplyAsync(() -> run(topic), threads));
    }
    List<Run> runs = all.stream().map(CompletableFuture::join).toList();
    long from = runs.stream().mapToLong(run -> run.times().getFirst()).max().orElseThrow();
    long to = runs.stream().mapToLong(run -> run.times().getLast()).min().orElseThrow();
    double pieces =
        runs.stream()
            .flatMap(run -> run.times().stream())
            .filter(at -> at > from && at <= to)
            .count();
    if (to <= from || pieces < streams) {
      throw new IOException(
          "%s does not run %d simultaneous streams (start it with OLLAMA_NUM_PARALLEL=%d)"
              .formatted(url, streams, streams));
    }
    // A piece may hold several tokens.
    double tokensAPiece =
        runs.stream().mapToDouble(Run::tokens).sum()
            / runs.stream().mapToDouble(run -> run.times().size()).sum();
    return new Decode(streams, pieces * tokensAPiece / ((to - from) / 1e9) / streams);
  }

  /**
   * One stream.
   *
   * @param times when each piece arrived, by System.nanoTime
   * @param tokens in all pieces
   */
  private record Run(List<Long> times, int tokens) {}

  private Run run(String topic) {
    String prompt =
        "<|im_start|>user\nStory %d: write a very long story about %s.<|im_end|>\n%s"
            .formatted(random.nextInt(1_000_000), topic, SimulatedText.ASSISTANT);
    List<Long> times = new ArrayList<>();
    int tokens = 0;
    try (Stream<String> lines = stream(request(prompt, RUN_TOKENS))) {
      for (Iterator<String> each = lines.iterator(); each.hasNext(); ) {
        JsonNode line = checked(each.next(), OK);
        if (line.path("done").asBoolean()) {
          tokens = line.path("eval_count").asInt();
        } else {
          times.add(System.nanoTime());
        }
      }
    } catch (IOException e) {
      throw new CompletionException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CompletionException(e);
    }
    if (times.isEmpty()) {
      throw new CompletionException(new IOException(url + " returned no text"));
    }
    return new Run(times, tokens);
  }

  private Stream<String> stream(ObjectNode request) throws IOException, InterruptedException {
    return http.send(generate(request), BodyHandlers.ofLines()).body();
  }

  private String prompt(int tokens) {
    StringBuilder prompt = new StringBuilder().append(random.nextInt(1_000_000)).append(": ");
    SplittableRandom words = new SplittableRandom(random.nextLong());
    new Prose(words).write(tokens).forEach(piece -> prompt.append(piece.text()));
    return prompt.toString();
  }

  private JsonNode get(String path) throws IOException, InterruptedException {
    HttpRequest request = HttpRequest.newBuilder(url.resolve(path)).build();
    HttpResponse<String> response = http.send(request, BodyHandlers.ofString());
    return checked(response.body(), response.statusCode());
  }

  private JsonNode post(ObjectNode request) throws IOException, InterruptedException {
    HttpResponse<String> response = http.send(generate(request), BodyHandlers.ofString());
    return checked(response.body(), response.statusCode());
  }

  private JsonNode checked(String body, int status) throws IOException {
    JsonNode json = Json.MAPPER.readTree(body);
    if (status != OK || json.has("error")) {
      throw new IOException("%s: %s".formatted(url, json.path("error").asText(body)));
    }
    return json;
  }

  private HttpRequest generate(ObjectNode request) {
    return HttpRequest.newBuilder(url.resolve("/api/generate"))
        .POST(BodyPublishers.ofString(request.toString()))
        .build();
  }

  private ObjectNode request(String prompt, int numPredict) {
    ObjectNode request = Json.MAPPER.createObjectNode().put("model", model);
    request.put("raw", true).put("prompt", prompt);
    request
        .putObject("options")
        .put("num_ctx", numCtx)
        .put("num_predict", numPredict)
        .put("temperature", 0);
    return request;
  }
}
