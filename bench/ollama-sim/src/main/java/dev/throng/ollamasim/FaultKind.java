package dev.throng.ollamasim;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What can go wrong. */
public enum FaultKind {
  /** Every connection is cut, and new ones are refused until the instance is back. */
  @JsonProperty("crash")
  CRASH,
  /** A request is taken and runs, but nothing comes. */
  @JsonProperty("hang_before_first_token")
  HANG_BEFORE_FIRST_TOKEN,
  /** No byte more, while the connection stays open; goes on when faults are cleared. */
  @JsonProperty("hang")
  HANG,
  /** Status 500 instead of an answer. */
  @JsonProperty("http_500")
  HTTP_500,
  /** Status 503 instead of an answer. */
  @JsonProperty("http_503")
  HTTP_503,
  /** A line that says "error", within a 200. */
  @JsonProperty("error_line")
  ERROR_LINE,
  /** The response ends properly, without the line that says "done". */
  @JsonProperty("eof_without_done")
  EOF_WITHOUT_DONE,
  /** A line that is no JSON, and the end. */
  @JsonProperty("garbage_line")
  GARBAGE_LINE,
  /** All rates divided by a factor, until faults are cleared. */
  @JsonProperty("slow")
  SLOW,
  /** The model is out of memory: the next requests wait until it is loaded. */
  @JsonProperty("model_unloaded")
  MODEL_UNLOADED,
  /** A TCP reset. */
  @JsonProperty("reset")
  RESET,
  /**
   * As if the host were gone from the network: the connection never ends, and the requests behind
   * it, on whatever connection, are taken and never answered.
   */
  @JsonProperty("half_open")
  HALF_OPEN
}
