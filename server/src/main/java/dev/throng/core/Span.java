package dev.throng.core;

import java.util.ArrayList;
import java.util.List;

/**
 * A range of a document's extracted text that stands on one page and in one section.
 *
 * @param start offset of the first character
 * @param end offset after the last character
 * @param page page, slide or sheet, from 1; 0 when the format has none
 * @param pageLabel what readers call the page, such as {@code iv} or the name of a sheet; empty
 *     when there is no page
 * @param section the headings above it, outermost first, joined by " > "; empty when there are none
 */
public record Span(int start, int end, int page, String pageLabel, String section) {
  private static final String BETWEEN_SPANS = "\n";
  private static final String BETWEEN_FIELDS = "\t";
  private static final int FIELDS = 5;

  /** Returns a span whose page is called by its number. */
  public static Span of(int start, int end, int page, String section) {
    return new Span(start, end, page, page == 0 ? "" : Integer.toString(page), section);
  }

  /** Returns a part of this span. */
  public Span part(int from, int to) {
    return new Span(from, to, page, pageLabel, section);
  }

  private boolean isSamePlace(Span other) {
    return page == other.page && pageLabel.equals(other.pageLabel) && section.equals(other.section);
  }

  /** Adds a span behind others. It extends the last one if both have the same page and section. */
  public static void add(List<Span> spans, Span next) {
    if (!spans.isEmpty() && spans.getLast().isSamePlace(next)) {
      Span last = spans.removeLast();
      spans.add(last.part(last.start, Math.max(last.end, next.end)));
    } else {
      spans.add(next);
    }
  }

  /** Returns the parts of the spans that are in a range of the document's text. */
  public static List<Span> within(List<Span> spans, int start, int end) {
    List<Span> parts = new ArrayList<>();
    for (Span span : spans) {
      int from = Math.max(start, span.start);
      int to = Math.min(end, span.end);
      if (from < to) {
        parts.add(span.part(from, to));
      }
    }
    return List.copyOf(parts);
  }

  /** Encodes spans as a text, for stores. */
  public static String encode(List<Span> spans) {
    List<String> lines = new ArrayList<>(spans.size());
    for (Span span : spans) {
      lines.add(
          String.join(
              BETWEEN_FIELDS,
              Integer.toString(span.start),
              Integer.toString(span.end),
              Integer.toString(span.page),
              oneLine(span.pageLabel),
              oneLine(span.section)));
    }
    return String.join(BETWEEN_SPANS, lines);
  }

  /**
   * Decodes the result of {@link #encode}.
   *
   * @throws IllegalArgumentException when it is not in that format
   */
  public static List<Span> decode(String encoded) {
    if (encoded.isEmpty()) {
      return List.of();
    }
    List<Span> spans = new ArrayList<>();
    for (String line : encoded.split(BETWEEN_SPANS, -1)) {
      String[] fields = line.split(BETWEEN_FIELDS, FIELDS);
      if (fields.length < FIELDS) {
        throw new IllegalArgumentException("not a span: \"%s\"".formatted(line));
      }
      spans.add(
          new Span(
              Integer.parseInt(fields[0]),
              Integer.parseInt(fields[1]),
              Integer.parseInt(fields[2]),
              fields[3],
              fields[4]));
    }
    return List.copyOf(spans);
  }

  private static String oneLine(String text) {
    return text.replace('\n', ' ').replace('\t', ' ');
  }
}
