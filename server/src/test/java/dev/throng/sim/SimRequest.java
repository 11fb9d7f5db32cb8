package dev.throng.sim;

import static dev.throng.sim.Simulation.check;

import dev.throng.core.Answer;
import dev.throng.core.ErrorCode;
import dev.throng.core.Outcome;
import dev.throng.core.QuestionKey;
import dev.throng.core.TextPiece;
import dev.throng.core.ThrongException;
import dev.throng.core.ValidatedAnswer;
import dev.throng.flight.SharedText;
import dev.throng.flight.SharedText.Update;
import dev.throng.flight.SingleFlight.Joined;
import org.jspecify.annotations.Nullable;

/** One client's request, as {@code AnswerService.answer} and {@code AnswerStream} serve it. */
final class SimRequest {
  private enum State {
    LOOK_UP,
    JOIN,
    LISTEN,
    OVER
  }

  private final Simulation sim;
  private final int tenant;
  private final int question;
  private final long epoch;
  private final QuestionKey key;
  private final StringBuilder read = new StringBuilder();

  private State state = State.LOOK_UP;
  private @Nullable SimFlight flight;
  private int piecesRead;
  private @Nullable Outcome outcome;

  /** Accepts the request: its epoch is fixed here, once. */
  SimRequest(Simulation sim, int tenant, int question) {
    this.sim = sim;
    this.tenant = tenant;
    this.question = question;
    this.epoch = sim.world().epoch(tenant);
    this.key = World.key(tenant, question);
  }

  void step() {
    switch (state) {
      case LOOK_UP -> lookUp();
      case JOIN -> join();
      case LISTEN -> listen(joined());
      case OVER -> throw new IllegalStateException("a step of a request that is over");
    }
  }

  /** The client hangs up. */
  void hangUp() {
    end(Outcome.CANCELLED);
  }

  private void lookUp() {
    ValidatedAnswer known = sim.cache().current(key, epoch);
    if (known == null) {
      state = State.JOIN;
      return;
    }
    check(known.epoch() == epoch, "a hit validated at another epoch", this);
    checkTrue(known.answer().text(), epoch);
    end(Outcome.HIT);
  }

  private void join() {
    Joined<SimFlight> joined =
        sim.flights().join(key, epoch, () -> sim.newFlight(tenant, question, epoch));
    flight = joined.flight();
    joined.flight().joined();
    if (joined.isLeader()) {
      sim.start(joined.flight());
    }
    check(
        joined.flight().joinedEpoch() >= epoch,
        "joined a flight from before a publish that the request had seen",
        this);
    check(joined.flight().key().equals(key), "joined a flight of another question", this);
    state = State.LISTEN;
  }

  private void listen(SimFlight followed) {
    SharedText text = followed.prepared();
    if (text == null) {
      if (followed.failure() != null) {
        fail(followed.failure());
      }
      return;
    }
    try {
      Update update = text.awaitUpdate(piecesRead, 0);
      piecesRead += update.pieces().size();
      for (TextPiece piece : update.pieces()) {
        read.append(piece.text());
        check(piece.rawEnd() == read.length(), "a piece was lost or repeated", this);
      }
      check(followed.delivered().startsWith(read.toString()), "other text than delivered", this);
      if (update.answer() != null) {
        finish(followed, update.answer());
      }
    } catch (ThrongException e) {
      check(read.toString().equals(followed.delivered()), "text lost before a failure", this);
      fail(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private void fail(ThrongException cause) {
    check(cause.code() != ErrorCode.SHUTTING_DOWN, "cancelled although a client listens", this);
    end(cause.code() == ErrorCode.OVERLOADED ? Outcome.SHED : Outcome.FAILED);
  }

  private void finish(SimFlight followed, Answer answer) {
    check(answer.text().contentEquals(read), "the joined pieces differ from the answer", this);
    check(followed.readEpoch() >= epoch, "answered from documents before the request", this);
    checkTrue(answer.text(), followed.readEpoch());
    end(Outcome.GENERATED);
  }

  private void checkTrue(String text, long atEpoch) {
    String expected = World.mark(tenant, sim.world().prompt(tenant, question, atEpoch));
    check(text.startsWith(expected), "a stale answer, or another tenant's: " + text, this);
  }

  private void end(Outcome how) {
    check(outcome == null, "two outcomes: %s and %s".formatted(outcome, how), this);
    outcome = how;
    state = State.OVER;
    SimFlight followed = flight;
    if (followed != null) {
      sim.leave(followed);
    }
    sim.ended(how);
  }

  private SimFlight joined() {
    SimFlight joined = flight;
    if (joined == null) {
      throw new IllegalStateException("has not joined");
    }
    return joined;
  }

  boolean isOver() {
    return state == State.OVER;
  }

  @Override
  public String toString() {
    return "request (tenant %d, question %d, epoch %d, %s)"
        .formatted(tenant, question, epoch, state);
  }
}
