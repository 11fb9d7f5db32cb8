package dev.throng.parser.worker;

import java.util.HashSet;
import java.util.Set;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.Node;
import org.jsoup.nodes.TextNode;
import org.jsoup.select.NodeFilter;
import org.jsoup.select.NodeTraversor;

/**
 * The parts of a page that are around its content: menus, banners, lists of other pages, footers.
 * They are known by what they contain and where they stand. What their elements are called is only
 * a hint, because the same names are given to content, too. In doubt, a part is content.
 */
final class Boilerplate implements NodeFilter {
  private static final Set<String> ARTICLES = Set.of("article", "blockquote", "figure");

  private static final Set<Role> MAYBE_CONTENT = Set.of(Role.NONE, Role.MAYBE_LINKS);

  private static final int MAX_NOISE_WORDS = 200;

  private static final double MAX_BANNER_SHARE = 0.5;

  private static final int MAX_WORDS_PER_BUTTON = 3;

  private static final double MAX_MENU_SHARE = 0.3;

  /** With fewer words left, what was left out is the content. */
  private static final int MIN_WORDS = 5;

  private final TextCounts counts;
  private final HiddenText hidden;
  private final MainContent main;
  private final Set<Element> banners;
  private final int pageWords;
  private final Set<Element> elements = new HashSet<>();
  private int mainDepth;
  private int articleDepth;
  private boolean isMainSeen;
  private int wordsSeen;
  private final Set<Element> parts = new HashSet<>();
  private int partDepth;
  private boolean isContentEnded;
  private boolean isTitleSeen;
  private int words;
  private int choiceWords;
  private int addresses;

  private Boilerplate(Element body, TextCounts counts, HiddenText hidden) {
    this.counts = counts;
    this.hidden = hidden;
    this.main = MainContent.of(body, counts);
    this.banners = ConsentBanners.of(body, counts);
    this.pageWords = counts.of(body).words();
  }

  /** Returns the boilerplate of a page, which may be none. */
  static Boilerplate of(Element body, TextCounts counts, HiddenText hidden) {
    Boilerplate boilerplate = new Boilerplate(body, counts, hidden);
    NodeTraversor.filter(boilerplate, body);
    if (boilerplate.words > 0 && boilerplate.pageWords - boilerplate.words < MIN_WORDS) {
      boilerplate.elements.clear(); // a page of links only is a directory
      boilerplate.words = 0;
      boilerplate.choiceWords = 0;
      boilerplate.addresses = 0;
    }
    return boilerplate;
  }

  /** Returns the outermost elements of the boilerplate. */
  Set<Element> elements() {
    return elements;
  }

  /** Returns whether most of the page is running text, such as an article. */
  boolean isArticle() {
    return main.isArticle();
  }

  /** Returns how many words the boilerplate has, without those of long choices. */
  int words() {
    return words;
  }

  /** Returns how many words are in choices that are too long to be content. */
  int choiceWords() {
    return choiceWords;
  }

  /** Returns how many links to other sites are in the boilerplate. */
  int addresses() {
    return addresses;
  }

  @Override
  public FilterResult head(Node node, int depth) {
    if (node instanceof TextNode text) {
      wordsSeen += TextCount.words(text.getWholeText());
    }
    if (!(node instanceof Element element)) {
      return FilterResult.CONTINUE;
    }
    if (hidden.contains(element)) {
      return FilterResult.SKIP_ENTIRELY;
    }
    TextCount count = counts.of(element);
    if (element.normalName().equals("select") && count.options() > TextCounts.MAX_OPTIONS) {
      elements.add(element);
      choiceWords += count.words();
      return FilterResult.SKIP_ENTIRELY;
    }
    boolean isPart = isContentPart(element, count);
    if (count.words() > 0 && !isPart && !main.isIn(element) && isBoilerplate(element, count)) {
      isContentEnded |= isMainSeen && mainDepth == 0;
      elements.add(element);
      words += count.words();
      addresses += count.addresses();
      return FilterResult.SKIP_ENTIRELY;
    }
    if (isPart) {
      parts.add(element);
      partDepth++;
    }
    isTitleSeen |= PageTitle.isTitle(element);
    isMainSeen |= main.isRoot(element);
    mainDepth += main.isRoot(element) ? 1 : 0;
    articleDepth += ARTICLES.contains(element.normalName()) ? 1 : 0;
    return FilterResult.CONTINUE;
  }

  @Override
  public FilterResult tail(Node node, int depth) {
    if (node instanceof Element element) {
      partDepth -= parts.contains(element) ? 1 : 0;
      mainDepth -= main.isRoot(element) ? 1 : 0;
      articleDepth -= ARTICLES.contains(element.normalName()) ? 1 : 0;
    }
    return FilterResult.CONTINUE;
  }

  /**
   * Returns whether an element near the running text is content although it has many links. The
   * first list of other pages after that text ends the content.
   */
  private boolean isContentPart(Element element, TextCount count) {
    boolean mayBe =
        main.isArticle()
            && mainDepth == 0
            && !main.isIn(element)
            && !isContentEnded
            && MAYBE_CONTENT.contains(Role.of(element));
    return mayBe
        && ((main.isOfOneKind(element) && hidden.isUndisplayed(element)) // another tab
            || (main.isBesideTitle(element)
                && (isTitleSeen || isMainSeen)
                && (ContentPart.isTitled(element, count) || ContentPart.isTable(element))));
  }

