package dev.throng.parser.worker;

import org.jsoup.nodes.Node;
import org.jspecify.annotations.Nullable;

/** The order of nodes in a text. */
final class NextNode {
  private NextNode() {}

  /** Returns the node after another one, in or below an element, or null at its end. */
  static @Nullable Node of(Node node, Node root) {
    if (node.childNodeSize() > 0) {
      return node.childNode(0);
    }
    Node current = node;
    while (!current.equals(root)) {
      Node sibling = current.nextSibling();
      if (sibling != null) {
        return sibling;
      }
      Node parent = current.parent();
      if (parent == null) {
        return null;
      }
      current = parent;
    }
    return null;
  }
}
