package dev.throng.backend.ollama;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.throng.backend.Backend;
import dev.throng.backend.Generator.Completion;
import dev.throng.backend.Generator.TextSink;
import dev.throng.backend.Prompt;
import dev.throng.backend.TokenMeter;
import dev.throng.config.OllamaConfig;
import dev.throng.core.Answer.FinishReason;
import dev.throng.core.Deadline;
import dev.throng.core.ErrorCode;
import dev.throng.core.ThrongException;
import dev.throng.core.TokenRates;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/** One Ollama server with one model, asked over raw prompts where its template can be had. */
public final class OllamaBackend implements Backend {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration ADMIN_TIMEOUT = Duration.ofSeconds(10);

  private static final Prompt HELLO =
      new Prompt("Answer with numbers alone.", "Count from 1 to 100.", "Count.", List.of(), "en");

  /** Short generations at once, and their tokens, by which its slots are counted. */
  private static final int SLOTS_TRIED = 4;

  private static final int SLOTS_TOKENS = 12;

  /** What Ollama says when a prompt does not fit and may not be cut. */
  private static final String TOO_LONG = "exceeds";

  private final OllamaConfig config;
  private final OllamaHttp http;
  private volatile @Nullable RawTemplate template;
  private volatile boolean isTemplateKnown;
  private volatile @Nullable List<String> modelStops;

  public OllamaBackend(URI url, OllamaConfig config) {
    this.config = config;
    this.http = new OllamaHttp(url, config.connectTimeout());
  }

  @Override
  public String name() {
    return http.url().toString();
  }

  /**
   * The sampling options that every call has, in a stable order. A change of num_ctx would reload
   * the model.
   */
  public static String options(OllamaConfig config) {
    return "num_ctx=%d,temperature=%s,seed=0".formatted(config.numCtx(), config.temperature());
  }

  @Override
  public String modelDigest() {
    JsonNode models = http.get("/api/tags", adminTimeout()).path("models");
    for (JsonNode model : models) {
      if (isNamed(model.path("name").asText())) {
        return model.path("digest").asText();
      }
    }
    throw missing();
  }

  @Override
  public Probed probe(Deadline deadline) {
    String digest = modelDigest();
    generate(new Call(HELLO, "", 1), piece -> {}, deadline);
    return new Probed(digest, template().isPresent());
  }

