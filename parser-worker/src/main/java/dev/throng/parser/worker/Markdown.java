package dev.throng.parser.worker;

import java.util.ArrayList;
import java.util.List;
import org.commonmark.ext.gfm.tables.TableBlock;
import org.commonmark.ext.gfm.tables.TableCell;
import org.commonmark.ext.gfm.tables.TableHead;
import org.commonmark.ext.gfm.tables.TableRow;
import org.commonmark.ext.gfm.tables.TablesExtension;
import org.commonmark.node.AbstractVisitor;
import org.commonmark.node.Code;
import org.commonmark.node.CustomBlock;
import org.commonmark.node.CustomNode;
import org.commonmark.node.FencedCodeBlock;
import org.commonmark.node.HardLineBreak;
import org.commonmark.node.Heading;
import org.commonmark.node.HtmlBlock;
import org.commonmark.node.IndentedCodeBlock;
import org.commonmark.node.ListItem;
import org.commonmark.node.Node;
import org.commonmark.node.Paragraph;
import org.commonmark.node.SoftLineBreak;
import org.commonmark.node.Text;
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
      String content = inline(heading);
      if (heading.getLevel() == 1 && !text.hasTitle()) {
        text.title(content);
      }
      text.heading(heading.getLevel(), content);
    }

    @Override
    public void visit(Paragraph paragraph) {
      if (paragraph.getParent() instanceof ListItem && paragraph.getPrevious() == null) {
        text.listItem(inline(paragraph));
      } else {
        text.paragraph(inline(paragraph));
      }
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
          cells.add(cell instanceof TableCell ? inline(cell) : "");
        }
        text.tableRow(cells, node.getParent() instanceof TableHead);
      } else {
        visitChildren(node);
      }
    }

    private static String inline(Node block) {
      InlineVisitor inline = new InlineVisitor();
      for (Node child = block.getFirstChild(); child != null; child = child.getNext()) {
        child.accept(inline);
      }
      return inline.text.toString();
    }
  }

  /** Collects the text of inline nodes. Links and emphasis contribute only their text. */
  private static final class InlineVisitor extends AbstractVisitor {
    private final StringBuilder text = new StringBuilder();

    @Override
    public void visit(Text node) {
      text.append(node.getLiteral());
    }

    @Override
    public void visit(Code code) {
      text.append(code.getLiteral());
    }

    @Override
    public void visit(SoftLineBreak lineBreak) {
      text.append(' ');
    }

    @Override
    public void visit(HardLineBreak lineBreak) {
      text.append(' ');
    }
  }
}
