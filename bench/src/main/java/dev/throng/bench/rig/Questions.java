package dev.throng.bench.rig;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;

/** The handbook's questions. */
public final class Questions {
  private static final ObjectMapper JSON = new ObjectMapper();

  private Questions() {}

  /** {@code count} different questions; beyond those of the file, the same ones with a suffix. */
  public static List<String> texts(int count) throws IOException {
    List<String> lines = Files.readAllLines(Home.examples().resolve("questions/answerable.jsonl"));
    List<String> texts = new ArrayList<>();
    for (int round = 0; texts.size() < count; round++) {
      for (String line : lines.subList(0, Math.min(lines.size(), count - texts.size()))) {
        String text = JSON.readTree(line).path("question").asText();
        texts.add(round == 0 ? text : text + " Version " + round + ".");
      }
    }
    return texts;
  }

  /** The questions as bodies of /query and /search. */
  public static List<String> bodies(int count) throws IOException {
    return texts(count).stream().map(Questions::body).toList();
  }

  /** A question as a body of /query and /search. */
  public static String body(String text) {
    return JSON.createObjectNode().put("query", text).toString();
  }

  /** A question as a body of /query, answered as an event stream or as JSON. */
  public static String body(String text, boolean isStreamed) {
    return JSON.createObjectNode().put("query", text).put("stream", isStreamed).toString();
  }
}
