package dev.throng.bench.drill;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.throng.backend.Backend;
import dev.throng.backend.Generator.Completion;
import dev.throng.backend.Prompt;
import dev.throng.config.ModelConfig;
import dev.throng.core.Answer.FinishReason;
import dev.throng.core.Deadline;
import dev.throng.core.Ticker;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/**
 * Asks an idle backend for the rest of an answer after a seam, and compares. Where the texts
 * differ, it asks the model how much likelier one word was than the other: a model that computes in
 * a batch rounds differently from one that computes alone, which changes only near-ties.
 */
final class SeamCheck {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration TIMEOUT = Duration.ofMinutes(1);

  /** Words considered where two texts differ: the written one must be among them. */
  private static final int LIKELIEST = 20;

  private static final String END_OF_TURN = "<|im_end|>";

  /**
   * An answer in two parts or more.
   *
   * @param seam where the checked part starts, in characters
   * @param end where the next part starts, or the end of the text
   */
  record Part(Prompt prompt, String text, int seam, int end, FinishReason finishReason) {
    String before() {
      return text.substring(0, seam);
    }

    String rest() {
      return text.substring(seam, end);
    }

    /** Whether the model itself ended the text here. */
    boolean isEnd() {
      return end == text.length() && finishReason == FinishReason.STOP;
    }
  }

  /**
   * The result of a check.
   *
   * @param gap how much likelier the model finds its own word than the written one, in nats; 0 if
   *     they are the same, infinite if the written one is not among the likeliest
   */
  record Verdict(boolean isExact, double gap) {}

  private final Backend backend;
  private final URI url;
  private final ModelConfig config;
  private final int maxTokens;

  SeamCheck(Backend backend, URI url, ModelConfig config, int maxTokens) {
    this.backend = backend;
    this.url = url;
    this.config = config;
    this.maxTokens = maxTokens;
  }

  Verdict check(Part part) throws IOException, InterruptedException {
    List<String> pieces = new ArrayList<>();
    Completion direct =
        backend.generate(
            new Backend.Call(part.prompt(), part.before(), maxTokens),
            pieces::add,
            Deadline.after(Ticker.system(), TIMEOUT));
    String text = String.join("", pieces);
    boolean isExact =
        (part.isEnd() && direct.finishReason() == FinishReason.STOP)
            ? text.equals(part.rest())
            : text.startsWith(part.rest());
    return isExact ? new Verdict(true, 0) : new Verdict(false, gap(part, pieces));
  }

  /** Asks at the start of the piece in which the texts differ, or of the previous piece. */
  private double gap(Part part, List<String> pieces) throws IOException, InterruptedException {
    String rest = part.rest();
    int start = 0;
    int previous = 0;
    for (String piece : pieces) {
      if (!rest.startsWith(piece, start)) {
        break;
      }
      previous = start;
      start += piece.length();
    }
    OptionalDouble gap = gapAt(part, start);
    if (gap.isEmpty()) {
      gap = gapAt(part, previous);
    }
    return gap.orElse(Double.POSITIVE_INFINITY);
  }

  private OptionalDouble gapAt(Part part, int at) throws IOException, InterruptedException {
    String rest = part.rest();
    JsonNode likeliest =
        likeliest(ChatMl.raw(part.prompt()) + part.before() + rest.substring(0, at));
    double top = likeliest.path(0).path("logprob").asDouble();
    double written = Double.NEGATIVE_INFINITY;
    for (JsonNode word : likeliest) {
      String token = word.path("token").asText();
      boolean isWritten =
          at < rest.length()
              ? !token.isEmpty() && rest.startsWith(token, at)
              : (isEndOfTurn(token) && part.isEnd());
      if (isWritten) {
        written = Math.max(written, word.path("logprob").asDouble());
      }
    }
    return Double.isInfinite(written) ? OptionalDouble.empty() : OptionalDouble.of(top - written);
  }

  private static boolean isEndOfTurn(String token) {
    return token.isEmpty() || token.equals(END_OF_TURN);
  }

  private JsonNode likeliest(String rawPrompt) throws IOException, InterruptedException {
    ObjectNode request = JSON.createObjectNode();
    request.put("model", config.name()).put("prompt", rawPrompt);
    request.put("raw", true).put("stream", false);
    request.put("logprobs", true).put("top_logprobs", LIKELIEST);
    request
        .putObject("options")
        .put("num_ctx", config.contextTokens())
        .put("num_predict", 1)
        .put("temperature", config.temperature())
        .put("seed", 0);
    try (HttpClient http = HttpClient.newHttpClient()) {
      HttpRequest post =
          HttpRequest.newBuilder(url.resolve("/api/generate"))
              .timeout(TIMEOUT)
              .POST(HttpRequest.BodyPublishers.ofString(request.toString()))
              .build();
      String answer = http.send(post, HttpResponse.BodyHandlers.ofString()).body();
      return JSON.readTree(answer).path("logprobs").path(0).path("top_logprobs");
    }
  }
}
