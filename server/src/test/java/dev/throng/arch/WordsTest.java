package dev.throng.arch;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Code, resources and documents use plain English; banned phrases are rejected. */
final class WordsTest {
  private static final String PHRASES = "banned-phrases.txt";
  private static final List<String> ENDINGS = List.of(".java", ".md", ".yaml", ".yml");

  private record Banned(Pattern phrase, String instead) {
    static Banned of(String line) {
      String[] fields = line.split("\t", 2);
      return new Banned(Pattern.compile(fields[0], Pattern.CASE_INSENSITIVE), fields[1]);
    }
  }

  @Test
  void bannedPhrasesAreNotUsed() throws IOException {
    List<Banned> banned = banned();
    List<String> found =
        Sources.written(ENDINGS).stream()
            .flatMap(file -> complaints(file, banned))
            .sorted()
            .toList();
    assertEquals("", String.join("\n", found));
  }

  private static Stream<String> complaints(Path file, List<Banned> banned) {
    List<String> lines = Sources.read(file).lines().toList();
    return IntStream.range(0, lines.size())
        .boxed()
        .flatMap(i ->
            banned.stream()
                .filter(each -> each.phrase().matcher(lines.get(i)).find())
                .map(each ->
                    "%s:%d: \"%s\" (say: %s)"
                        .formatted(Sources.name(file), i + 1, each.phrase(), each.instead())));
  }

  private static List<Banned> banned() throws IOException {
    try (InputStream phrases = WordsTest.class.getResourceAsStream(PHRASES)) {
      if (phrases == null) {
        throw new IllegalStateException(PHRASES + " is missing");
      }
      return new String(phrases.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.isBlank() && !line.startsWith("#"))
          .map(Banned::of)
          .toList();
    }
  }
}
