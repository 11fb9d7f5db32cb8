package dev.throng.parser.worker;

import java.util.HashSet;
import java.util.Set;
import java.util.regex.Pattern;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.Node;
import org.jsoup.nodes.TextNode;
import org.jsoup.select.NodeTraversor;
import org.jsoup.select.NodeVisitor;

/**
 * Banners that ask for consent to cookies, known by their words: a short text about cookies with a
 * control that accepts or rejects them. A text that only describes cookies has no such control.
 */
final class ConsentBanners implements NodeVisitor {
  private static final Pattern ANSWER =
      Pattern.compile(
          "(?:(?:yes, )?i )?(?:(?:accept|agree|allow|reject|decline|deny|refuse|got it|understand|ok"
              + "|okay|dismiss|manage consent|only necessary)\\b"
              + "|(?:all\\w? )?(?:akzeptieren|annehmen|ablehnen|zustimmen|erlauben|zulassen)\\b"
              + "|verstanden\\b|einverstanden\\b|nur (?:notwendige|erforderliche)\\b"
              + "|(?:tout )?(?:accepter|refuser)\\b|j['\u2019]accepte\\b"
              + "|aceptar\\b|rechazar\\b|accett[ao]\\b|rifiuta\\b|accepteren\\b|weigeren\\b"
              + "|aceitar\\b|rejeitar\\b|akceptuj\\w*|odrzu\\w+|souhlas\\w*|acceptera\\b|godkend\\b)"
              + ".{0,30}",
          Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE);

  private static final Pattern SUBJECT =
      Pattern.compile("\\bcookies?\\b|\\bciastecz", Pattern.CASE_INSENSITIVE);

  /** What cookies are for. Without it, a text may be about biscuits. */
  private static final Pattern PURPOSE =
      Pattern.compile(
          "\\b(?:(?:use|set|allow|accept|store)s? (?:\\w+ )?cookies|web|website|site|browser|analytics"
              + "|experience|device|consent|privacy|navig|seite|webs|datenschutz|nutz|einwillig"
              + "|verwende|utili[sz]|sito|sitio|stron)",
          Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE);

  /** Elements that a reader may click. */
  private static final Set<String> CONTROLS = Set.of("a", "button", "div", "label");

  private static final int MAX_ANSWER_CHARS = 60;

  private static final int MAX_DEPTH = 6;

  private static final int MIN_WORDS = 5;

  /** A longer text with such a control is a page about cookies. */
  private static final int MAX_WORDS = 150;

  private final TextCounts counts;
  private final Set<Element> found = new HashSet<>();

  private ConsentBanners(TextCounts counts) {
    this.counts = counts;
  }

  /** Returns the banners of a page. */
  static Set<Element> of(Element body, TextCounts counts) {
    ConsentBanners banners = new ConsentBanners(counts);
    NodeTraversor.traverse(banners, body);
    return banners.found;
  }

  @Override
  public void head(Node node, int depth) {
    if (node instanceof TextNode text && text.getWholeText().length() <= MAX_ANSWER_CHARS) {
      String words = text.getWholeText().strip();
      Element parent = text.parent();
      Element control = parent == null ? null : control(parent);
      if (control != null && ANSWER.matcher(words).matches()) {
        addAround(control);
      }
    }
  }

  private static Element control(Element parent) {
    Element control = parent;
    for (int i = 0; i < MAX_DEPTH && !CONTROLS.contains(control.normalName()); i++) {
      Element around = control.parent();
      if (around == null || around.childNodeSize() > 1) {
        break;
      }
      control = around;
    }
    return control;
  }

  /** Adds the smallest block around a control that speaks of cookies. */
  private void addAround(Element control) {
    if (!CONTROLS.contains(control.normalName()) && !control.attr("role").equals("button")) {
      return;
    }
    Element around = control.parent();
    for (int i = 0; around != null && i < MAX_DEPTH; i++) {
      TextCount count = counts.of(around);
      if (count.words() > MAX_WORDS || count.titles() > 0 || around.normalName().equals("body")) {
        return;
      }
      // At most MAX_WORDS controls are in a text this short, which bounds how often it is read.
      String text = count.words() < MIN_WORDS ? "" : around.text();
      if (SUBJECT.matcher(text).find() && PURPOSE.matcher(text).find()) {
        found.add(around);
        return;
      }
      around = around.parent();
    }
  }
}
