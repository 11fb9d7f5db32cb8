package dev.throng.ollamasim;

import dev.throng.ollamasim.SimSettings.Rates;
import dev.throng.ollamasim.SimulatedText.Piece;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** One generation: loads, waits for a slot, reads the prompt, writes, and fails as planned. */
final class Generation {
  private static final Logger log = System.getLogger(Generation.class.getName());
  private static final String RUNNER_DIED =
      "{\"error\":\"an error was encountered while running the model: unexpected EOF\"}";
  private static final String GARBAGE = "<html><body>502 Bad Gateway</body></html>";
  private static final int NEVER = Integer.MAX_VALUE;

  private final OllamaSim sim;
  private final Exchange exchange;
  private final GenerationRequest request;
  private final Reply reply;
  private final Machine machine;
  private final Rates rates;
  private final CompletableFuture<Boolean> cleared;
  private final @Nullable Fault fault;
  private final List<Piece> pieces;
  private final String doneReason;
  private final int promptTokens;
  private final int limit;
  private int next;
  private int tokens;
  private boolean hasStruck;

  Generation(OllamaSim sim, Exchange exchange, GenerationRequest request, int promptTokens) {
    this.sim = sim;
    this.exchange = exchange;
    this.request = request;
    this.promptTokens = promptTokens;
    this.reply = new Reply(exchange, request);
    this.machine = sim.machine();
    this.rates = sim.settings().rates();
    this.cleared = sim.faults().cleared();
    this.fault = sim.faults().next();
    SimulatedText text = SimulatedText.of(request.rawPrompt(), sim.settings().answers());
    count(text);
    int predict = request.numPredict() > 0 ? request.numPredict() : NEVER;
    this.limit = request.mayShift() ? predict : Math.min(predict, request.numCtx() - promptTokens);
    List<Piece> rest = text.rest();
    List<Piece> within = SimulatedText.within(rest, limit);
    this.pieces = SimulatedText.before(within, request.stops());
    boolean isWhole = within.size() == rest.size() || endsEarlier(within, pieces);
    this.doneReason = isWhole ? "stop" : "length";
  }

  void run() throws IOException, InterruptedException {
    try (Machine.ActiveRequest active = machine.admit()) {
      if (fault != null && refuses(fault, active)) {
        return;
      }
      long start = System.nanoTime();
      CompletableFuture<Boolean> gone = exchange.gone();
      machine.awaitLoaded(request.numCtx());
      long loaded = System.nanoTime();
      if (!active.takeSlot(gone)) {
        return;
      }
      long running = System.nanoTime();
      prefill();
      long prefilled = System.nanoTime();
      if (decode(active) || (strikesAtEnd() && strike(active))) {
        return;
      }
      long end = System.nanoTime();
      active.end(); // before the client can notice and send the next request
      int made = doneReason.equals("length") ? limit : tokens;
      reply.done(
          doneReason,
          new Reply.Effort(
              promptTokens,
              made,
              end - start,
              loaded - start,
              prefilled - running,
              end - prefilled));
    }
  }

  private void count(SimulatedText text) {
    sim.counters().requests.incrementAndGet();
    if (text.isContinuation()) {
      sim.counters().continuations.incrementAndGet();
    }
    if (text.isSeamBroken()) {
      sim.counters().seamMismatches.incrementAndGet();
      log.log(
          Level.WARNING,
          "port {0}: the text after the prompt is not the start of the answer: {1}",
          Integer.toString(sim.url().getPort()),
          text.seam());
    }
  }

  /** Fails with a status, before anything runs. */
  private boolean refuses(Fault struck, Machine.ActiveRequest active) throws IOException {
    int status =
        switch (struck.kind()) {
          case HTTP_500 -> 500;
          case HTTP_503 -> 503;
          case CRASH,
              HANG_BEFORE_FIRST_TOKEN,
              HANG,
              ERROR_LINE,
              EOF_WITHOUT_DONE,
              GARBAGE_LINE,
              SLOW,
              MODEL_UNLOADED,
              RESET,
              HALF_OPEN ->
              0;
        };
    if (status == 0) {
      return false;
    }
    sim.counters().recordFault(struck.kind());
    active.end();
    exchange.refuse(
        status,
        status == 500
            ? "llama runner process has terminated: exit status 2"
            : "server busy, please try again.  maximum pending requests exceeded");
    return true;
  }

  private void prefill() throws InterruptedException {
    double due = machine.clock().now() + rates.prefillSeconds(promptTokens);
    while (machine.clock().now() < due) {
      machine.sleepTowards(due);
    }
  }

  /** Writes what is due, and sleeps until more is due; true when the generation ended early. */
  private boolean decode(Machine.ActiveRequest active) throws IOException, InterruptedException {
    double start = machine.clock().now();
    while (next < pieces.size()) {
      if (strikesNow() && strike(active)) {
        return true;
      }
      double worked = machine.clock().now() - start;
      int first = next;
      int before = tokens;
      while (next < pieces.size() && !strikesNow() && isDue(worked)) {
        tokens += pieces.get(next).tokens();
        next++;
      }
      if (exchange.isGone()) {
        return true;
      }
      if (next > first) {
        sim.counters().tokens.addAndGet(tokens - before);
        reply.pieces(pieces.subList(first, next));
      } else if (!strikesNow()) {
        machine.sleepTowards(start + dueAfter());
      }
    }
    return false;
  }

  private boolean isDue(double worked) {
    return dueAfter() <= worked;
  }

  /** Reading the prompt yields the first token; each further one takes a step. */
  private double dueAfter() {
    return (tokens + pieces.get(next).tokens() - 1) / rates.decodeTokensPerSecond();
  }

  private boolean strikesNow() {
    return fault != null
        && !hasStruck
        && (fault.kind() == FaultKind.HANG_BEFORE_FIRST_TOKEN
            || tokens + pieces.get(next).tokens() > fault.afterTokens());
  }

  private boolean strikesAtEnd() {
    return fault != null && !hasStruck;
  }

  /** Applies the fault; false when the generation continues afterwards. */
  private boolean strike(Machine.ActiveRequest active) throws IOException, InterruptedException {
    Fault struck = Objects.requireNonNull(fault);
    hasStruck = true;
    sim.counters().recordFault(struck.kind());
    switch (struck.kind()) {
      case HANG, HANG_BEFORE_FIRST_TOKEN -> {
        return exchange.awaitGoneOr(cleared);
      }
      case HALF_OPEN -> {
        sim.faults().goDark(struck.times());
        exchange.awaitGoneOr(cleared);
        active.end();
        Exchange.await(cleared);
        exchange.hangUp();
      }
      case CRASH -> {
        active.end();
        exchange.hangUp();
        sim.crash(struck.downMillis());
      }
      case RESET -> {
        active.end();
        exchange.reset();
      }
      case ERROR_LINE -> {
        active.end();
        reply.breakOff(RUNNER_DIED);
      }
      case GARBAGE_LINE -> {
        active.end();
        reply.breakOff(GARBAGE);
      }
      case EOF_WITHOUT_DONE -> {
        active.end();
        reply.breakOff();
      }
      case HTTP_500, HTTP_503, SLOW, MODEL_UNLOADED ->
          throw new IllegalStateException(struck.kind() + " does not occur mid-answer");
    }
    return true;
  }

  private static boolean endsEarlier(List<Piece> all, List<Piece> cut) {
    return !SimulatedText.join(all).equals(SimulatedText.join(cut));
  }
}
