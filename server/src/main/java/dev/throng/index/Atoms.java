package dev.throng.index;

import dev.throng.backend.Embedder;
import dev.throng.backend.TokenSpans;
import dev.throng.index.Context.Section;
import dev.throng.parser.api.ParsedBlock;
import dev.throng.parser.api.ParsedBlock.Kind;
import dev.throng.parser.client.BlockReader;
import java.text.BreakIterator;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A document's atoms and their text, read on demand and dropped when they are no longer needed.
 * Atoms are numbered from 0 through the whole document.
 */
final class Atoms {
  /** Characters tokenised in one call, so that memory does not grow with the document. */
  private static final int TOKENIZE_CHARS = 50_000;

  /** Finished atoms are dropped in batches of this size, because dropping shifts the others. */
  private static final int FORGET_ATOMS = 1_000;

  private final BlockReader blocks;
  private final Embedder embedder;
  private final int maxTokens;

  private final List<Atom> atoms = new ArrayList<>();
  private int firstAtom;

  /** The text of the document from the character {@code textStart} onwards. */
  private final StringBuilder text = new StringBuilder();

  private int textStart;

  private @Nullable ParsedBlock ahead;
  private @Nullable Kind previous;
  private int blockCount;
  private @Nullable Section section;
  private @Nullable String tableHeader;
  private Context context = new Context(null, null);

  /**
   * Creates the atoms of a document.
   *
   * @param maxTokens a longer sentence is cut
   */
  Atoms(BlockReader blocks, Embedder embedder, int maxTokens) {
    this.blocks = blocks;
    this.embedder = embedder;
    this.maxTokens = maxTokens;
    this.ahead = blocks.next();
  }

  /** Returns whether there is an atom with that number, reading as far as necessary. */
  boolean has(int atom) {
    while (atom - firstAtom >= atoms.size() && ahead != null) {
      readWindow();
    }
    return atom - firstAtom < atoms.size();
  }

  Atom get(int atom) {
    if (!has(atom)) {
      throw new IndexOutOfBoundsException(atom);
    }
    return atoms.get(atom - firstAtom);
  }

  /** Returns whether the atom begins another block than the previous one. */
  boolean startsBlock(int atom) {
    return get(atom).block() != get(atom - 1).block();
  }

  /** Returns the text from the start of one atom to the end of the last one before {@code to}. */
  String text(int from, int to) {
    return text.substring(get(from).start() - textStart, get(to - 1).end() - textStart);
  }

  boolean startsInsideWord(int atom) {
    return isInsideWord(get(atom).start() - textStart);
  }

  /** Drops the atoms before the given one, which must not be requested any more. */
  void forget(int before) {
    int done = Math.min(before - firstAtom, atoms.size()) - 1;
    if (done < FORGET_ATOMS) {
      return;
    }
    atoms.subList(0, done).clear();
    firstAtom += done;
    // The previous atom is kept, and with it the character that shows whether a word is split.
    int chars = atoms.getFirst().start() - textStart;
    text.delete(0, chars);
    textStart += chars;
  }

  /** Reads as many blocks as can be tokenised in one call. */
  private void readWindow() {
    List<ParsedBlock> window = new ArrayList<>();
    List<Integer> starts = new ArrayList<>();
    int windowStart = -1;
    for (ParsedBlock block = ahead; block != null; block = ahead) {
      int separator = ParsedBlock.separator(previous, block.kind()).length();
      int start = text.length() + separator;
      boolean isFull =
          windowStart >= 0 && start + block.text().length() - windowStart > TOKENIZE_CHARS;
      if (isFull) {
        break;
      }
      windowStart = windowStart < 0 ? start : windowStart;
      text.append(ParsedBlock.separator(previous, block.kind())).append(block.text());
      previous = block.kind();
      starts.add(start);
      window.add(block);
      ahead = blocks.next();
    }
    TokenSpans tokens = embedder.tokenSpans(text.substring(windowStart));
    for (int i = 0; i < window.size(); i++) {
      enter(window.get(i));
      addAtoms(window.get(i), starts.get(i), tokens, windowStart);
      leave(window.get(i));
    }
  }

  private void enter(ParsedBlock block) {
    boolean isInTable = block.kind() == Kind.TABLE_ROW;
    if (block.kind() == Kind.HEADING) {
      Section around = Section.around(section, block.level());
      context = new Context(around, null);
      tableHeader = null;
    } else if (tableHeader != null && !isInTable) {
      tableHeader = null;
      context = new Context(section, null);
    }
  }

  private void leave(ParsedBlock block) {
    blockCount++;
    if (block.kind() == Kind.HEADING) {
      section = new Section(block.level(), block.text(), Section.around(section, block.level()));
      context = new Context(section, null);
    } else if (block.kind() == Kind.TABLE_HEADER) {
      tableHeader = block.text();
      context = new Context(section, tableHeader);
    }
  }

  private void addAtoms(ParsedBlock block, int start, TokenSpans tokens, int windowStart) {
    boolean isProse = block.kind() == Kind.PARAGRAPH || block.kind() == Kind.CODE;
    int end = start + block.text().length();
    if (!isProse && tokens.countIn(start - windowStart, end - windowStart) <= maxTokens) {
      add(block, start, end, tokens, windowStart);
      return;
    }
    BreakIterator sentences = BreakIterator.getSentenceInstance(Locale.ROOT);
    sentences.setText(block.text());
    int from = start;
    for (int next = sentences.next(); next != BreakIterator.DONE; next = sentences.next()) {
      addPieces(block, from, start + next, tokens, windowStart);
      from = start + next;
    }
  }

  /** Adds one atom for a sentence, or several when it is too long for half a chunk. */
  private void addPieces(
      ParsedBlock block, int start, int end, TokenSpans tokens, int windowStart) {
    int from = start;
    while (tokens.countIn(from - windowStart, end - windowStart) > maxTokens) {
      int cut = cut(tokens, tokens.firstAt(from - windowStart), windowStart);
      add(block, from, cut, tokens, windowStart);
      from = cut;
    }
    if (from < end) {
      add(block, from, end, tokens, windowStart);
    }
  }

  /**
   * Returns where to cut so that at most {@code maxTokens} tokens precede the cut. It cuts between
   * words if possible, because the rest of a split word has other tokens, and perhaps more of them.
   */
  private int cut(TokenSpans tokens, int firstToken, int windowStart) {
    for (int token = firstToken + maxTokens; token > firstToken; token--) {
      int position = tokens.start(token) + windowStart;
      if (!isInsideWord(position)) {
        return position;
      }
    }
    return tokens.start(firstToken + maxTokens) + windowStart;
  }

  private boolean isInsideWord(int position) {
    return position > 0
        && Character.isLetterOrDigit(text.codePointBefore(position))
        && Character.isLetterOrDigit(text.codePointAt(position));
  }

  private void add(ParsedBlock block, int start, int end, TokenSpans tokens, int windowStart) {
    atoms.add(
        new Atom(
            block.kind(),
            blockCount,
            block.page(),
            textStart + start,
            textStart + end,
            tokens.countIn(start - windowStart, end - windowStart),
            context));
  }
}
