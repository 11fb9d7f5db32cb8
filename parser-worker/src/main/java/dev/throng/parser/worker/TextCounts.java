package dev.throng.parser.worker;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.Node;
import org.jsoup.nodes.TextNode;
import org.jsoup.select.NodeFilter;
import org.jsoup.select.NodeTraversor;

/** The text of each block, button and link of a page, counted in words in one traversal. */
final class TextCounts implements NodeFilter {
  /** A run of this many words outside of links is running text, not a label. */
  private static final int MIN_PROSE_WORDS = 12;

  /** A longer choice has all countries of the world, for instance. */
  static final int MAX_OPTIONS = 40;

  /** Names of the pages that the law requires of every site. */
  private static final Pattern LEGAL =
      Pattern.compile(
          "(?:our )?(?:privacy|data (?:privacy|protection)|imprint|legal(?: notice)?$|terms|cookies?\\b"
              + "|disclaimer|accessibility|gtc$|t&cs?$|impressum|datenschutz|agb$|widerruf|barrierefreiheit"
              + "|mentions l\u00e9gales|politique de c|confidentialit|aviso legal|pol\u00edtica de (?:priv|cook)"
              + "|note legali|informativa|privacidad|integritet|personvern)",
          Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE);

  /** The types of fields to write in. */
  private static final Set<String> TYPED = Set.of("", "text", "email");

  /** What a page offers itself: addresses of persons, telephones and files. */
  private static final Pattern CONTENT =
      Pattern.compile(
          "tel:.*|mailto:[^?]+@.*"
              + "|[^?#]+\\.(?:pdf|docx?|xlsx?|pptx?|od[tsp]|rtf|csv|zip|epub|ics|dwg|stp)(?:[?#].*)?",
          Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

  private static final int MAX_LEGAL_WORDS = 5;

  private static final Set<String> CONTROLS = Set.of("button", "summary", "option");

  private final HiddenText hidden;
  private final Map<Element, TextCount> counts = new HashMap<>();
  private final Deque<TextCount> open = new ArrayDeque<>();
  private int linkDepth;
  private int pageLinkDepth;
  private int runWords;
  private final List<Element> runLinks = new ArrayList<>();
  private final Set<Element> linksBesideWords = new HashSet<>();

  private TextCounts(HiddenText hidden) {
    this.hidden = hidden;
    open.push(new TextCount());
  }

  /** Counts what is in an element, without what is hidden. */
  static TextCounts of(Element root, HiddenText hidden) {
    TextCounts counts = new TextCounts(hidden);
    NodeTraversor.filter(counts, root);
    return counts;
  }

  /** The words of a long choice are no text of the element around it. */
  private static boolean isLongChoice(String name, TextCount count) {
    return name.equals("select") && count.options() > MAX_OPTIONS;
  }

  /** Returns the text of a block, button, summary or link. It is empty for any other element. */
  TextCount of(Element element) {
    TextCount count = counts.get(element);
    return count == null ? new TextCount() : count;
  }

  /** Returns whether a link is in running text or behind a label, not alone or beside others. */
  boolean isBesideWords(Element link) {
    return linksBesideWords.contains(link);
  }

  private static boolean isCounted(String name) {
    return HtmlNames.isBlock(name) || CONTROLS.contains(name) || name.equals("a");
  }

  @Override
  public FilterResult head(Node node, int depth) {
    if (node instanceof TextNode text) {
      int words = TextCount.words(text.getWholeText());
      open.element().addText(words, pageLinkDepth > 0);
      runWords += linkDepth > 0 ? 0 : words;
    } else if (node instanceof Element element) {
      if (hidden.contains(element)) {
        return FilterResult.SKIP_ENTIRELY;
      }
      begin(element, element.normalName());
    }
    return FilterResult.CONTINUE;
  }

  private void begin(Element element, String name) {
    if (HtmlNames.isBlock(name) || name.equals("option")) {
      endRun();
    }
    if (isCounted(name)) {
      TextCount count = new TextCount();
      open.push(count);
      if (HtmlNames.HEADINGS.contains(name)) {
        count.addHeading(PageTitle.isTitle(element));
      } else if (name.equals("option")) {
        count.addOption();
      }
    }
    if (name.equals("input") && TYPED.contains(element.attr("type").toLowerCase(Locale.ROOT))) {
      open.element().addField();
    }
    if (isLink(element, name)) {
      linkDepth++;
      pageLinkDepth += isOfPage(element) ? 1 : 0;
      runLinks.add(element);
      open.element().addLink(element.attr("href").contains("://"));
    }
  }

  /** Returns whether an element leads to another page. The parts of a page are no other pages. */
  private static boolean isLink(Element element, String name) {
    String target = element.attr("href");
    boolean isPart = target.startsWith("#") && target.length() > 1;
    return name.equals("button") || (name.equals("a") && !isPart);
  }

  @Override
  public FilterResult tail(Node node, int depth) {
    if (node instanceof Element element) {
      String name = element.normalName();
      if (HtmlNames.isBlock(name)) {
        endRun();
      }
      if (isLink(element, name)) {
        linkDepth--;
        pageLinkDepth -= isOfPage(element) ? 1 : 0;
      }
      if (isCounted(name)) {
        TextCount count = open.pop();
        counts.put(element, count);
        if (name.equals("a") && count.words() > 0) {
          count.addNamedLink();
        }
        if (name.equals("a") && isLegal(element, count)) {
          count.addLegalLink();
        }
        if (!isLongChoice(name, count)) {
          open.element().add(count);
        }
      }
    }
    return FilterResult.CONTINUE;
  }

  /** Returns whether a link leads to a page, not to a file, a mailbox or a telephone. */
  private static boolean isOfPage(Element link) {
    return !CONTENT.matcher(link.attr("href")).matches();
  }

  private static boolean isLegal(Element link, TextCount count) {
    return count.words() > 0
        && count.words() <= MAX_LEGAL_WORDS
        && LEGAL.matcher(link.text()).lookingAt();
  }

  private void endRun() {
    if (runWords > 0) {
      linksBesideWords.addAll(runLinks);
    }
    runLinks.clear();
    if (runWords >= MIN_PROSE_WORDS) {
      open.element().addProse(runWords);
    }
    runWords = 0;
  }
}
