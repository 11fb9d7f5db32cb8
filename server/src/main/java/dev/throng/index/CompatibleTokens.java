package dev.throng.index;

import dev.throng.backend.Embedder;
import dev.throng.backend.TokenSpans;
import dev.throng.core.UnicodeForms;
import java.util.Arrays;

/** Counts tokens as they are embedded, which is in the compatible form of a text. */
final class CompatibleTokens {
  private CompatibleTokens() {}

  /** Returns the tokens of the compatible form, at their places in the text itself. */
  static TokenSpans of(String text, Embedder embedder) {
    if (UnicodeForms.compatible(text).equals(text)) {
      return embedder.tokenSpans(text);
    }
    StringBuilder forms = new StringBuilder(text.length() + 16);
    int[] origins = new int[text.length() + 16];
    for (int at = 0; at < text.length(); at += Character.charCount(text.codePointAt(at))) {
      int from = forms.length();
      forms.append(UnicodeForms.compatible(Character.toString(text.codePointAt(at))));
      if (forms.length() > origins.length) {
        origins = Arrays.copyOf(origins, 2 * forms.length());
      }
      Arrays.fill(origins, from, forms.length(), at);
    }
    TokenSpans tokens = embedder.tokenSpans(forms.toString());
    int[] starts = new int[tokens.count()];
    int[] ends = new int[tokens.count()];
    for (int token = 0; token < tokens.count(); token++) {
      starts[token] = origins[tokens.start(token)];
      ends[token] = origins[Math.max(tokens.start(token), tokens.end(token) - 1)] + 1;
    }
    return new TokenSpans(starts, ends);
  }
}
