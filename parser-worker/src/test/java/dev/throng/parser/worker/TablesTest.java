package dev.throng.parser.worker;

import static dev.throng.parser.worker.Blocks.texts;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.throng.parser.api.ParsedBlock;
import dev.throng.parser.api.ParsedBlock.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Headers, captions, merged cells and wide tables, which all formats have. */
final class TablesTest {
  private static List<ParsedBlock> html(String content) {
    List<ParsedBlock> blocks = new ArrayList<>();
    Html.fragment(content, new TextBuilder(10_000_000, blocks::add));
    return blocks;
  }

  private static String row(String cell, String... texts) {
    String open = "<" + cell + ">";
    String close = "</" + cell + ">";
    return "<tr>" + open + String.join(close + open, texts) + close + "</tr>";
  }

  @Test
  void mergedCellsAreRepeated() {
    List<ParsedBlock> blocks =
        html(
            "<table>"
                + row("th", "Pier", "Boat", "Keeper")
                + "<tr><td rowspan=2>North</td><td>Tern</td><td rowspan=2>Ole</td></tr>"
                + "<tr><td>Gull</td></tr>"
                + "<tr><td>South</td><td colspan=2>closed</td></tr>"
                + "<tr><td colspan=3>Winter</td></tr></table>");
    assertEquals(
        List.of(
            "| North | Tern | Ole |",
            "| North | Gull | Ole |",
            "| South | closed | closed |",
            "| Winter |"),
        texts(blocks, Kind.TABLE_ROW));
  }

  @Test
  void repeatedTextIsBounded() {
    String word = "w".repeat(1_000);
    List<ParsedBlock> blocks =
        html(
            "<table>" + row("td", "a", "b") + "<tr><td colspan=100>" + word + "</td></tr></table>");
    assertTrue(texts(blocks, Kind.TABLE_ROW).getFirst().length() < 5_000);
  }

  @Test
  void headerOfTwoRowsNamesEachColumn() {
    List<ParsedBlock> blocks =
        html(
            "<table><tr><td colspan=5>Harvest in tonnes</td></tr>"
                + "<tr><td></td><td colspan=2>2023</td><td colspan=2>2024</td></tr>"
                + row("td", "Field", "Rye", "Oats", "Rye", "Oats")
                + row("td", "Low Acre", "4", "7", "5", "8")
                + "</table>");
    assertEquals(List.of("Harvest in tonnes"), texts(blocks, Kind.TABLE_CAPTION));
    assertEquals(
        List.of("| Field | 2023 Rye | 2023 Oats | 2024 Rye | 2024 Oats |"),
        texts(blocks, Kind.TABLE_HEADER));
    assertEquals(List.of("| Low Acre | 4 | 7 | 5 | 8 |"), texts(blocks, Kind.TABLE_ROW));
  }

  @Test
  void headerOfThreeRowsNamesEachColumn() {
    List<ParsedBlock> blocks =
        html(
            "<table><tr><th rowspan=3>Line</th><th colspan=4>Passengers</th></tr>"
                + "<tr><th colspan=2>Week</th><th colspan=2>Weekend</th></tr>"
                + row("th", "2023", "2024", "2023", "2024")
                + row("td", "Harbour", "1", "2", "3", "4")
                + "</table>");
    assertEquals(
        List.of(
            "| Line | Passengers Week 2023 | Passengers Week 2024 | Passengers Weekend 2023"
                + " | Passengers Weekend 2024 |"),
        texts(blocks, Kind.TABLE_HEADER));
  }

  @Test
  void rowBelowACellOfTwoColumnsIsNoHeader() {
    List<ParsedBlock> blocks =
        html(
            "<table><tr><td>Name</td><td colspan=2>Address</td></tr>"
                + row("td", "Ann", "Quay 4", "Holm")
                + row("td", "Bo", "Mill Lane", "Skerry")
                + "</table>");
    assertEquals(List.of("| Name | Address | Address |"), texts(blocks, Kind.TABLE_HEADER));
    assertEquals(2, texts(blocks, Kind.TABLE_ROW).size());
  }

  @Test
  void titleDirectlyAboveATableIsItsCaption() {
    List<ParsedBlock> blocks =
        html(
            "<p>Table 4. Fares</p><table>"
                + row("td", "To", "Fare")
                + row("td", "Holm", "8")
                + "</table><p>All prices include tax.</p><p>Fees</p><p>None.</p>"
                + "<p>The fares are below.</p><table><caption>Night</caption>"
                + row("td", "To", "Fare")
                + row("td", "Holm", "9")
                + "</table>");
    assertEquals(List.of("Table 4. Fares", "Night"), texts(blocks, Kind.TABLE_CAPTION));
    assertEquals(
        List.of("All prices include tax.", "Fees", "None.", "The fares are below."),
        texts(blocks, Kind.PARAGRAPH));
  }

  private static String wide(String first, String second, int rows) {
    List<String> names =
        IntStream.range(0, 30).mapToObj(i -> "Measured value number " + i).toList();
    String body =
        IntStream.range(0, rows)
            .mapToObj(row ->
                row(
                    "td",
                    first.formatted(row),
                    second.formatted((char) ('a' + row / 26), (char) ('a' + row % 26)),
                    IntStream.range(0, 30)
                        .mapToObj(i -> row + "v" + i)
                        .collect(Collectors.joining("</td><td>"))))
            .collect(Collectors.joining());
    return "<table>"
        + row("th", "No", "Station", String.join("</th><th>", names))
        + body
        + "</table>";
  }

  @Test
  void wideTableIsCutByColumns() {
    List<ParsedBlock> blocks = html(wide("%d", "Ro%s%s", 100));
    List<String> headers = texts(blocks, Kind.TABLE_HEADER);
    assertTrue(headers.stream().allMatch(header -> header.length() < 220), headers::toString);
    assertTrue(headers.stream().allMatch(header -> header.contains("| Station |")));
    assertEquals(
        "| Station | Measured value number 28 | Measured value number 29 |", headers.getLast());
    List<String> rows = texts(blocks, Kind.TABLE_ROW);
    assertTrue(rows.stream().allMatch(row -> row.contains("| Ro")));
    assertEquals("| Rodv | 99v28 | 99v29 |", rows.getLast());
  }

  @Test
  void wideTableKeepsCodesThatPrecedeNames() {
    List<ParsedBlock> blocks = html(wide("S%d", "Ro%s%s", 3));
    assertTrue(
        texts(blocks, Kind.TABLE_HEADER).stream()
            .allMatch(header -> header.startsWith("| No | Station |")));
  }
}
