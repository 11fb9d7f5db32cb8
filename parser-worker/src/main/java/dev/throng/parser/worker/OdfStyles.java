package dev.throng.parser.worker;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.xml.sax.Attributes;

/** What the styles of an OpenDocument file say about its paragraphs and sheets. */
final class OdfStyles {
  private static final String STYLE = "urn:oasis:names:tc:opendocument:xmlns:style:1.0";
  private static final String TABLE = "urn:oasis:names:tc:opendocument:xmlns:table:1.0";
  private static final int MAX_STYLES = 100_000;

  /** The parents of the document's own styles. */
  private final Map<String, String> parents = new HashMap<>();

  /** The styles of hidden sheets. */
  private final Set<String> hidden = new HashSet<>();

  private String current = "";

  /** Begins a style. */
  void begin(Attributes attributes) {
    current = String.valueOf(attributes.getValue(STYLE, "name"));
    String parent = attributes.getValue(STYLE, "parent-style-name");
    if (parent != null && parents.size() < MAX_STYLES) {
      parents.put(current, parent);
    }
  }

  /** Adds what the current style says about tables. */
  void tableProperties(Attributes attributes) {
    if ("false".equals(attributes.getValue(TABLE, "display")) && hidden.size() < MAX_STYLES) {
      hidden.add(current);
    }
  }

  boolean isTitle(@Nullable String style) {
    String name = String.valueOf(style);
    return parents.getOrDefault(name, name).equals("Title");
  }

  /** Returns whether tables with this style are hidden. */
  boolean isHidden(@Nullable String style) {
    return hidden.contains(String.valueOf(style));
  }
}
