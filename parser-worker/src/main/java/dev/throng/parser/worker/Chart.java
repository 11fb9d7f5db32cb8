package dev.throng.parser.worker;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import javax.xml.namespace.QName;
import javax.xml.stream.XMLEventReader;
import javax.xml.stream.XMLEventWriter;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.events.Attribute;
import javax.xml.stream.events.StartElement;
import javax.xml.stream.events.XMLEvent;
import org.apache.poi.ss.usermodel.DataFormatter;

/**
 * A chart (ECMA-376, 21.2) as a table: a row for each category, a column for each series of values.
 */
final class Chart {
  private static final String CHART = "http://schemas.openxmlformats.org/drawingml/2006/chart";
  private static final String DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/main";

  /** Further values are left out. */
  private static final int MAX_POINTS = 20_000;

  private static final int MAX_INDEX = 1_000_000;
  private static final int MAX_SERIES = 100;

  /** Values and titles inside more elements are not of a chart. */
  private static final int MAX_DEPTH = 30;

  private static final int MAX_TITLE_CHARS = 1_000;

  /** The format of numbers that have none. */
  private static final String GENERAL = "General";

  private final DataFormatter formatter = new DataFormatter(Locale.ROOT);
  private final Deque<String> open = new ArrayDeque<>();
  private final StringBuilder title = new StringBuilder();
  private final StringBuilder categoryTitle = new StringBuilder();
  private final StringBuilder valueTitle = new StringBuilder();
  private final List<Series> series = new ArrayList<>();
  private final StringBuilder value = new StringBuilder();
  private String format = GENERAL;
  private int index;
  private int points;

  /** The values of a series and its categories, by their index. */
  private static final class Series {
    private String name = "";
    private final SortedMap<Integer, String> categories = new TreeMap<>();
    private final SortedMap<Integer, String> values = new TreeMap<>();
  }

  private Chart() {}

  /** Replaces a chart by its title, whose text is that of the table. */
  static void rewrite(XMLEventReader in, XMLEventWriter out) throws XMLStreamException {
    Chart chart = new Chart();
    while (in.hasNext()) {
      chart.read(in.nextEvent());
    }
    chart.write(out);
  }

  private void read(XMLEvent event) {
    if (event.isStartElement()) {
      start(event.asStartElement());
    } else if (event.isCharacters() && value.length() < MAX_TITLE_CHARS) {
      value.append(event.asCharacters().getData());
    } else if (event.isEndElement()) {
      end(event.asEndElement().getName().getLocalPart());
    }
  }

  private void start(StartElement element) {
    String name = element.getName().getLocalPart();
    open.push(name);
    value.setLength(0);
    switch (name) {
      case "ser" -> {
        if (series.size() < MAX_SERIES) {
          series.add(new Series());
        }
      }
      case "cat", "val", "xVal", "yVal" -> format = GENERAL;
      case "pt" -> {
        Attribute found = element.getAttributeByName(new QName("idx"));
        index = XmlEvents.number(found == null ? null : found.getValue(), 0, MAX_INDEX);
      }
      default -> {}
    }
  }

  private void end(String name) {
    open.pop();
    if (open.size() > MAX_DEPTH) {
      return;
    }
    switch (name) {
      case "t" -> addTitle();
      case "formatCode" -> format = value.toString();
      case "v" -> addValue();
      default -> {}
    }
  }

  private void addTitle() {
    boolean isTitle = open.contains("title") && title.length() < MAX_TITLE_CHARS;
    if (isTitle && open.contains("catAx")) {
      categoryTitle.append(value);
    } else if (isTitle && open.contains("valAx")) {
      valueTitle.append(valueTitle.isEmpty() ? "" : " ").append(value);
    } else if (isTitle) {
      title.append(value);
    }
  }

  private void addValue() {
    if (series.isEmpty() || !open.contains("ser") || ++points > MAX_POINTS) {
      return;
    }
    Series current = series.getLast();
    if (open.contains("tx")) {
      current.name = current.name.isEmpty() ? value.toString() : current.name + " " + value;
    } else if (open.contains("cat") || open.contains("xVal")) {
      current.categories.merge(index, shown(), (outer, inner) -> inner + " " + outer);
    } else if (open.contains("val") || open.contains("yVal")) {
      current.values.put(index, shown());
    }
  }

  /** Returns the current value in the format of its axis. */
  private String shown() {
    String raw = value.toString().strip();
    if (format.equals(GENERAL)) {
      return raw;
    }
    try {
      return formatter.formatRawCellContents(Double.parseDouble(raw), -1, format);
    } catch (NumberFormatException e) {
      return raw;
    }
  }

  private void write(XMLEventWriter out) throws XMLStreamException {
    out.add(MarkedCopy.EVENTS.createStartDocument());
    List<QName> names =
        List.of(
            new QName(CHART, "chartSpace", "c"),
            new QName(CHART, "chart", "c"),
            new QName(CHART, "title", "c"),
            new QName(CHART, "tx", "c"),
            new QName(CHART, "rich", "c"),
            new QName(DRAWING, "p", "a"),
            new QName(DRAWING, "r", "a"),
            new QName(DRAWING, "t", "a"));
    for (QName name : names) {
      out.add(MarkedCopy.EVENTS.createStartElement(name, null, null));
      if (name.getLocalPart().equals("chartSpace")) {
        out.add(MarkedCopy.EVENTS.createNamespace("c", CHART));
        out.add(MarkedCopy.EVENTS.createNamespace("a", DRAWING));
      }
    }
    out.add(MarkedCopy.EVENTS.createCharacters(table()));
    for (QName name : names.reversed()) {
      out.add(MarkedCopy.EVENTS.createEndElement(name, null));
    }
    out.add(MarkedCopy.EVENTS.createEndDocument());
  }

  private String table() {
    String values = valueTitle.isEmpty() ? "" : " (" + valueTitle + ")";
    StringBuilder table = new StringBuilder(Marks.element("caption", (title + values).strip()));
    List<String> names = new ArrayList<>(List.of(categoryTitle.toString()));
    series.forEach(each -> names.add(each.name.isBlank() ? title.toString() : each.name));
    table.append(row("th", names));
    rows().values().forEach(cells -> table.append(row("td", cells)));
    return Marks.element("table", table.toString());
  }

  /** Returns the cells of the rows by index. */
  private SortedMap<Integer, List<String>> rows() {
    SortedMap<Integer, List<String>> rows = new TreeMap<>();
    for (int i = 0; i < series.size(); i++) {
      Series each = series.get(i);
      for (Map.Entry<Integer, String> found : each.values.entrySet()) {
        List<String> row = rows.computeIfAbsent(found.getKey(), _ -> new ArrayList<>(List.of("")));
        while (row.size() <= i) {
          row.add("");
        }
        row.add(found.getValue());
        if (row.getFirst().isEmpty()) {
          row.set(0, each.categories.getOrDefault(found.getKey(), ""));
        }
      }
    }
    return rows;
  }

  private static String row(String cell, List<String> texts) {
    StringBuilder row = new StringBuilder();
    texts.forEach(text -> row.append(Marks.element(cell, text)));
    return Marks.element("tr", row.toString());
  }
}
