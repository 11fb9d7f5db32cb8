package dev.throng.ollamasim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.throng.ollamasim.Calibration.Decode;
import dev.throng.ollamasim.Calibration.Prefill;
import dev.throng.ollamasim.SimSettings.AnswerLength;
import dev.throng.ollamasim.SimSettings.Rates;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

final class CalibrationTest {
  @Test
  void exactMeasurementsAreFittedExactly() {
    Calibration calibration =
        new Calibration(
            700,
            List.of(new Prefill(100, 430, 0.209), new Prefill(1000, 4300, 2.9)),
            List.of(new Decode(1, 60), new Decode(2, 40), new Decode(4, 24)));
    assertEquals(new Rates(500, 0.45, 60, 0.5, 700), calibration.rates());
    assertEquals(4.3, calibration.charactersAToken(), 1e-9);
    assertEquals(
        new Rates(500, 0, 60, 0, 0),
        new Calibration(0, List.of(new Prefill(100, 430, 0.2)), List.of(new Decode(1, 60)))
            .rates());
    assertTrue(calibration.errors().stream().allMatch(error -> error.endsWith("(+0 %)")));
  }

  /** A busy machine makes everything slower, so only the order of magnitude is certain. */
  @Test
  void measuredSimulatorMatchesItsSettings(@TempDir Path folder) throws Exception {
    SimSettings settings =
        SimSettings.instant()
            .withRates(new Rates(8_000, 100, 0.3, 50))
            .withAnswers(new AnswerLength(40, 0, 40, 40));
    Path out = folder.resolve("measured.json");
    try (OllamaSim sim = OllamaSim.start(settings)) {
      int code =
          new CommandLine(new CalibrateCommand())
              .execute(
                  "--ollama",
                  sim.url().toString(),
                  "--model",
                  "llama3.2:1b",
                  "--out",
                  out.toString(),
                  "--rounds",
                  "2");
      assertEquals(0, code);
    }
    Rates measured = SimSettings.read(out).rates();
    assertTrue(measured.loadMillis() >= 50, measured::toString);
    assertBetween(2_000, 16_000, measured.prefillTokensPerSecond());
    assertBetween(25, 115, measured.decodeTokensPerSecond());
    assertBetween(0, 1.2, measured.slowdown());
  }

  private static void assertBetween(double least, double most, double value) {
    assertTrue(value >= least && value <= most, () -> "%s..%s: %s".formatted(least, most, value));
  }
}
