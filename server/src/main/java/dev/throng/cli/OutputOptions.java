package dev.throng.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.Console;
import java.io.PrintStream;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The output of a command: short lines for people, or one JSON document with --json. */
final class OutputOptions {
  private static final ObjectMapper JSON = new ObjectMapper();

  @Option(names = "--json", description = "Prints one JSON document on standard output.")
  private boolean json;

  private final PrintStream out = System.out;
  private final PrintStream err = System.err;
  private final boolean isTerminal =
      Optional.ofNullable(System.console()).map(Console::isTerminal).orElse(false);

  boolean json() {
    return json;
  }

  ObjectNode newObject() {
    return JSON.createObjectNode();
  }

  void print(JsonNode document) {
    try {
      out.println(JSON.writerWithDefaultPrettyPrinter().writeValueAsString(document));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("cannot write a JSON tree", e);
    }
  }

  /** Writes a line of the human-readable output. */
  void line(String text) {
    out.println(text);
  }

  /** Writes a piece of a streamed text immediately. */
  void piece(String text) {
    out.print(text);
    out.flush();
  }

  /** Writes progress and warnings to stderr, so that they do not go into a pipe. */
  void inform(String text) {
    err.println(text);
  }

  void informPart(String text) {
    err.print(text);
    err.flush();
  }

  /** Returns whether a terminal shows colours and moving lines. */
  boolean isTerminal() {
    return isTerminal && System.getenv("NO_COLOR") == null;
  }

  String bold(String text) {
    return styled("1", text);
  }

  String dim(String text) {
    return styled("2", text);
  }

  String green(String text) {
    return styled("32", text);
  }

  String red(String text) {
    return styled("31", text);
  }

  String yellow(String text) {
    return styled("33", text);
  }

  private String styled(String code, String text) {
    return isTerminal() ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
  }
}
