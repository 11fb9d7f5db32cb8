package dev.throng.bench.rig;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Documents to ingest: the handbook's files, and texts of many lengths. */
public final class Documents {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final long SEED = 7;

  /** The longest document has this many sections, the shortest has one. */
  private static final int MAX_SECTIONS = 12;

  private record Section(String title, String text) {}

  private Documents() {}

  /**
   * Fills a folder.
   *
   * @param corpus a BEIR set's corpus.jsonl, whose texts are used once each; null for shuffled
   *     paragraphs of the handbook
   * @param first number of the first document; other numbers give other names and texts
   * @param count documents in addition to the handbook's, half Markdown and half plain text
   */
  public static void write(Path folder, @Nullable Path corpus, int first, int count)
      throws IOException {
    Files.createDirectories(folder);
    List<Path> handbook = handbook();
    for (Path file : handbook) {
      String name = handbookFolder().relativize(file).toString().replace('/', '-');
      Files.copy(file, folder.resolve(name));
    }
    List<Section> sections = corpus == null ? shuffled(handbook) : read(corpus);
    int next = first * (MAX_SECTIONS + 1) / 2;
    for (int i = first; i < first + count; i++) {
      boolean isMarkdown = i % 2 == 0;
      StringBuilder text = new StringBuilder(isMarkdown ? "# Document " + i + "\n\n" : "");
      for (int n = 1 + i * 7 % MAX_SECTIONS; n > 0; n--) {
        Section section = sections.get(next++ % sections.size());
        text.append(isMarkdown ? "## " : "").append(section.title()).append("\n\n");
        text.append(section.text()).append("\n\n");
      }
      Files.writeString(
          folder.resolve("document-%05d.%s".formatted(i, isMarkdown ? "md" : "txt")), text);
    }
  }

  /** Copies a folder to one that does not exist yet. */
  public static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> all = Files.walk(from)) {
      for (Path path : all.toList()) {
        Files.copy(path, to.resolve(from.relativize(path).toString()));
      }
    }
  }

  private static Path handbookFolder() throws IOException {
    return Home.examples().resolve("handbook");
  }

  private static List<Path> handbook() throws IOException {
    try (Stream<Path> all = Files.walk(handbookFolder())) {
      return all.filter(Files::isRegularFile).sorted().toList();
    }
  }

  private static List<Section> read(Path corpus) throws IOException {
    List<Section> sections = new ArrayList<>();
    for (String line : Files.readAllLines(corpus)) {
      JsonNode row = JSON.readTree(line);
      sections.add(new Section(row.path("title").asText(), row.path("text").asText()));
    }
    return sections;
  }

  private static List<Section> shuffled(List<Path> handbook) throws IOException {
    List<String> paragraphs = new ArrayList<>();
    for (Path file : handbook) {
      if (file.toString().endsWith(".md") || file.toString().endsWith(".txt")) {
        Stream.of(Files.readString(file).split("\\n\\s*\\n"))
            .filter(paragraph -> paragraph.length() > 80)
            .forEach(paragraphs::add);
      }
    }
    Random random = new Random(SEED);
    List<Section> sections = new ArrayList<>();
    for (int i = 0; i < 5_000; i++) {
      Collections.shuffle(paragraphs, random);
      sections.add(new Section("Section " + i, String.join("\n\n", paragraphs.subList(0, 5))));
    }
    return sections;
  }
}
