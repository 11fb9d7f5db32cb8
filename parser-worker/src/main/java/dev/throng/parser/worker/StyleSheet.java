package dev.throng.parser.worker;

import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;

/**
 * What the styles of a page hide. Only rules of one class or one id are understood in its style
 * sheets, and no rule counts whose class or id another rule shows, as when a reader opens a tab.
 */
final class StyleSheet {
  private static final int MAX_SELECTOR_CHARS = 500;

  private static final Pattern SHOWN_SOMEWHERE =
      Pattern.compile("^d-(?:\\w{2,3}-)?(?:block|flex|grid|table|inline)");

  private final Set<String> hidden = new HashSet<>();
  private final Set<String> shown = new HashSet<>();

  private StyleSheet() {}

  /** Reads the style elements of a page. */
  static StyleSheet of(Document page) {
    StyleSheet sheet = new StyleSheet();
    for (Element style : page.select("style")) {
      sheet.read(style.data());
    }
    sheet.hidden.removeAll(sheet.shown);
    return sheet;
  }

  /** Returns whether an element is not displayed, by its own style or by its classes and id. */
  boolean hides(Element element) {
    String style = element.attr("style");
    if (!style.isEmpty()) {
      String display = display(style);
      if (!display.isEmpty()) {
        return display.equals("none");
      }
      if (style.toLowerCase(Locale.ROOT).replace(" ", "").contains("visibility:hidden")) {
        return true;
      }
    }
    return isHiddenByBootstrap(element) || isHiddenByRule(element);
  }

  /** Returns whether a class of Bootstrap's hides an element on screens of every size. */
  private static boolean isHiddenByBootstrap(Element element) {
    return element.hasClass("d-none")
        && element.classNames().stream().noneMatch(name -> SHOWN_SOMEWHERE.matcher(name).find());
  }

  private boolean isHiddenByRule(Element element) {
    if (hidden.isEmpty()) {
      return false;
    }
    return hidden.contains("#" + element.id())
        || element.classNames().stream().anyMatch(name -> hidden.contains("." + name));
  }

  private void read(String css) {
    int depth = 0;
    int from = 0;
    String selector = "";
    for (int i = 0; i < css.length(); i++) {
      char c = css.charAt(i);
      if (c == '{') {
        selector = css.substring(from, i);
        depth++;
        from = i + 1;
      } else if (c == '}') {
        rule(selector, css.substring(Math.min(from, i), i), depth > 1);
        selector = "";
        depth = Math.max(0, depth - 1);
        from = i + 1;
      } else if (c == ';' && depth == 0) {
        from = i + 1; // an @import
      }
    }
  }

  private void rule(String selectors, String declarations, boolean isConditional) {
    String display = display(declarations);
    if (display.isEmpty() || selectors.length() > MAX_SELECTOR_CHARS) {
      return;
    }
    boolean isHidden = display.equals("none");
    for (String selector : selectors.split(",", -1)) {
      String name = withoutComments(selector).strip();
      boolean isSimple = name.matches("[.#][\\w-]{1,100}");
      if (isHidden && isSimple && !isConditional) {
        hidden.add(name);
      } else if (!isHidden) {
        for (String part : name.split("(?=[.#:>~+\\s\\[])", -1)) {
          shown.add(part.strip());
        }
      }
    }
  }

  private static String withoutComments(String selector) {
    int end = selector.lastIndexOf("*/");
    return end < 0 ? selector : selector.substring(end + 2);
  }

  /** Returns the last value of {@code display} in declarations, or an empty text. */
  private static String display(String declarations) {
    String found = "";
    for (String declaration : declarations.split(";", -1)) {
      int colon = declaration.indexOf(':');
      if (colon > 0 && declaration.substring(0, colon).strip().equalsIgnoreCase("display")) {
        String value = declaration.substring(colon + 1).strip().toLowerCase(Locale.ROOT);
        found = value.replace("!important", "").strip();
      }
    }
    return found;
  }
}
