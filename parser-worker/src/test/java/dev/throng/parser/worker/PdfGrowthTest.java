package dev.throng.parser.worker;

import dev.throng.parser.worker.Growth.Case;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A page that draws twice as much takes at most 2.5 times the CPU time. */
@Timeout(180)
final class PdfGrowthTest {
  private static final String START =
      """
      %PDF-1.4
      1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
      2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj
      3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R\
      /Resources<</Font<</F<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>>>endobj
      4 0 obj<<>>stream
      """;

  private static final String END =
      """

      endstream endobj
      trailer<</Root 1 0 R>>
      startxref
      0
      %%EOF
      """;

  @TempDir private static Path folder = Path.of("");
  private static Growth growth;

  @BeforeAll
  static void loadParsers() throws Exception {
    growth = new Growth(folder);
  }

  private static Case drawn(String start, String repeated) {
    return new Case("a.pdf", START + start, repeated, END);
  }

  static Stream<Case> pages() {
    String text = "BT /F 10 Tf 50 700 Td ";
    return Stream.of(
        drawn(text, "(a)Tj "),
        drawn(text, "(a b)Tj 0 0 Td "),
        drawn(text, "(a)Tj 0 -1 Td "),
        drawn(text, "(a)Tj 9 0 Td (b)Tj -9 -12 Td "),
        drawn(text, "(long words here)Tj 300 0 Td (more words here)Tj -300 -3 Td "),
        drawn(text, "(a-)Tj 0 -12 Td "),
        drawn(text, "1 0.01 0 1 0 0 Tm (a)Tj "),
        drawn("", "10 10 m 500 10 l S 10 10 m 10 500 l S "),
        drawn("", "9 9 80 90 re S "),
        drawn("", "1 1 l "));
  }

  @ParameterizedTest
  @MethodSource("pages")
  void pageGrowsSteadily(Case document) throws Exception {
    growth.assertParsedSteadily(document);
  }
}