  @Override
  public int measureSlots(Deadline deadline) {
    List<Future<long[]>> spans = new ArrayList<>();
    try (ExecutorService threads =
        Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("slots-", 0).factory())) {
      for (int i = 0; i < SLOTS_TRIED; i++) {
        spans.add(threads.submit(() -> tokenSpan(deadline)));
      }
    }
    return mostAtOnce(spans.stream().map(OllamaBackend::result).toList());
  }

  /** By {@code prompt_eval_count}, which counts tokens that are in the server's cache, too. */
  @Override
  public TokenRates measureTokens() {
    return TokenMeter.measure(this::promptTokens);
  }

  @Override
  public Completion generate(Call call, TextSink sink, Deadline deadline) {
    deadline.check("a backend could be asked");
    ObjectNode request = request(call);
    try (OllamaHttp.Stream stream =
        http.stream(
            "/api/generate", request, config.firstTokenTimeout(), config.betweenTokensTimeout())) {
      while (true) {
        JsonNode line = stream.next(deadline);
        if (line.hasNonNull("error")) {
          throw failure(line.path("error").asText());
        }
        String piece = line.path("response").asText("");
        if (!piece.isEmpty()) {
          sink.append(piece);
        }
        if (line.path("done").asBoolean(false)) {
          stream.finish();
          boolean isCut = "length".equals(line.path("done_reason").asText());
          return new Completion(
              isCut ? FinishReason.LENGTH : FinishReason.STOP, line.path("eval_count").asInt(0));
        }
      }
    }
  }

  @Override
  public void close() {
    http.close();
  }

  private int promptTokens(String text) {
    ObjectNode request = JSON.createObjectNode().put("model", config.model());
    request.put("prompt", text).put("raw", true).put("stream", false);
    request.put("truncate", false).put("keep_alive", config.keepAlive().toSeconds() + "s");
    request.putObject("options").put("num_ctx", config.numCtx()).put("num_predict", 1);
    JsonNode answer = http.post("/api/generate", request, config.firstTokenTimeout());
    if (answer.hasNonNull("error")) {
      throw failure(answer.path("error").asText());
    }
    return answer.path("prompt_eval_count").asInt(0);
  }

  /** From the first token of a short generation to its last, on the clock of {@code nanoTime}. */
  private long[] tokenSpan(Deadline deadline) {
    long[] span = new long[2];
    generate(
        new Call(HELLO, "", SLOTS_TOKENS),
        piece -> {
          long now = System.nanoTime();
          span[0] = span[0] == 0 ? now : span[0];
          span[1] = now;
        },
        deadline);
    return span;
  }

  private static long[] result(Future<long[]> span) {
    try {
      return span.get();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof ThrongException classified
          ? classified
          : new ThrongException(ErrorCode.BACKEND_PROTOCOL, "counting slots: " + e.getCause(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ThrongException(ErrorCode.SHUTTING_DOWN, "interrupted while counting slots", e);
    }
  }

  /**
   * How many of the spans contain the middle of one of them: a late delivery makes the ends of
   * spans overlap, but hardly their middles.
   */
  private static int mostAtOnce(List<long[]> spans) {
    return spans.stream()
        .mapToLong(span -> span[0] + (span[1] - span[0]) / 2)
        .mapToInt(at -> (int) spans.stream().filter(s -> s[0] <= at && at <= s[1]).count())
        .max()
        .orElse(1);
  }

  private ObjectNode request(Call call) {
    Prompt prompt = call.prompt();
    ObjectNode request = JSON.createObjectNode();
    request.put("model", config.model());
    request.put("stream", true);
    request.put("truncate", false); // Ollama would drop the prompt's beginning without a word
    request.put("shift", false); // or passages in mid-answer
    request.put("keep_alive", config.keepAlive().toSeconds() + "s");
    Optional<RawTemplate> raw = template();
    if (raw.isPresent()) {
      request.put("raw", true);
      request.put("prompt", raw.get().render(prompt.system(), prompt.user()) + call.delivered());
    } else {
      ControlTokens tokens = ControlTokens.known();
      request.put("system", tokens.neutralise(prompt.system()));
      request.put("prompt", tokens.neutralise(prompt.user()));
    }
    ObjectNode options = request.putObject("options");
    options.put("num_ctx", config.numCtx());
    options.put("num_predict", call.maxTokens());
    options.put("temperature", config.temperature());
    options.put("seed", 0);
    if (!call.stop().texts().isEmpty()) {
      ArrayNode stop = options.putArray("stop"); // in place of the model's own, so they come along
      modelStops().forEach(stop::add);
      call.stop().texts().forEach(stop::add);
    }
    return request;
  }

  /**
   * The model's template, rendered once by the server itself; empty when it cannot render or it
   * makes no sense.
   */
  private Optional<RawTemplate> template() {
    if (!isTemplateKnown) {
      ObjectNode request = JSON.createObjectNode();
      request.put("model", config.model());
      request.put("system", RawTemplate.SYSTEM_PLACEHOLDER);
      request.put("prompt", RawTemplate.USER_PLACEHOLDER);
      request.put("stream", false);
      request.put("_debug_render_only", true);
      request.putObject("options").put("num_ctx", config.numCtx());
      JsonNode answer = http.post("/api/generate", request, config.firstTokenTimeout());
      if (answer.hasNonNull("error")) {
        throw failure(answer.path("error").asText());
      }
      String rendered = answer.path("_debug_info").path("rendered_template").asText("");
      template = RawTemplate.of(rendered).orElse(null);
      isTemplateKnown = true;
    }
    return Optional.ofNullable(template);
  }

  /** Texts that end the model's turn, by its own parameters; asked for once. */
  private List<String> modelStops() {
    List<String> known = modelStops;
    if (known == null) {
      ObjectNode request = JSON.createObjectNode().put("model", config.model());
      JsonNode shown = http.post("/api/show", request, adminTimeout());
      if (shown.hasNonNull("error")) {
        throw failure(shown.path("error").asText());
      }
      known = ModelParameters.stops(shown.path("parameters").asText(""));
      modelStops = known;
    }
    return known;
  }

  /** What takes no model answers at once, or not at all. */
  private Duration adminTimeout() {
    Duration first = config.firstTokenTimeout();
    return first.compareTo(ADMIN_TIMEOUT) < 0 ? first : ADMIN_TIMEOUT;
  }

  private boolean isNamed(String name) {
    return name.equals(config.model()) || name.equals(config.model() + ":latest");
  }

  private ThrongException failure(String message) {
    String lower = message.toLowerCase(Locale.ROOT);
    if (lower.contains("not found") && lower.contains("model")) {
      return missing();
    }
    ErrorCode code = lower.contains(TOO_LONG) ? ErrorCode.PROMPT_TOO_LONG : ErrorCode.BACKEND_ERROR;
    return new ThrongException(code, "%s: %s".formatted(name(), message));
  }

  private ThrongException missing() {
    return new ThrongException(
        ErrorCode.MODEL_MISSING,
        "%s has no model %s (run: ollama pull %s)"
            .formatted(name(), config.model(), config.model()));
  }
}
