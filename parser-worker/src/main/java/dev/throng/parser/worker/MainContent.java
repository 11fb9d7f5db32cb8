package dev.throng.parser.worker;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jsoup.nodes.Element;
import org.jspecify.annotations.Nullable;

/** The innermost element that contains most of a page's running text, and the elements around. */
final class MainContent {
  private static final double MIN_SHARE = 0.6;

  /** An element inside another one is the content if it has almost all of its running text. */
  private static final double MIN_SHARE_OF_PARENT = 0.85;

  private static final double MIN_SHARE_OF_INNER = 0.4;

  /** With less running text a page is no article, but a directory, a form or a table. */
  private static final int MIN_PROSE_WORDS = 100;

  private static final double MIN_SHARE_OF_WORDS = 0.25;

  private static final int MIN_WORDS_AROUND_TITLE = 20;

  private final @Nullable Element root;
  private final boolean isArticle;
  private final Set<Element> path = new HashSet<>();

  /** The elements of the path by their parents. */
  private final Map<Element, Element> inPath = new HashMap<>();

  private final Set<Element> column = new HashSet<>();

  private MainContent(@Nullable Element root, boolean isArticle) {
    this.root = root;
    this.isArticle = isArticle;
    for (Element around = root; around != null; around = around.parent()) {
      path.add(around);
      Element parent = around.parent();
      if (parent != null) {
        inPath.put(parent, around);
      }
    }
  }

  /** Finds the elements around the content up to the innermost one that has the title, too. */
  private MainContent below(@Nullable Element title) {
    Element around = title;
    while (around != null && !path.contains(around)) {
      around = around.parent();
    }
    if (around != null && root != null && around.equals(root)) {
      around = root.closest("main"); // the title is in the text, as in an article
    }
    for (Element inner = around == null ? null : root; inner != null; inner = inner.parent()) {
      column.add(inner);
      if (inner.equals(around)) {
        break;
      }
    }
    return this;
  }

  /** Finds the main content of a page, if it has one. */
  static MainContent of(Element body, TextCounts counts) {
    TextCount page = counts.of(body);
    if (page.proseWords() >= MIN_PROSE_WORDS) {
      Element found = mostProse(body, counts);
      if (counts.of(found).words() >= MIN_SHARE_OF_WORDS * page.words()) {
        return new MainContent(found, true).below(PageTitle.heading(body));
      }
    }
    Element main = body.selectFirst("main, [role=main]");
    if (main != null && counts.of(main).words() >= MIN_SHARE_OF_WORDS * page.words()) {
      return new MainContent(main, false);
    }
    return new MainContent(aroundTitle(body, counts), false);
  }

  private static Element mostProse(Element body, TextCounts counts) {
    int page = counts.of(body).proseWords();
    Element found = body;
    for (Element inner = body; inner != null; ) {
      found = inner;
      inner = null;
      int around = counts.of(found).proseWords();
      double enough = Math.max(MIN_SHARE_OF_INNER * page, MIN_SHARE_OF_PARENT * around);
      for (Element child : found.children()) {
        if (counts.of(child).proseWords() >= Math.min(MIN_SHARE * page, enough)) {
          inner = child;
        }
      }
    }
    return found;
  }

  private static @Nullable Element aroundTitle(Element body, TextCounts counts) {
    Element around = PageTitle.heading(body);
    while (around != null && !around.equals(body)) {
      TextCount count = counts.of(around);
      if (count.words() - count.linkWords() >= MIN_WORDS_AROUND_TITLE) {
        return around;
      }
      around = around.parent();
    }
    return null;
  }

  boolean exists() {
    return root != null;
  }

  /** Returns whether most of the page is running text, such as an article. */
  boolean isArticle() {
    return isArticle;
  }

  boolean isRoot(Element element) {
    return element.equals(root);
  }

  /** Returns whether an element stands beside the content, where the title stands, too. */
  boolean isBesideTitle(Element element) {
    Element parent = element.parent();
    return parent != null && column.contains(parent);
  }

  /** Returns whether an element has the classes of its sibling that contains the content. */
  boolean isOfOneKind(Element element) {
    Element parent = element.parent();
    String classes = element.className();
    Element sibling = parent == null ? null : inPath.get(parent);
    return sibling != null
        && !classes.isBlank()
        && sibling.normalName().equals(element.normalName())
        && sibling.className().equals(classes);
  }

  /** Returns whether an element is the main content or contains it. */
  boolean isIn(Element element) {
    return path.contains(element);
  }
}
