package dev.throng.ollamasim;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.throng.ollamasim.SimulatedText.Piece;
import java.io.IOException;
import java.time.Instant;
import java.util.List;

/** The response to one generation: one line per piece, or everything in one object at the end. */
final class Reply {
  /**
   * The duration and size of a generation.
   *
   * @param promptTokens tokens of the prompt
   * @param tokens generated tokens
   */
  record Effort(
      int promptTokens,
      int tokens,
      long totalNanos,
      long loadNanos,
      long prefillNanos,
      long decodeNanos) {}

  private final Exchange exchange;
  private final GenerationRequest request;
  private final StringBuilder text = new StringBuilder();

  /**
   * Parts of a piece's line, concatenated by hand, so that a thousand lines a second cost little.
   */
  private final String lineStart;

  private final String beforeText;
  private final String behindText;

  Reply(Exchange exchange, GenerationRequest request) {
    this.exchange = exchange;
    this.request = request;
    this.lineStart =
        "{\"model\":\"%s\",\"created_at\":\""
            .formatted(
                String.valueOf(JsonStringEncoder.getInstance().quoteAsString(request.model())));
    this.beforeText =
        request.isChat()
            ? "\",\"message\":{\"role\":\"assistant\",\"content\":\""
            : "\",\"response\":\"";
    this.behindText = request.isChat() ? "\"},\"done\":false}\n" : "\",\"done\":false}\n";
  }

  void pieces(List<Piece> pieces) throws IOException {
    if (!request.isStreamed()) {
      pieces.forEach(piece -> text.append(piece.text()));
      return;
    }
    StringBuilder lines = new StringBuilder();
    JsonStringEncoder encoder = JsonStringEncoder.getInstance();
    String now = Instant.now().toString();
    for (Piece piece : pieces) {
      lines.append(lineStart).append(now).append(beforeText);
      encoder.quoteAsString(piece.text(), lines);
      lines.append(behindText);
    }
    exchange.stream(lines.toString());
  }

  void done(String reason, Effort effort) throws IOException {
    ObjectNode last = line(text.toString()).put("done", true).put("done_reason", reason);
    putUnlessZero(last, "total_duration", effort.totalNanos());
    putUnlessZero(last, "load_duration", effort.loadNanos());
    putUnlessZero(last, "prompt_eval_count", effort.promptTokens());
    putUnlessZero(last, "prompt_eval_duration", effort.prefillNanos());
    putUnlessZero(last, "eval_count", effort.tokens());
    putUnlessZero(last, "eval_duration", effort.decodeNanos());
    if (request.isStreamed()) {
      exchange.stream(last + "\n");
      exchange.endStream();
    } else {
      exchange.send(last);
    }
  }

  /** Ends a stream with a line that is not a piece, and any other response with a status. */
  void breakOff(String line) throws IOException {
    if (request.isStreamed()) {
      exchange.stream(line + "\n");
      exchange.endStream();
    } else {
      exchange.send(500, "application/json", line);
    }
  }

  /** Ends without the line with "done". */
  void breakOff() throws IOException {
    if (request.isStreamed()) {
      exchange.endStream();
    } else {
      exchange.hangUp();
    }
  }

  private ObjectNode line(String content) {
    ObjectNode line =
        Json.MAPPER
            .createObjectNode()
            .put("model", request.model())
            .put("created_at", Instant.now().toString());
    if (request.isChat()) {
      line.putObject("message").put("role", "assistant").put("content", content);
    } else {
      line.put("response", content);
    }
    return line;
  }

  /** Omits empty values, like Go's omitempty. */
  private static void putUnlessZero(ObjectNode line, String name, long value) {
    if (value != 0) {
      line.put(name, value);
    }
  }
}
