package dev.throng.backend.ollama;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.throng.backend.Generator.Completion;
import dev.throng.backend.Generator.TextSink;
import dev.throng.backend.Prompt;
import dev.throng.config.OllamaConfig;
import dev.throng.core.Answer.FinishReason;
import dev.throng.core.Deadline;
import dev.throng.core.ErrorCode;
import dev.throng.core.ThrongException;
import dev.throng.core.Tokens;
import java.net.URI;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One Ollama server with one model, asked over raw prompts where its template can be had. */
public final class OllamaBackend implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration ADMIN_TIMEOUT = Duration.ofSeconds(10);

  /** What Ollama says when a prompt does not fit and may not be cut. */
  private static final String TOO_LONG = "exceeds";

  /** One answer on its way, over as many backends as it takes. Used by one thread. */
  public static final class Progress {
    private final int maxTokens;
    private final TextSink sink;
    private final StringBuilder raw = new StringBuilder();

    public Progress(int maxTokens, TextSink sink) {
      this.maxTokens = maxTokens;
      this.sink = sink;
    }

    /** Characters received so far. */
    public int rawLength() {
      return raw.length();
    }

    private void append(String piece) {
      if (!piece.isEmpty()) {
        raw.append(piece);
        sink.append(piece);
      }
    }

    /** A streamed piece may hold several tokens, so what is left is guessed from characters. */
    private int tokensLeft() {
      return Math.max(1, maxTokens - Tokens.estimate(raw));
    }
  }

  private final OllamaConfig config;
  private final OllamaHttp http;
  private volatile @Nullable RawTemplate template;
  private volatile boolean isTemplateKnown;

  public OllamaBackend(URI url, OllamaConfig config) {
    this.config = config;
    this.http = new OllamaHttp(url, config.connectTimeout());
  }

  public URI url() {
    return http.url();
  }

  /**
   * The sampling options that every call has, in a stable order. A change of num_ctx would reload
   * the model.
   */
  public static String options(OllamaConfig config) {
    return "num_ctx=%d,temperature=%s,seed=0".formatted(config.numCtx(), config.temperature());
  }

  /**
   * The digest of the configured model.
   *
   * @throws ThrongException MODEL_MISSING, naming the command that gets it, or a BACKEND_* code
   */
  public String modelDigest() {
    JsonNode models = http.get("/api/tags", ADMIN_TIMEOUT).path("models");
    for (JsonNode model : models) {
      if (isNamed(model.path("name").asText())) {
        return model.path("digest").asText();
      }
    }
    throw missing();
  }

  /** Whether a cut answer can go on elsewhere. */
  public boolean canContinue() {
    return template().isPresent();
  }

  /**
   * Loads the model and makes one token.
   *
   * @return how long it took
   */
  public Duration probe() {
    long start = System.nanoTime();
    Prompt hello = new Prompt("Answer in one word.", "Hello", "Hello", java.util.List.of(), "en");
    generate(
        hello,
        new Progress(1, piece -> {}),
        Deadline.after(System::nanoTime, config.firstTokenTimeout()));
    return Duration.ofNanos(System.nanoTime() - start);
  }

  /** Goes on with the answer where {@code progress} stands, to its end. */
  public Completion generate(Prompt prompt, Progress progress, Deadline deadline) {
    deadline.check("a backend could be asked");
    ObjectNode request = request(prompt, progress);
    try (OllamaHttp.Stream stream =
        http.stream(
            "/api/generate", request, config.firstTokenTimeout(), config.betweenTokensTimeout())) {
      while (true) {
        JsonNode line = stream.next(deadline);
        if (line.hasNonNull("error")) {
          throw failure(line.path("error").asText());
        }
        progress.append(line.path("response").asText(""));
        if (line.path("done").asBoolean(false)) {
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

  private ObjectNode request(Prompt prompt, Progress progress) {
    ObjectNode request = JSON.createObjectNode();
    request.put("model", config.model());
    request.put("stream", true);
    request.put("truncate", false); // Ollama would drop the prompt's beginning without a word
    request.put("shift", false); // or passages in mid-answer
    request.put("keep_alive", config.keepAlive().toSeconds() + "s");
    Optional<RawTemplate> raw = template();
    if (raw.isPresent()) {
      request.put("raw", true);
      request.put("prompt", raw.get().render(prompt.system(), prompt.user()) + progress.raw);
    } else {
      ControlTokens tokens = ControlTokens.known();
      request.put("system", tokens.neutralise(prompt.system()));
      request.put("prompt", tokens.neutralise(prompt.user()));
    }
    ObjectNode options = request.putObject("options");
    options.put("num_ctx", config.numCtx());
    options.put("num_predict", progress.tokensLeft());
    options.put("temperature", config.temperature());
    options.put("seed", 0);
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

  private boolean isNamed(String name) {
    return name.equals(config.model()) || name.equals(config.model() + ":latest");
  }

  private ThrongException failure(String message) {
    String lower = message.toLowerCase(Locale.ROOT);
    if (lower.contains("not found") && lower.contains("model")) {
      return missing();
    }
    ErrorCode code = lower.contains(TOO_LONG) ? ErrorCode.PROMPT_TOO_LONG : ErrorCode.BACKEND_ERROR;
    return new ThrongException(code, "%s: %s".formatted(url(), message));
  }

  private ThrongException missing() {
    return new ThrongException(
        ErrorCode.MODEL_MISSING,
        "%s has no model %s (run: ollama pull %s)"
            .formatted(url(), config.model(), config.model()));
  }
}
