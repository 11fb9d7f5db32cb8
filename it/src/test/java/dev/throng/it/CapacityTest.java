package dev.throng.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.throng.bench.load.CapacityCommand;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** {@code throng bench capacity} prints what docs/guide/sizing.md shows. */
final class CapacityTest {
  private static final Path GUIDE = Path.of("../docs/guide/sizing.md");
  private static final Pattern EXAMPLE =
      Pattern.compile("(?s) {4}\\./throng bench capacity (--users[^\\n]*)\\n.*?```\\n(.*?)```");

  /** Returns what the command prints. */
  private static String run(int code, String... options) {
    StringWriter printed = new StringWriter();
    CommandLine command =
        new CommandLine(new CapacityCommand())
            .setOut(new PrintWriter(printed))
            .setErr(new PrintWriter(printed))
            .setExecutionExceptionHandler((e, _, _) -> {
              printed.write(String.valueOf(e.getMessage()));
              return 1;
            });
    assertEquals(code, command.execute(options), printed::toString);
    return printed.toString();
  }

  @Test
  void printsWhatTheGuideShows() throws IOException {
    Matcher example = EXAMPLE.matcher(Files.readString(GUIDE));
    assertTrue(example.find());
    assertEquals(example.group(2), run(0, example.group(1).split(" ", -1)));
  }

  @Test
  void everyAnswerFromTheCacheNeedsNoSlotsButOne() {
    String printed = run(0, "--users", "100", "--hit-rate", "1", "--gpu-hour", "2");
    assertTrue(printed.contains("slots        1, "), printed);
    assertTrue(printed.contains("cost         1,460 a month"), printed);
  }

  @Test
  void impossibleDemandsAreRefused() {
    assertTrue(run(1, "--hit-rate", "90").contains("--hit-rate (expected: 0 to 1)"));
    assertTrue(run(2, "--think", "long").contains("a time such as 500ms"));
  }
}
