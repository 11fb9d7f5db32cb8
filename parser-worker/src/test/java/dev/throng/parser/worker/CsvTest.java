package dev.throng.parser.worker;

import static dev.throng.parser.worker.Blocks.texts;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.throng.parser.api.ParsedBlock;
import dev.throng.parser.api.ParsedBlock.Kind;
import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Comma-separated values as programs and people write them. */
final class CsvTest {
  private static List<ParsedBlock> csv(String content) throws IOException {
    List<ParsedBlock> blocks = new ArrayList<>();
    Csv.parse(new StringReader(content), new TextBuilder(10_000_000, blocks::add));
    return blocks;
  }

  @Test
  void captionAndSeparatorLineAreNoRows() throws IOException {
    List<ParsedBlock> blocks = csv("sep=;\nRates 2026;\n\ncity;limit\nParis;180\n");
    assertEquals(List.of("Rates 2026"), texts(blocks, Kind.TABLE_CAPTION));
    assertEquals(List.of("| city | limit |"), texts(blocks, Kind.TABLE_HEADER));
    assertEquals(List.of("| Paris | 180 |"), texts(blocks, Kind.TABLE_ROW));
  }

  @Test
  void oddQuotesAndLineEndsAreRead() throws IOException {
    List<ParsedBlock> blocks = csv("a,b\r\"x\" y,z\r5\" pipe,\"w\"");
    assertEquals(List.of("| a | b |"), texts(blocks, Kind.TABLE_HEADER));
    assertEquals(List.of("| x y | z |", "| 5\" pipe | w |"), texts(blocks, Kind.TABLE_ROW));
  }

  @Test
  void unclosedQuoteDoesNotSwallowTheRest() throws IOException {
    List<ParsedBlock> blocks = csv("a,b\n1,\"open\n" + "x,y\n".repeat(50_000));
    long rows = texts(blocks, Kind.TABLE_ROW).stream().filter("| x | y |"::equals).count();
    assertTrue(rows > 30_000, () -> rows + " rows");
  }

  @Test
  void separatorDividesAllRowsEqually() throws IOException {
    assertEquals(
        List.of("| Boje, rot | 12,50 |", "| Boje | 8 |"),
        texts(csv("Artikel, Art;Preis, netto\nBoje, rot;12,50\nBoje;8\n"), Kind.TABLE_ROW));
    assertEquals(
        List.of("| Tern; Gull | 4 |"),
        texts(csv("name,seats\n\"Tern; Gull\",4\n"), Kind.TABLE_ROW));
    assertEquals(
        List.of("| 1,5 | 2,5 |", "| 3,5 | 4,5 |"),
        texts(csv("low\thigh\n1,5\t2,5\n3,5\t4,5\n"), Kind.TABLE_ROW));
    assertEquals(
        List.of("| a, b | c |", "| d, e | f |"),
        texts(csv("One, two|Three\na, b|c\nd, e|f\n"), Kind.TABLE_ROW));
    assertEquals(
        List.of("| He said \"a;b\" | x |"),
        texts(csv("said,by\n\"He said \"\"a;b\"\"\",x\n"), Kind.TABLE_ROW));
  }
}
