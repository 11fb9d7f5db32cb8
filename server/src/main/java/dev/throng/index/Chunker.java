package dev.throng.index;

import dev.throng.backend.Embedder;
import dev.throng.config.IngestConfig;
import dev.throng.core.Chunk;
import dev.throng.core.Layout;
import dev.throng.core.Span;
import dev.throng.core.UnicodeForms;
import dev.throng.index.Atom.PageStart;
import dev.throng.parser.api.ParsedBlock;
import dev.throng.parser.api.ParsedBlock.Kind;
import dev.throng.parser.client.MemoryDocument;
import dev.throng.parser.client.ParsedDocument;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Cuts a document into chunks that fit into the embedder, while it is read, so that memory does not
 * grow with the document.
 *
 * <p>A chunk is one range of the text. It ends before a heading if it is reasonably full then,
 * otherwise between blocks, otherwise between sentences, and inside a sentence only if that alone
 * is too long. If a section is cut, the next chunk repeats its last sentences. The headings above a
 * chunk count as part of it. If a table is cut, its header row is repeated there.
 */
public final class Chunker {
  /**
   * A chunk that is at least this full ends before a heading. An emptier one includes the next
   * section.
   */
  private static final double FULL_ENOUGH_FOR_HEADING = 0.25;

  /**
   * Headings may take this share of a chunk, and the header of a table as much again. Longer paths
   * lose their outer parts.
   */
  private static final double MAX_HEADINGS_SHARE = 0.25;

  /** Limits headings by characters, too, because a word of any length may be a single token. */
  private static final int MAX_HEADINGS_CHARS = 1_024;

  private final Embedder embedder;
  private final int chunkTokens;
  private final int overlapTokens;

  public Chunker(Embedder embedder, IngestConfig config) {
    this(embedder, Math.min(config.chunkTokens(), embedder.maxTokens()), config.overlapTokens());
  }

  private Chunker(Embedder embedder, int chunkTokens, int overlapTokens) {
    this.embedder = embedder;
    this.chunkTokens = chunkTokens;
    this.overlapTokens = overlapTokens;
  }

  /**
   * Returns an id of the chunking. It is part of every content hash, so that a change of settings
   * chunks documents again.
   */
  public String id() {
    return "chunker-7/%d/%d/%s".formatted(chunkTokens, overlapTokens, embedder.id());
  }

  /** Cuts one version of a document, which must stay open in the meantime. */
  public ChunkReader chunk(ParsedDocument document, String documentId, long version) {
    return new Cutting(document, documentId, version);
  }

  /**
   * Returns a chunk that was cut for another embedder: unchanged if it fits into this one,
   * otherwise in pieces that keep its headings.
   */
  List<Chunk> fitting(Chunk chunk) {
    int headingTokens = tokens(chunk.headings());
    int budget = Math.max(1, chunkTokens - headingTokens);
    if (tokens(chunk.text()) <= budget) {
      return List.of(chunk);
    }
    ParsedBlock whole = new ParsedBlock(Kind.PARAGRAPH, 0, 0, chunk.text());
    ChunkReader pieces =
        new Chunker(embedder, budget, 0)
            .chunk(new MemoryDocument(null, List.of(whole)), chunk.documentId(), chunk.version());
    List<Chunk> fitting = new ArrayList<>();
    for (Chunk piece = pieces.next(); piece != null; piece = pieces.next()) {
      fitting.add(chunk.part(piece.ordinal(), piece.start(), piece.end()));
    }
    return fitting;
  }

  private int tokens(String text) {
    return text.isEmpty() ? 0 : CompatibleTokens.of(text, embedder).count();
  }

  /** The cutting of one document. */
  private final class Cutting implements ChunkReader {
    private final String documentId;
    private final long version;
    private final Atoms atoms;
    private final boolean isSuperseded;
    private int from;
    private int ordinal;

    /** The chunk's headings, cached because the next chunk usually has the same. */
    private @Nullable Context lastContext;

    private boolean wasLastQuoted;
    private String lastHeadings = "";
    private int lastHeadingTokens;

    Cutting(ParsedDocument document, String documentId, long version) {
      this.documentId = documentId;
      this.version = version;
      this.atoms = new Atoms(document.blocks(), embedder, chunkTokens / 2);
      this.isSuperseded = SupersededNotice.isIn(head());
    }

    @Override
    public @Nullable Chunk next() {
      while (atoms.has(from)) {
        String headings = headingsAbove(atoms.get(from));
        int budget = chunkTokens - lastHeadingTokens;
        int to = withRecount(from, endOfChunk(from, budget), budget);
        String text = atoms.text(from, to);
        int start = atoms.get(from).start();
        int end = atoms.get(to - 1).end();
        List<Span> spans = spans(from, to);
        boolean isQuoted = atoms.get(from).isQuoted();
        Layout layout = atoms.layout(start, end);
        from = !atoms.has(to) || startsSection(to) ? to : overlapStart(from, to);
        atoms.forget(from);
        if (!text.isBlank()) {
          return new Chunk(
              documentId,
              version,
              ordinal++,
              headings,
              start,
              end,
              text,
              spans,
              isQuoted,
              isSuperseded,
              layout);
        }
      }
      return null;
    }

