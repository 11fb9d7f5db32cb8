package dev.throng.janitor;

import dev.throng.core.ThrongException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Finds several texts in bytes in a single pass, ignoring the case of ASCII letters (Aho and
 * Corasick, "Efficient string matching", CACM 18(6), 1975).
 */
public final class SoughtTokens {
  /** Each character takes a kilobyte of the automaton. */
  private static final int MAX_TOKENS = 500;

  /** Shorter texts would be found by chance. */
  private static final int MIN_CHARS = 8;

  private static final int MAX_CHARS = 64;
  private static final int BYTES = 256;

  private final List<String> tokens;

  /** The next state, by state and byte. */
  private final List<int[]> next = new ArrayList<>();

  /** The tokens that end at each state. */
  private final List<Set<Integer>> ends = new ArrayList<>();

  private SoughtTokens(List<String> tokens) {
    this.tokens = tokens;
    newState();
    for (int i = 0; i < tokens.size(); i++) {
      insert(tokens.get(i), i);
      insert(tokens.get(i).toLowerCase(Locale.ROOT), i); // lower-cases letters outside ASCII
    }
    link();
  }

  /**
   * Creates the automaton for some tokens.
   *
   * @param tokens 1 to 500, of 8 to 64 characters each
   * @throws ThrongException INVALID_FIELD, which does not repeat them
   */
  public static SoughtTokens of(List<String> tokens) {
    if (tokens.isEmpty() || tokens.size() > MAX_TOKENS) {
      throw ThrongException.invalidField(
          "tokens", tokens.size() + " of them", "1 to %d texts".formatted(MAX_TOKENS));
    }
    for (int i = 0; i < tokens.size(); i++) {
      int length = tokens.get(i).length();
      if (length < MIN_CHARS || length > MAX_CHARS) {
        throw ThrongException.invalidField(
            "tokens[%d]".formatted(i),
            length + " characters",
            "%d to %d characters".formatted(MIN_CHARS, MAX_CHARS));
      }
    }
    return new SoughtTokens(List.copyOf(tokens));
  }

  public List<String> texts() {
    return tokens;
  }

  private int newState() {
    int[] nowhere = new int[BYTES];
    Arrays.fill(nowhere, -1);
    next.add(nowhere);
    ends.add(new HashSet<>());
    return next.size() - 1;
  }

  private void insert(String token, int number) {
    int state = 0;
    for (byte each : token.getBytes(StandardCharsets.UTF_8)) {
      int letter = lower(each);
      int to = next.get(state)[letter];
      if (to < 0) {
        to = newState();
        next.get(state)[letter] = to;
      }
      state = to;
    }
    ends.get(state).add(number);
  }

  /**
   * Fills every missing transition with the transition of the longest suffix that is also a prefix.
   */
  private void link() {
    int[] fallback = new int[next.size()];
    Deque<Integer> queue = new ArrayDeque<>();
    for (int letter = 0; letter < BYTES; letter++) {
      int to = next.getFirst()[letter];
      if (to < 0) {
        next.getFirst()[letter] = 0;
      } else {
        queue.add(to);
      }
    }
    while (!queue.isEmpty()) {
      int state = queue.remove();
      ends.get(state).addAll(ends.get(fallback[state]));
      for (int letter = 0; letter < BYTES; letter++) {
        int to = next.get(state)[letter];
        int behindFallback = next.get(fallback[state])[letter];
        if (to < 0) {
          next.get(state)[letter] = behindFallback;
        } else {
          fallback[to] = behindFallback;
          queue.add(to);
        }
      }
    }
  }

  private static int lower(byte each) {
    return each >= 'A' && each <= 'Z' ? each + 'a' - 'A' : each & 0xFF;
  }

  /** Starts a scan. */
  public Scan scan() {
    return new Scan();
  }

  /** What was found so far. Used by one thread. */
  public final class Scan {
    private final BitSet found = new BitSet();
    private int state;

    private Scan() {}

    /** Scans a separate text. */
    public void text(String text) {
      bytes(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Scans separate bytes. */
    public void bytes(byte[] bytes) {
      state = 0;
      more(bytes, bytes.length);
    }

    /** Continues with bytes that follow the previous ones. */
    public void more(byte[] bytes, int length) {
      for (int i = 0; i < length; i++) {
        state = next.get(state)[lower(bytes[i])];
        if (!ends.get(state).isEmpty()) {
          ends.get(state).forEach(found::set);
        }
      }
    }

    /** Starts another sequence of bytes. */
    public void restart() {
      state = 0;
    }

    /** Records a token that was found in another way. */
    public void note(int token) {
      found.set(token);
    }

    /** Returns the tokens that were found, by their position in the list, from 1. */
    public List<Integer> found() {
      return found.stream().mapToObj(token -> token + 1).toList();
    }
  }
}
