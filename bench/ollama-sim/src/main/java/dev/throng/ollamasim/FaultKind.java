package dev.throng.ollamasim;

import com.fasterxml.jackson.annotation.JsonProperty;

/** The kinds of faults. */
public enum FaultKind {
  /** Every connection is cut, and new ones are refused until the instance is back. */
  @JsonProperty("crash")
  CRASH,
  /** A request is accepted and runs, but no byte is sent. */
  @JsonProperty("hang_before_first_token")
  HANG_BEFORE_FIRST_TOKEN,
  /**
   * No further byte is sent, while the connection stays open; continues when faults are cleared.
   */
  @JsonProperty("hang")
  HANG,
  /** Status 500 instead of an answer. */
  @JsonProperty("http_500")
  HTTP_500,
  /** Status 503 instead of an answer. */
  @JsonProperty("http_503")
  HTTP_503,
  /** A line with an "error" field, in a response with status 200. */
  @JsonProperty("error_line")
  ERROR_LINE,
  /** The response ends properly, without the line with "done". */
  @JsonProperty("eof_without_done")
  EOF_WITHOUT_DONE,
  /** A line that is not JSON, and then the end. */
  @JsonProperty("garbage_line")
  GARBAGE_LINE,
  /** All rates divided by a factor, until faults are cleared. */
  @JsonProperty("slow")
  SLOW,
  /** The model is removed from memory: the next requests wait until it is loaded. */
  @JsonProperty("model_unloaded")
  MODEL_UNLOADED,
  /** A TCP reset. */
  @JsonProperty("reset")
  RESET,
  /**
   * As if the host had vanished from the network: the connection never ends, and later requests, on
   * any connection, are accepted and never answered.
   */
  @JsonProperty("half_open")
  HALF_OPEN
}