    /** Returns the beginning of the document. */
    private String head() {
      int to = 0;
      while (atoms.has(to) && atoms.get(to).start() < SupersededNotice.HEAD_CHARS) {
        to++;
      }
      return to == 0 ? "" : atoms.text(0, to);
    }

    /** Returns where atoms stand. The blanks between two of them belong to the first. */
    private List<Span> spans(int from, int to) {
      List<Span> spans = new ArrayList<>();
      for (int i = from; i < to; i++) {
        Atom atom = atoms.get(i);
        int atomEnd = i + 1 < to ? atoms.get(i + 1).start() : atom.end();
        for (int j = 0; j < atom.pages().size(); j++) {
          PageStart page = atom.pages().get(j);
          int end = j + 1 < atom.pages().size() ? atom.pages().get(j + 1).at() : atomEnd;
          Span.add(spans, new Span(page.at(), end, page.page(), page.label(), atom.section()));
        }
      }
      return spans;
    }

    /**
     * Returns the atom after the last one of a chunk that starts at {@code from}, which has at
     * least one atom.
     */
    private int endOfChunk(int from, int budget) {
      int used = atoms.get(from).tokens();
      int to = from + 1;
      int lastBlockEnd = from;
      while (atoms.has(to) && used + atoms.get(to).tokens() <= budget) {
        if (startsSection(to) && used >= budget * FULL_ENOUGH_FOR_HEADING) {
          return to;
        }
        if (atoms.get(to).isQuoted() != atoms.get(from).isQuoted()) {
          return to;
        }
        if (atoms.startsBlock(to) && used >= budget * FULL_ENOUGH_FOR_HEADING) {
          lastBlockEnd = to;
        }
        used += atoms.get(to).tokens();
        to++;
      }
      if (atoms.has(to) && lastBlockEnd > from && !atoms.startsBlock(to)) {
        to = lastBlockEnd; // do not split the next block
      }
      while (to - 1 > from && atoms.get(to - 1).isHeading()) {
        to--; // a heading belongs to the following text
      }
      return to;
    }

    /**
     * Recounts the tokens where those of the atoms may not add up: if the chunk starts inside a
     * word, whose rest may have more tokens on its own, or if its compatible form is another text.
     */
    private int withRecount(int from, int to, int budget) {
      String text = atoms.text(from, to);
      if (!atoms.startsInsideWord(from) && UnicodeForms.compatible(text).equals(text)) {
        return to;
      }
      int fitting = to;
      while (fitting - 1 > from && tokens(atoms.text(from, fitting)) > budget) {
        fitting--;
      }
      return fitting;
    }

    private boolean startsSection(int atom) {
      return atoms.get(atom).isHeading();
    }

    /**
     * Returns where the next chunk starts so that it repeats the end of this one, always after
     * {@code from}.
     */
    private int overlapStart(int from, int to) {
      if (atoms.get(to).isTableRow()) {
        return to; // rows need no context
      }
      int start = to;
      int repeated = 0;
      while (start - 1 > from
          && !atoms.get(start - 1).isHeading()
          && atoms.get(start - 1).isQuoted() == atoms.get(to).isQuoted()
          && repeated + atoms.get(start - 1).tokens() <= overlapTokens) {
        start--;
        repeated += atoms.get(start).tokens();
      }
      return start;
    }

    /**
     * Returns the headings above the atom, outermost first, and the header of a table that it
     * continues.
     */
    private String headingsAbove(Atom atom) {
      boolean isSame = atom.context().equals(lastContext) && atom.isQuoted() == wasLastQuoted;
      if (!isSame) {
        lastContext = atom.context();
        wasLastQuoted = atom.isQuoted();
        lastHeadings = fitting(atom.context(), atom.isQuoted());
        lastHeadingTokens = tokens(lastHeadings);
      }
      return lastHeadings;
    }

    private String fitting(Context context, boolean isQuoted) {
      List<String> path = context.headings();
      if (isQuoted) {
        path.add(Context.QUOTED);
      }
      int limit = (int) (chunkTokens * MAX_HEADINGS_SHARE);
      while (!path.isEmpty() && isTooLong(join(path), limit)) {
        path.removeFirst();
      }
      List<String> table = new ArrayList<>();
      addIfFitting(table, context.tableHeader(), limit);
      addIfFitting(table, context.tableCaption(), limit);
      path.addAll(table.reversed());
      return join(path);
    }

    private void addIfFitting(List<String> table, @Nullable String line, int limit) {
      if (line != null && !isTooLong(join(table) + line, limit)) {
        table.add(line);
      }
    }

    private boolean isTooLong(String joined, int limit) {
      return joined.length() > MAX_HEADINGS_CHARS || tokens(joined) > limit;
    }

    private static String join(List<String> path) {
      return path.stream().collect(Collectors.joining(" > "));
    }
  }
}
