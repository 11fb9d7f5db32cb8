package dev.throng.parser.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.throng.parser.api.ParsedBlock.Kind;
import java.awt.Rectangle;
import java.io.OutputStream;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.poi.xddf.usermodel.chart.AxisPosition;
import org.apache.poi.xddf.usermodel.chart.ChartTypes;
import org.apache.poi.xddf.usermodel.chart.XDDFChartData;
import org.apache.poi.xddf.usermodel.chart.XDDFDataSourcesFactory;
import org.apache.poi.xslf.usermodel.XMLSlideShow;
import org.apache.poi.xslf.usermodel.XSLFChart;
import org.apache.poi.xslf.usermodel.XSLFSlide;
import org.apache.poi.xslf.usermodel.XSLFTable;
import org.apache.poi.xslf.usermodel.XSLFTextBox;
import org.apache.poi.xwpf.usermodel.XWPFDocument;
import org.apache.poi.xwpf.usermodel.XWPFParagraph;
import org.apache.poi.xwpf.usermodel.XWPFStyle;
import org.apache.poi.xwpf.usermodel.XWPFStyles;
import org.apache.poi.xwpf.usermodel.XWPFTable;
import org.apache.poi.xwpf.usermodel.XWPFTableCell;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openxmlformats.schemas.wordprocessingml.x2006.main.CTStyle;
import org.openxmlformats.schemas.wordprocessingml.x2006.main.CTTcPr;
import org.openxmlformats.schemas.wordprocessingml.x2006.main.STMerge;
import org.openxmlformats.schemas.wordprocessingml.x2006.main.STStyleType;

/** The structure of DOCX and PPTX files. */
final class WordAndSlidesTest {
  @TempDir private static Path folder = Path.of("");

  private static ParsedFile parse(XWPFDocument document, String name) throws Exception {
    Path file = folder.resolve(name);
    try (document;
        OutputStream out = Files.newOutputStream(file)) {
      document.write(out);
    }
    return ParsedFile.of(file);
  }

  private static ParsedFile parse(XMLSlideShow slides, String name) throws Exception {
    Path file = folder.resolve(name);
    try (slides;
        OutputStream out = Files.newOutputStream(file)) {
      slides.write(out);
    }
    return ParsedFile.of(file);
  }

  private static CTTcPr cell(XWPFTable table, int row, int column, String text) {
    while (table.getRow(row).getTableCells().size() <= column) {
      table.getRow(row).createCell();
    }
    XWPFTableCell cell = table.getRow(row).getCell(column);
    cell.setText(text);
    return cell.getCTTc().isSetTcPr() ? cell.getCTTc().getTcPr() : cell.getCTTc().addNewTcPr();
  }

  @Test
  void mergedCellsOfWordKeepTheirPlaces() throws Exception {
    XWPFDocument document = new XWPFDocument();
    document.createParagraph().createRun().setText("Crews");
    XWPFTable table = document.createTable(5, 1);
    cell(table, 0, 0, "Pier").addNewVMerge().setVal(STMerge.RESTART);
    cell(table, 0, 1, "Seats").addNewGridSpan().setVal(BigInteger.TWO);
    cell(table, 0, 2, "Boat").addNewVMerge().setVal(STMerge.RESTART);
    cell(table, 1, 0, "").addNewVMerge();
    cell(table, 1, 1, "In");
    cell(table, 1, 2, "Out");
    cell(table, 1, 3, "").addNewVMerge();
    cell(table, 2, 0, "North").addNewVMerge().setVal(STMerge.RESTART);
    cell(table, 2, 1, "4");
    cell(table, 2, 2, "2");
    cell(table, 2, 3, "Tern");
    cell(table, 3, 0, "").addNewVMerge().setVal(STMerge.CONTINUE);
    cell(table, 3, 1, "6").addNewGridSpan().setVal(BigInteger.TWO);
    cell(table, 3, 2, "Gull");
    cell(table, 4, 0, "9");
    table.getRow(4).getCtRow().addNewTrPr().addNewGridBefore().setVal(BigInteger.TWO);
    cell(table, 4, 1, "Skua");
    ParsedFile parsed = parse(document, "crews.docx");
    assertEquals(List.of("Crews"), parsed.texts(Kind.TABLE_CAPTION));
    assertEquals(
        List.of("| Pier | Seats In | Seats Out | Boat |"), parsed.texts(Kind.TABLE_HEADER));
    assertEquals(
        List.of("| North | 4 | 2 | Tern |", "| North | 6 | 6 | Gull |", "|  |  | 9 | Skua |"),
        parsed.texts(Kind.TABLE_ROW));
  }

  @Test
  void markedRowsOfWordAreTheHeader() throws Exception {
    XWPFDocument document = new XWPFDocument();
    XWPFTable table = document.createTable(2, 1);
    cell(table, 0, 0, "2023");
    cell(table, 0, 1, "2024");
    table.getRow(0).setRepeatHeader(true);
    cell(table, 1, 0, "4");
    cell(table, 1, 1, "7");
    ParsedFile parsed = parse(document, "years.docx");
    assertEquals(List.of("| 2023 | 2024 |"), parsed.texts(Kind.TABLE_HEADER));
  }

