package dev.throng.index;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.throng.catalog.CollectionState;
import dev.throng.catalog.LiveDocument;
import dev.throng.core.Passage;
import dev.throng.fixtures.TestCorpus;
import dev.throng.store.EmbeddedChunk;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** kill -9 at any moment: acknowledged documents are present, once and complete. */
final class KillTest {
  private static final int KILLS = 6;
  private static final Pattern STAMP = Pattern.compile("stamp(\\d+)");

  @TempDir private Path folder = Path.of("");

  /** By uri, the last acknowledged stamp and the stamps tried since then; 0 is a deletion. */
  private final Map<String, Integer> acknowledged = new HashMap<>();

  private final Map<String, Set<Integer>> tried = new HashMap<>();
  private int lastStamp;

  @Test
  void killedIngestKeepsEveryAcknowledgedDocumentOnceAndComplete() throws Exception {
    SplittableRandom random = new SplittableRandom(9);
    for (int kill = 0; kill < KILLS; kill++) {
      runAndKill(random.nextInt(1, 60), random.nextInt(1, 3_000));
      checkAll();
    }
    assertTrue(acknowledged.size() == 6, "every document was written at some time");
  }

  /** Kills the process some microseconds after one of its lines. */
  private void runAndKill(int lines, int afterMicros) throws IOException, InterruptedException {
    Process child =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                EndlessIngest.class.getName(),
                folder.toString(),
                Integer.toString(lastStamp + 1))
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try (BufferedReader out = child.inputReader()) {
      assertEquals("ready", out.readLine(), "the index can be opened after a kill");
      for (int i = 0; i < lines; i++) {
        note(out.readLine());
      }
      long until = System.nanoTime() + TimeUnit.MICROSECONDS.toNanos(afterMicros);
      while (System.nanoTime() - until < 0) {
        Thread.onSpinWait();
      }
      child.toHandle().destroyForcibly();
      out.lines().forEach(this::note);
    } finally {
      child.destroyForcibly();
      assertTrue(child.waitFor(20, TimeUnit.SECONDS));
    }
  }

  private void note(String line) {
    String[] words = line.split(" ", -1);
    if (words.length != 3 || words[2].isEmpty()) {
      return; // the last line may be cut off
    }
    int stamp = Integer.parseInt(words[2]);
    lastStamp = Math.max(lastStamp, stamp) + (stamp == 0 ? 1 : 0);
    if (words[0].equals("try")) {
      tried.computeIfAbsent(words[1], uri -> new HashSet<>()).add(stamp);
    } else if (words[0].equals("ack")) {
      acknowledged.put(words[1], stamp);
      tried.put(words[1], new HashSet<>());
    }
  }

  private void checkAll() {
    try (TestCorpus corpus = new TestCorpus(folder)) {
      corpus.indexer().openCollection(TestCorpus.REF);
      CollectionState state = corpus.state();
      Set<Long> inIndex = new HashSet<>(corpus.index().versions());
      inIndex.removeAll(state.deadVersions());
      assertEquals(state.byVersion().keySet(), inIndex, "exactly the live versions");
      for (LiveDocument document : state.byVersion().values()) {
        checkWhole(corpus.index().chunksOf(document.version()), document);
      }
      acknowledged.forEach((uri, stamp) -> checkAcknowledged(corpus, uri, stamp));
    }
  }

  private static void checkWhole(List<EmbeddedChunk> chunks, LiveDocument document) {
    assertEquals(document.chunkCount(), chunks.size(), document::uri);
    Set<String> stamps = new HashSet<>();
    int paragraphs = 0;
    for (EmbeddedChunk chunk : chunks) {
      Matcher stamp = STAMP.matcher(chunk.chunk().text());
      while (stamp.find()) {
        stamps.add(stamp.group());
        paragraphs++;
      }
    }
    assertEquals(1, stamps.size(), "only one edition");
    assertEquals(EndlessIngest.PARAGRAPHS, paragraphs, "every paragraph exactly once");
  }

  /** The state found is the acknowledged one, or that of a later attempt that just succeeded. */
  private void checkAcknowledged(TestCorpus corpus, String uri, int stamp) {
    int found = 0;
    for (Passage passage : corpus.search("paragraph edition word", 100)) {
      Matcher match = STAMP.matcher(passage.text());
      if (passage.uri().equals(uri) && match.find()) {
        found = Integer.parseInt(match.group(1));
      }
    }
    boolean isRight = found == stamp || tried.getOrDefault(uri, Set.of()).contains(found);
    assertTrue(isRight, "%s: found %d, acknowledged %d".formatted(uri, found, stamp));
    acknowledged.put(uri, found);
    tried.put(uri, new HashSet<>());
  }
}
