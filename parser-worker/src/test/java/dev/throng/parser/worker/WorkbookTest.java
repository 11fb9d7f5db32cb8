package dev.throng.parser.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.throng.parser.api.ParsedBlock.Kind;
import dev.throng.parser.api.ParsedPage;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.poi.common.usermodel.HyperlinkType;
import org.apache.poi.hssf.usermodel.HSSFWorkbook;
import org.apache.poi.ss.usermodel.Cell;
import org.apache.poi.ss.usermodel.CellStyle;
import org.apache.poi.ss.usermodel.Hyperlink;
import org.apache.poi.ss.usermodel.Row;
import org.apache.poi.ss.usermodel.Sheet;
import org.apache.poi.ss.usermodel.SheetVisibility;
import org.apache.poi.ss.usermodel.Workbook;
import org.apache.poi.ss.util.CellRangeAddress;
import org.apache.poi.xssf.usermodel.XSSFWorkbook;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sheets of Excel's files. */
final class WorkbookTest {
  @TempDir private static Path folder = Path.of("");

  /** Fills the cells of a sheet from rows whose cells are separated by vertical bars. */
  private static Sheet fill(Sheet sheet, String rows) {
    List<String> lines = rows.lines().toList();
    for (int i = 0; i < lines.size(); i++) {
      String[] cells = lines.get(i).split("\\|", -1);
      Row row = lines.get(i).isBlank() ? null : sheet.createRow(i);
      for (int column = 0; row != null && column < cells.length; column++) {
        if (cells[column].matches("\\d+")) {
          row.createCell(column).setCellValue(Double.parseDouble(cells[column]));
        } else if (!cells[column].isBlank()) {
          row.createCell(column).setCellValue(cells[column]);
        }
      }
    }
    return sheet;
  }

  private static ParsedFile parse(Workbook workbook, String name) throws Exception {
    Path file = folder.resolve(name);
    try (workbook;
        OutputStream out = Files.newOutputStream(file)) {
      workbook.write(out);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return ParsedFile.of(file);
  }

  @ParameterizedTest
  @ValueSource(strings = {"hidden.xlsx", "hidden.xls"})
  void hiddenSheetsAreLeftOutAndNamed(String name) throws Exception {
    Workbook workbook = name.endsWith("x") ? new XSSFWorkbook() : new HSSFWorkbook();
    fill(workbook.createSheet("Lists"), "Code\nZulu\n");
    fill(workbook.createSheet("Crews"), "Boat|Seats\nTern|4\n");
    fill(workbook.createSheet("Calc & more"), "Sum\n4711\n");
    fill(workbook.createSheet("Piers"), "Pier|Since\nNorth|2011\n");
    workbook.setActiveSheet(1);
    workbook.setSheetVisibility(0, SheetVisibility.VERY_HIDDEN);
    workbook.setSheetVisibility(2, SheetVisibility.HIDDEN);
    ParsedFile parsed = parse(workbook, name);
    assertEquals(
        List.of("2 hidden sheets were left out: \"Lists\", \"Calc & more\""), parsed.warnings());
    assertEquals(
        List.of("Crews", "Piers"), parsed.pages().stream().map(ParsedPage::label).toList());
    assertFalse(parsed.text().contains("Zulu") || parsed.text().contains("4711"), parsed.text());
    assertTrue(parsed.text().contains("| North | 2011 |"), parsed.text());
  }

  @Test
  void mergedCellsSpeakForAllRowsAndColumns() throws Exception {
    Workbook workbook = new XSSFWorkbook();
    Sheet sheet =
        fill(
            workbook.createSheet("Crews"),
            """
            Crews of 2026
            Pier|Boat|Seats
            ||In|Out
            North|Tern|4|2
            |Gull|6|3
            South|closed
            """);
    for (String range : List.of("A1:D1", "A2:A3", "B2:B3", "C2:D2", "A4:A5", "B6:D6")) {
      sheet.addMergedRegion(CellRangeAddress.valueOf(range));
    }
    ParsedFile parsed = parse(workbook, "crews.xlsx");
    assertEquals(List.of("Crews of 2026"), parsed.texts(Kind.TABLE_CAPTION));
    assertEquals(
        List.of("| Pier | Boat | Seats In | Seats Out |"), parsed.texts(Kind.TABLE_HEADER));
    assertEquals(
        List.of(
            "| North | Tern | 4 | 2 |",
            "| North | Gull | 6 | 3 |",
            "| South | closed | closed | closed |"),
        parsed.texts(Kind.TABLE_ROW));
  }

  @Test
  void sheetsAreLabelledPages() throws Exception {
    Workbook workbook = new XSSFWorkbook();
    fill(workbook.createSheet("Boats"), "Name|Seats\nTern|4\n\n\nPerson|Since|Pier\nOle|2011|1\n");
    fill(workbook.createSheet("Sheds"), "||Shed|Area|||Key|Hook\n||S1|20|||K1|7\n");
    ParsedFile parsed = parse(workbook, "two.xlsx");
    assertEquals(
        List.of("Boats", "Sheds"), parsed.pages().stream().map(ParsedPage::label).toList());
    assertEquals(
        List.of(
            "| Name | Seats |", "| Person | Since | Pier |", "| Shed | Area |", "| Key | Hook |"),
        parsed.texts(Kind.TABLE_HEADER));
    assertEquals(List.of("Boats", "Sheds"), parsed.texts(Kind.HEADING));
  }

  @Test
  void linksAndFractionsAreShown() throws Exception {
    Workbook workbook = new XSSFWorkbook();
    Sheet sheet = fill(workbook.createSheet("Links"), "Place|Inches\nportal|\n");
    Hyperlink link = workbook.getCreationHelper().createHyperlink(HyperlinkType.URL);
    link.setAddress("https://leave.example/p?a=1");
    sheet.getRow(1).getCell(0).setHyperlink(link);
    CellStyle style = workbook.createCellStyle();
    style.setDataFormat(workbook.createDataFormat().getFormat("# ?/?"));
    Cell inches = sheet.getRow(1).createCell(1);
    inches.setCellValue(2.25);
    inches.setCellStyle(style);
    ParsedFile parsed = parse(workbook, "links.xlsx");
    assertEquals(
        List.of("| portal (https://leave.example/p?a=1) | 2 1/4 |"), parsed.texts(Kind.TABLE_ROW));
    assertTrue(parsed.text().endsWith("2 1/4 |"), parsed::text);
  }
}
