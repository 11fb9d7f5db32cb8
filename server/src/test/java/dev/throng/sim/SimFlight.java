package dev.throng.sim;

import dev.throng.admission.Ticket;
import dev.throng.core.Answer;
import dev.throng.core.Answer.FinishReason;
import dev.throng.core.Deadline;
import dev.throng.core.ErrorCode;
import dev.throng.core.Fingerprint;
import dev.throng.core.QuestionKey;
import dev.throng.core.TextPiece;
import dev.throng.core.ThrongException;
import dev.throng.core.TokenCount;
import dev.throng.core.ValidatedAnswer;
import dev.throng.flight.SharedText;
import dev.throng.flight.SharedText.Update;
import dev.throng.store.HeldVersions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The work on one question, as {@code FlightRunner.run} does it, split wherever another thread
 * could intervene.
 */
final class SimFlight {
  enum State {
    SNAPSHOT,
    CHOOSE_NODE,
    READ,
    CONFIRM,
    CLAIM,
    LOOK,
    ADMIT,
    WAIT,
    GENERATE,
    KEEP,
    VALIDATE,
    FINISH,
    FOLLOW,
    RELEASE,
    END,
    OVER
  }

  private static final int MAX_READINGS = 3;

  private final Simulation sim;
  private final int id;
  private final int tenant;
  private final int question;
  private final long joinedEpoch;
  private final QuestionKey key;
  private final SharedText own = new SharedText();
  private final StringBuilder generated = new StringBuilder();

  private State state = State.SNAPSHOT;
  private boolean isCancelled;
  private int listeners;
  private long readEpoch;
  private int prompt;
  private boolean isCurrent;
  private int node;
  private int readings;
  private Deadline patience;
  private @Nullable Ticket ticket;
  private @Nullable Answer answer;
  private @Nullable SimFlight followed;
  private int readOfFollowed;
  private @Nullable SharedText prepared;
  private @Nullable ThrongException failure;

  SimFlight(Simulation sim, int id, int tenant, int question, long epoch) {
    this.sim = sim;
    this.id = id;
    this.tenant = tenant;
    this.question = question;
    this.joinedEpoch = epoch;
    this.key = World.key(tenant, question);
    this.patience = Deadline.after(sim, HeldVersions.LAG_PATIENCE);
    this.node = id % SimStore.NODES;
  }

  void step() {
    boolean canStop = state.compareTo(State.KEEP) < 0 || state == State.FOLLOW;
    if (isCancelled && canStop) {
      fail(new ThrongException(ErrorCode.SHUTTING_DOWN, "cancelled"));
      return;
    }
    switch (state) {
      case SNAPSHOT -> takeSnapshot();
      case CHOOSE_NODE -> chooseNode();
      case READ -> {
        prompt = sim.store().search(node, tenant, question, readEpoch);
        state = State.CONFIRM;
      }
      case CONFIRM -> confirm();
      case CLAIM -> claim();
      case LOOK -> look();
      case ADMIT -> {
        ticket = sim.queue().arrive(tenant);
        state = State.WAIT;
      }
      case WAIT -> await(waiting());
      case GENERATE -> generate(sim.random());
      case KEEP -> {
        sim.cache().keep(fingerprint(), finished(), World.MADE_FROM);
        sim.kept(this);
        state = State.VALIDATE;
      }
      case VALIDATE -> {
        validate(finished());
        state = State.FINISH;
      }
      case FINISH -> {
        own.finish(finished());
        state = State.RELEASE;
      }
      case FOLLOW -> follow();
      case RELEASE -> {
        release();
        state = State.END;
      }
      case END -> {
        sim.flights().end(this);
        state = State.OVER;
      }
      case OVER -> throw new IllegalStateException("a step of a flight that is over");
    }
  }

  private void takeSnapshot() {
    readEpoch = sim.world().epoch(tenant);
    patience = Deadline.after(sim, HeldVersions.LAG_PATIENCE);
    state = State.CHOOSE_NODE;
  }

  /** Leaves a lagging node for the next one. */
  private void chooseNode() {
    if (sim.store().hasAll(node, tenant, readEpoch, patience)) {
      state = State.READ;
    } else if (patience.hasPassed()) {
      fail(new ThrongException(ErrorCode.STORE_UNAVAILABLE, "all nodes lag behind"));
    } else {
      node = (node + 1) % SimStore.NODES;
    }
  }

  /** The check that {@code Retriever.read} makes after reading. */
  private void confirm() {
    long newest = sim.world().epoch(tenant);
    isCurrent = newest == readEpoch;
    if (isCurrent || sim.store().stillHas(node, tenant, readEpoch, newest)) {
      Simulation.check(
          prompt == sim.world().prompt(tenant, question, readEpoch),
          prompt == SimStore.NEITHER
              ? "answers from neither the old version nor the new one"
              : "answers from another epoch",
          this);
      state = State.CLAIM;
    } else if (++readings < MAX_READINGS) {
      state = State.SNAPSHOT;
    } else {
      fail(new ThrongException(ErrorCode.STORE_UNAVAILABLE, "deleted under each search"));
    }
  }

