package dev.throng.parser.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.throng.parser.api.ParsedBlock;
import dev.throng.parser.api.ParsedBlock.Kind;
import dev.throng.parser.api.ParsedPage;
import dev.throng.parser.api.TextLine;
import dev.throng.parser.worker.DrawnPdf.Read;
import java.nio.file.Path;
import java.util.List;
import org.apache.pdfbox.pdmodel.common.PDPageLabelRange;
import org.apache.pdfbox.pdmodel.common.PDPageLabels;
import org.apache.pdfbox.util.Matrix;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PdfTest {
  @TempDir private Path folder = Path.of("");

  @Test
  void pagesHaveLabelsAndLinesHavePlaces() throws Exception {
    try (DrawnPdf pdf = new DrawnPdf()) {
      pdf.lines(72, 100, "The otter swims in the", "river below the mill.");
      pdf.nextPage().text(50, 60, "The heron stands still.");
      PDPageLabels labels = new PDPageLabels(pdf.document());
      PDPageLabelRange roman = new PDPageLabelRange();
      roman.setStyle(PDPageLabelRange.STYLE_ROMAN_LOWER);
      labels.setLabelItem(0, roman);
      pdf.document().getDocumentCatalog().setPageLabels(labels);
      Read read = pdf.read(folder);
      assertEquals(List.of("i", "ii"), read.pages().stream().map(ParsedPage::label).toList());
      assertEquals(842, read.pages().getFirst().height(), 1);
      ParsedBlock block = read.blocks().getFirst();
      assertEquals("The otter swims in the river below the mill.", block.text());
      TextLine second = block.lines().get(1);
      assertEquals("river below the mill.", block.text().substring(second.start()));
      assertEquals(72, second.left(), 1);
      assertEquals(105, second.top(), 3);
      assertEquals(1, second.page());
      assertEquals(2, read.blocks().get(1).page());
    }
  }

  @Test
  void turnedPageIsReadAsItIsDisplayed() throws Exception {
    try (DrawnPdf pdf = new DrawnPdf()) {
      pdf.lastPage().setRotation(90);
      Matrix upwards = new Matrix(0, 1, -1, 0, 100, 72);
      pdf.text(upwards, "The barge is moored at the quay.", DrawnPdf.PLAIN, 11);
      Read read = pdf.read(folder);
      assertEquals("The barge is moored at the quay.", read.text());
      assertEquals(842, read.pages().getFirst().width(), 1);
      TextLine line = read.blocks().getFirst().lines().getFirst();
      assertEquals(72, line.left(), 1);
      assertEquals(91, line.top(), 2);
      assertTrue(line.width() > line.height());
    }
  }

  @Test
  void runningHeadsAndFeetAreLeftOut() throws Exception {
    try (DrawnPdf pdf = new DrawnPdf()) {
      for (int page = 1; page <= 4; page++) {
        boolean isLeft = page % 2 == 0;
        pdf.text(isLeft ? 72 : 300, 40, "Harbour rules - Port of Alm", DrawnPdf.PLAIN, 8);
        pdf.text(72, 90, "Fact %s of the harbour is kept here.".formatted("ABCD".charAt(page - 1)));
        pdf.text(72, 800, "Page %d of 4".formatted(page), DrawnPdf.PLAIN, 8);
        if (page < 4) {
          pdf.nextPage();
        }
      }
      Read read = pdf.read(folder);
      assertFalse(read.text().contains("Harbour rules") || read.text().contains("Page 2"));
      assertEquals(4, read.blocks().size());
      assertEquals(List.of("running heads and feet of 4 pages were left out"), read.warnings());
    }
  }

  @Test
  void numbersThatCountPartsOfTheTextAreKept() throws Exception {
    try (DrawnPdf pdf = new DrawnPdf()) {
      for (int page = 1; page <= 6; page++) {
        pdf.text(72, 60, "Cabin %d".formatted(page), DrawnPdf.BOLD, 15);
        pdf.lines(72, 85, "It sleeps %d guests, and".formatted(page), "breakfast is included.");
        pdf.text(290, 810, Integer.toString(page));
        if (page < 6) {
          pdf.nextPage();
        }
      }
      Read read = pdf.read(folder);
      assertEquals(
          List.of("Cabin 1", "Cabin 2", "Cabin 3", "Cabin 4", "Cabin 5", "Cabin 6"),
          read.texts(Kind.HEADING));
      assertEquals(
          "It sleeps 2 guests, and breakfast is included.", read.texts(Kind.PARAGRAPH).get(1));
    }
  }

  @Test
  void sentenceOverTwoPagesIsOneBlock() throws Exception {
    try (DrawnPdf pdf = new DrawnPdf()) {
      pdf.lines(72, 700, "The lock keeper opens the upper gate only", "after the water has");
      pdf.text(72, 780, "1 See the older rules of 1911.", DrawnPdf.PLAIN, 8);
      pdf.nextPage().lines(72, 80, "risen to the mark of", "four metres.");
      Read read = pdf.read(folder);
      ParsedBlock block = read.blocks().getFirst();
      assertEquals(
          "The lock keeper opens the upper gate only after the water has risen to the mark of"
              + " four metres.",
          block.text());
      assertEquals(1, block.pageAt(0));
      assertEquals(2, block.pageAt(block.text().indexOf("risen")));
      assertEquals("1 See the older rules of 1911.", read.blocks().get(1).text());
    }
  }

  @Test
  void hyphenatedWordsAreJoinedByEvidence() throws Exception {
    try (DrawnPdf pdf = new DrawnPdf()) {
      pdf.lines(
          72,
          100,
          "A co-owner signs the agree-",
          "ment with each co-",
          "owner, and the tide-",
          "table hangs there. The tide-table is new. An X-",
          "ray and a 24-",
          "hour watch are free.");
      assertEquals(
          "A co-owner signs the agreement with each co-owner, and the tide-table hangs there."
              + " The tide-table is new. An X-ray and a 24-hour watch are free.",
          pdf.read(folder).text());
    }
  }

  @Test
  void columnsAreReadOneAfterTheOther() throws Exception {
    try (DrawnPdf pdf = new DrawnPdf()) {
      pdf.text(60, 60, "News of the island and its two harbours", DrawnPdf.BOLD, 18);
      String[] left = {
        "The ferry is repaired in the spring and", "it returns to the line in April, when the",
        "school year of the island begins again", "and the children need it."
      };
      String[] right = {
        "Meanwhile a smaller boat carries mail", "and parcels, but it has no room for cars",
        "of any kind. Cars are left at the quay", "of the mainland without charge."
      };
      for (int i = 0; i < left.length; i++) {
        pdf.text(60, 100 + 14 * i, left[i]).text(330, 100 + 14 * i, right[i]);
      }
      Read read = pdf.read(folder);
      assertEquals(List.of("News of the island and its two harbours"), read.texts(Kind.HEADING));
      assertEquals(
          String.join(" ", left) + "\n" + String.join(" ", right),
          String.join("\n", read.texts(Kind.PARAGRAPH)));
    }
  }

  @Test
  void ruledTableKeepsEmptyCellsAndGathersLines() throws Exception {
    try (DrawnPdf pdf = new DrawnPdf()) {
      pdf.grid(72, 100, 3, 3);
      pdf.text(76, 113, "Pier").text(176, 113, "Depth").text(276, 113, "Keeper");
      pdf.text(76, 133, "North").text(276, 133, "Anna Holt");
      pdf.text(76, 153, "South").text(176, 153, "4.5 m");
      pdf.text(276, 149, "Per", DrawnPdf.PLAIN, 7).text(276, 157, "Lind", DrawnPdf.PLAIN, 7);
      Read read = pdf.read(folder);
      assertEquals(List.of("| Pier | Depth | Keeper |"), read.texts(Kind.TABLE_HEADER));
      assertEquals(
          List.of("| North |  | Anna Holt |", "| South | 4.5 m | Per Lind |"),
          read.texts(Kind.TABLE_ROW));
    }
  }

  @Test
  void alignedTableIsFoundWithoutLines() throws Exception {
    try (DrawnPdf pdf = new DrawnPdf()) {
      String[][] rows = {
        {"Boat", "Length", "Berth"},
        {"Alma", "7.2", "12"},
        {"Bris", "", "3"},
        {"Cilla", "11.4", "7"}
      };
      for (int i = 0; i < rows.length; i++) {
        pdf.text(72, 100 + 14 * i, rows[i][0]);
        pdf.text(172, 100 + 14 * i, rows[i][1]);
        pdf.text(272, 100 + 14 * i, rows[i][2]);
      }
      Read read = pdf.read(folder);
      assertEquals(List.of("| Boat | Length | Berth |"), read.texts(Kind.TABLE_HEADER));
      assertEquals(
          List.of("| Alma | 7.2 | 12 |", "| Bris |  | 3 |", "| Cilla | 11.4 | 7 |"),
          read.texts(Kind.TABLE_ROW));
      assertEquals(1, read.blocks().getFirst().lines().size());
    }
  }

  @Test
  void boldLinesAboveTextAreHeadingsAndLabelsAreNot() throws Exception {
    try (DrawnPdf pdf = new DrawnPdf()) {
      pdf.text(72, 100, "Opening hours", DrawnPdf.BOLD, 11);
      pdf.lines(72, 116, "The office is open from nine", "to four on weekdays.");
      pdf.text(72, 170, "Please note:", DrawnPdf.BOLD, 11);
      pdf.lines(72, 186, "It is closed in the week", "after midsummer.");
      assertEquals(List.of("Opening hours"), pdf.read(folder).texts(Kind.HEADING));
    }
  }

  @Test
  void turnedTextStaysApart() throws Exception {
    try (DrawnPdf pdf = new DrawnPdf()) {
      pdf.text(Matrix.getRotateInstance(Math.PI / 4, 200, 300), "DRAFT", DrawnPdf.BOLD, 60);
      pdf.lines(72, 100, "The ferry leaves the pier at", "noon on each Sunday.");
      assertEquals(
          "The ferry leaves the pier at noon on each Sunday.\nDRAFT", pdf.read(folder).text());
    }
  }
}
