package dev.throng.backend;

import java.util.LinkedHashSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The markers by which a model distinguishes roles. Markers in a raw prompt are tokenised as such,
 * so a document that contains one could end the user's turn and speak as the system. This class
 * breaks them up.
 */
public final class ControlTokens {
  /** Markers of the common template families, and Ollama's own placeholder for images. */
  private static final String KNOWN =
      "<\\|[^|<>\\s]{1,40}\\|>|</?s>|<(?:start|end)_of_turn>|<(?:bos|eos|pad|unk)>|\\[/?INST\\]|<</?SYS>>"
          + "|\\[(?:/?(?:AVAILABLE_TOOLS|TOOL_CALLS|TOOL_RESULTS|SYSTEM_PROMPT))\\]|</?think>"
          + "|<｜[^｜<>]{1,40}｜>|\\[img-\\d+\\]|\\[img\\]";

  private static final Pattern IN_TEMPLATE =
      Pattern.compile("<[^<>\\s]{1,40}>|\\[/?[A-Z_]{2,30}\\]");

  private static final ControlTokens COMMON = new ControlTokens(KNOWN);

  private final Pattern pattern;

  private ControlTokens(String markers) {
    this.pattern = Pattern.compile(markers);
  }

  /** Returns the markers of all common families. */
  public static ControlTokens known() {
    return COMMON;
  }

  /**
   * Returns the common markers and everything between the placeholders of a rendered template.
   *
   * @param template rendered with words that do not look like tokens
   */
  public static ControlTokens of(String template) {
    Set<String> tokens = new LinkedHashSet<>();
    Matcher found = IN_TEMPLATE.matcher(template);
    while (found.find()) {
      tokens.add(Pattern.quote(found.group()));
    }
    tokens.add(KNOWN);
    return new ControlTokens(String.join("|", tokens));
  }

  /**
   * Returns the text with a blank after the first character of every marker. It stays readable but
   * contains no marker.
   */
  public String neutralise(String text) {
    StringBuilder safe = new StringBuilder(text.length());
    Matcher marker = pattern.matcher(text);
    int copied = 0;
    // The pattern is tried only where a marker may begin: trying it everywhere takes milliseconds.
    int at = nextBracket(text, 0);
    while (at < text.length()) {
      int end = at + 1;
      if (marker.region(at, text.length()).lookingAt()) {
        end = marker.end();
        safe.append(text, copied, at + 1).append(' ').append(text, at + 1, end);
        copied = end;
      }
      at = nextBracket(text, end);
    }
    return safe.append(text, copied, text.length()).toString();
  }

  /** Returns where the next character is with which every marker begins, or the text's length. */
  private static int nextBracket(String text, int from) {
    int at = from;
    while (at < text.length() && text.charAt(at) != '<' && text.charAt(at) != '[') {
      at++;
    }
    return at;
  }
}
