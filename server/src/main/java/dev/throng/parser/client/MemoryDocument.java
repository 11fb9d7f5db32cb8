package dev.throng.parser.client;

import dev.throng.parser.api.ParsedBlock;
import dev.throng.parser.api.ParsedBlock.Kind;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A small document that is held in memory.
 *
 * @param list its blocks
 */
public record MemoryDocument(@Nullable String title, List<ParsedBlock> list)
    implements ParsedDocument {

  private static final Pattern BLANK_LINE = Pattern.compile("\\R[ \\t]*\\R\\s*");
  private static final Pattern BLANKS = Pattern.compile("\\s+");

  /** A document of a title and paragraphs separated by blank lines, as data sets have them. */
  public static MemoryDocument of(String title, String body) {
    List<ParsedBlock> blocks = new ArrayList<>();
    add(blocks, Kind.HEADING, 1, title);
    for (String paragraph : BLANK_LINE.split(body, -1)) {
      add(blocks, Kind.PARAGRAPH, 0, paragraph);
    }
    return new MemoryDocument(title.isBlank() ? null : title.strip(), List.copyOf(blocks));
  }

  private static void add(List<ParsedBlock> blocks, Kind kind, int level, String text) {
    if (!text.isBlank()) {
      blocks.add(new ParsedBlock(kind, level, 0, BLANKS.matcher(text.strip()).replaceAll(" ")));
    }
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