  private boolean isBoilerplate(Element element, TextCount count) {
    double linkShare = (double) count.linkWords() / count.words();
    double share = (double) count.words() / pageWords;
    if (element.normalName().equals("a")) {
      return !isMainSeen && !isTitleSeen && element.className().contains("skip");
    }
    if (banners.contains(element)) {
      return share < MAX_BANNER_SHARE;
    }
    if ((!isInList(element) && !isBelowHeading(element) && isLegalFooter(count, linkShare))
        || isListOfTeasers(element, count, linkShare)
        || (isUntitled(count) && wordsSeen == 0 && isFirstMenu(count, linkShare, share))) {
      return true;
    }
    boolean isOutside = main.exists() && mainDepth == 0;
    boolean isUntitled = isUntitled(count);
    boolean isAroundContent = main.isArticle() || isOutside;
    boolean isNoise = isUntitled && share < 0.3 && count.words() < MAX_NOISE_WORDS;
    return switch (Role.of(element)) {
      case NAVIGATION ->
          (linkShare >= 0.5 && !isDirectory(count, share))
              || (isMenuOfParts(element, count) && isOutside);
      case FOOTER -> linkShare >= 0.5 || (share < 0.4 && mainDepth == 0 && articleDepth == 0);
      case NOISE -> isNoise && isAroundContent;
      case SHARING -> isNoise && (isAroundContent || isOfButtons(count, linkShare));
      case SIGN_UP -> isNoise && (isAroundContent || count.fields() > 0);
      case LINKS -> isUntitled && linkShare >= 0.3 && count.links() >= 1 && isAroundContent;
      case HIGHLIGHTS -> isUntitled && isAroundContent && linkShare >= 0.3 && count.links() >= 1;
      case MAYBE_LINKS ->
          isUntitled && isOutside && partDepth == 0 && isOfTeasers(count, linkShare);
      case NONE -> isUntitled && isOutside && partDepth == 0 && isList(count, linkShare);
    };
  }

  /** Returns whether a short list of links has the title of other pages. */
  private static boolean isListOfTeasers(Element element, TextCount count, double linkShare) {
    return isUntitled(count)
        && linkShare >= 0.4
        && count.links() >= 2
        && count.words() < MAX_NOISE_WORDS
        && TeaserTitle.isFirstIn(element);
  }

  private static boolean isOfButtons(TextCount count, double linkShare) {
    return linkShare >= 0.5 && count.words() <= MAX_WORDS_PER_BUTTON * count.links();
  }

  private static boolean isUntitled(TextCount count) {
    return count.titles() == 0;
  }

  /** Returns whether the first words of a page are links only, as those of a menu. */
  private boolean isFirstMenu(TextCount count, double linkShare, double share) {
    return mainDepth == 0 && linkShare >= 0.8 && count.links() >= 4 && share < MAX_MENU_SHARE;
  }

  /** Returns whether links inside the content are what a page is about. */
  private boolean isDirectory(TextCount count, double share) {
    boolean isInside = mainDepth > 0 && !main.isArticle();
    return isInside && (share >= MAX_MENU_SHARE || count.headings() >= 2);
  }

  private static boolean isBelowHeading(Element element) {
    Element before = element.previousElementSibling();
    return before != null && HtmlNames.HEADINGS.contains(before.normalName());
  }

  /** Returns whether an element is a part of a list, such as a chapter of a site's contents. */
  private static boolean isInList(Element element) {
    Element parent = element.parent();
    return element.normalName().equals("li")
        || (parent != null && parent.normalName().equals("li"));
  }

  /** Returns whether it is a short list after the content, with links that every site has. */
  private boolean isLegalFooter(TextCount count, double linkShare) {
    boolean isAfter = main.exists() ? isMainSeen && mainDepth == 0 : wordsSeen * 2 > pageWords;
    return isAfter
        && isUntitled(count)
        && count.words() <= MAX_NOISE_WORDS
        && count.headings() == 0 // the legal pages of a site may be what a page is about
        && linkShare >= 0.3
        && count.legalLinks() >= 2
        && count.legalLinks() * 2 >= count.links();
  }

  private static boolean isOfTeasers(TextCount count, double linkShare) {
    return (linkShare >= 0.35 && count.links() >= 2) || (linkShare >= 0.25 && count.links() >= 8);
  }

  /** Returns whether an element is a menu of what is on this page. */
  private static boolean isMenuOfParts(Element element, TextCount count) {
    return element.normalName().equals("nav") && count.proseWords() == 0;
  }

  /** Returns whether a part outside of the content is a list of other pages. */
  private boolean isList(TextCount count, double linkShare) {
    if (main.isArticle()) {
      return linkShare >= 0.35 && count.links() >= 3;
    }
    boolean isBefore = !isMainSeen && !isTitleSeen;
    return isBefore && linkShare >= 0.8 && count.links() >= 3;
  }
}