  private void claim() {
    Optional<SimFlight> other = sim.flights().generateOrFollow(this, fingerprint());
    followed = other.orElse(null);
    other.ifPresent(generating -> {
      Simulation.check(!generating.isOver(), "follows a flight that is over", generating);
      generating.listeners++;
      prepared = generating.own;
    });
    state = other.isPresent() ? State.FOLLOW : State.LOOK;
  }

  private void look() {
    Optional<Answer> known = sim.cache().generatedFrom(fingerprint(), World.MADE_FROM);
    if (known.isEmpty()) {
      state = State.ADMIT;
      return;
    }
    answer = known.get();
    validate(known.get());
    append(known.get().text());
    own.finish(known.get());
    prepared = own;
    state = State.END;
  }

  private void await(Ticket waiting) {
    sim.queue().expireIfDue(waiting);
    switch (waiting.state()) {
      case WAITING -> {}
      case RUNNING -> {
        prepared = own;
        sim.startedGenerating(this);
        append(World.mark(tenant, prompt) + id + ":");
        state = State.GENERATE;
      }
      case REFUSED -> fail(new ThrongException(ErrorCode.OVERLOADED, "refused"));
      case ENDED -> throw new IllegalStateException("ended by another flight");
    }
  }

  private void generate(RandomGenerator random) {
    switch (random.nextInt(12)) {
      case 0 -> fail(new ThrongException(ErrorCode.BACKEND_ERROR, "injected"));
      case 1 -> finish(FinishReason.LENGTH);
      case 2, 3 -> finish(FinishReason.STOP);
      default -> append(" w" + generated.length());
    }
  }

  private void finish(FinishReason reason) {
    Answer made =
        new Answer(
            "a" + id,
            generated.toString(),
            "sim",
            "sim",
            reason,
            Map.of(),
            0,
            TokenCount.NONE,
            List.of());
    answer = made;
    state = made.isCacheable() ? State.KEEP : State.FINISH;
  }

  private void follow() {
    SimFlight other = followedFlight();
    try {
      Update update = other.own.awaitUpdate(readOfFollowed, 0);
      readOfFollowed += update.pieces().size();
      Answer made = update.answer();
      if (made != null) {
        if (made.isCacheable()) {
          validate(made);
        }
        sim.leave(other);
        state = State.END;
      }
    } catch (ThrongException e) {
      fail(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private void validate(Answer made) {
    if (isCurrent) {
      sim.cache().validate(key, new ValidatedAnswer(made, List.of(), readEpoch));
      sim.validated(key, readEpoch);
    }
  }

  private void fail(ThrongException cause) {
    failure = cause;
    own.fail(cause);
    if (state == State.FOLLOW) {
      sim.leave(followedFlight());
    }
    state = State.RELEASE;
  }

  private void release() {
    if (ticket != null) {
      sim.queue().end(ticket);
    }
  }

  private void append(String piece) {
    generated.append(piece);
    own.append(new TextPiece(piece, generated.length()));
  }

  void joined() {
    listeners++;
  }

  void left() {
    listeners--;
  }

  /** Whether it continues without a client. */
  boolean isForgotten() {
    return listeners == 0 && !isCancelled && state.compareTo(State.RELEASE) < 0;
  }

  void cancel() {
    isCancelled = true;
  }

  private Ticket waiting() {
    Ticket waiting = ticket;
    if (waiting == null) {
      throw new IllegalStateException("has no ticket");
    }
    return waiting;
  }

  private SimFlight followedFlight() {
    SimFlight other = followed;
    if (other == null) {
      throw new IllegalStateException("follows no flight");
    }
    return other;
  }

  private Answer finished() {
    Answer made = answer;
    if (made == null) {
      throw new IllegalStateException("no answer is finished");
    }
    return made;
  }

  boolean isOver() {
    return state == State.OVER;
  }

  boolean holdsPermit() {
    return ticket != null && ticket.state() == Ticket.State.RUNNING;
  }

  /** Whether its text is being generated now, for a listener. */
  boolean isGenerating() {
    return !isCancelled
        && holdsPermit()
        && state.compareTo(State.GENERATE) >= 0
        && state.compareTo(State.RELEASE) < 0;
  }

  Fingerprint fingerprint() {
    return World.fingerprint(tenant, prompt);
  }

  QuestionKey key() {
    return key;
  }

  boolean isOfNewestEpoch() {
    return joinedEpoch == sim.world().epoch(tenant);
  }

  long joinedEpoch() {
    return joinedEpoch;
  }

  long readEpoch() {
    return readEpoch;
  }

  /** Where the answer appears, once that is known. */
  @Nullable SharedText prepared() {
    return prepared;
  }

  @Nullable ThrongException failure() {
    return failure;
  }

  /** The text delivered so far to listeners of this flight. */
  String delivered() {
    return followed == null ? generated.toString() : followed.generated.toString();
  }

  /** Whether clients can no longer join it, now or soon: its text is complete. */
  boolean isEnding() {
    return state.compareTo(State.RELEASE) >= 0;
  }

  boolean isCancelled() {
    return isCancelled;
  }

  @Override
  public String toString() {
    return "flight %d (tenant %d, question %d, epoch %d, %s)"
        .formatted(id, tenant, question, joinedEpoch, state);
  }
}
