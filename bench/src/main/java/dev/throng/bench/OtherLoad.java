package dev.throng.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;

/** What programs that are not measured take of the machine meanwhile, from /proc (Linux). */
final class OtherLoad {
  private static final double TICKS_A_SECOND = 100; // USER_HZ, everywhere

  /** Where idle and waiting for disks stand in the first line of /proc/stat, behind its name. */
  private static final int IDLE = 3;

  private static final int IO_WAIT = 4;

  /** Time of guests is counted in user time already, from here on. */
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
   * From now on.
   *
   * @param measured whose time, with that of its children and of this process, does not count
   */
  static OtherLoad begin(ProcessHandle measured) throws IOException {
    return new OtherLoad(measured);
  }

  /** Their part of all cores since the beginning, 0 to 1. */
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
