package dev.throng.core;

import static dev.throng.fixtures.Failures.assertFails;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.throng.fixtures.ManualTicker;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class CoreValuesTest {
  @Test
  void hashIsSha256() {
    assertEquals(
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
        Hash.of("abc".getBytes(StandardCharsets.UTF_8)).hex());
  }

  @Test
  void hashParsesItsOwnOutput() {
    Hash hash = Hash.of(new byte[] {1, 2, 3});
    assertEquals(hash, Hash.parse(hash.hex()));
    assertThrows(IllegalArgumentException.class, () -> Hash.parse("abc"));
  }

  @Test
  void fieldsOfAHashAreFramed() {
    assertNotEquals(
        new Hash.Builder().add("ab").add("c").build(),
        new Hash.Builder().add("a").add("bc").build());
    assertNotEquals(new Hash.Builder().add("").build(), new Hash.Builder().build());
  }

  @Test
  void hashesAreOrderedLikeTheirHex() {
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < 200; i++) {
      Hash a = new Hash(random.nextLong(), 1, 2, 3);
      Hash b = new Hash(random.nextBoolean() ? a.a() : random.nextLong(), random.nextLong(), 2, 3);
      assertEquals(
          Integer.signum(a.hex().compareTo(b.hex())), Integer.signum(a.compareTo(b)), a + " " + b);
    }
  }

  @Test
  void deadlineIsTheEarlierOfTwo() {
    ManualTicker clock = new ManualTicker();
    Deadline deadline = Deadline.after(clock, Duration.ofSeconds(10));
    assertEquals(Duration.ofSeconds(3), deadline.within(Duration.ofSeconds(3)).remaining());
    assertEquals(Duration.ofSeconds(10), deadline.within(Duration.ofSeconds(30)).remaining());
    clock.advance(Duration.ofSeconds(11));
    assertTrue(deadline.hasPassed());
    assertEquals(0, deadline.remainingNanos());
    assertFails(ErrorCode.DEADLINE_EXCEEDED, () -> deadline.check("the work"), "the work");
  }

  @Test
  void embeddingHasUnitLength() {
    Embedding embedding = Embedding.normalised(new float[] {3, 4});
    assertEquals(1, embedding.cosine(embedding), 1e-6);
    assertEquals(0.6f, embedding.sharedValues()[0], 1e-6);
    assertThrows(IllegalArgumentException.class, () -> Embedding.normalised(new float[] {0, 0}));
    assertThrows(
        IllegalArgumentException.class, () -> Embedding.normalised(new float[] {Float.NaN, 1}));
  }

  @Test
  void namesThatCouldEscapeAFolderAreRejected() {
    for (String name :
        Arrays.asList("..", "a/b", "", ".hidden", "a b", "-x", "ä", "a".repeat(64))) {
      assertThrows(IllegalArgumentException.class, () -> new CollectionRef("default", name), name);
    }
    assertTrue(CollectionRef.isName("Handbook_2026-v1"));
  }

  @Test
  void tokenEstimateErrsOnTheHighSide() {
    assertEquals(0, Tokens.estimate(""));
    assertTrue(Tokens.estimate("The quick brown fox jumps over the lazy dog.") >= 10);
    assertEquals(4, Tokens.estimate("日本東京"));
  }

  @Test
  void stopStringsAreASet() {
    assertEquals(StopStrings.of("a", "b"), StopStrings.of("b", "a", "b"));
    assertThrows(IllegalArgumentException.class, () -> StopStrings.of("a", ""));
  }

  @Test
  void firstStopStringIsTheOneThatEndsFirst() {
    StopStrings stop = StopStrings.of("bcd", "c", "xc");
    assertEquals(2, stop.firstIn("abcd"), "c is complete before bcd");
    assertEquals(1, stop.firstIn("axcd"), "of two that end at the same place, the longer one");
    assertEquals(-1, stop.firstIn("abd"));
    assertEquals(1, stop.begunAtEndOf("aab"));
    assertEquals(0, stop.begunAtEndOf("aba"));
  }

  @Test
  void idsAreUnique() {
    Ids ids = new Ids(new SplittableRandom(7));
    assertNotEquals(ids.next(), ids.next());
    assertTrue(ids.next().matches("[0-9a-z]{20}"));
  }
}
