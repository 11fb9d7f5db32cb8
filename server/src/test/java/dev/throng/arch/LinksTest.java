package dev.throng.arch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Documents link only to files that exist, so moving a class requires updating the links to it. */
final class LinksTest {
  private static final Pattern LINK = Pattern.compile("]\\(([^)\\s#:]+)(?:#[^)]*)?\\)");

  @Test
  void everyRelativeLinkLeadsToAFile() throws Exception {
    List<Path> documents = Sources.written(List.of(".md"));
    List<String> broken = new ArrayList<>();
    for (Path document : documents) {
      Matcher links = LINK.matcher(Sources.read(document));
      while (links.find()) {
        if (!Files.exists(document.resolveSibling(links.group(1)))) {
          broken.add(Sources.name(document) + ": " + links.group(1));
        }
      }
    }
    assertFalse(documents.isEmpty());
    assertEquals(List.of(), broken);
  }
}
