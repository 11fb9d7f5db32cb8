package dev.throng.parser.worker;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.Node;
import org.jsoup.nodes.TextNode;

/**
 * Elements of a page that its readers never see. What they reach by a click, such as a tab or an
 * answer, is not hidden.
 */
final class HiddenText {
  private static final Set<String> NO_TEXT =
      Set.of(
          "script",
          "style",
          "noscript",
          "template",
          "svg",
          "head",
          "iframe",
          "textarea",
          "canvas",
          "datalist",
          "audio",
          "video");

  /** Elements of one line, which hold icons and what is shown elsewhere, too. */
  private static final Set<String> INLINE = Set.of("i", "span", "b", "em", "strong", "small", "a");

  /** Names of what opens at a click. They are only hints. */
  private static final Pattern PANEL =
      Pattern.compile(
          "accordion|collaps|panel|tab|answer|toggle|expand|drawer|spoiler|faq|step|detail",
          Pattern.CASE_INSENSITIVE);

  private static final Pattern SHOWN_SOMEWHERE =
      Pattern.compile("^d-(?:\\w{2,3}-)?(?:block|flex|grid|table|inline)");

  private static final Set<String> CONTROLS =
      Set.of("button", "summary", "h1", "h2", "h3", "h4", "h5", "h6");

  private static final String REFERENCES =
      "[aria-controls], [data-target], [data-bs-target], [onclick], a[href^=#], label[for]";

  private static final int MAX_REFERENCE_CHARS = 500;

  private final StyleSheet sheet;
  private final Set<String> opened = new HashSet<>();

  private HiddenText(StyleSheet sheet) {
    this.sheet = sheet;
  }

  /** Reads what the controls and style sheets of a page show and hide. */
  static HiddenText of(Document page) {
    HiddenText hidden = new HiddenText(StyleSheet.of(page));
    for (Element control : page.select(REFERENCES)) {
      hidden.open(control.attr("aria-controls"));
      hidden.open(control.attr("data-target"));
      hidden.open(control.attr("data-bs-target"));
      hidden.open(control.attr("onclick"));
      hidden.open(control.normalName().equals("a") ? control.attr("href") : "");
      hidden.open(control.attr("for"));
    }
    return hidden;
  }

  private void open(String reference) {
    if (!reference.isEmpty() && reference.length() <= MAX_REFERENCE_CHARS) {
      opened.addAll(List.of(reference.split("[^\\w-]+", -1)));
    }
  }

  /** Returns whether an element is never seen, with all that is in it. */
  boolean contains(Element element) {
    String name = element.normalName();
    if (NO_TEXT.contains(name)) {
      return true;
    }
    boolean isIcon = element.attr("aria-hidden").equals("true") && INLINE.contains(name);
    return isIcon || (isUndisplayed(element) && !isOpened(element));
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

  private boolean isOpened(Element element) {
    String hints = element.className() + ' ' + element.id() + ' ' + element.attr("role");
    boolean isReferred = !element.id().isEmpty() && opened.contains(element.id());
    return isReferred || PANEL.matcher(hints).find() || isAfterControl(element);
  }

  private static boolean isAfterControl(Element element) {
    Node before = element.previousSibling();
    if (before instanceof TextNode blank && blank.isBlank()) {
      before = before.previousSibling();
    }
    return before instanceof Element control
        && (CONTROLS.contains(control.normalName())
            || control.hasAttr("aria-expanded")
            || control.hasAttr("onclick")
            || PANEL.matcher(control.className()).find());
  }
}
