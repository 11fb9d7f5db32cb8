package dev.throng.app;

import dev.throng.fixtures.Await;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

@DisabledOnOs(OS.WINDOWS)
final class SighupHandlerTest {
  @Test
  void everySignalRunsTheActionDespiteEarlierFailures() throws IOException, InterruptedException {
    CountDownLatch first = new CountDownLatch(1);
    CountDownLatch second = new CountDownLatch(2);
    SighupHandler.onSignal(() -> {
      first.countDown();
      second.countDown();
      throw new IllegalStateException("a file that cannot be read");
    });
    hangUp();
    Await.latch(first);
    hangUp();
    Await.latch(second);
  }

  private static void hangUp() throws IOException, InterruptedException {
    String pid = Long.toString(ProcessHandle.current().pid());
    new ProcessBuilder("kill", "-HUP", pid).inheritIO().start().waitFor();
  }
}
