package dev.throng.backend.ollama;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.throng.backend.Backend;
import dev.throng.backend.BackendHttp;
import dev.throng.backend.ControlTokens;
import dev.throng.backend.ErrorReply;
import dev.throng.backend.Generator.Completion;
import dev.throng.backend.Generator.TextSink;
import dev.throng.backend.Prompt;
import dev.throng.backend.TokenMeter;
import dev.throng.config.BackendConfig;
import dev.throng.config.ModelConfig;
import dev.throng.config.OllamaConfig;
import dev.throng.core.Answer.FinishReason;
import dev.throng.core.Deadline;
import dev.throng.core.ErrorCode;
import dev.throng.core.ThrongException;
import dev.throng.core.TokenCount;
import dev.throng.core.TokenRates;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One Ollama server with one model. It is called with raw prompts if the model's template is
 * available.
 */
public final class OllamaBackend implements Backend {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int OK = 200;
  private static final Duration ADMIN_TIMEOUT = Duration.ofSeconds(10);

  private final BackendConfig backend;
  private final ModelConfig config;
  private final String keepAlive;
  private final String model;
  private final BackendHttp http;
  private volatile @Nullable RawTemplate template;
  private volatile boolean isTemplateKnown;
  private volatile @Nullable List<String> modelStops;

  public OllamaBackend(URI url, ModelConfig config, OllamaConfig ollama) {
    this(BackendConfig.ollama(url, ollama.slots()), config, ollama);
  }

  public OllamaBackend(BackendConfig backend, ModelConfig config, OllamaConfig ollama) {
    this.backend = backend;
    this.config = config;
    this.keepAlive = ollama.keepAlive().toSeconds() + "s";
    this.model = backend.modelOr(config.name());
    this.http = new BackendHttp(backend, config.connectTimeout());
  }

  @Override
  public BackendConfig config() {
    return backend;
  }

  @Override
  public String modelDigest() {
    JsonNode models = http.get("api/tags", adminTimeout()).path("models");
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
    generate(new Call(PROBE, "", 1), piece -> {}, deadline);
    return new Probed(digest, template().isPresent());
  }

  /** Measures with {@code prompt_eval_count}, which includes tokens in the server's cache. */
  @Override
  public TokenRates measureTokens() {
    return TokenMeter.measure(this::promptTokens);
  }

  @Override
  public Completion generate(Call call, TextSink sink, Deadline deadline) {
    deadline.check("a backend could be called");
    ObjectNode request = request(call);
    try (BackendHttp.Stream stream =
        http.stream(
            "api/generate", request, config.firstTokenTimeout(), config.betweenTokensTimeout())) {
      boolean hasTokens = false;
      while (true) {
        String text = stream.next(deadline).orElseThrow(stream::endedEarly);
        if (stream.status() != OK) {
          throw failure(stream.error(text, deadline));
        }
        JsonNode line = stream.parse(text);
        if (line.hasNonNull("error")) {
          throw failure(stream.error(line));
        }
        stream.progressed();
        String piece = line.path("response").asText("");
        if (!piece.isEmpty()) {
          sink.append(piece);
        }
        hasTokens |= !piece.isEmpty() || !line.path("thinking").asText("").isEmpty();
        if (line.path("done").asBoolean(false)) {
          stream.finish();
          return completion(line, hasTokens || !call.delivered().isEmpty());
        }
      }
    }
  }

  private Completion completion(JsonNode last, boolean hasTokens) {
    TokenCount tokens =
        new TokenCount(last.path("prompt_eval_count").asInt(0), last.path("eval_count").asInt(0));
    String reason = last.path("done_reason").asText();
    if (!hasTokens && tokens.generated() == 0) {
      throw new ThrongException(
          ErrorCode.BACKEND_EMPTY,
          "%s generated no token (done_reason: %s)".formatted(name(), reason));
    }
    return new Completion(
        reason.equals("length") ? FinishReason.LENGTH : FinishReason.STOP, tokens);
  }

  @Override
  public void close() {
    http.close();
  }

  private int promptTokens(String text) {
    ObjectNode request = JSON.createObjectNode().put("model", model);
    request.put("prompt", text).put("raw", true).put("stream", false);
    request.put("truncate", false).put("keep_alive", keepAlive);
    request.putObject("options").put("num_ctx", config.contextTokens()).put("num_predict", 1);
    JsonNode answer = post("api/generate", request, config.firstTokenTimeout());
    return answer.path("prompt_eval_count").asInt(0);
  }

  private ObjectNode request(Call call) {
    Prompt prompt = call.prompt();
    ObjectNode request = JSON.createObjectNode();
    request.put("model", model);
    request.put("stream", true);
    request.put("truncate", false); // Ollama would silently drop the beginning
    request.put("shift", false); // or drop passages in mid-answer
    request.put("keep_alive", keepAlive);
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
    options.put("num_ctx", config.contextTokens());
    options.put("num_predict", call.maxTokens());
    options.put("temperature", config.temperature());
    options.put("seed", SEED);
    if (!call.stop().texts().isEmpty()) {
      ArrayNode stop = options.putArray("stop"); // replaces the model's own, so include those
      modelStops().forEach(stop::add);
      call.stop().texts().forEach(stop::add);
    }
    return request;
  }

  /**
   * Returns the model's template, rendered once by the server itself; empty when the server cannot
   * render it or the result is unusable.
   */
  private Optional<RawTemplate> template() {
    if (!isTemplateKnown) {
      ObjectNode request = JSON.createObjectNode();
      request.put("model", model);
      request.put("system", RawTemplate.SYSTEM_PLACEHOLDER);
      request.put("prompt", RawTemplate.USER_PLACEHOLDER);
      request.put("stream", false);
      request.put("_debug_render_only", true);
      request.putObject("options").put("num_ctx", config.contextTokens());
      JsonNode answer = post("api/generate", request, config.firstTokenTimeout());
      String rendered = answer.path("_debug_info").path("rendered_template").asText("");
      template = RawTemplate.of(rendered).orElse(null);
      isTemplateKnown = true;
    }
    return Optional.ofNullable(template);
  }

  /**
   * Returns the texts that end the model's turn according to its parameters. They are requested
   * once.
   */
  private List<String> modelStops() {
    List<String> known = modelStops;
    if (known == null) {
      ObjectNode request = JSON.createObjectNode().put("model", model);
      JsonNode shown = post("api/show", request, adminTimeout());
      known = ModelParameters.stops(shown.path("parameters").asText(""));
      modelStops = known;
    }
    return known;
  }

  private JsonNode post(String path, ObjectNode request, Duration timeout) {
    try {
      return http.post(path, request, timeout);
    } catch (ThrongException e) {
      throw e.code() == ErrorCode.MODEL_MISSING ? missing() : e;
    }
  }

  /**
   * Returns the timeout of calls that do not involve the model, which are answered immediately or
   * not at all.
   */
  private Duration adminTimeout() {
    Duration first = config.firstTokenTimeout();
    return first.compareTo(ADMIN_TIMEOUT) < 0 ? first : ADMIN_TIMEOUT;
  }

  private boolean isNamed(String name) {
    return name.equals(model) || name.equals(model + ":latest");
  }

  private ThrongException failure(ErrorReply error) {
    return error.code() == ErrorCode.MODEL_MISSING ? missing() : error.failure(name());
  }

  private ThrongException missing() {
    return new ThrongException(
        ErrorCode.MODEL_MISSING,
        "%s has no model %s (run: ollama pull %s)".formatted(name(), model, model));
  }
}
