package dev.throng.parser.worker;

import java.util.Set;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;

/**
 * Elements of a page that its readers never see. What they reach by a click, such as a tab or an
 * answer, is not hidden.
 */
final class HiddenText {
  /** Elements of one line, which hold icons and what is shown elsewhere, too. */
  private static final Set<String> INLINE = Set.of("i", "span", "b", "em", "strong", "small", "a");

  private final StyleSheet sheet;
  private final Disclosure disclosure;

  private HiddenText(StyleSheet sheet, Disclosure disclosure) {
    this.sheet = sheet;
    this.disclosure = disclosure;
  }

  /** Reads what the controls and style sheets of a page show and hide. */
  static HiddenText of(Document page) {
    StyleSheet sheet = StyleSheet.of(page);
    return new HiddenText(sheet, Disclosure.of(page, sheet));
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
    return sheet.hides(element);
  }
}
