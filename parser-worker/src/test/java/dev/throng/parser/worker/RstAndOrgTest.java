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

/** Tables, lists and code in reStructuredText and Org. */
final class RstAndOrgTest {
  private static List<ParsedBlock> rst(String content) throws IOException {
    List<ParsedBlock> blocks = new ArrayList<>();
    Rst.parse(new StringReader(content), new TextBuilder(1_000_000, blocks::add));
    return blocks;
  }

  private static List<ParsedBlock> org(String content) throws IOException {
    List<ParsedBlock> blocks = new ArrayList<>();
    Org.parse(new StringReader(content), new TextBuilder(1_000_000, blocks::add));
    return blocks;
  }

  @Test
  void gridTableIsReadAsRows() throws IOException {
    List<ParsedBlock> blocks =
        rst(
            """
            Prices
            ======

            +---------+-----------+
            | City    | Price     |
            |         | per day   |
            +=========+===========+
            | Leiden  | -4 €      |
            +         +-----------+
            |         | 5 €       |
            +---------+-----------+
            | 東京    | 6 €       |
            +---------+-----------+

            After it.
            """);
    assertEquals(List.of("Prices"), texts(blocks, Kind.HEADING));
    assertEquals(List.of("| City | Price per day |"), texts(blocks, Kind.TABLE_HEADER));
    assertEquals(
        List.of("| Leiden | -4 € |", "|  | 5 € |", "| 東京 | 6 € |"), texts(blocks, Kind.TABLE_ROW));
    assertEquals(List.of("After it."), texts(blocks, Kind.PARAGRAPH));
  }

  @Test
  void simpleTablesMayHaveNoHeaderAndEnd() throws IOException {
    List<ParsedBlock> blocks =
        rst(
            """
            =======  =====
            City     Price
            =======  =====
            Leiden   4
                     a day
            =======  =====

            =====  =====
            Delft  5
            =====  =====

            Words.

            =====  =====
            Gouda  6

            This one has no end, and its words are not taken for cells.
            """);
    assertEquals(List.of("| City | Price |"), texts(blocks, Kind.TABLE_HEADER));
    assertEquals(
        List.of("| Leiden | 4 a day |", "| Delft | 5 |", "| Gouda | 6 |"),
        texts(blocks, Kind.TABLE_ROW));
    assertEquals("Words.", texts(blocks, Kind.PARAGRAPH).getFirst());
    assertTrue(texts(blocks, Kind.PARAGRAPH).getLast().startsWith("This one has no end"));
  }

  @Test
  void bordersMayHaveManyColumns() throws IOException {
    int columns = 10_000;
    List<ParsedBlock> simple =
        rst("== ".repeat(columns) + "\n" + "a  ".repeat(columns) + "\n" + "== ".repeat(columns));
    assertEquals(1, texts(simple, Kind.TABLE_ROW).size());
    List<ParsedBlock> grid = rst("+-".repeat(columns) + "+\n" + "|a".repeat(columns) + "|\n");
    assertEquals(1, texts(grid, Kind.TABLE_ROW).size());
  }

  @Test
  void tablesMayBeDirectives() throws IOException {
    List<ParsedBlock> blocks =
        rst(
            """
            .. list-table:: Parking
               :header-rows: 1

               * - City
                 - Price
               * - Leiden
                 - 4
                   a day

            .. csv-table:: Tickets
               :header: "City", "Price"
               :widths: 10, 20

               "Delft, centre", 5
            """);
    assertEquals(List.of("| City | Price |", "| City | Price |"), texts(blocks, Kind.TABLE_HEADER));
    assertEquals(
        List.of("| Leiden | 4 a day |", "| Delft, centre | 5 |"), texts(blocks, Kind.TABLE_ROW));
    assertEquals(List.of("Parking", "Tickets"), texts(blocks, Kind.PARAGRAPH));
  }

  @Test
  void listsAndCodeKeepTheirLines() throws IOException {
    List<ParsedBlock> blocks =
        rst(
            """
            Steps::

                first()
                  second()

            1. Open it
               slowly
            2. Close it

            .. code-block:: python
               :linenos:

               third()

            It was in
            12. May, not earlier.
            """);
    assertEquals(List.of("first()\n  second()", "third()"), texts(blocks, Kind.CODE));
    assertEquals(List.of("- Open it slowly", "- Close it"), texts(blocks, Kind.LIST_ITEM));
    assertEquals(
        List.of("Steps:", "It was in 12. May, not earlier."), texts(blocks, Kind.PARAGRAPH));
  }

  @Test
  void orgHasTablesListsAndCode() throws IOException {
    List<ParsedBlock> blocks =
        org(
            """
            #+TITLE: Notes
            * Prices
            Per day:
            - Leiden
            | City   | Price |
            |--------+-------|
            | Leiden |     4 |
            |--------+-------|
            | Sum    |     4 |
            #+TBLFM: @3$2=4
            ** Code
            #+BEGIN_SRC sh
            ls |
              wc
            #+END_SRC
            | no | header |
            """);
    assertEquals(List.of("Prices", "Code"), texts(blocks, Kind.HEADING));
    assertEquals(List.of("| City | Price |"), texts(blocks, Kind.TABLE_HEADER));
    assertEquals(
        List.of("| Leiden | 4 |", "| Sum | 4 |", "| no | header |"), texts(blocks, Kind.TABLE_ROW));
    assertEquals(List.of("ls |\n  wc"), texts(blocks, Kind.CODE));
    assertEquals(List.of("- Leiden"), texts(blocks, Kind.LIST_ITEM));
    assertEquals(List.of("Per day:"), texts(blocks, Kind.PARAGRAPH));
  }
}
