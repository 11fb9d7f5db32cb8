package dev.throng.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;

/** The CPU use of programs that are not measured, from /proc (Linux). */
final class OtherLoad {
  private static final double TICKS_A_SECOND = 100; // USER_HZ, the same on all platforms

  /** Columns of idle and I/O wait in the first line of /proc/stat, after its name. */
  private static final int IDLE = 3;

  private static final int IO_WAIT = 4;

  /** From this column on, guest time is already included in user time. */
  private static final int GUEST = 8;

  private final ProcessHandle measured;
  private final double busySeconds;
  private final double ownSeconds;
  private final long startNanos = System.nanoTime();

  private OtherLoad(ProcessHandle measured) throws IOException {
    this.measured = measured;
    this.busySeconds = busySeconds();
    this.ownSeconds = ownSeconds();
  }

  /**
   * Starts a measurement.
   *
   * @param measured the process whose time does not count, nor that of its children and of this
   *     process
   */
  static OtherLoad begin(ProcessHandle measured) throws IOException {
    return new OtherLoad(measured);
  }

  /** Returns their share of all cores since the start, 0 to 1. */
  double share() throws IOException {
    double seconds = (System.nanoTime() - startNanos) / 1e9;
    double others = busySeconds() - busySeconds - (ownSeconds() - ownSeconds);
    return Math.max(0, others / seconds / Runtime.getRuntime().availableProcessors());
  }

  private double ownSeconds() {
    return Stream.concat(Stream.of(ProcessHandle.current(), measured), measured.descendants())
        .map(process -> process.info().totalCpuDuration().orElse(Duration.ZERO))
        .mapToDouble(time -> time.toNanos() / 1e9)
        .sum();
  }

  private static double busySeconds() throws IOException {
    String[] fields =
        Files.readAllLines(Path.of("/proc/stat")).getFirst().trim().split("\\s+", GUEST + 2);
    double ticks = 0;
    for (int i = 0; i < GUEST; i++) {
      ticks += i == IDLE || i == IO_WAIT ? 0 : Long.parseLong(fields[i + 1]);
    }
    return ticks / TICKS_A_SECOND;
  }
}
