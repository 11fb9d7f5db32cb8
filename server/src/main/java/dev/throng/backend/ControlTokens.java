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

  private final Pattern pattern;

  private ControlTokens(Pattern pattern) {
    this.pattern = pattern;
  }

  /** Returns the markers of all common families. */
  public static ControlTokens known() {
    return new ControlTokens(Pattern.compile(KNOWN));
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
    return new ControlTokens(Pattern.compile(String.join("|", tokens)));
  }

  /**
   * Returns the text with a blank after the first character of every marker. It stays readable but
   * contains no marker.
   */
  public String neutralise(String text) {
    return pattern
        .matcher(text)
        .replaceAll(marker ->
            Matcher.quoteReplacement(marker.group().charAt(0) + " " + marker.group().substring(1)));
  }
}
