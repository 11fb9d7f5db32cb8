package dev.throng.ingest;

import dev.throng.backend.Embedder;
import dev.throng.backend.TokenSpans;
import dev.throng.config.IngestConfig;
import dev.throng.core.Chunk;
import dev.throng.ingest.parse.Block;
import dev.throng.ingest.parse.Block.Kind;
import dev.throng.ingest.parse.ParsedDocument;
import java.text.BreakIterator;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Cuts a document into chunks that the embedder takes whole.
 *
 * <p>A chunk is one range of the text. It ends before a heading where that leaves it reasonably
 * full, else between blocks, else between sentences, and inside a sentence only when that alone is
 * too long. A section that had to be cut repeats its last sentences at the head of the next chunk.
 * The headings above a chunk count as part of it; a table that had to be cut repeats its header row
 * there.
 */
public final class Chunker {
  /** A chunk at least this full ends before a heading; an emptier one takes the next section in. */
  private static final double FULL_ENOUGH_FOR_HEADING = 0.4;

  /** Headings may take this much of a chunk; longer paths lose their outer parts. */
  private static final double MAX_HEADINGS_SHARE = 0.25;

  /** Text tokenised in one call, so that memory does not grow with the document. */
  private static final int TOKENIZE_CHARS = 50_000;

  private static final int NO_TABLE = -1;

  /**
   * The smallest piece that is moved as a whole: a heading, a sentence, a list item or a table row.
   */
  private record Atom(Block block, int start, int end, int tokens) {
    boolean isHeading() {
      return block.kind() == Kind.HEADING;
    }
  }

  private final Embedder embedder;
  private final int chunkTokens;
  private final int overlapTokens;

  public Chunker(Embedder embedder, IngestConfig config) {
    this.embedder = embedder;
    this.chunkTokens = Math.min(config.chunkTokens(), embedder.maxTokens());
    this.overlapTokens = config.overlapTokens();
  }

  /**
   * Names the way of cutting: part of every content hash, so that a change of settings cuts
   * documents anew.
   */
  public String id() {
    return "chunker-2/%d/%d/%s".formatted(chunkTokens, overlapTokens, embedder.id());
  }

  /** The chunks of one version, in order, none blank. */
  public List<Chunk> chunk(ParsedDocument document, String documentId, long version) {
    return new Cutting(document, documentId, version).run();
  }

  /** The cutting of one document. */
  private final class Cutting {
    private final ParsedDocument document;
    private final String documentId;
    private final long version;
    private final List<Atom> atoms;
    private final List<Chunk> chunks = new ArrayList<>();

    Cutting(ParsedDocument document, String documentId, long version) {
      this.document = document;
      this.documentId = documentId;
      this.version = version;
      this.atoms = atoms(document);
    }

    List<Chunk> run() {
      int from = 0;
      while (from < atoms.size()) {
        String headings = headingsAbove(from);
        int budget = chunkTokens - tokens(headings);
        int to = withTornStart(from, endOfChunk(from, budget), budget);
        add(from, to, headings);
        from = to == atoms.size() || startsSection(to) ? to : overlapStart(from, to);
      }
      return chunks;
    }

    /**
     * The atom behind the last one of a chunk that starts at {@code from}; takes one atom at least.
     */
    private int endOfChunk(int from, int budget) {
      int used = atoms.get(from).tokens();
      int to = from + 1;
      int lastBlockEnd = from;
      while (to < atoms.size() && used + atoms.get(to).tokens() <= budget) {
        if (startsSection(to) && used >= budget * FULL_ENOUGH_FOR_HEADING) {
          return to;
        }
        if (!atoms.get(to).block().equals(atoms.get(to - 1).block())
            && used >= budget * FULL_ENOUGH_FOR_HEADING) {
          lastBlockEnd = to;
        }
        used += atoms.get(to).tokens();
        to++;
      }
      if (to < atoms.size()
          && lastBlockEnd > from
          && atoms.get(to).block().equals(atoms.get(to - 1).block())) {
        to = lastBlockEnd; // the next block would be torn: leave it whole for the next chunk
      }
      while (to - 1 > from && atoms.get(to - 1).isHeading()) {
        to--; // a heading belongs to what follows
      }
      return to;
    }

    /**
     * A word longer than an atom was torn, and its rest may have more tokens by itself than it had
     * in the word: then they are counted anew.
     */
    private int withTornStart(int from, int to, int budget) {
      int start = atoms.get(from).start();
      if (!isInsideWord(document.text(), start)) {
        return to;
      }
      int fitting = to;
      while (fitting - 1 > from
          && tokens(document.text().substring(start, atoms.get(fitting - 1).end())) > budget) {
        fitting--;
      }
      return fitting;
    }

    private boolean startsSection(int atom) {
      return atoms.get(atom).isHeading();
    }

    /**
     * Where the next chunk starts so that it repeats the end of this one; always behind {@code
     * from}.
     */
    private int overlapStart(int from, int to) {
      if (atoms.get(to).block().kind() == Kind.TABLE_ROW) {
        return to; // rows stand for themselves
      }
      int start = to;
      int repeated = 0;
      while (start - 1 > from
          && !atoms.get(start - 1).isHeading()
          && repeated + atoms.get(start - 1).tokens() <= overlapTokens) {
        start--;
        repeated += atoms.get(start).tokens();
      }
      return start;
    }

