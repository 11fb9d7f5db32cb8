package dev.throng.bench.rig;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The CPU use of the whole machine, from the time that every process has used, in /proc (Linux).
 * /proc/stat would not do: it samples a core when the timer ticks, and simulated streams wake up in
 * step with it, so that they are counted always or never.
 */
public final class MachineLoad {
  private static final Path PROCESSES = Path.of("/proc");

  /**
   * Fields of a process's line after its name, which may contain spaces: its own times, and its
   * children's.
   */
  private static final int FIRST_TIME = 11;

  private static final int TIMES = 4;
  private static final double TICKS_PER_SECOND = 100;

  private final long startNanos = System.nanoTime();
  private final long startTicks = ticks();

  private MachineLoad() throws IOException {}

  public static MachineLoad start() throws IOException {
    return new MachineLoad();
  }

  /** Returns the busy share of all cores' time from the start until now. */
  public double busyShare() throws IOException {
    double seconds = (System.nanoTime() - startNanos) / 1e9;
    double used = (ticks() - startTicks) / TICKS_PER_SECOND;
    return used / (seconds * Runtime.getRuntime().availableProcessors());
  }

  private static long ticks() throws IOException {
    long ticks = 0;
    try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROCESSES, "[0-9]*")) {
      for (Path process : processes) {
        ticks += ticks(process);
      }
    }
    return ticks;
  }

  /** Includes the times of ended children; 0 if the process itself has ended. */
  private static long ticks(Path process) {
    try {
      String line = Files.readString(process.resolve("stat"));
      String[] fields = line.substring(line.lastIndexOf(')') + 2).split(" ", -1);
      long ticks = 0;
      for (int i = FIRST_TIME; i < FIRST_TIME + TIMES; i++) {
        ticks += Long.parseLong(fields[i]);
      }
      return ticks;
    } catch (IOException e) {
      return 0;
    }
  }
}
