package dev.throng.backend;

import com.fasterxml.jackson.databind.JsonNode;
import dev.throng.core.ErrorCode;
import dev.throng.core.ThrongException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A server's error response and its meaning. Its status and its machine-readable code decide. Its
 * message decides only between a prompt that is too long and other bad requests, because many
 * servers have no code for that. An overloaded server "exceeds" limits, too.
 *
 * @param status of the response, or the status in the body where the response had already started
 * @param codes machine-readable codes, in lower case
 * @param message human-readable; "" when there is none
 * @param retryAfter how long the server asked to be left alone; zero when it did not say
 */
public record ErrorReply(int status, Set<String> codes, String message, Duration retryAfter) {
  private static final int OK = 200;
  private static final int BAD_REQUEST = 400;
  private static final int UNAUTHORIZED = 401;
  private static final int FORBIDDEN = 403;
  private static final int NOT_FOUND = 404;
  private static final int TOO_LARGE = 413;
  private static final int TOO_MANY_REQUESTS = 429;
  private static final int SERVER_ERROR = 500;
  private static final int UNAVAILABLE = 503;
  private static final int GATEWAY_TIMEOUT = 504;

  private static final Set<String> LENGTH_CODES =
      Set.of("context_length_exceeded", "exceed_context_size_error", "string_above_max_length");

  /** Texts of llama.cpp, vLLM, OpenAI, Ollama, SGLang and LiteLLM, in this order. */
  private static final List<String> LENGTH_TEXTS =
      List.of(
          "context size",
          "maximum model length",
          "context length",
          "input length exceeds",
          "context window",
          "prompt is too long");

  private static final Set<String> FILTER_CODES =
      Set.of("content_filter", "content_policy_violation", "responsibleaipolicyviolation");

  private static final Set<String> BUSY_CODES =
      Set.of("rate_limit_exceeded", "insufficient_quota", "overloaded_error", "engine_overloaded");

  private static final String MODEL_NOT_FOUND = "model_not_found";

  /**
   * Reads an error where servers put it: an object or a text in {@code error}, or {@code message}
   * and {@code detail}.
   *
   * @param status of the response
   * @param body null when it is not JSON
   */
  public static ErrorReply of(int status, @Nullable JsonNode body, Duration retryAfter) {
    if (body == null) {
      return new ErrorReply(status, Set.of(), "", retryAfter);
    }
    JsonNode error = body.path("error");
    Set<String> codes =
        Stream.of(error.path("code"), error.path("type"), error.path("innererror").path("code"))
            .filter(JsonNode::isTextual)
            .map(code -> code.asText().toLowerCase(Locale.ROOT))
            .collect(Collectors.toUnmodifiableSet());
    return new ErrorReply(
        status == OK ? statusIn(body) : status, codes, messageIn(body), retryAfter);
  }

  /**
   * Returns the status in a body. An error after the start of a stream cannot have a status of its
   * own, so expected servers include it in the body.
   */
  private static int statusIn(JsonNode body) {
    return Stream.of(body.path("error").path("code"), body.path("error").path("status"))
        .filter(JsonNode::isInt)
        .map(JsonNode::asInt)
        .findFirst()
        .orElse(OK);
  }

  private static String messageIn(JsonNode body) {
    return Stream.of(
            body.path("error").path("message"),
            body.path("error"),
            body.path("message"),
            body.path("detail"))
        .filter(node -> node.isTextual() || node.isArray())
        .map(node -> node.isTextual() ? node.asText() : node.toString())
        .findFirst()
        .orElse("");
  }

  /** Returns the kind of failure. */
  public ErrorCode code() {
    if (status == TOO_MANY_REQUESTS || status == UNAVAILABLE || hasCode(BUSY_CODES)) {
      return ErrorCode.BACKEND_BUSY;
    }
    if (status == GATEWAY_TIMEOUT) {
      return ErrorCode.BACKEND_TIMEOUT;
    }
    if (status >= SERVER_ERROR) {
      return ErrorCode.BACKEND_ERROR;
    }
    if (hasCode(FILTER_CODES)) {
      return ErrorCode.BACKEND_REFUSED;
    }
    if (isLength()) {
      return ErrorCode.PROMPT_TOO_LONG;
    }
    return isModel() ? ErrorCode.MODEL_MISSING : ErrorCode.BACKEND_ERROR;
  }

  /** Returns an exception that names the server. */
  public ThrongException failure(String server) {
    String hint = status == UNAUTHORIZED || status == FORBIDDEN ? " (check its api_key)" : "";
    return ThrongException.ofBackend(
        code(),
        "%s%s%s%s"
            .formatted(
                server,
                status == OK ? "" : " answered " + status,
                message.isEmpty() ? "" : ": " + message,
                hint),
        retryAfter);
  }

  private boolean isLength() {
    boolean isAboutRequest = status == BAD_REQUEST || status == TOO_LARGE;
    return hasCode(LENGTH_CODES)
        || (isAboutRequest && LENGTH_TEXTS.stream().anyMatch(lowerMessage()::contains));
  }

  private boolean isModel() {
    String lower = lowerMessage();
    return codes.contains(MODEL_NOT_FOUND)
        || (lower.contains("model") && (status == NOT_FOUND || lower.contains("not found")));
  }

  private String lowerMessage() {
    return message.toLowerCase(Locale.ROOT);
  }

  private boolean hasCode(Set<String> expected) {
    return codes.stream().anyMatch(expected::contains);
  }
}
