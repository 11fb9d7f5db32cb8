package dev.throng.parser.worker;

import static dev.throng.parser.worker.Blocks.texts;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.throng.parser.api.ParsedBlock;
import dev.throng.parser.api.ParsedBlock.Kind;
import dev.throng.parser.worker.TableCell.Covered;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Sheets with several tables. */
final class SheetTablesTest {
  /** Returns the blocks of a sheet whose cells are separated by vertical bars. */
  private static List<ParsedBlock> sheet(String rows) {
    List<ParsedBlock> blocks = new ArrayList<>();
    SheetRows sheet = new SheetRows(new TextBuilder(10_000_000, blocks::add));
    rows.lines()
        .map(row ->
            Stream.of(row.split("\\|", -1))
                .map(cell -> new TableCell(cell.strip(), false, Covered.NO))
                .toList())
        .forEach(sheet::row);
    sheet.end();
    return blocks;
  }

  @Test
  void tablesBelowEachOtherHaveTheirOwnHeaders() {
    List<ParsedBlock> blocks =
        sheet(
            """
            Boats
            Name|Seats
            Tern|4
            Gull|6

            Keepers

            Person|Since|Pier
            Ole|2011|North
            Ida|2019|South
            """);
    assertEquals(List.of("Boats", "Keepers"), texts(blocks, Kind.TABLE_CAPTION));
    assertEquals(
        List.of("| Name | Seats |", "| Person | Since | Pier |"), texts(blocks, Kind.TABLE_HEADER));
    assertEquals(4, texts(blocks, Kind.TABLE_ROW).size());
  }

  @Test
  void tablesBesideEachOtherAreReadOneAfterTheOther() {
    List<ParsedBlock> blocks =
        sheet(
            """
            Boats|||Keepers
            Name|Seats||Person|Since
            Tern|4||Ole|2011
            Gull|6||Ida|2019
            Skua|8
            """);
    assertEquals(
        "Boats\n| Name | Seats |\n| Tern | 4 |\n| Gull | 6 |\n| Skua | 8 |\n"
            + "Keepers\n| Person | Since |\n| Ole | 2011 |\n| Ida | 2019 |",
        String.join("\n", blocks.stream().map(ParsedBlock::text).toList()));
  }

  @Test
  void longTablesBesideEachOtherRepeatTheirHeaders() {
    String rows = "Tern|4||Ole|2011\n".repeat(450);
    List<ParsedBlock> blocks = sheet("Name|Seats||Person|Since\n" + rows);
    String header = "";
    for (ParsedBlock block : blocks) {
      header = block.kind() == Kind.TABLE_HEADER ? block.text() : header;
      assertEquals(
          block.text().contains("Ole"),
          block.kind() == Kind.TABLE_ROW && header.contains("Person"));
    }
    assertEquals(900, texts(blocks, Kind.TABLE_ROW).size());
  }

  @Test
  void emptyColumnInsideATableIsKept() {
    List<ParsedBlock> blocks = sheet("Region||Rye|Oats\nLow Acre||4|7\nHigh Acre||5|8\n");
    assertEquals(
        List.of("| Low Acre |  | 4 | 7 |", "| High Acre |  | 5 | 8 |"),
        texts(blocks, Kind.TABLE_ROW));
  }

  @Test
  void rowsAfterABlankOneContinueTheTable() {
    List<ParsedBlock> blocks =
        sheet(
            """
            |Name|Seats
            |Tern|4
            |Gull|6

            |Skua|8
            |Rook|9

            |Total|27

            Counted on 4 May.
            """);
    assertEquals(List.of("| Name | Seats |"), texts(blocks, Kind.TABLE_HEADER));
    assertEquals(5, texts(blocks, Kind.TABLE_ROW).size());
    assertEquals(List.of("Counted on 4 May."), texts(blocks, Kind.PARAGRAPH));
  }

  @Test
  void titlesOfASheetAreText() {
    List<ParsedBlock> blocks =
        sheet("Report\n2026\n\nDraft\nby Ole\nfor Ida\n\nName|Seats\nTern|4\n");
    String all = String.join(" ", blocks.stream().map(ParsedBlock::text).toList());
    assertEquals("Report 2026 Draft by Ole for Ida | Name | Seats | | Tern | 4 |", all);
    assertTrue(texts(blocks, Kind.TABLE_CAPTION).contains("for Ida"));
  }
}
