package dev.throng.backend.extractive;

import dev.throng.backend.Prompt;
import dev.throng.core.Passage;
import dev.throng.core.Sentences;
import dev.throng.core.Span;
import dev.throng.core.TextRange;
import dev.throng.core.Words;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Finds what can be quoted from the passages of a prompt: sentences, lines, and table rows with the
 * names of their columns.
 */
final class QuotableTexts {
  private static final int MIN_WORDS = 3;

  /** Together with its label, a text says something in fewer words. */
  private static final int MIN_LABELLED_WORDS = 2;

  private static final int MAX_LABEL_CHARS = 90;
  private static final int MAX_CHARS = 600;
  private static final String STATEMENT_ENDS = ".!:;。！";
  private static final String TABLE_EDGE = "|";
  private static final String LIST_MARK = "- ";
  private static final String BETWEEN_HEADINGS = " > ";
  private static final Pattern CELL_EDGE = Pattern.compile("\\|");

  /** A value is no label: it has a digit, or its name before it. */
  private static final Pattern VALUE = Pattern.compile("\\p{Nd}|=");

  /**
   * A text that can be quoted.
   *
   * @param passage index of its passage
   * @param position among all texts
   * @param topic the heading or label directly above it
   * @param near its words, and those of the topic
   * @param above the other words of the headings above it
   */
  record Quotable(
      int passage, int position, String text, String topic, Set<String> near, Set<String> above) {
    /** Returns whether a word is in it or above it. */
    boolean has(String word) {
      return near.contains(word) || above.contains(word);
    }
  }

  private final Words words;
  private final String language;
  private final List<Quotable> found = new ArrayList<>();

  private QuotableTexts(Words words, String language) {
    this.words = words;
    this.language = language;
  }

  /** Returns the texts in the order of the passages. */
  static List<Quotable> of(Prompt prompt, Words words) {
    QuotableTexts texts = new QuotableTexts(words, prompt.language());
    for (int i = 0; i < prompt.passages().size(); i++) {
      texts.add(prompt.passages().get(i), i);
    }
    return texts.found;
  }

  private void add(Passage passage, int index) {
    String inherited = passage.tableHeader();
    List<String> tableHeader = inherited.isEmpty() ? List.of() : cells(inherited);
    String section = "";
    String label = "";
    int lineStart = 0;
    for (String line : passage.text().split("\n", -1)) {
      String lineSection = sectionAt(passage, lineStart);
      lineStart += line.length() + 1;
      if (!lineSection.equals(section)) {
        section = lineSection;
        label = "";
      }
      boolean isRow = line.startsWith(TABLE_EDGE);
      if (isRow && tableHeader.isEmpty()) {
        tableHeader = cells(line);
      } else if (isRow) {
        add(index, renderRow(tableHeader, cells(line)), section, label);
      } else {
        tableHeader = List.of();
        label = addLine(index, line, section, label);
      }
    }
  }

  /** Adds the sentences of a line, and returns the label of the next line. */
  private String addLine(int passage, String line, String section, String label) {
    if (isHeading(line, section)) {
      return "";
    }
    if (isLabel(line)) {
      return line.strip();
    }
    for (String sentence : sentences(line)) {
      add(passage, sentence, section, label);
    }
    return label;
  }

  private static String sectionAt(Passage passage, int offset) {
    int position = passage.start() + offset;
    String section = passage.headings();
    for (Span span : passage.spans()) {
      if (span.start() > position) {
        break;
      }
      section = span.section();
    }
    return section;
  }

  /** Returns whether a line is the innermost heading of the section that it stands in. */
  private static boolean isHeading(String line, String section) {
    String text = line.strip();
    return !text.isEmpty() && (section.equals(text) || section.endsWith(BETWEEN_HEADINGS + text));
  }

  /**
   * Returns whether a line names what the next lines are about, or asks what they answer: a short
   * line that does not end like a statement and is no list item.
   */
  private static boolean isLabel(String line) {
    String text = line.strip();
    return !text.isEmpty()
        && text.length() <= MAX_LABEL_CHARS
        && !text.startsWith(LIST_MARK)
        && STATEMENT_ENDS.indexOf(text.charAt(text.length() - 1)) < 0
        && !VALUE.matcher(text).find();
  }

  private void add(int passage, String text, String section, String label) {
    if (text.endsWith(":") || text.endsWith("?")) {
      return; // says nothing by itself
    }
    String quoted = text;
    List<String> own = words.of(language, text);
    int least = MIN_WORDS;
    if (own.size() < MIN_WORDS) {
      String name = label.isEmpty() ? innermost(section) : label;
      quoted = name.isEmpty() ? text : name + ": " + text;
      own = words.of(language, quoted);
      least = MIN_LABELLED_WORDS;
    }
    Set<String> distinct = new HashSet<>(own);
    if (distinct.size() < least) {
      return;
    }
    String topic = label.isEmpty() ? innermost(section) : label;
    Set<String> near = new HashSet<>(distinct);
    near.addAll(words.of(language, topic));
    Set<String> above = new HashSet<>(words.of(language, section));
    above.removeAll(near);
    found.add(new Quotable(passage, found.size(), quoted, topic, near, above));
  }

  private static String innermost(String section) {
    int last = section.lastIndexOf(BETWEEN_HEADINGS);
    return last < 0 ? section : section.substring(last + BETWEEN_HEADINGS.length());
  }

  private static List<String> cells(String row) {
    return Arrays.stream(CELL_EDGE.split(row.strip().substring(1))).map(String::strip).toList();
  }

  /** Renders a row as it would be read aloud: each cell after the name of its column. */
  private static String renderRow(List<String> header, List<String> cells) {
    StringBuilder said = new StringBuilder();
    for (int i = 0; i < cells.size(); i++) {
      if (!cells.get(i).isEmpty()) {
        said.append(said.isEmpty() ? "" : "; ");
        boolean isNamed = i < header.size() && !header.get(i).isEmpty();
        said.append(isNamed ? header.get(i) + ": " : "").append(cells.get(i));
      }
    }
    return said.toString();
  }

  private static List<String> sentences(String marked) {
    String line = marked.startsWith(LIST_MARK) ? marked.substring(LIST_MARK.length()) : marked;
    List<String> sentences = new ArrayList<>();
    for (TextRange range : Sentences.in(line)) {
      String sentence = range.of(line).strip();
      if (!sentence.isEmpty()) {
        sentences.add(
            sentence.length() > MAX_CHARS ? sentence.substring(0, MAX_CHARS) + "…" : sentence);
      }
    }
    return sentences;
  }
}
