package dev.throng.store.weaviate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.throng.store.ChunkStore.IndexSpec;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class WeaviateNamesTest {
  private static final IndexSpec SPEC = new IndexSpec("en", "bge-small", 384);

  @Test
  void classNamesAreValidShortAndDistinctInAnyCase() {
    String longest = "A".repeat(63);
    Set<String> folders = new HashSet<>();
    List<String> names = List.of("a", "A", "a_b", "a-b", "a__b", "a_5f", "aB", longest);
    for (String name : names) {
      String className = ClassName.of("Throng", name, 1, SPEC);
      assertTrue(className.matches("[A-Z][_0-9A-Za-z]{0,250}"), className);
      folders.add(className.toLowerCase(Locale.ROOT));
    }
    assertEquals(names.size(), folders.size());
  }

  @Test
  void everyPartOfTheSpecChangesTheClassButNotTheGenerationPrefix() {
    String own = ClassName.of("Throng", "handbook", 12, SPEC);
    String generation = ClassName.ofIndex("Throng", "handbook", 12);
    assertTrue(own.startsWith(generation));
    Stream.of(
            new IndexSpec("de", "bge-small", 384),
            new IndexSpec("en", "minilm", 384),
            new IndexSpec("en", "bge-small", 385))
        .map(spec -> ClassName.of("Throng", "handbook", 12, spec))
        .forEach(other -> {
          assertNotEquals(own, other);
          assertTrue(other.startsWith(generation));
        });
    assertTrue(!own.startsWith(ClassName.ofIndex("Throng", "handbook", 1)), own);
  }

  @Test
  void idsAreOrderedByVersionAndOrdinal() {
    List<ChunkKey> keys =
        List.of(
            new ChunkKey(1, 0),
            new ChunkKey(1, 1),
            new ChunkKey(2, 0),
            new ChunkKey(2, Integer.MAX_VALUE),
            new ChunkKey(1L << 40, 3));
    for (int i = 0; i < keys.size(); i++) {
      assertEquals(keys.get(i), ChunkKey.of(keys.get(i).id()));
      assertTrue(ChunkKey.idBefore(keys.get(i).version()).compareTo(keys.get(i).id()) < 0);
      if (i > 0) {
        assertTrue(keys.get(i - 1).id().compareTo(keys.get(i).id()) < 0);
      }
    }
    assertTrue(new ChunkKey(1, 5).id().compareTo(ChunkKey.idBefore(2)) < 0);
  }

  @Test
  void textsAreQuoted() {
    assertEquals("\"a\\\"b\\\\c\\n\\u0001}\"", GraphQl.quoted("a\"b\\c\n\u0001}"));
    assertEquals(
        "where:{path:[\"version\"],operator:ContainsAny,valueText:[\"1\",\"2\"]}",
        ChunkObjects.where("ContainsAny", List.of(1L, 2L)));
    assertEquals("[1.0,-0.5,1.0E-8]", GraphQl.vector(new float[] {1, -0.5f, 1e-8f}));
  }
}
