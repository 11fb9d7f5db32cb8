package dev.throng.parser.worker;

import java.util.regex.Pattern;
import org.jsoup.nodes.Element;
import org.jspecify.annotations.Nullable;

/** The heading that names a page. The name of the site, which many sites mark alike, is none. */
final class PageTitle {
  private static final Pattern LOGO =
      Pattern.compile(
          "(?:^|[\\s_-])(?:logo|brand|site-?(?:title|name))(?:$|[\\s_-])",
          Pattern.CASE_INSENSITIVE);

  /** Addresses of a site's first page. */
  private static final Pattern HOME = Pattern.compile("(?:https?://[^/]+)?/?(?:index\\.\\w+)?");

  private static final int MAX_DEPTH = 3;

  private PageTitle() {}

  /** Returns the first heading of the first level that is not the name of the site, or null. */
  static @Nullable Element heading(Element body) {
    return body.selectStream("h1").filter(PageTitle::isTitle).findFirst().orElse(null);
  }

  /** Returns whether an element is a heading of the first level that is not the name of a site. */
  static boolean isTitle(Element element) {
    return element.normalName().equals("h1") && !isLogo(element);
  }

  private static boolean isLogo(Element heading) {
    Element inner = heading;
    for (int i = 0; inner != null && i <= MAX_DEPTH; i++) {
      String target = inner.attr("href");
      if (LOGO.matcher(inner.className() + ' ' + inner.id()).find()
          || (!target.isEmpty() && HOME.matcher(target).matches())) {
        return true;
      }
      inner = inner.firstElementChild();
    }
    return false;
  }
}
