package dev.throng.parser.worker.pdf;

import dev.throng.parser.api.ParsedPage;
import dev.throng.parser.api.ParserProtocol;
import dev.throng.parser.worker.pdf.PageText.Part;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A temporary file of pages. What many pages have in common, such as a running head, is needed for
 * the first of them, but their pieces may not fit into memory.
 */
final class PageSpool implements Closeable {
  private final Path file;
  private DataOutputStream out;
  private int pages;

  /** Receives pages in order. */
  interface Reader {
    void page(PageText page);
  }

  PageSpool() throws IOException {
    this.file = Files.createTempFile("pages", ".bin");
    this.out = open(file);
  }

  private static DataOutputStream open(Path file) throws IOException {
    return new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(file), 1 << 16));
  }

  int pages() {
    return pages;
  }

  /** Removes all pages. */
  void clear() throws IOException {
    out.close();
    out = open(file);
    pages = 0;
  }

  void add(PageText page) throws IOException {
    pages++;
    out.writeInt(page.page().number());
    ParserProtocol.write(out, page.page().label());
    out.writeFloat(page.page().width());
    out.writeFloat(page.page().height());
    out.writeInt(page.parts().size());
    for (Part part : page.parts()) {
      write(part);
    }
    out.writeInt(page.asides().size());
    for (String aside : page.asides()) {
      ParserProtocol.write(out, aside);
    }
  }

  private void write(Part part) throws IOException {
    out.writeInt(part.degrees());
    out.writeInt(part.pieces().size());
    for (Piece piece : part.pieces()) {
      ParserProtocol.write(out, piece.text());
      out.writeFloat(piece.left());
      out.writeFloat(piece.right());
      out.writeFloat(piece.baseline());
      out.writeFloat(piece.size());
      out.writeBoolean(piece.isBold());
    }
    write(part.horizontals());
    write(part.verticals());
  }

  private void write(List<Rule> rules) throws IOException {
    out.writeInt(rules.size());
    for (Rule rule : rules) {
      out.writeFloat(rule.at());
      out.writeFloat(rule.from());
      out.writeFloat(rule.to());
    }
  }

  /** Reads the pages that were added. */
  void read(Reader reader) throws IOException {
    out.flush();
    try (DataInputStream in =
        new DataInputStream(new BufferedInputStream(Files.newInputStream(file), 1 << 16))) {
      for (int i = 0; i < pages; i++) {
        reader.page(page(in));
      }
    }
  }

  private static PageText page(DataInputStream in) throws IOException {
    ParsedPage page =
        new ParsedPage(in.readInt(), ParserProtocol.read(in), in.readFloat(), in.readFloat());
    List<Part> parts = new ArrayList<>();
    for (int count = in.readInt(); count > 0; count--) {
      parts.add(new Part(in.readInt(), pieces(in), rules(in), rules(in)));
    }
    List<String> asides = new ArrayList<>();
    for (int count = in.readInt(); count > 0; count--) {
      asides.add(ParserProtocol.read(in));
    }
    return new PageText(page, parts, asides);
  }

  private static List<Piece> pieces(DataInputStream in) throws IOException {
    List<Piece> pieces = new ArrayList<>();
    for (int count = in.readInt(); count > 0; count--) {
      pieces.add(
          new Piece(
              ParserProtocol.read(in),
              in.readFloat(),
              in.readFloat(),
              in.readFloat(),
              in.readFloat(),
              in.readBoolean(),
              0,
              null));
    }
    return pieces;
  }

  private static List<Rule> rules(DataInputStream in) throws IOException {
    List<Rule> rules = new ArrayList<>();
    for (int count = in.readInt(); count > 0; count--) {
      rules.add(new Rule(in.readFloat(), in.readFloat(), in.readFloat()));
    }
    return rules;
  }

  @Override
  public void close() throws IOException {
    out.close();
    Files.deleteIfExists(file);
  }
}
