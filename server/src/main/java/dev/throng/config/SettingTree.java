package dev.throng.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.comments.CommentLine;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/**
 * The settings of a YAML text. They are flattened to dotted paths in file order, each with its line
 * and its comment: {@code pool.policy}, {@code pool.backends[2].url}.
 */
final class SettingTree {
  private final Map<String, Setting> settings = new LinkedHashMap<>();
  private final Map<String, String> comments = new LinkedHashMap<>();
  private final List<String> problems = new ArrayList<>();
  private final String source;

  private SettingTree(String source) {
    this.source = source;
  }

  /**
   * @param yaml a mapping of settings; may be empty
   * @param source the file's name, for messages
   */
  static SettingTree parse(String yaml, String source) {
    SettingTree tree = new SettingTree(source);
    LoadSettings load =
        LoadSettings.builder().setLabel(source).setParseComments(true).setUseMarks(true).build();
    try {
      Optional<Node> root = new Compose(load).composeString(yaml);
      root.ifPresent(node -> tree.addTopLevel(node));
    } catch (YamlEngineException e) {
      tree.problems.add(source + ": not valid YAML: " + e.getMessage());
    }
    return tree;
  }

  Map<String, Setting> settings() {
    return settings;
  }

  /**
   * Returns the comment above each section or setting by dotted path, its lines joined by spaces.
   */
  Map<String, String> comments() {
    return comments;
  }

  List<String> problems() {
    return problems;
  }

  private void addTopLevel(Node root) {
    if (root instanceof MappingNode mapping) {
      addMapping("", mapping);
    } else if (root instanceof ScalarNode scalar && scalar.getValue().isBlank()) {
      return; // a file of comments only
    } else {
      problems.add(location(root) + ": (expected: settings like `server:`)");
    }
  }

  private void addMapping(String prefix, MappingNode mapping) {
    for (NodeTuple tuple : mapping.getValue()) {
      if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
        problems.add(location(tuple.getKeyNode()) + ": (expected: a plain name as key)");
        continue;
      }
      String path = prefix + key.getValue();
      comments.put(path, comment(key));
      if (settings.containsKey(path)) {
        problems.add("%s: %s: is given twice".formatted(location(key), path));
      }
      add(path, tuple.getValueNode());
    }
  }

  private void add(String path, Node value) {
    switch (value) {
      case MappingNode mapping when mapping.getValue().isEmpty() ->
          settings.put(path, Setting.scalar(path, "", location(value)));
      case MappingNode mapping -> addMapping(path + ".", mapping);
      case SequenceNode sequence -> addSequence(path, sequence);
      case ScalarNode scalar ->
          settings.put(path, Setting.scalar(path, scalar.getValue(), location(value)));
      default -> problems.add("%s: %s: (expected: a value)".formatted(location(value), path));
    }
  }

  /**
   * Adds the items of a sequence. An item is a plain value or, in a list of entries, a mapping of
   * settings.
   */
  private void addSequence(String path, SequenceNode sequence) {
    List<String> items = new ArrayList<>();
    for (Node item : sequence.getValue()) {
      switch (item) {
        case ScalarNode scalar -> items.add(scalar.getValue());
        case MappingNode mapping -> {
          addMapping(entry(path, items.size()) + ".", mapping);
          items.add("");
        }
        default ->
            problems.add(
                "%s: %s: (expected: a list of plain values)".formatted(location(item), path));
      }
    }
    settings.put(path, new Setting(path, List.copyOf(items), true, location(sequence)));
  }

  /** Returns the path of one entry of a list. */
  static String entry(String list, int index) {
    return "%s[%d]".formatted(list, index);
  }

  private static String comment(ScalarNode key) {
    if (key.getBlockComments() == null) {
      return "";
    }
    StringBuilder text = new StringBuilder();
    for (CommentLine line : key.getBlockComments()) {
      if (line.getValue().isBlank()) {
        text.setLength(0); // a blank line separates a header from this key's comment
      } else {
        text.append(text.isEmpty() ? "" : " ").append(line.getValue().strip());
      }
    }
    return text.toString();
  }

  private String location(Node node) {
    return node.getStartMark().map(mark -> source + ":" + (mark.getLine() + 1)).orElse(source);
  }
}
