package dev.throng.parser.worker;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;

/**
 * Elements of a page that its readers never see. What they reach by a click, such as a tab or an
 * answer, is not hidden.
 */
final class HiddenText {
  /** Elements of one line, which hold icons and what is shown elsewhere, too. */
  private static final Set<String> INLINE = Set.of("i", "span", "b", "em", "strong", "small", "a");

  private static final Pattern SHOWN_SOMEWHERE =
      Pattern.compile("^d-(?:\\w{2,3}-)?(?:block|flex|grid|table|inline)");

  private final StyleSheet sheet;
  private final Disclosure disclosure;

  private HiddenText(StyleSheet sheet, Disclosure disclosure) {
    this.sheet = sheet;
    this.disclosure = disclosure;
  }

  /** Reads what the controls and style sheets of a page show and hide. */
  static HiddenText of(Document page) {
    return new HiddenText(StyleSheet.of(page), Disclosure.of(page));
  }

  /** Returns whether an element is never seen, with all that is in it. */
  boolean contains(Element element) {
    String name = element.normalName();
    if (HtmlNames.WITHOUT_TEXT.contains(name)) {
      return true;
    }
    boolean isIcon = element.attr("aria-hidden").equals("true") && INLINE.contains(name);
    return isIcon || (isUndisplayed(element) && !disclosure.opens(element));
  }

  /** Returns whether an element is not displayed until a control shows it, if there is one. */
  boolean isUndisplayed(Element element) {
    String style = element.attr("style");
    if (!style.isEmpty()) {
      String display = StyleSheet.display(style);
      if (!display.isEmpty()) {
        return display.equals("none");
      }
      if (style.toLowerCase(Locale.ROOT).replace(" ", "").contains("visibility:hidden")) {
        return true;
      }
    }
    return isUndisplayedByBootstrap(element) || sheet.hides(element);
  }

  /** Returns whether a class of Bootstrap's hides an element on screens of every size. */
  private static boolean isUndisplayedByBootstrap(Element element) {
    return element.hasClass("d-none")
        && element.classNames().stream().noneMatch(name -> SHOWN_SOMEWHERE.matcher(name).find());
  }
}
