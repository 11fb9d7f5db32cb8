package dev.throng.ollamasim;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/**
 * The relevant fields of a request to /api/generate or /api/chat.
 *
 * @param rawPrompt the prompt in the model's template
 * @param isLoading there is no prompt, so the model is only loaded or unloaded
 * @param numPredict maximum number of tokens; 0 or less: no limit
 * @param mayTruncate a prompt that is too long is truncated instead of refused
 * @param mayShift generation may continue when the context is full
 */
record GenerationRequest(
    String model,
    boolean isChat,
    String rawPrompt,
    boolean isLoading,
    boolean isUnloading,
    boolean isStreamed,
    boolean isRenderedOnly,
    int numCtx,
    int numPredict,
    List<String> stops,
    boolean mayTruncate,
    boolean mayShift) {

  static GenerationRequest of(JsonNode json, boolean isChat, int defaultNumCtx) {
    JsonNode options = json.path("options");
    boolean isRaw = json.path("raw").asBoolean(false);
    String prompt = json.path("prompt").asText("");
    boolean isLoading = isChat ? json.path("messages").isEmpty() : prompt.isEmpty();
    String rawPrompt = isChat ? chat(json.path("messages")) : isRaw ? prompt : single(json, prompt);
    return new GenerationRequest(
        json.path("model").asText(""),
        isChat,
        rawPrompt,
        isLoading,
        isLoading && isZero(json.path("keep_alive")),
        json.path("stream").asBoolean(true),
        json.path("_debug_render_only").asBoolean(false),
        options.path("num_ctx").asInt(defaultNumCtx),
        options.path("num_predict").asInt(-1),
        stops(options.path("stop")),
        json.path("truncate").asBoolean(true),
        json.path("shift").asBoolean(true));
  }

  private static String single(JsonNode json, String prompt) {
    String system = json.path("system").asText("");
    return (system.isEmpty() ? "" : turn("system", system))
        + turn("user", prompt)
        + SimulatedText.ASSISTANT;
  }

  private static String chat(JsonNode messages) {
    StringBuilder prompt = new StringBuilder();
    for (JsonNode message : messages) {
      prompt.append(turn(message.path("role").asText("user"), message.path("content").asText("")));
    }
    return prompt.append(SimulatedText.ASSISTANT).toString();
  }

  private static String turn(String role, String content) {
    return "<|im_start|>" + role + "\n" + content + "<|im_end|>\n";
  }

  private static List<String> stops(JsonNode stop) {
    List<String> stops = new ArrayList<>();
    if (stop.isTextual()) {
      stops.add(stop.asText());
    }
    stop.forEach(each -> stops.add(each.asText()));
    return stops;
  }

  private static boolean isZero(JsonNode keepAlive) {
    return keepAlive.isNumber()
        ? keepAlive.asInt() == 0
        : keepAlive.asText("").matches("0[a-z]{0,2}");
  }
}
