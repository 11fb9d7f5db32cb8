package dev.throng.sim;

import static dev.throng.sim.PoolSimulation.check;

import dev.throng.admission.Ticket;
import dev.throng.admission.Ticket.State;
import dev.throng.core.Outcome;
import dev.throng.core.Priority;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The work on one question for all its clients: waits for a permit and generates, or follows. */
final class CrowdFlight {
  private final SimCrowd crowd;
  private final PoolSimulation sim;
  private final int prompt;
  private final String tenant;
  private final List<CrowdFlight> followers = new ArrayList<>();
  private @Nullable CrowdFlight followed;
  private @Nullable Ticket ticket;
  private @Nullable SimAnswer answer;
  private @Nullable Outcome outcome;

  CrowdFlight(SimCrowd crowd, int prompt, String tenant) {
    this.crowd = crowd;
    this.sim = crowd.sim();
    this.prompt = prompt;
    this.tenant = tenant;
  }

  void start() {
    Optional<CrowdFlight> generating =
        crowd.flights().generateOrFollow(this, SimCrowd.fingerprint(prompt));
    if (generating.isPresent()) {
      check(!generating.get().isOver(), "follows a flight that is over", this);
      followed = generating.get();
      generating.get().followers.add(this);
      return;
    }
    Priority priority = sim.random().nextInt(4) == 0 ? Priority.BATCH : Priority.INTERACTIVE;
    Ticket asked =
        crowd
            .queue()
            .arrive(
                tenant,
                priority,
                SimCrowd.MAX_WAIT.toNanos(),
                sim.nowNanos(),
                () -> sim.after(0, this::decided));
    ticket = asked;
    sim.after(SimCrowd.MAX_WAIT.toNanos(), () -> crowd.queue().expire(asked, sim.nowNanos()));
  }

  /** The flight was admitted or refused, or no client wants it any longer. */
  private void decided() {
    Ticket mine = ticket;
    if (mine == null || isOver()) {
      return;
    }
    if (mine.state() == State.REFUSED) {
      end(Outcome.SHED);
      return;
    }
    check(mine.state() == State.RUNNING && answer == null, "decided twice", this);
    SimAnswer made =
        new SimAnswer(sim, prompt, isWhole -> end(isWhole ? Outcome.GENERATED : Outcome.FAILED));
    answer = made;
    sim.begin(made);
  }

  /** Its last listener has left. */
  void cancel() {
    SimAnswer running = answer;
    if (running != null) {
      running.hangUp();
    }
    end(Outcome.CANCELLED);
  }

  private void end(Outcome how) {
    check(outcome == null, "ended twice: %s and %s".formatted(outcome, how), this);
    outcome = how;
    if (ticket != null) {
      crowd.queue().end(ticket, sim.nowNanos());
    }
    crowd.flights().end(this);
    CrowdFlight other = followed;
    if (other != null && how == Outcome.CANCELLED) {
      other.followers.remove(this);
      crowd.leave(other);
    }
    check(followers.isEmpty() || how != Outcome.CANCELLED, "cancelled while followed", this);
    followers.forEach(follower -> follower.end(how));
  }

  /** The text delivered so far to its listeners. */
  String text() {
    if (followed != null) {
      return followed.text();
    }
    return answer == null ? "" : answer.read();
  }

  int prompt() {
    return prompt;
  }

  boolean holdsPermit() {
    return ticket != null && ticket.state() == State.RUNNING;
  }

  boolean isGenerating() {
    return followed == null && !isOver();
  }

  boolean isOver() {
    return outcome != null;
  }

  /** The outcome; null until the flight has ended. */
  @Nullable Outcome outcome() {
    return outcome;
  }

  @Override
  public String toString() {
    return "flight of prompt %d (%s, %s, %d followers)"
        .formatted(prompt, tenant, outcome, followers.size());
  }
}
