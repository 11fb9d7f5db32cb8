package dev.throng.parser.worker;

import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.Node;
import org.jsoup.select.Evaluator;
import org.jsoup.select.NodeFilter;
import org.jsoup.select.NodeTraversor;
import org.jsoup.select.QueryParser;
import org.jspecify.annotations.Nullable;

/** Finds what a mail in HTML quotes from earlier mails, in one traversal. */
final class QuotedElements implements NodeFilter {
  /** How mail programs mark the mail that they quote. */
  private static final Evaluator QUOTED =
      QueryParser.parse(
          "blockquote[type=cite], .gmail_quote, .yahoo_quoted, .protonmail_quote, .moz-cite-prefix");

  /** The line above what Outlook quotes: everything below it, which no element encloses. */
  private static final Evaluator OUTLOOK =
      QueryParser.parse(
          "#divRplyFwdMsg, #appendonsend, div[style~=(?i)border(-top)?\\s*:\\s*(none;\\s*border-top\\s*:\\s*)?solid #(E1E1E1|B5C4DF)]");

  private final Set<Element> found = new LinkedHashSet<>();

  /** Elements of which all further children are quoted. */
  private final Set<Node> quotedToTheEnd = new HashSet<>();

  private QuotedElements() {}

  /** Returns the outermost quoted elements, in order. */
  static Set<Element> of(Document page) {
    QuotedElements quoted = new QuotedElements();
    NodeTraversor.filter(quoted, page.body());
    return quoted.found;
  }

  @Override
  public FilterResult head(Node node, int depth) {
    if (!(node instanceof Element element)) {
      return FilterResult.CONTINUE;
    }
    @Nullable Node parent = element.parent();
    if (parent != null && element.is(OUTLOOK)) {
      quotedToTheEnd.add(parent);
    }
    boolean isQuoted = quotedToTheEnd.contains(parent) || element.is(QUOTED);
    if (isQuoted) {
      found.add(element);
    }
    return isQuoted ? FilterResult.SKIP_ENTIRELY : FilterResult.CONTINUE;
  }
}
