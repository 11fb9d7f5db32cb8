package dev.throng.parser.worker.pdf;

import java.io.IOException;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Locale;
import java.util.Map;
import org.apache.pdfbox.cos.COSDictionary;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.interactive.action.PDActionGoTo;
import org.apache.pdfbox.pdmodel.interactive.documentnavigation.destination.PDDestination;
import org.apache.pdfbox.pdmodel.interactive.documentnavigation.destination.PDNamedDestination;
import org.apache.pdfbox.pdmodel.interactive.documentnavigation.destination.PDPageDestination;
import org.apache.pdfbox.pdmodel.interactive.documentnavigation.outline.PDOutlineItem;
import org.apache.pdfbox.pdmodel.interactive.documentnavigation.outline.PDOutlineNode;
import org.jspecify.annotations.Nullable;

/** The bookmarks of a document, which name its headings. */
final class Outline {
  private static final int MAX_ITEMS = 10_000;
  private static final int MAX_DEPTH = 6;

  private final PDDocument document;
  private final IdentityHashMap<COSDictionary, Integer> numbers;
  private final Map<String, Integer> levels = new HashMap<>();
  private int items;

  private Outline(PDDocument document, IdentityHashMap<COSDictionary, Integer> numbers) {
    this.document = document;
    this.numbers = numbers;
  }

  /**
   * Returns the bookmarks of a document. Broken ones are left out.
   *
   * @param numbers of the pages
   */
  static Outline of(PDDocument document, IdentityHashMap<COSDictionary, Integer> numbers) {
    Outline outline = new Outline(document, numbers);
    try {
      PDOutlineNode root = document.getDocumentCatalog().getDocumentOutline();
      if (root != null) {
        outline.add(root, 1);
      }
    } catch (RuntimeException e) {
      return outline; // bookmarks are only evidence
    }
    return outline;
  }

  private void add(PDOutlineNode node, int level) {
    PDOutlineItem item = node.getFirstChild();
    while (item != null && items++ < MAX_ITEMS) {
      Integer page = page(item);
      String title = item.getTitle();
      if (title != null && page != null) {
        levels.putIfAbsent(key(page, title), level);
      }
      if (level < MAX_DEPTH) {
        add(item, level + 1);
      }
      item = item.getNextSibling();
    }
  }

  private @Nullable Integer page(PDOutlineItem item) {
    try {
      PDDestination destination = item.getDestination();
      if (destination == null && item.getAction() instanceof PDActionGoTo action) {
        destination = action.getDestination();
      }
      if (destination instanceof PDNamedDestination named) {
        destination = document.getDocumentCatalog().findNamedDestinationPage(named);
      }
      if (!(destination instanceof PDPageDestination target)) {
        return null;
      }
      return target.getPage() == null
          ? Integer.valueOf(target.getPageNumber() + 1)
          : numbers.get(target.getPage().getCOSObject());
    } catch (IOException | RuntimeException e) {
      return null; // bookmarks are only evidence
    }
  }

  /** Returns the level of the bookmark with such a title on a page, or 0. */
  int level(int page, String title) {
    return levels.isEmpty() ? 0 : levels.getOrDefault(key(page, title), 0);
  }

  private static String key(int page, String title) {
    StringBuilder letters = new StringBuilder();
    for (int i = 0; i < title.length(); i++) {
      if (Character.isLetterOrDigit(title.charAt(i))) {
        letters.append(title.charAt(i));
      }
    }
    return page + " " + letters.toString().toLowerCase(Locale.ROOT);
  }
}