    private void add(int from, int to, String headings) {
      int start = atoms.get(from).start();
      int end = atoms.get(to - 1).end();
      String text = document.text().substring(start, end);
      if (!text.isBlank()) {
        int page = atoms.get(from).block().page();
        chunks.add(new Chunk(documentId, version, chunks.size(), headings, page, start, end, text));
      }
    }

    /**
     * The headings that the atom stands under, outermost first, and the header of a table that it
     * continues.
     */
    private String headingsAbove(int atom) {
      List<String> path = new ArrayList<>();
      int level = atoms.get(atom).isHeading() ? atoms.get(atom).block().level() : 7;
      for (int i = atom - 1; i >= 0 && level > 1; i--) {
        Block block = atoms.get(i).block();
        if (block.kind() == Kind.HEADING && block.level() < level) {
          path.addFirst(text(block));
          level = block.level();
        }
      }
      int header = tableHeaderOf(atom);
      if (header != NO_TABLE) {
        path.add(text(atoms.get(header).block()));
      }
      int limit = (int) (chunkTokens * MAX_HEADINGS_SHARE);
      while (path.size() > 1 && tokens(join(path)) > limit) {
        path.removeFirst();
      }
      String joined = join(path);
      return tokens(joined) > limit ? "" : joined;
    }

    private int tableHeaderOf(int atom) {
      if (atoms.get(atom).block().kind() != Kind.TABLE_ROW) {
        return NO_TABLE;
      }
      int i = atom;
      while (i > 0 && atoms.get(i).block().kind() == Kind.TABLE_ROW) {
        i--;
      }
      return atoms.get(i).block().kind() == Kind.TABLE_HEADER ? i : NO_TABLE;
    }

    private String text(Block block) {
      return document.text().substring(block.start(), block.end());
    }

    private static String join(List<String> path) {
      return path.stream().collect(Collectors.joining(" > "));
    }

    private int tokens(String text) {
      return text.isEmpty() ? 0 : embedder.tokenSpans(text).count();
    }
  }

  private List<Atom> atoms(ParsedDocument document) {
    List<Atom> atoms = new ArrayList<>();
    List<Block> blocks = document.blocks();
    int from = 0;
    while (from < blocks.size()) {
      int to = from + 1;
      int windowStart = blocks.get(from).start();
      while (to < blocks.size() && blocks.get(to).end() - windowStart <= TOKENIZE_CHARS) {
        to++;
      }
      String window = document.text().substring(windowStart, blocks.get(to - 1).end());
      TokenSpans tokens = embedder.tokenSpans(window);
      for (Block block : blocks.subList(from, to)) {
        addAtoms(atoms, document.text(), block, tokens, windowStart);
      }
      from = to;
    }
    return atoms;
  }

  private void addAtoms(
      List<Atom> atoms, String text, Block block, TokenSpans tokens, int windowStart) {
    boolean isProse = block.kind() == Kind.PARAGRAPH || block.kind() == Kind.CODE;
    if (!isProse && count(tokens, block.start(), block.end(), windowStart) <= chunkTokens / 2) {
      add(atoms, block, block.start(), block.end(), tokens, windowStart);
      return;
    }
    BreakIterator sentences = BreakIterator.getSentenceInstance(Locale.ROOT);
    sentences.setText(text.substring(block.start(), block.end()));
    int start = block.start();
    for (int next = sentences.next(); next != BreakIterator.DONE; next = sentences.next()) {
      int end = block.start() + next;
      addPieces(atoms, text, block, start, end, tokens, windowStart);
      start = end;
    }
  }

  /** One atom for a sentence, or several when it is too long for half a chunk. */
  private void addPieces(
      List<Atom> atoms,
      String text,
      Block block,
      int start,
      int end,
      TokenSpans tokens,
      int windowStart) {
    int limit = chunkTokens / 2;
    int from = start;
    while (count(tokens, from, end, windowStart) > limit) {
      int cut = cut(text, tokens, tokens.firstAt(from - windowStart), limit, windowStart);
      add(atoms, block, from, cut, tokens, windowStart);
      from = cut;
    }
    if (from < end) {
      add(atoms, block, from, end, tokens, windowStart);
    }
  }

  /**
   * Where to cut so that at most {@code limit} tokens stand before: between words if at all
   * possible, because the rest of a torn word has other tokens, and perhaps more of them.
   */
  private static int cut(
      String text, TokenSpans tokens, int firstToken, int limit, int windowStart) {
    for (int token = firstToken + limit; token > firstToken; token--) {
      int position = tokens.start(token) + windowStart;
      if (!isInsideWord(text, position)) {
        return position;
      }
    }
    return tokens.start(firstToken + limit) + windowStart;
  }

  private static boolean isInsideWord(String text, int position) {
    return position > 0
        && Character.isLetterOrDigit(text.codePointBefore(position))
        && Character.isLetterOrDigit(text.codePointAt(position));
  }

  private static void add(
      List<Atom> atoms, Block block, int start, int end, TokenSpans tokens, int windowStart) {
    atoms.add(new Atom(block, start, end, count(tokens, start, end, windowStart)));
  }

  private static int count(TokenSpans tokens, int start, int end, int windowStart) {
    return tokens.countIn(start - windowStart, end - windowStart);
  }
}
