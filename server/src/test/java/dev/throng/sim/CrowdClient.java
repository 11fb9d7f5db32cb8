package dev.throng.sim;

import static dev.throng.sim.PoolSimulation.check;

import dev.throng.core.Outcome;
import org.jspecify.annotations.Nullable;

/** One client of the crowd: reads what its flight delivers at its own pace, or hangs up. */
final class CrowdClient {
  private static final double MAX_PAUSE_NANOS = 200e6;

  private final SimCrowd crowd;
  private final CrowdFlight flight;
  private final boolean isLeader;
  private final StringBuilder read = new StringBuilder();
  private @Nullable Outcome outcome;

  CrowdClient(SimCrowd crowd, CrowdFlight flight, boolean isLeader) {
    this.crowd = crowd;
    this.flight = flight;
    this.isLeader = isLeader;
  }

  /** Reads the new text from time to time, until the end. */
  void listen() {
    if (crowd.sim().random().nextInt(60) == 0) {
      end(Outcome.CANCELLED);
      return;
    }
    Outcome howItEnded = flight.outcome(); // read before the text, so that the text is complete
    String text = flight.text();
    check(text.startsWith(read.toString()), "text lost, repeated or changed", this);
    read.append(text, read.length(), text.length());
    if (howItEnded == null) {
      PoolSimulation sim = crowd.sim();
      sim.after((long) (sim.random().nextDouble() * MAX_PAUSE_NANOS), this::listen);
      return;
    }
    check(howItEnded != Outcome.CANCELLED, "cancelled although a client listens", this);
    boolean isWhole = SimAnswer.textOf(flight.prompt()).contentEquals(read);
    check(isWhole || howItEnded != Outcome.GENERATED, "incomplete text: " + read, this);
    check(read.isEmpty() || howItEnded != Outcome.SHED, "shed after it had started", this);
    boolean isFollower = howItEnded == Outcome.GENERATED && !isLeader;
    end(isFollower ? Outcome.FOLLOWED : howItEnded);
  }

  private void end(Outcome how) {
    check(outcome == null, "two outcomes: %s and %s".formatted(outcome, how), this);
    outcome = how;
    crowd.leave(flight);
    crowd.ended(how);
  }

  @Override
  public String toString() {
    return "client of %s, %d characters read".formatted(flight, read.length());
  }
}
