package dev.throng.index;

import dev.throng.core.Layout;
import dev.throng.core.PageLayout;
import dev.throng.parser.api.ParsedBlock;
import dev.throng.parser.api.ParsedPage;
import dev.throng.parser.api.TextLine;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.IntFunction;

/** The positions of the lines of a document while it is cut. */
final class PlacedLines {
  private record Placed(int page, PageLayout.Line line) {}

  private final IntFunction<ParsedPage> pages;
  private final Deque<Placed> lines = new ArrayDeque<>();

  PlacedLines(IntFunction<ParsedPage> pages) {
    this.pages = pages;
  }

  /**
   * Adds the lines of a block behind those of others.
   *
   * @param start offset of the block in the document's text
   */
  void add(ParsedBlock block, int start) {
    for (int i = 0; i < block.lines().size(); i++) {
      TextLine line = block.lines().get(i);
      boolean isLast = i + 1 == block.lines().size();
      int end = isLast ? block.text().length() : block.lines().get(i + 1).start();
      while (end > line.start() && Character.isWhitespace(block.text().charAt(end - 1))) {
        end--;
      }
      lines.add(
          new Placed(
              line.page(),
              new PageLayout.Line(
                  start + line.start(),
                  start + end,
                  line.left(),
                  line.top(),
                  line.width(),
                  line.height())));
    }
  }

  /** Drops the lines that end before an offset. */
  void forget(int before) {
    while (!lines.isEmpty() && lines.getFirst().line().end() <= before) {
      lines.removeFirst();
    }
  }

  /** Returns the lines in a range of the document's text, by page. */
  Layout in(int from, int to) {
    List<PageLayout> found = new ArrayList<>();
    List<PageLayout.Line> onPage = new ArrayList<>();
    int page = 0;
    for (Placed placed : lines) {
      if (placed.line().start() >= to) {
        break;
      }
      if (placed.line().isIn(from, to)) {
        if (placed.page() != page) {
          addPage(found, page, onPage);
          onPage = new ArrayList<>();
          page = placed.page();
        }
        onPage.add(placed.line());
      }
    }
    addPage(found, page, onPage);
    return Layout.of(found);
  }

  private void addPage(List<PageLayout> found, int number, List<PageLayout.Line> onPage) {
    if (!onPage.isEmpty()) {
      ParsedPage page = pages.apply(number);
      found.add(new PageLayout(number, page.width(), page.height(), onPage));
    }
  }
}
