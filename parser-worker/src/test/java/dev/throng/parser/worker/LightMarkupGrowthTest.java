package dev.throng.parser.worker;

import dev.throng.parser.worker.Growth.Case;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A document with light markup of twice the length takes at most 2.5 times the CPU time, whatever
 * its content. It is the slow half of {@link GrowthTest}, and runs beside it.
 */
@Timeout(180)
final class LightMarkupGrowthTest {
  @TempDir private static Path folder = Path.of("");
  private static Growth growth;

  @BeforeAll
  static void loadParsers() throws Exception {
    growth = new Growth(folder);
  }

  static Stream<Case> markup() {
    return Stream.of(
            Growth.of(
                "a.md",
                "#",
                "*a",
                "_",
                "[",
                "![",
                "(",
                "`",
                "|",
                "| a ",
                "> ",
                "- ",
                "<",
                "</",
                "&",
                "\\",
                "~",
                "<a",
                "[a](",
                "[a]: b\n",
                "***a",
                "a\n=\n",
                "| a | b |\n",
                "1. a\n"),
            Growth.of(
                "a.rst",
                "=",
                "===\n",
                "+-",
                "+--+\n",
                "| a ",
                "|\n",
                ".. a::\n",
                "..",
                "  ",
                "\n* - a",
                "= =\n",
                "`",
                "a\n-\n"),
            Growth.of("a.org", "*", "* a\n", "|", "| a |\n", "#+", "-", "  ", "[[a]"))
        .flatMap(cases -> cases);
  }

  @ParameterizedTest
  @MethodSource("markup")
  void markupGrowsSteadily(Case document) throws Exception {
    growth.assertParsedSteadily(document);
  }
}
