package dev.throng.parser.worker;

import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The address of a link, which is added after the link's text unless the text contains it. */
final class LinkTarget {
  private static final Set<String> SCHEMES = Set.of("http", "https", "ftp", "mailto", "tel");

  /** Longer addresses are of trackers and embedded images. */
  private static final int MAX_CHARS = 300;

  private @Nullable String target;
  private final StringBuilder words = new StringBuilder();

  /** Begins a link. Links are not nested. */
  void begin(@Nullable String href) {
    target = href == null ? null : href.strip();
    words.setLength(0);
  }

  void text(String part) {
    if (target != null && words.length() <= MAX_CHARS) {
      words.append(part);
    }
  }

  /** Ends a link and returns what to add after its text, which may be empty. */
  String end() {
    String address = target;
    target = null;
    if (address == null || words.toString().isBlank() || address.length() > MAX_CHARS) {
      return "";
    }
    String scheme =
        address.substring(0, Math.max(0, address.indexOf(':'))).toLowerCase(Locale.ROOT);
    String shown = shown(scheme, address);
    boolean isShown =
        scheme.equals("tel")
            ? digits(words).contains(digits(shown))
            : words.indexOf(shown.replaceAll("^https?://(?:www\\.)?|/$", "")) >= 0;
    return SCHEMES.contains(scheme) && !isShown ? " (" + shown + ")" : "";
  }

  private static String shown(String scheme, String address) {
    return switch (scheme) {
      case "mailto" -> address.substring("mailto:".length()).replaceFirst("\\?.*", "");
      case "tel" -> address.substring("tel:".length());
      default -> address;
    };
  }

  private static String digits(CharSequence words) {
    return words
        .chars()
        .filter(Character::isDigit)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }
}
