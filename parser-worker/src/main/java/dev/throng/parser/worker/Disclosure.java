package dev.throng.parser.worker;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.Node;
import org.jsoup.nodes.TextNode;
import org.jspecify.annotations.Nullable;

/** The elements of a page that are not displayed until a click on a control opens them. */
final class Disclosure {
  /** Names of what opens at a click. They are only hints. */
  private static final Pattern PANEL =
      Pattern.compile(
          "accordion|collaps|panel|tab|answer|toggle|expand|drawer|spoiler|faq|step|detail",
          Pattern.CASE_INSENSITIVE);

  /** Names of what a program shows, not a click: messages, other windows, traps for robots. */
  private static final Pattern NOT_OPENED =
      Pattern.compile(
          "honeypot|error|success|invalid|loading|loader|spinner|template|modal|popup|overlay"
              + "|dialog|tooltip|print|mobile|desktop|cookie|consent|dropdown|submenu|sub-menu"
              + "|flyout|sr-only|track",
          Pattern.CASE_INSENSITIVE);

  /** Names of the state of a tab, a slide or an item. */
  private static final Pattern STATE =
      Pattern.compile(
          "(?:^|[-_])(?:active|current|selected|open|opened|closed|show|shown|visible|invisible"
              + "|hide|hidden|in|fade|first|last|odd|even|more|extra)$",
          Pattern.CASE_INSENSITIVE);

  private static final Pattern MORE =
      Pattern.compile("more|toggle|expand|show|load|collaps|reveal", Pattern.CASE_INSENSITIVE);

  private static final Set<String> CONTROLS =
      Set.of("button", "summary", "h1", "h2", "h3", "h4", "h5", "h6");

  /** Elements that a short text before them may name, as a title names a panel. */
  private static final Set<String> PANELS =
      Set.of("div", "section", "ul", "ol", "dl", "dd", "table", "fieldset", "article");

  private static final String REFERENCES =
      "[aria-controls], [data-target], [data-bs-target], [onclick], a[href^=#], label[for]";

  private static final int MAX_REFERENCE_CHARS = 500;

  /** How many elements may be around a control or a table's row. */
  private static final int MAX_WRAPPERS = 3;

  private static final int MAX_LABEL_WORDS = 12;

  /** The label of a panel has few elements. This bounds the time of the search in it. */
  private static final int MAX_LABEL_NODES = 30;

  private final Set<String> opened = new HashSet<>();

  private final StyleSheet sheet;

  private Disclosure(StyleSheet sheet) {
    this.sheet = sheet;
  }

  /** Reads what the controls of a page open. */
  static Disclosure of(Document page, StyleSheet sheet) {
    Disclosure disclosure = new Disclosure(sheet);
    for (Element control : page.select(REFERENCES)) {
      disclosure.open(control.attr("aria-controls"));
      disclosure.open(control.attr("data-target"));
      disclosure.open(control.attr("data-bs-target"));
      disclosure.open(control.attr("onclick"));
      disclosure.open(control.normalName().equals("a") ? control.attr("href") : "");
      disclosure.open(control.attr("for"));
    }
    return disclosure;
  }

  private void open(String reference) {
    if (!reference.isEmpty() && reference.length() <= MAX_REFERENCE_CHARS) {
      opened.addAll(List.of(reference.split("[^\\w-]+", -1)));
    }
  }

  /** Returns whether a click opens an element that is not displayed. */
  boolean opens(Element element) {
    String names = element.className() + ' ' + element.id() + ' ' + element.attr("role");
    if (PANEL.matcher(names).find() || (!element.id().isEmpty() && opened.contains(element.id()))) {
      return true;
    }
    Element before = neighbour(element, false);
    Element after = neighbour(element, true);
    if (before != null && isControl(before)) {
      return true;
    }
    return !NOT_OPENED.matcher(names).find()
        && (isRowOfOpenedTable(element)
            || (before != null && (isOfOneKind(before, element) || isLabel(before, element)))
            || (after != null && (isOfOneKind(after, element) || isMore(after))));
  }

  private static @Nullable Element neighbour(Element element, boolean isAfter) {
    Node next = isAfter ? element.nextSibling() : element.previousSibling();
    if (next instanceof TextNode blank && blank.isBlank()) {
      next = isAfter ? next.nextSibling() : next.previousSibling();
    }
    return next instanceof Element found ? found : null;
  }

  /** Returns whether an element is a control, or begins with one, as the title of an answer. */
  private static boolean isControl(Element before) {
    Element control = before;
    for (int i = 0; control != null && i <= MAX_WRAPPERS; i++) {
      boolean isNamed = i == 0 && PANEL.matcher(control.className()).find();
      if (CONTROLS.contains(control.normalName())
          || control.hasAttr("aria-expanded")
          || control.hasAttr("onclick")
          || control.attr("role").equals("button")
          || isNamed) {
        return true;
      }
      control = control.childrenSize() <= 2 ? control.firstElementChild() : null;
    }
    return false;
  }

  /** Returns whether an element is a control that shows more of the text before it. */
  private static boolean isMore(Element after) {
    Element control = after;
    for (int i = 0; control != null && i <= MAX_WRAPPERS; i++) {
      String name = control.normalName();
      if ((name.equals("a") || name.equals("button") || control.attr("role").equals("button"))
          && MORE.matcher(control.className() + ' ' + control.id()).find()) {
        return true;
      }
      control = control.childrenSize() == 1 ? control.firstElementChild() : null;
    }
    return false;
  }

  /** Returns whether one of two neighbours is shown instead of the other or after it. */
  private static boolean isOfOneKind(Element one, Element other) {
    if (!one.normalName().equals(other.normalName()) || other.normalName().equals("p")) {
      return false;
    }
    Set<String> names = namesWithoutState(other);
    boolean isItem = other.normalName().equals("li");
    return (isItem || !names.isEmpty()) && names.equals(namesWithoutState(one));
  }

  private static Set<String> namesWithoutState(Element element) {
    Set<String> names = new HashSet<>(element.classNames());
    names.removeIf(name -> name.isEmpty() || STATE.matcher(name).find());
    return names;
  }

  /** Returns whether an element names the panel after it, in a few words that are no sentence. */
  private boolean isLabel(Element before, Element panel) {
    boolean isSeen = !HtmlNames.WITHOUT_TEXT.contains(before.normalName()) && !sheet.hides(before);
    if (!isSeen || !PANELS.contains(panel.normalName())) {
      return false;
    }
    if (before.nodeStream().limit(MAX_LABEL_NODES + 1L).count() > MAX_LABEL_NODES) {
      return false;
    }
    String label = before.text();
    int words = TextCount.words(label);
    return words > 0 && words <= MAX_LABEL_WORDS && !label.endsWith(".");
  }

  /** Returns whether it is a row of a table of which only the first row is shown. */
  private static boolean isRowOfOpenedTable(Element row) {
    if (!row.normalName().equals("tr") && !row.normalName().equals("tbody")) {
      return false;
    }
    Element around = row.parent();
    for (int i = 0; around != null && i < MAX_WRAPPERS; i++) {
      if (PANEL.matcher(around.className()).find()) {
        return true;
      }
      around = around.normalName().equals("table") ? null : around.parent();
    }
    return false;
  }
}
