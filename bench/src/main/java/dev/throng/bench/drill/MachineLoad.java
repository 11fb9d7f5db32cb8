package dev.throng.bench.drill;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** How busy all cores were, with whatever ran on the machine, from /proc/stat (Linux). */
final class MachineLoad {
  private static final Path STAT = Path.of("/proc/stat");

  /** Of the columns behind "cpu": idle, and waiting for a disk. */
  private static final int IDLE = 3;

  private static final int IO_WAIT = 4;

  /** Columns that count; further ones repeat what the first two hold. */
  private static final int COLUMNS = 8;

  private record Ticks(long all, long idle) {}

  private final Ticks since;

  private MachineLoad(Ticks since) {
    this.since = since;
  }

  static MachineLoad start() throws IOException {
    return new MachineLoad(ticks());
  }

  /** The busy share of all cores' time from the start to now. */
  double busyShare() throws IOException {
    Ticks now = ticks();
    long all = now.all() - since.all();
    return all == 0 ? 0 : 1 - (double) (now.idle() - since.idle()) / all;
  }

  private static Ticks ticks() throws IOException {
    String first = Files.readAllLines(STAT).getFirst();
    long[] columns =
        Arrays.stream(first.split("\\s+", -1))
            .skip(1)
            .limit(COLUMNS)
            .mapToLong(Long::parseLong)
            .toArray();
    return new Ticks(Arrays.stream(columns).sum(), columns[IDLE] + columns[IO_WAIT]);
  }
}
