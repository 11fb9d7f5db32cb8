package dev.throng.parser.worker;

import java.awt.geom.Rectangle2D;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import org.apache.poi.hslf.usermodel.HSLFShape;
import org.apache.poi.hslf.usermodel.HSLFSlide;
import org.apache.poi.hslf.usermodel.HSLFSlideShow;
import org.apache.poi.hslf.usermodel.HSLFTable;
import org.apache.poi.hslf.usermodel.HSLFTableCell;
import org.apache.tika.sax.ContentHandlerDecorator;
import org.xml.sax.Attributes;
import org.xml.sax.ContentHandler;
import org.xml.sax.SAXException;
import org.xml.sax.helpers.AttributesImpl;

/**
 * Replaces the tables of a PPT, in which Tika leaves out empty cells, by their whole grids. The
 * tables of documents inside it stay unchanged.
 */
final class SlideTables extends ContentHandlerDecorator {
  private static final String NAMESPACE = "http://www.w3.org/1999/xhtml";

  /** Cells that are closer than this number of points are beside each other. */
  private static final double TOLERANCE = 1;

  private record Cell(String text, CellSpan span) {}

  private final ContentHandler out;
  private final Deque<List<List<Cell>>> tables = new ArrayDeque<>();
  private final Deque<String> divs = new ArrayDeque<>();
  private int embedded;

  /** The depth inside a table that is replaced. */
  private int replaced;

  SlideTables(ContentHandler out) {
    super(out);
    this.out = out;
  }

  void clear() {
    tables.clear();
  }

  /** Reads the tables in the order in which Tika writes them. */
  void read(HSLFSlideShow slides) {
    for (HSLFSlide slide : slides.getSlides()) {
      for (HSLFShape shape : slide.getShapes()) {
        if (shape instanceof HSLFTable table) {
          tables.add(rows(table));
        }
      }
    }
  }

  private static List<List<Cell>> rows(HSLFTable table) {
    double[] tops = new double[table.getNumberOfRows()];
    double[] lefts = new double[table.getNumberOfColumns()];
    Arrays.fill(tops, Double.MAX_VALUE);
    Arrays.fill(lefts, Double.MAX_VALUE);
    for (int row = 0; row < tops.length; row++) {
      for (int column = 0; column < lefts.length; column++) {
        HSLFTableCell cell = table.getCell(row, column);
        if (cell != null) {
          tops[row] = Math.min(tops[row], cell.getAnchor().getY());
          lefts[column] = Math.min(lefts[column], cell.getAnchor().getX());
        }
      }
    }
    List<List<Cell>> rows = new ArrayList<>();
    boolean[][] covered = new boolean[tops.length][lefts.length];
    for (int row = 0; row < tops.length; row++) {
      List<Cell> cells = new ArrayList<>();
      for (int column = 0; column < lefts.length; column++) {
        HSLFTableCell cell = table.getCell(row, column);
        if (!covered[row][column]) {
          CellSpan span = cell == null ? CellSpan.ONE : span(cell, row, column, tops, lefts);
          for (int i = row; i < row + span.rows(); i++) {
            Arrays.fill(covered[i], column, column + span.columns(), true);
          }
          cells.add(new Cell(cell == null ? "" : cell.getText(), span));
        }
      }
      rows.add(cells);
    }
    return rows;
  }

  private static CellSpan span(
      HSLFTableCell cell, int row, int column, double[] tops, double[] lefts) {
    Rectangle2D place = cell.getAnchor();
    return new CellSpan(
        covered(lefts, column, place.getMaxX()), covered(tops, row, place.getMaxY()));
  }

  /** Returns how many places from one on start before the end of a cell. */
  private static int covered(double[] starts, int first, double end) {
    int next = first + 1;
    while (next < starts.length && starts[next] < end - TOLERANCE) {
      next++;
    }
    return next - first;
  }

  @Override
  public void startElement(String uri, String name, String qName, Attributes attributes)
      throws SAXException {
    if (name.equals("div")) {
      String kind = String.valueOf(attributes.getValue("class"));
      divs.push(kind);
      embedded += Sax.isEntry(kind) ? 1 : 0;
    }
    boolean isOfSlide = name.equals("table") && embedded == 0 && !tables.isEmpty();
    if (replaced > 0) {
      replaced++;
    } else if (isOfSlide) {
      replaced = 1;
      write(tables.poll());
    } else {
      super.startElement(uri, name, qName, attributes);
    }
  }

  @Override
  public void endElement(String uri, String name, String qName) throws SAXException {
    if (name.equals("div")) {
      embedded -= Sax.isEntry(divs.poll()) ? 1 : 0;
    }
    if (replaced > 0) {
      replaced--;
    } else {
      super.endElement(uri, name, qName);
    }
  }

  @Override
  public void characters(char[] text, int start, int length) throws SAXException {
    if (replaced == 0) {
      super.characters(text, start, length);
    }
  }

  private void write(List<List<Cell>> rows) throws SAXException {
    start("table", CellSpan.ONE);
    for (List<Cell> row : rows) {
      start("tr", CellSpan.ONE);
      for (Cell cell : row) {
        start("td", cell.span());
        out.characters(cell.text().toCharArray(), 0, cell.text().length());
        out.endElement(NAMESPACE, "td", "td");
      }
      out.endElement(NAMESPACE, "tr", "tr");
    }
    out.endElement(NAMESPACE, "table", "table");
  }

  private void start(String name, CellSpan span) throws SAXException {
    AttributesImpl attributes = new AttributesImpl();
    attributes.addAttribute("", "colspan", "colspan", "CDATA", "" + span.columns());
    attributes.addAttribute("", "rowspan", "rowspan", "CDATA", "" + span.rows());
    out.startElement(NAMESPACE, name, name, attributes);
  }
}
