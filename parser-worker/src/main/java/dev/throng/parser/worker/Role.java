package dev.throng.parser.worker;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jsoup.nodes.Element;

/** What an element's name, role, class and id say about its part in a page. It is only a hint. */
enum Role {
  /** Menus and paths to the page. */
  NAVIGATION(
      "nav navi navbar navigation breadcrumb breadcrumbs menu topbar masthead pagination pager"
          + " skip skiplink metanav subnav"),
  FOOTER("footer colophon copyright"),
  /** What a site says to all its readers, whatever the page is about. */
  NOISE(
      "cookie cookies consent gdpr advert ad ads advertisement advertising sponsor sponsored promo"
          + " paywall disqus outbrain taboola banner modal popup lightbox"),
  /** Buttons that pass a page on. */
  SHARING("share sharing sharebar social"),
  /** Forms of newsletters. */
  SIGN_UP("newsletter subscribe subscription signup"),
  /** Lists of other pages. */
  LINKS("related recommended recommendations sidebar similar"),
  /** What is a list of other pages beside an article, and content where a page is a directory. */
  HIGHLIGHTS("sitemap popular trending teaser teasers promoted mostread bestof"),
  /** What is a list of other pages where it stands outside of the content. */
  MAYBE_LINKS("header widget widgets aside rail carousel latest more most tags tag toolbar links"),
  NONE("");

  private static final int MAX_CHARS = 300;

  private static final Map<String, Role> NAMES = new HashMap<>();

  static {
    for (Role role : values()) {
      for (String name : role.names.split(" ", -1)) {
        NAMES.put(name, role);
      }
    }
  }

  private static final Set<String> CONTAINERS =
      Set.of("div", "section", "aside", "header", "form", "dialog", "ul", "ol", "table", "menu");

  private static final Set<String> NAVIGATION_ROLES =
      Set.of("navigation", "menu", "menubar", "search", "banner");

  private final String names;

  Role(String names) {
    this.names = names;
  }

  /** Returns the role of an element. Titles and paragraphs have none. */
  static Role of(Element element) {
    String role = element.attr("role");
    String name = element.normalName();
    if (name.equals("nav") || NAVIGATION_ROLES.contains(role)) {
      return NAVIGATION;
    }
    if (name.equals("footer") || role.equals("contentinfo")) {
      return FOOTER;
    }
    if (!CONTAINERS.contains(name)) {
      return NONE;
    }
    String classes = element.className();
    boolean isSection =
        name.equals("section") || (name.equals("div") && element.hasClass("section"));
    Role found = named(isSection ? classes : classes + ' ' + element.id()); // named by its title
    boolean isAside = name.equals("aside") || name.equals("header");
    return found == NONE && isAside ? MAYBE_LINKS : found;
  }

  private static Role named(String names) {
    if (names.length() > MAX_CHARS) {
      return NONE;
    }
    for (String name : names.split("[^A-Za-z]+|(?<=[a-z])(?=[A-Z])", -1)) {
      Role found = NAMES.get(name.toLowerCase(Locale.ROOT));
      if (found != null && !name.isEmpty()) {
        return found;
      }
    }
    return NONE;
  }
}
