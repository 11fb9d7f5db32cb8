package dev.throng.ingest.parse;

import dev.throng.ingest.parse.ParsedBlock.Kind;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A small document that is held in memory.
 *
 * @param list its blocks
 */
public record MemoryDocument(@Nullable String title, List<ParsedBlock> list)
    implements ParsedDocument {

  static MemoryDocument of(String title, String body) {
    List<ParsedBlock> blocks = new ArrayList<>();
    TextBuilder text = new TextBuilder(Integer.MAX_VALUE, blocks::add);
    text.heading(1, title);
    for (String paragraph : PlainText.paragraphs(body)) {
      text.paragraph(paragraph);
    }
    return new MemoryDocument(text.title(), List.copyOf(blocks));
  }

  /** Returns a copy of another document, which must be small. */
  public static MemoryDocument copyOf(ParsedDocument document) {
    List<ParsedBlock> blocks = new ArrayList<>();
    BlockReader reader = document.blocks();
    for (ParsedBlock block = reader.next(); block != null; block = reader.next()) {
      blocks.add(block);
    }
    return new MemoryDocument(document.title(), List.copyOf(blocks));
  }

  /** Returns the whole text. */
  public String text() {
    StringBuilder text = new StringBuilder();
    Kind before = null;
    for (ParsedBlock block : list) {
      text.append(ParsedBlock.separator(before, block.kind())).append(block.text());
      before = block.kind();
    }
    return text.toString();
  }

  @Override
  public int pages() {
    return list.stream().mapToInt(ParsedBlock::page).max().orElse(0);
  }

  @Override
  public long chars() {
    return text().length();
  }

  @Override
  public String format() {
    return "txt";
  }

  @Override
  public List<String> warnings() {
    return List.of();
  }

  @Override
  public BlockReader blocks() {
    Iterator<ParsedBlock> blocks = list.iterator();
    return () -> blocks.hasNext() ? blocks.next() : null;
  }

  @Override
  public void close() {}
}
