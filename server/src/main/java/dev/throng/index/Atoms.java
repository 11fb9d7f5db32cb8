package dev.throng.index;

import dev.throng.backend.Embedder;
import dev.throng.backend.TokenSpans;
import dev.throng.core.Layout;
import dev.throng.core.Sentences;
import dev.throng.core.TextRange;
import dev.throng.index.Atom.PageStart;
import dev.throng.index.Context.Section;
import dev.throng.parser.api.ParsedBlock;
import dev.throng.parser.api.ParsedBlock.Kind;
import dev.throng.parser.api.TextLine;
import dev.throng.parser.client.BlockReader;
import java.util.ArrayList;
import java.util.List;
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

  /**
   * A block in the text that is read.
   *
   * @param start of its text
   */
  private record Placed(ParsedBlock block, int start) {}

  private final BlockReader blocks;
  private final Embedder embedder;
  private final int maxTokens;

  private final List<Atom> atoms = new ArrayList<>();
  private int firstAtom;

  /** The text of the document from the character {@code textStart} onwards. */
  private final StringBuilder text = new StringBuilder();

  private int textStart;

  private final PlacedLines lines;
  private @Nullable ParsedBlock ahead;
  private @Nullable Kind previous;
  private int blockCount;
  private @Nullable Section section;
  private @Nullable String tableCaption;
  private @Nullable String tableHeader;
  private Context context = new Context(null, null, null);

  /**
   * Creates the atoms of a document.
   *
   * @param maxTokens a longer sentence is cut
   */
  Atoms(BlockReader blocks, Embedder embedder, int maxTokens) {
    this.blocks = blocks;
    this.embedder = embedder;
    this.maxTokens = maxTokens;
    this.lines = new PlacedLines(blocks::page);
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

  /** Returns where the lines of a range of the document's text stand. */
  Layout layout(int from, int to) {
    return lines.in(from, to);
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
    lines.forget(textStart);
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
    TokenSpans tokens = CompatibleTokens.of(text.substring(windowStart), embedder);
    for (int i = 0; i < window.size(); i++) {
      enter(window.get(i));
      lines.add(window.get(i), textStart + starts.get(i));
      addAtoms(new Placed(window.get(i), starts.get(i)), tokens, windowStart);
      leave(window.get(i));
    }
  }

  private void enter(ParsedBlock block) {
    if (block.kind() == Kind.HEADING) {
      tableCaption = null;
      tableHeader = null;
      context = new Context(Section.around(section, block.level()), null, null);
    } else if (block.kind() != Kind.TABLE_ROW && (tableCaption != null || tableHeader != null)) {
      tableCaption = block.kind() == Kind.TABLE_HEADER ? tableCaption : null;
      tableHeader = null;
      context = new Context(section, tableCaption, null);
    }
  }

  private void leave(ParsedBlock block) {
    blockCount++;
    switch (block.kind()) {
      case HEADING -> {
        section = new Section(block.level(), block.text(), Section.around(section, block.level()));
        context = new Context(section, null, null);
      }
      case TABLE_CAPTION -> {
        tableCaption = block.text();
        context = new Context(section, tableCaption, null);
      }
      case TABLE_HEADER -> {
        tableHeader = block.text();
        context = new Context(section, tableCaption, tableHeader);
      }
      default -> {}
    }
  }

  private void addAtoms(Placed placed, TokenSpans tokens, int windowStart) {
    ParsedBlock block = placed.block();
    int start = placed.start();
    int end = start + block.text().length();
    if (block.kind() == Kind.CODE) {
      addCode(placed, tokens, windowStart);
      return;
    }
    boolean isShort = tokens.countIn(start - windowStart, end - windowStart) <= maxTokens;
    if (block.kind() != Kind.PARAGRAPH && isShort) {
      add(placed, start, end, tokens, windowStart);
      return;
    }
    for (TextRange sentence : Sentences.in(block.text())) {
      addPieces(placed, start + sentence.start(), start + sentence.end(), tokens, windowStart);
    }
  }

  /** Adds an atom for each line, because a line of code is what a sentence is in prose. */
  private void addCode(Placed placed, TokenSpans tokens, int windowStart) {
    String code = placed.block().text();
    int from = 0;
    while (from < code.length()) {
      int lineEnd = code.indexOf('\n', from);
      int next = lineEnd < 0 ? code.length() : lineEnd + 1;
      addPieces(placed, placed.start() + from, placed.start() + next, tokens, windowStart);
      from = next;
    }
  }

  /** Adds one atom for a sentence, or several when it is too long for half a chunk. */
  private void addPieces(Placed placed, int start, int end, TokenSpans tokens, int windowStart) {
    int from = start;
    while (tokens.countIn(from - windowStart, end - windowStart) > maxTokens) {
      int cut = cut(tokens, tokens.firstAt(from - windowStart), windowStart);
      add(placed, from, cut, tokens, windowStart);
      from = cut;
    }
    if (from < end) {
      add(placed, from, end, tokens, windowStart);
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

  private void add(Placed placed, int start, int end, TokenSpans tokens, int windowStart) {
    ParsedBlock block = placed.block();
    atoms.add(
        new Atom(
            block.kind(),
            blockCount,
            textStart + start,
            textStart + end,
            tokens.countIn(start - windowStart, end - windowStart),
            context,
            section(block),
            pages(placed, start, end),
            block.isQuoted()));
  }

  private String section(ParsedBlock block) {
    if (block.isQuoted()) {
      return context.section(Context.QUOTED);
    }
    return block.kind() == Kind.HEADING ? context.section(block.text()) : context.section();
  }

  /** Returns the pages of a range of a block. Few ranges extend over more than one. */
  private List<PageStart> pages(Placed placed, int start, int end) {
    ParsedBlock block = placed.block();
    int page = block.pageAt(start - placed.start());
    if (block.lines().isEmpty() || page == block.pageAt(end - 1 - placed.start())) {
      return List.of(pageStart(start, page));
    }
    List<PageStart> pages = new ArrayList<>();
    pages.add(pageStart(start, page));
    for (TextLine line : block.lines()) {
      int at = placed.start() + line.start();
      if (at > start && at < end && line.page() != pages.getLast().page()) {
        pages.add(pageStart(at, line.page()));
      }
    }
    return pages;
  }

  private PageStart pageStart(int at, int page) {
    return new PageStart(textStart + at, page, page == 0 ? "" : blocks.page(page).label());
  }
}
