package dev.throng.parser.worker;

import org.commonmark.node.AbstractVisitor;
import org.commonmark.node.Code;
import org.commonmark.node.HardLineBreak;
import org.commonmark.node.HtmlInline;
import org.commonmark.node.Link;
import org.commonmark.node.Node;
import org.commonmark.node.SoftLineBreak;
import org.commonmark.node.Text;

/** The text of a block of Markdown. The addresses of its links stand after their words. */
final class MarkdownText extends AbstractVisitor {
  private final StringBuilder text = new StringBuilder();
  private final StringBuilder textWithTargets = new StringBuilder();
  private final LinkTarget target = new LinkTarget();
  private int linkDepth;
  private boolean isBesideLinks;

  private MarkdownText() {}

  /**
   * Returns the text of a block.
   *
   * @param isOfFewLinks whether addresses are returned even when it consists of links only
   */
  static String of(Node block, boolean isOfFewLinks) {
    MarkdownText read = new MarkdownText();
    for (Node child = block.getFirstChild(); child != null; child = child.getNext()) {
      child.accept(read);
    }
    boolean hasTargets = read.isBesideLinks || isOfFewLinks;
    return hasTargets ? read.textWithTargets.toString() : read.text.toString();
  }

  private void add(String words) {
    text.append(words);
    textWithTargets.append(words);
    target.text(words);
    isBesideLinks |= linkDepth == 0 && words.chars().anyMatch(Character::isLetterOrDigit);
  }

  @Override
  public void visit(Text node) {
    add(node.getLiteral());
  }

  @Override
  public void visit(Code code) {
    add(code.getLiteral());
  }

  @Override
  public void visit(Link link) {
    linkDepth++;
    target.begin(link.getDestination());
    visitChildren(link);
    textWithTargets.append(target.end());
    linkDepth--;
  }

  @Override
  public void visit(HtmlInline html) {
    if (html.getLiteral().startsWith("<br")) {
      add(" ");
    }
  }

  @Override
  public void visit(SoftLineBreak lineBreak) {
    add(" ");
  }

  @Override
  public void visit(HardLineBreak lineBreak) {
    add(" ");
  }
}
