package dev.throng.it;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.throng.bench.load.LoadSuite;
import java.io.IOException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** 1000 users for some minutes, with edits and killed backends: nothing fails and nothing grows. */
@Tag("long")
@Timeout(900)
final class SoakTest {
  private static final double SECONDS = 400;

  @Test
  void objectivesHoldAndNothingGrows() throws IOException, InterruptedException {
    LoadSuite suite = new LoadSuite(System.out::println);
    suite.runSustained(SECONDS);
    assertTrue(suite.isGood(), "the printed lines name the objective that failed");
  }
}
