package dev.throng.sim;

import dev.throng.core.Deadline;
import dev.throng.store.HeldVersions;
import dev.throng.store.LiveVersions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * The chunks of the world's documents, one for each question, on nodes that lag behind. Each node
 * shows a new version, and loses a deleted one, some time after the others. A search uses one node.
 */
final class SimStore {
  /** The result of a search that found neither the old version of a document nor the new one. */
  static final int NEITHER = -1;

  static final int NODES = 3;
  private static final long NEVER = Long.MAX_VALUE;
  private static final int CHUNKS_A_LOOK = 2;
  private static final Duration MOST_LAG = Duration.ofMillis(150);
  private static final Duration DELETION_GRACE = Duration.ofMillis(200);

  /** Longer than a search waits. */
  private static final Duration LONG_LAG = HeldVersions.LAG_PATIENCE.plusSeconds(1);

  /** When a node shows a version. */
  private record Shown(long fromNanos, long untilNanos) {}

  private final Simulation sim;

  /** By tenant and epoch, the live version of each question's document. */
  private final List<List<long[]>> history = new ArrayList<>();

  private final Map<Long, Integer> prompts = new HashMap<>();
  private final List<Map<Long, Shown>> nodes = new ArrayList<>();
  private final List<List<HeldVersions>> held = new ArrayList<>();
  private int searchesThatMetLag;

  SimStore(Simulation sim, World world) {
    this.sim = sim;
    for (int node = 0; node < NODES; node++) {
      nodes.add(new HashMap<>());
      held.add(
          IntStream.range(0, world.tenants())
              .mapToObj(tenant -> new HeldVersions(sim, CHUNKS_A_LOOK, CHUNKS_A_LOOK))
              .toList());
    }
    for (int tenant = 0; tenant < world.tenants(); tenant++) {
      long[] versions = new long[world.questions()];
      for (int question = 0; question < versions.length; question++) {
        versions[question] = newVersion(world.prompt(tenant, question, 0));
        for (Map<Long, Shown> node : nodes) {
          node.put(versions[question], new Shown(sim.nanos(), NEVER));
        }
      }
      List<long[]> epochs = new ArrayList<>();
      epochs.add(versions);
      history.add(epochs);
    }
  }

  private long newVersion(int prompt) {
    long version = prompts.size() + 1L;
    prompts.put(version, prompt);
    return version;
  }

  /** The effect of the world's publish; a purge deletes replaced versions without a grace. */
  void publish(int tenant, int question, int prompt) {
    long[] next = history.get(tenant).getLast().clone();
    if (question >= 0) {
      boolean isPurge = sim.random().nextInt(4) == 0;
      long grace = isPurge ? 0 : DELETION_GRACE.toNanos();
      long died = next[question];
      next[question] = newVersion(prompt);
      for (Map<Long, Shown> node : nodes) {
        node.put(next[question], new Shown(sim.nanos() + lag(), NEVER));
        node.computeIfPresent(
            died, (same, shown) -> new Shown(shown.fromNanos(), sim.nanos() + grace + lag()));
      }
    }
    history.get(tenant).add(next);
  }

  private long lag() {
    return switch (sim.random().nextInt(20)) {
      case 0 -> LONG_LAG.toNanos();
      case 1, 2, 3, 4, 5, 6, 7, 8, 9 -> sim.random().nextLong(MOST_LAG.toNanos());
      default -> 0;
    };
  }

  /** Whether a search at the node misses nothing that is live at the epoch. */
  boolean hasAll(int node, int tenant, long epoch, Deadline deadline) {
    boolean hasAll =
        held.get(node)
            .get(tenant)
            .hasAll(live(tenant, epoch), versions -> shows(node, versions), deadline);
    searchesThatMetLag += hasAll ? 0 : 1;
    return hasAll;
  }

  /** Returns the prompt from a search that drops all versions that are not live at the epoch. */
  int search(int node, int tenant, int question, long epoch) {
    long version = history.get(tenant).get((int) epoch)[question];
    return shows(node, List.of(version)) ? Objects.requireNonNull(prompts.get(version)) : NEITHER;
  }

  /** Whether the node still has the versions that are live at one epoch but not at a later one. */
  boolean stillHas(int node, int tenant, long epoch, long later) {
    Set<Long> died = new HashSet<>(live(tenant, epoch).versions());
    died.removeAll(live(tenant, later).versions());
    return shows(node, List.copyOf(died));
  }

  private boolean shows(int node, List<Long> versions) {
    return versions.stream()
        .map(version -> Objects.requireNonNull(nodes.get(node).get(version)))
        .allMatch(shown -> shown.fromNanos() <= sim.nanos() && sim.nanos() < shown.untilNanos());
  }

  private LiveVersions live(int tenant, long epoch) {
    long[] versions = history.get(tenant).get((int) epoch);
    Set<Long> all = new HashSet<>();
    for (long version : versions) {
      all.add(version);
    }
    return new LiveVersions(epoch, all, version -> 1);
  }

  /** How often a search could not use a node, so that a test can verify that it happens. */
  int searchesThatMetLag() {
    return searchesThatMetLag;
  }
}
