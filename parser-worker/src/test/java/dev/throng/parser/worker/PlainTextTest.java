package dev.throng.parser.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.throng.parser.api.ParsedBlock;
import dev.throng.parser.api.ParsedBlock.Kind;
import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Line ends of plain text are kept where they mean something. */
final class PlainTextTest {
  private static List<ParsedBlock> parse(String text) throws IOException {
    List<ParsedBlock> blocks = new ArrayList<>();
    PlainText.parse(new StringReader(text), new TextBuilder(100_000, blocks::add));
    return blocks;
  }

  private static List<String> lines(String text) throws IOException {
    return Blocks.texts(parse(text), Kind.LINE);
  }

  @Test
  void proseIsJoinedHoweverItWasBroken() throws IOException {
    String english =
        """
        The boiler of the swimming hall is inspected by a fitter of class
        II every autumn, before the first frost. A finder of a leak calls
        the porter, who keeps the list of fitters and their numbers.
        """;
    String german =
        """
        Die Heizung der Schwimmhalle wird jeden Herbst von einem Monteur der
        Klasse II geprüft, bevor der erste Frost kommt. Wer ein Leck findet,
        Ruft den Hausmeister an, der die Liste der Monteure führt.
        """;
    String japanese = "館内の暖房設備は毎年秋に二級技能者が点検します。漏れを見つけた人は管理人に電\n話してください。管理人は技能者の名簿を持っています。\n";
    for (String prose : List.of(english, german, japanese)) {
      List<ParsedBlock> blocks = parse(prose);
      assertEquals(1, blocks.size(), prose);
      assertEquals(Kind.PARAGRAPH, blocks.getFirst().kind(), prose);
    }
  }

  @Test
  void settingsAddressesAndMinutesKeepTheirLines() throws IOException {
    assertEquals(
        List.of("port = 8843", "retry: 45s", "[mirror]", "# a comment"),
        lines("port = 8843\nretry: 45s\n[mirror]\n# a comment\n"));
    assertEquals(
        List.of("Kelm & Sons", "Unit 9", "Harbour Road 118"),
        lines("Kelm & Sons\nUnit 9\nHarbour Road 118\n"));
    assertEquals(
        List.of("09:00 Opening by the chair of the committee", "09:20 Budget"),
        lines("09:00 Opening by the chair of the committee\n09:20 Budget\n"));
  }

  @Test
  void logKeepsItsLines() throws IOException {
    String log =
        """
        2031-02-01 08:00:01 INFO pump 3 started
        2031-02-01 08:00:07 WARN pressure of pump 3 is low, it is stopped at 2 bar
        2031-02-01 08:00:09 INFO pump 3 stopped
        """;
    assertEquals(3, lines(log).size());
  }

  @Test
  void columnsAreATable() throws IOException {
    List<ParsedBlock> blocks =
        parse(
            "Depot       In     Out\n----------------------\nHarrow   1,204   1,190\nOsney      880     871\n");
    assertEquals(List.of("| Depot | In | Out |"), Blocks.texts(blocks, Kind.TABLE_HEADER));
    assertEquals(
        List.of("| Harrow | 1,204 | 1,190 |", "| Osney | 880 | 871 |"),
        Blocks.texts(blocks, Kind.TABLE_ROW));
  }

  @Test
  void columnsWithEmptyCellsKeepTheirLines() throws IOException {
    assertEquals(
        List.of("Harrow   1,204   1,190", "Osney              871", "Kelm        17       9"),
        lines("Harrow   1,204   1,190\nOsney              871\nKelm        17       9\n"));
  }

  @Test
  void underlinedLineIsATitle() throws IOException {
    List<ParsedBlock> blocks = parse("REPORT OF MAY\n=============\n\nIt rained.\n");
    assertEquals(List.of("REPORT OF MAY"), Blocks.texts(blocks, Kind.HEADING));
  }

  @Test
  void settingsFileHasItsSectionsAsHeadings() throws IOException {
    List<ParsedBlock> blocks = new ArrayList<>();
    SourceText.parse(
        new StringReader("a = 1\n[mirror]\nb = 2\n\nlist:\n  - x\n"),
        new TextBuilder(1_000, blocks::add));
    assertEquals(List.of("mirror"), Blocks.texts(blocks, Kind.HEADING));
    assertEquals(List.of("a = 1", "b = 2", "list:\n  - x"), Blocks.texts(blocks, Kind.CODE));
  }
}
