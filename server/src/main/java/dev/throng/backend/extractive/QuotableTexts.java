package dev.throng.backend.extractive;

import dev.throng.backend.Prompt;
import dev.throng.core.Passage;
import dev.throng.core.PastQuestion;
import dev.throng.core.Sentences;
import dev.throng.core.Span;
import dev.throng.core.TextRange;
import dev.throng.core.Words;
import java.util.ArrayList;
import java.util.Arrays;
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

  private static final Pattern LIST_ITEM =
      Pattern.compile("(?:- |\\d{1,3}[.)] ).*", Pattern.DOTALL);
  private static final Pattern NUMBERED =
      Pattern.compile("^\\d{1,2}(?:[.)]|(?:\\.\\d{1,2})+[.)]?) \\p{L}");
  private static final Pattern NOT_OF_NAME = Pattern.compile("[^\\p{L}\\p{Nd}]+");

  private final Words words;
  private final String language;
  private final int index;
  private final Passage passage;
  private final List<Quotable> found;

  // Where the reading stands.
  private List<String> tableHeader;
  private String section = "";
  private String label = "";
  private String introduction = "";

  private QuotableTexts(
      Words words, String language, int index, Passage passage, List<Quotable> found) {
    this.words = words;
    this.language = language;
    this.index = index;
    this.passage = passage;
    this.found = found;
    String inherited = passage.tableHeader();
    this.tableHeader = inherited.isEmpty() ? List.of() : cells(inherited);
  }

  /** Returns the texts of passages that may be quoted, in the order of the passages. */
  static List<Quotable> of(Prompt prompt, Words words) {
    List<Quotable> found = new ArrayList<>();
    PastQuestion past = PastQuestion.of(prompt.question());
    for (int i = 0; i < prompt.passages().size(); i++) {
      Passage passage = prompt.passages().get(i);
      if (!passage.isSuperseded() || past.asksFor(passage)) {
        new QuotableTexts(words, prompt.language(), i, passage, found).read();
      }
    }
    return found;
  }

  private void read() {
    int lineStart = 0;
    String[] lines = passage.text().split("\n", -1);
    for (int i = 0; i < lines.length; i++) {
      String line = lines[i];
      String lineSection = sectionAt(lineStart);
      lineStart += line.length() + 1;
      if (!lineSection.equals(section)) {
        section = lineSection;
        label = "";
        introduction = "";
      }
      if (line.startsWith(TABLE_EDGE)) {
        readRow(cells(line));
      } else {
        tableHeader = List.of();
        readLine(line.strip(), isAlone(lines, i));
      }
    }
  }

  private void readRow(List<String> cells) {
    if (tableHeader.isEmpty()) {
      tableHeader = cells;
    } else {
      add(renderRow(tableHeader, cells));
    }
  }

  /** Returns whether a line stands between blank lines. */
  private static boolean isAlone(String[] lines, int i) {
    return (i == 0 || lines[i - 1].isBlank()) && i + 1 < lines.length && lines[i + 1].isBlank();
  }

  private void readLine(String line, boolean isAlone) {
    if (line.isEmpty()) {
      return;
    }
    boolean isNumbered = isAlone && isNumberedHeading(line);
    boolean isItem = !isNumbered && LIST_ITEM.matcher(line).matches();
    if (isHeading(line)) {
      label = "";
      introduction = "";
    } else if (isNumbered || (!isItem && isLabel(line))) {
      label = line;
      introduction = "";
    } else {
      introduction = isItem ? introduction : "";
      for (String sentence : sentences(line)) {
        if (sentence.endsWith(":")) {
          introduction = sentence;
        } else if (!sentence.endsWith("?")) { // a question says nothing by itself
          add(introduction.isEmpty() ? sentence : introduction + " " + sentence);
        }
      }
    }
  }

  private String sectionAt(int offset) {
    int position = passage.start() + offset;
    String found = passage.headings();
    for (Span span : passage.spans()) {
      if (span.start() > position) {
        break;
      }
      found = span.section();
    }
    return found;
  }

  /** Returns whether a line is the innermost heading of the section that it stands in. */
  private boolean isHeading(String line) {
    return section.equals(line) || section.endsWith(BETWEEN_HEADINGS + line);
  }

  /** Returns whether a line is like "4. Opening hours", which a document's format may not mark. */
  private static boolean isNumberedHeading(String line) {
    return line.length() <= MAX_LABEL_CHARS
        && NUMBERED.matcher(line).find()
        && STATEMENT_ENDS.indexOf(line.charAt(line.length() - 1)) < 0;
  }

  /**
   * Returns whether a line names what the next lines are about, or asks what they answer: a short
   * line that does not end like a statement.
   */
  private static boolean isLabel(String line) {
    return line.length() <= MAX_LABEL_CHARS
        && STATEMENT_ENDS.indexOf(line.charAt(line.length() - 1)) < 0
        && !VALUE.matcher(line).find();
  }

  private void add(String text) {
    String topic = label.isEmpty() ? innermost(section) : label;
    String quoted = text;
    int least = MIN_WORDS;
    if (words.of(language, text).size() < MIN_WORDS) {
      quoted = topic.isEmpty() ? text : topic + (topic.endsWith("?") ? " " : ": ") + text;
      least = MIN_LABELLED_WORDS;
    }
    if (Set.copyOf(words.of(language, quoted)).size() >= least) {
      found.add(Quotable.of(index, found.size(), quoted, topic, outer(), words, language));
    }
  }

  /**
   * Returns what the text is part of: its headings, and the words of the file's name. Below a
   * heading, a title says nothing more, or it is the heading of another part.
   */
  private String outer() {
    String headings = section.isEmpty() ? passage.title() : section;
    return headings + '\n' + NOT_OF_NAME.matcher(passage.uri()).replaceAll(" ");
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
