package dev.throng.parser.worker;

import java.util.ArrayList;
import java.util.List;
import org.commonmark.ext.gfm.tables.TableBlock;
import org.commonmark.ext.gfm.tables.TableCell;
import org.commonmark.ext.gfm.tables.TableHead;
import org.commonmark.ext.gfm.tables.TableRow;
import org.commonmark.ext.gfm.tables.TablesExtension;
import org.commonmark.node.AbstractVisitor;
import org.commonmark.node.BulletList;
import org.commonmark.node.CustomBlock;
import org.commonmark.node.CustomNode;
import org.commonmark.node.FencedCodeBlock;
import org.commonmark.node.Heading;
import org.commonmark.node.HtmlBlock;
import org.commonmark.node.IndentedCodeBlock;
import org.commonmark.node.Node;
import org.commonmark.node.OrderedList;
import org.commonmark.node.Paragraph;
import org.commonmark.parser.Parser;

/** Markdown (CommonMark with GitHub's tables). */
final class Markdown {
  private static final Parser PARSER =
      Parser.builder().extensions(List.of(TablesExtension.create())).build();

  private Markdown() {}

  static void parse(String content, TextBuilder text) {
    FrontMatter front = FrontMatter.of(content);
    text.title(front.title());
    text.code(front.lines());
    PARSER.parse(front.rest()).accept(new BlockVisitor(text));
  }

  private static final class BlockVisitor extends AbstractVisitor {
    private final TextBuilder text;

    BlockVisitor(TextBuilder text) {
      this.text = text;
    }

    @Override
    public void visit(Heading heading) {
      String content = MarkdownText.of(heading, false);
      if (heading.getLevel() == 1 && !text.hasTitle()) {
        text.title(content);
      }
      text.heading(heading.getLevel(), content);
    }

    @Override
    public void visit(OrderedList list) {
      Integer first = list.getMarkerStartNumber();
      list(list, ListNumbers.of("1", first == null ? 1 : first, 1));
    }

    @Override
    public void visit(BulletList list) {
      list(list, ListNumbers.dashes());
    }

    private void list(Node list, ListNumbers numbers) {
      int items = 0;
      for (Node item = list.getFirstChild(); item != null; item = item.getNext()) {
        items++;
      }
      boolean isShort = items <= HtmlWalk.MAX_LISTED_LINKS;
      for (Node item = list.getFirstChild(); item != null; item = item.getNext()) {
        item(item, numbers.next(), isShort);
      }
    }

    private void item(Node item, String mark, boolean isInShortList) {
      for (Node part = item.getFirstChild(); part != null; part = part.getNext()) {
        if (part instanceof Paragraph && part.getPrevious() == null) {
          text.listItem(mark, MarkdownText.of(part, isInShortList));
        } else {
          part.accept(this);
        }
      }
    }

    @Override
    public void visit(Paragraph paragraph) {
      text.paragraph(MarkdownText.of(paragraph, false));
    }

    @Override
    public void visit(FencedCodeBlock code) {
      text.code(code.getLiteral());
    }

    @Override
    public void visit(IndentedCodeBlock code) {
      text.code(code.getLiteral());
    }

    @Override
    public void visit(HtmlBlock html) {
      Html.fragment(html.getLiteral(), text);
    }

    @Override
    public void visit(CustomBlock block) {
      if (block instanceof TableBlock) {
        visitChildren(block); // head and body contain the rows
      }
    }

    @Override
    public void visit(CustomNode node) {
      if (node instanceof TableRow) {
        List<String> cells = new ArrayList<>();
        for (Node cell = node.getFirstChild(); cell != null; cell = cell.getNext()) {
          cells.add(cell instanceof TableCell ? MarkdownText.of(cell, true) : "");
        }
        text.tableRow(cells, node.getParent() instanceof TableHead);
      } else {
        visitChildren(node);
      }
    }
  }
}
