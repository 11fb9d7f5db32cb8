package dev.throng.parser.worker;

import java.util.regex.Pattern;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.Node;
import org.jsoup.nodes.TextNode;
import org.jspecify.annotations.Nullable;

/** Finds what a reader clicks to open the text below it, such as the questions of a FAQ. */
final class Questions {
  /** A longer text is not clicked. */
  private static final int MAX_WORDS = 40;

  /** How many elements around a button may contain only that button. */
  private static final int MAX_WRAPPERS = 4;

  private static final Pattern NAMES =
      Pattern.compile(
          "accordion|collaps|toggle|question|faq|trigger|expand|spoiler|panel-heading|panel-title",
          Pattern.CASE_INSENSITIVE);

  private static final Pattern NAMES_OF_ANSWERS =
      Pattern.compile(
          "accordion|collaps|toggle|answer|faq|content|body|panel|expand|spoiler",
          Pattern.CASE_INSENSITIVE);

  private final TextCounts counts;
  private final HiddenText hidden;

  Questions(TextCounts counts, HiddenText hidden) {
    this.counts = counts;
    this.hidden = hidden;
  }

  /** Returns whether an element is a question whose answer follows it. */
  boolean contains(Element element) {
    String name = element.normalName();
    boolean isControl =
        name.equals("button")
            || element.attr("role").equals("button")
            || element.hasAttr("aria-expanded")
            || isToggle(element.attr("data-toggle"))
            || isToggle(element.attr("data-bs-toggle"));
    boolean isNamed = NAMES.matcher(element.className()).find();
    if (name.equals("summary")) {
      return isShort(element) && isOfDetails(element);
    }
    boolean mayBeClicked = isControl || (isNamed && HtmlNames.isBlock(name));
    if (!mayBeClicked || !isShort(element)) {
      return false;
    }
    Element answer = answer(element);
    return answer != null
        && (element.hasAttr("aria-expanded")
            || element.hasAttr("aria-controls")
            || answer.hasAttr("hidden")
            || hidden.isUndisplayed(answer)
            || (isControl && isNamed)
            || NAMES_OF_ANSWERS.matcher(answer.className()).find());
  }

  /** Returns whether a summary has text below it, which in Markdown may be outside of it. */
  private boolean isOfDetails(Element summary) {
    Element details = summary.parent();
    return details != null
        && details.normalName().equals("details")
        && counts.of(details).words() > counts.of(summary).words();
  }

  private static boolean isToggle(String value) {
    return value.equals("collapse");
  }

  private boolean isShort(Element element) {
    TextCount count = counts.of(element);
    int words = count.words();
    return words > 0 && words <= MAX_WORDS && count.headings() == 0 && count.links() <= 1;
  }

  /** Returns the block after an element or after the elements that contain only it, or null. */
  private @Nullable Element answer(Element question) {
    int words = counts.of(question).words();
    Element wrapper = question;
    for (int i = 0; i <= MAX_WRAPPERS; i++) {
      Element next = next(wrapper);
      if (next != null) {
        return isAnswer(next) ? next : null;
      }
      Element parent = wrapper.parent();
      if (parent == null || counts.of(parent).words() != words) {
        return null;
      }
      wrapper = parent;
    }
    return null;
  }

  private boolean isAnswer(Element next) {
    boolean isAnotherQuestion = next.normalName().equals("button") || next.hasAttr("aria-expanded");
    return !isAnotherQuestion
        && HtmlNames.isBlock(next.normalName())
        && !HtmlNames.HEADINGS.contains(next.normalName())
        && counts.of(next).words() > 0;
  }

  /** Returns the next element, if no text is before it. */
  private static @Nullable Element next(Element element) {
    Node next = element.nextSibling();
    if (next instanceof TextNode blank && blank.isBlank()) {
      next = next.nextSibling();
    }
    return next instanceof Element found ? found : null;
  }
}