  private static void style(XWPFStyles styles, String id, String name, String parent, int level) {
    CTStyle style = CTStyle.Factory.newInstance();
    style.setStyleId(id);
    style.setType(STStyleType.PARAGRAPH);
    style.addNewName().setVal(name);
    if (!parent.isEmpty()) {
      style.addNewBasedOn().setVal(parent);
    }
    if (level >= 0) {
      style.addNewPPr().addNewOutlineLvl().setVal(BigInteger.valueOf(level));
    }
    styles.addStyle(new XWPFStyle(style));
  }

  private static void paragraph(XWPFDocument document, String style, String text) {
    XWPFParagraph paragraph = document.createParagraph();
    paragraph.setStyle(style);
    paragraph.createRun().setText(text);
  }

  @Test
  void headingsOfWordAreKnownByTheirLevel() throws Exception {
    XWPFDocument document = new XWPFDocument();
    XWPFStyles styles = document.createStyles();
    style(styles, "chapter", "Chapter", "", 0);
    style(styles, "plate", "Plate", "chapter", -1);
    style(styles, "berschrift3", "\u00dcberschrift 3", "", -1);
    style(styles, "contents", "Contents", "chapter", 9);
    paragraph(document, "chapter", "Piers");
    paragraph(document, "plate", "Sheds");
    paragraph(document, "berschrift3", "Keys");
    paragraph(document, "contents", "Keys, page 4");
    XWPFParagraph direct = document.createParagraph();
    direct.createRun().setText("Locks");
    direct.getCTP().addNewPPr().addNewOutlineLvl().setVal(BigInteger.ONE);
    ParsedFile parsed = parse(document, "levels.docx");
    assertEquals(List.of("Piers", "Sheds", "Keys", "Locks"), parsed.texts(Kind.HEADING));
    assertEquals(
        List.of(1, 1, 3, 0, 2), parsed.blocks().stream().map(block -> block.level()).toList());
  }

  private static void text(XSLFSlide slide, String text, int top) {
    XSLFTextBox box = slide.createTextBox();
    box.setAnchor(new Rectangle(50, top, 400, 50));
    box.setText(text);
  }

  @Test
  void titleOfASlideIsItsFirstText() throws Exception {
    XMLSlideShow slides = new XMLSlideShow();
    XSLFSlide slide = slides.createSlide();
    text(slide, "Remark at the bottom", 400);
    text(slide, "Fleet", 20);
    text(slide, "Tern retires.", 100);
    ParsedFile parsed = parse(slides, "title.pptx");
    assertEquals("Fleet\nRemark at the bottom\nTern retires.", parsed.text());
    assertEquals(List.of("Fleet"), parsed.texts(Kind.HEADING));
  }

  @Test
  void mergedCellsOfSlidesAreRepeated() throws Exception {
    XMLSlideShow slides = new XMLSlideShow();
    XSLFTable table = slides.createSlide().createTable(4, 3);
    String[][] texts = {
      {"Pier", "Seats", ""}, {"", "In", "Out"}, {"North", "4", "2"}, {"", "6", "3"}
    };
    for (int row = 0; row < 4; row++) {
      for (int column = 0; column < 3; column++) {
        table.getCell(row, column).setText(texts[row][column]);
      }
    }
    table.mergeCells(0, 0, 1, 2);
    table.mergeCells(0, 1, 0, 0);
    table.mergeCells(2, 3, 0, 0);
    ParsedFile parsed = parse(slides, "merged.pptx");
    assertEquals(List.of("| Pier | Seats In | Seats Out |"), parsed.texts(Kind.TABLE_HEADER));
    assertEquals(List.of("| North | 4 | 2 |", "| North | 6 | 3 |"), parsed.texts(Kind.TABLE_ROW));
  }

  @Test
  void chartIsATable() throws Exception {
    XMLSlideShow slides = new XMLSlideShow();
    XSLFChart chart = slides.createChart();
    chart.setTitleText("Boats");
    XDDFChartData data =
        chart.createData(
            ChartTypes.LINE,
            chart.createCategoryAxis(AxisPosition.BOTTOM),
            chart.createValueAxis(AxisPosition.LEFT));
    String[] piers = {"North", "South"};
    data.addSeries(
            XDDFDataSourcesFactory.fromArray(piers),
            XDDFDataSourcesFactory.fromArray(new Integer[] {4, 7}))
        .setTitle("In", null);
    data.addSeries(
            XDDFDataSourcesFactory.fromArray(piers),
            XDDFDataSourcesFactory.fromArray(new Integer[] {5, 8}))
        .setTitle("Out", null);
    chart.plot(data);
    XSLFSlide slide = slides.createSlide();
    text(slide, "Piers", 20);
    slide.addChart(chart, new Rectangle(0, 0, 5_000_000, 5_000_000));
    ParsedFile parsed = parse(slides, "chart.pptx");
    assertEquals(List.of("Boats"), parsed.texts(Kind.TABLE_CAPTION));
    assertEquals(List.of("|  | In | Out |"), parsed.texts(Kind.TABLE_HEADER));
    assertEquals(List.of("| North | 4 | 5 |", "| South | 7 | 8 |"), parsed.texts(Kind.TABLE_ROW));
  }
}
