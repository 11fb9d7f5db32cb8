package dev.throng.backend.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.throng.backend.Backend;
import dev.throng.backend.BackendHttp;
import dev.throng.backend.ControlTokens;
import dev.throng.backend.Generator.Completion;
import dev.throng.backend.Generator.TextSink;
import dev.throng.backend.Prompt;
import dev.throng.config.BackendConfig;
import dev.throng.config.ModelConfig;
import dev.throng.core.Deadline;
import dev.throng.core.ErrorCode;
import dev.throng.core.ThrongException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * One server with OpenAI's chat completions API, streamed (<a
 * href="https://platform.openai.com/docs/api-reference/chat-streaming">their reference</a>). Not
 * all of these servers can continue a chat turn, so its partial answers are not continued.
 */
public final class OpenAiBackend implements Backend {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int OK = 200;
  private static final int NOT_FOUND = 404;
  private static final int METHOD_NOT_ALLOWED = 405;
  private static final Duration ADMIN_TIMEOUT = Duration.ofSeconds(10);
  private static final String DATA = "data:";
  private static final String DONE = "[DONE]";

  private final BackendConfig backend;
  private final ModelConfig config;
  private final String model;
  private final BackendHttp http;

  /**
   * Creates a backend.
   *
   * @param backend with the base URL in the form that OpenAI's clients use; {@code /v1} is added to
   *     a URL without a path
   */
  public OpenAiBackend(BackendConfig backend, ModelConfig config) {
    this.backend = backend;
    this.config = config;
    this.model = backend.modelOr(config.name());
    this.http = new BackendHttp(backend.at(withPath(backend.url())), config.connectTimeout());
  }

  private static URI withPath(URI url) {
    boolean isBare = url.getPath().isEmpty() || url.getPath().equals("/");
    return isBare ? url.resolve("/v1") : url;
  }

  @Override
  public BackendConfig config() {
    return backend;
  }

  /**
   * Returns "", because this API has no digest. Checks that the model exists where the server lists
   * its models.
   */
  @Override
  public String modelDigest() {
    BackendHttp.Reply reply = http.tryGet("models", ADMIN_TIMEOUT);
    if (reply.status() == NOT_FOUND || reply.status() == METHOD_NOT_ALLOWED) {
      return "";
    }
    if (reply.status() != OK || reply.body() == null) {
      throw reply.error().failure(name());
    }
    List<String> ids = reply.body().path("data").findValuesAsText("id");
    if (!ids.isEmpty() && !ids.contains(model)) {
      throw new ThrongException(
          ErrorCode.MODEL_MISSING,
          "%s has no model %s (it has: %s)".formatted(name(), model, String.join(", ", ids)));
    }
    return "";
  }

  @Override
  public Probed probe(Deadline deadline) {
    String digest = modelDigest();
    generate(new Call(PROBE, "", 1), piece -> {}, deadline);
    return new Probed(digest, false);
  }

  @Override
  public Completion generate(Call call, TextSink sink, Deadline deadline) {
    if (!call.delivered().isEmpty()) {
      throw new IllegalArgumentException(
          "delivered: text (expected: none, because a chat turn cannot be continued)");
    }
    deadline.check("a backend could be called");
    try (BackendHttp.Stream stream =
        http.stream(
            "chat/completions",
            request(call),
            config.firstTokenTimeout(),
            config.betweenTokensTimeout())) {
      return read(stream, sink, deadline);
    }
  }

  @Override
  public void close() {
    http.close();
  }

  private ObjectNode request(Call call) {
    Prompt prompt = call.prompt();
    ControlTokens tokens = ControlTokens.known(); // the server's template is unknown
    ObjectNode request = JSON.createObjectNode();
    request.put("model", model);
    ArrayNode messages = request.putArray("messages");
    messages.addObject().put("role", "system").put("content", tokens.neutralise(prompt.system()));
    messages.addObject().put("role", "user").put("content", tokens.neutralise(prompt.user()));
    request.put("max_tokens", call.maxTokens());
    request.put("temperature", config.temperature());
    request.put("seed", SEED);
    if (!call.stop().texts().isEmpty()) {
      ArrayNode stop = request.putArray("stop");
      call.stop().texts().forEach(stop::add);
    }
    request.put("stream", true);
    request.putObject("stream_options").put("include_usage", true);
    return request;
  }

  /** Reads server-sent events, each a chunk of JSON, until the event with [DONE]. */
  private Completion read(BackendHttp.Stream stream, TextSink sink, Deadline deadline) {
    ChatAnswer answer = new ChatAnswer(name(), sink);
    while (true) {
      Optional<String> line = stream.next(deadline);
      if (line.isPresent() && stream.status() != OK) {
        throw stream.error(line.get(), deadline).failure(name());
      }
      if (line.isEmpty() && !answer.isFinished()) {
        throw stream.endedEarly();
      }
      boolean isEnd = line.isEmpty() || data(line.get()).equals(DONE);
      if (isEnd) {
        stream.finish();
        return answer.completion();
      }
      String data = data(line.get());
      if (data.isEmpty()) {
        continue; // a blank line, a comment, or an event's name
      }
      JsonNode chunk = stream.parse(data);
      if (chunk.hasNonNull("error")) {
        throw stream.error(chunk).failure(name());
      }
      if (answer.add(chunk)) {
        stream.progressed();
      }
    }
  }

  private static String data(String line) {
    return line.startsWith(DATA) ? line.substring(DATA.length()).strip() : "";
  }
}
