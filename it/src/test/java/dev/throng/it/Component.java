package dev.throng.it;

import dev.throng.bench.rig.ServerProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A real program on a free port, started by `dev/components`. */
public final class Component implements AutoCloseable {
  private static final String COMPONENTS =
      Path.of("../dev/components").toAbsolutePath().normalize().toString();

  private final String name;
  private final String process;
  private final int port;

  private Component(String name, String process, int port) {
    this.name = name;
    this.process = process;
    this.port = port;
  }

  /**
   * Starts the program, and waits until it responds.
   *
   * @param name as listed in dev/components
   * @param process a pattern for its command line, in which %d is the port
   */
  public static Component start(String name, String process) {
    try {
      Component component = new Component(name, process, ServerProcess.freePort());
      component.start();
      return component;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Returns whether a program is installed, for one that takes too long to build for every test.
   */
  public static boolean isInstalled(String name) {
    try {
      return !path(name).isEmpty();
    } catch (IllegalStateException e) {
      return false;
    }
  }

  /** Returns where an installed program is. */
  public static String path(String name) {
    return run(COMPONENTS, "path", name).strip();
  }

  /** An empty Redis. */
  public static Component redis() {
    return start("redis", "redis-server.*:%d");
  }

  /** An empty Chroma. */
  public static Component chroma() {
    return start("chroma", "chroma run .*--port %d");
  }

  /** Starts it again, after {@link #kill}. */
  public void start() {
    run(COMPONENTS, "up", name, Integer.toString(port));
  }

  public int port() {
    return port;
  }

  /** Freezes all its processes; connections stay open. */
  public void freeze() {
    signal("-STOP");
  }

  public void thaw() {
    signal("-CONT");
  }

  /** kill -9. */
  public void kill() {
    signal("-KILL");
  }

  @Override
  public void close() {
    run(COMPONENTS, "down", name, Integer.toString(port));
  }

  private void signal(String signal) {
    String first =
        run("pgrep", "-f", process.formatted(port)).lines().findFirst().orElseThrow().strip();
    List<String> command = new ArrayList<>(List.of("kill", signal, first));
    ProcessHandle.of(Long.parseLong(first))
        .ifPresent(
            main -> main.descendants().forEach(child -> command.add(Long.toString(child.pid()))));
    run(command.toArray(String[]::new));
  }

  private static String run(String... command) {
    return Command.run(List.of(command));
  }
}
