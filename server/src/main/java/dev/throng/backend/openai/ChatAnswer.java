package dev.throng.backend.openai;

import com.fasterxml.jackson.databind.JsonNode;
import dev.throng.backend.Generator.Completion;
import dev.throng.backend.Generator.TextSink;
import dev.throng.core.Answer.FinishReason;
import dev.throng.core.ErrorCode;
import dev.throng.core.ThrongException;
import dev.throng.core.TokenCount;
import java.util.List;

/**
 * One chat completion, read chunk by chunk. Only text is an answer: a refusal, a withheld answer
 * and an end without a token are failures if no text came before. A call of a tool that was not
 * offered and a reported error are always failures. Used by one thread.
 */
final class ChatAnswer {
  private final String server;
  private final TextSink sink;
  private final StringBuilder refusal = new StringBuilder();
  private String finish = "";
  private TokenCount tokens = TokenCount.NONE;
  private boolean hasWords;
  private boolean hasTokens;
  private boolean hasToolCall;

  /**
   * Creates an answer.
   *
   * @param server its name, for messages
   */
  ChatAnswer(String server, TextSink sink) {
    this.server = server;
    this.sink = sink;
  }

  /**
   * Reads a chunk and passes its text on.
   *
   * @return whether a token was generated; the first chunk often only names the role
   */
  boolean add(JsonNode chunk) {
    JsonNode choice = chunk.path("choices").path(0);
    JsonNode delta = choice.path("delta");
    finish = choice.path("finish_reason").asText(finish);
    JsonNode usage = chunk.path("usage");
    tokens =
        new TokenCount(
            usage.path("prompt_tokens").asInt(tokens.prompt()),
            usage.path("completion_tokens").asInt(tokens.generated()));
    String refused = delta.path("refusal").asText("");
    refusal.append(refused);
    boolean isToolCall = !delta.path("tool_calls").isEmpty() || delta.hasNonNull("function_call");
    hasToolCall |= isToolCall;
    boolean isProgress =
        passText(delta.path("content")) || !refused.isEmpty() || isToolCall || isThinking(delta);
    hasTokens |= isProgress;
    return isProgress;
  }

  /** Returns whether the server has reported why it ended. */
  boolean isFinished() {
    return !finish.isEmpty();
  }

  /**
   * Returns how the completion ended.
   *
   * @throws ThrongException BACKEND_REFUSED, BACKEND_EMPTY or BACKEND_ERROR when it is not an
   *     answer
   */
  Completion completion() {
    FinishReason reason =
        switch (finish) {
          case "length", "max_tokens" -> FinishReason.LENGTH;
          case "content_filter", "safety" -> FinishReason.CONTENT_FILTER;
          case "refusal" -> FinishReason.REFUSAL;
          case "error", "abort" ->
              throw failure(
                  ErrorCode.BACKEND_ERROR, "stopped in the middle (finish_reason: " + finish + ")");
          default -> refusal.isEmpty() ? FinishReason.STOP : FinishReason.REFUSAL;
        };
    boolean isWithheld = reason == FinishReason.CONTENT_FILTER || reason == FinishReason.REFUSAL;
    if (isWithheld && !hasWords) {
      String why = refusal.isEmpty() ? "finish_reason: " + finish : refusal.toString();
      throw failure(ErrorCode.BACKEND_REFUSED, "withheld the answer: " + why);
    }
    if (hasToolCall || finish.equals("tool_calls") || finish.equals("function_call")) {
      throw failure(ErrorCode.BACKEND_EMPTY, "called a tool, though none was offered");
    }
    if (!hasTokens && tokens.generated() == 0) {
      throw failure(ErrorCode.BACKEND_EMPTY, "generated no token (finish_reason: " + finish + ")");
    }
    return new Completion(reason, tokens);
  }

  /**
   * Passes on a text, or the text parts of a list of parts.
   *
   * @return whether the content shows progress: it has text, or any part
   */
  private boolean passText(JsonNode content) {
    boolean hasText = false;
    for (JsonNode part : content.isArray() ? content : List.of(content)) {
      boolean isText = part.isTextual() || part.path("type").asText("text").equals("text");
      String piece = part.isTextual() ? part.asText() : part.path("text").asText("");
      if (isText && !piece.isEmpty()) {
        sink.append(piece);
        hasText = true;
        hasWords |= !piece.isBlank();
      }
    }
    return hasText || (content.isArray() && !content.isEmpty());
  }

  private static boolean isThinking(JsonNode delta) {
    return !delta.path("reasoning_content").asText("").isEmpty()
        || !delta.path("reasoning").asText("").isEmpty();
  }

  private ThrongException failure(ErrorCode code, String what) {
    return new ThrongException(code, server + " " + what);
  }
}
