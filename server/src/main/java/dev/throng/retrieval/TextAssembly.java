package dev.throng.retrieval;

import dev.throng.core.Chunk;
import dev.throng.core.PageLayout;
import dev.throng.core.Span;
import dev.throng.retrieval.DocumentText.Part;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Puts the text of a document together again from its chunks. Chunks may overlap, and between two
 * of them there may be blanks, which belong to the text before them.
 */
final class TextAssembly {
  private static final String BLANK = "\n";

  private final Predicate<Span> wanted;
  private final int limit;
  private final List<Span> spans = new ArrayList<>();
  private final List<StringBuilder> texts = new ArrayList<>();
  private final Map<Integer, PageLayout> pages = new LinkedHashMap<>();
  private final Map<Integer, Set<PageLayout.Line>> lines = new LinkedHashMap<>();

  /** The text is known up to here, whether it was wanted or not. */
  private int position;

  private int taken;

  /**
   * Creates an empty text.
   *
   * @param start offset in the document's text before which nothing is taken
   * @param limit maximum number of characters
   */
  TextAssembly(int start, int limit, Predicate<Span> wanted) {
    this.position = start;
    this.limit = limit;
    this.wanted = wanted;
  }

  /** Adds the next chunk of the document. */
  void add(Chunk chunk) {
    addLines(chunk);
    if (chunk.start() > position) {
      addBlanks(chunk.start() - position);
      position = chunk.start();
    }
    for (Span span : Span.within(chunk.spans(), position, chunk.end())) {
      if (isFull()) {
        return;
      }
      if (wanted.test(span)) {
        int from = span.start() - chunk.start();
        int to = Math.min(span.end() - chunk.start(), from + limit - taken);
        addText(span, chunk.text().substring(from, behindPair(chunk.text(), to)));
      } else {
        position = span.end();
      }
    }
  }

  /** Returns an offset that does not split a surrogate pair. */
  private static int behindPair(String text, int offset) {
    return offset < text.length() && Character.isLowSurrogate(text.charAt(offset))
        ? offset + 1
        : offset;
  }

  private void addText(Span span, String text) {
    Span part = span.part(span.start(), span.start() + text.length());
    boolean continues = !spans.isEmpty() && spans.getLast().end() == part.start();
    int before = spans.size();
    if (continues) {
      Span.add(spans, part);
    } else {
      spans.add(part);
    }
    if (spans.size() > before) {
      texts.add(new StringBuilder());
    }
    texts.getLast().append(text);
    taken += text.length();
    position = part.end();
  }

  private void addBlanks(int count) {
    boolean isBehindText = !spans.isEmpty() && spans.getLast().end() == position;
    if (isBehindText) {
      Span last = spans.removeLast();
      spans.add(last.part(last.start(), last.end() + count));
      texts.getLast().append(BLANK.repeat(count));
    }
  }

  private void addLines(Chunk chunk) {
    for (PageLayout page : chunk.layout().pages()) {
      pages.putIfAbsent(page.page(), page);
      lines.computeIfAbsent(page.page(), _ -> new LinkedHashSet<>()).addAll(page.lines());
    }
  }

  /** Returns whether as many characters were taken as are wanted. */
  boolean isFull() {
    return taken >= limit;
  }

  /** Returns where the text ends, in the document's text. */
  int position() {
    return position;
  }

  List<Part> parts() {
    List<Part> parts = new ArrayList<>();
    for (int i = 0; i < spans.size(); i++) {
      parts.add(new Part(spans.get(i), texts.get(i).toString()));
    }
    return parts;
  }

  /** Returns the layout of the wanted text, by page. */
  List<PageLayout> layout() {
    List<PageLayout> found = new ArrayList<>();
    pages.forEach((number, page) -> {
      List<PageLayout.Line> onPage =
          lines.getOrDefault(number, Set.of()).stream().filter(line -> isTaken(line)).toList();
      if (!onPage.isEmpty()) {
        found.add(new PageLayout(number, page.width(), page.height(), onPage));
      }
    });
    return found;
  }

  private boolean isTaken(PageLayout.Line line) {
    return spans.stream().anyMatch(span -> line.isIn(span.start(), span.end()));
  }
}
