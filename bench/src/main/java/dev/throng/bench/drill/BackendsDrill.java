package dev.throng.bench.drill;

import dev.throng.backend.Backend;
import dev.throng.backend.ollama.OllamaBackend;
import dev.throng.backend.pool.BackendPool;
import dev.throng.bench.drill.PoolClients.Made;
import dev.throng.bench.drill.SeamCheck.Part;
import dev.throng.bench.drill.SeamCheck.Verdict;
import dev.throng.bench.rig.BackendProxy;
import dev.throng.bench.rig.OllamaProcess;
import dev.throng.bench.rig.ProxiedCall;
import dev.throng.config.ConfigLoader;
import dev.throng.config.ThrongConfig;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Real answers of a real model from three real Ollama processes, which are killed and frozen in
 * turn while they write. The same prompts are first answered without any outage. Each seam is
 * compared with the text that the model writes after the delivered text when it is otherwise idle.
 */
public final class BackendsDrill {
  private static final int BACKENDS = 3;
  private static final String MODEL = "throng-drill";

  /**
   * The maximum length of an answer, as a multiple of the longest wanted one: text of a failed
   * backend counts as the most tokens it can be, and must not shorten the text after a seam.
   */
  private static final double ROOM = 1.75;

  private static final double EQUAL_BAR = 0.7;
  private static final int SHOWN = 5;

  /**
   * The parameters.
   *
   * @param clients simultaneous clients
   * @param slots of each backend
   * @param fewestTokens minimum length of an answer
   * @param mostTokens maximum length of an answer
   * @param interval from one outage to the next
   * @param length of an outage
   * @param leastContinuations minimum number of continuations for a meaningful drill
   */
  public record Plan(
      int answers,
      int clients,
      int slots,
      int fewestTokens,
      int mostTokens,
      Duration interval,
      Duration length,
      int leastContinuations) {
    int maxTokens() {
      return (int) (ROOM * mostTokens);
    }
  }

  /**
   * The results.
   *
   * @param complete answers that the model itself has ended, or that have the maximum length
   * @param continued answers that another backend had to continue
   * @param continuedEqual continued answers that are identical to those without outages
   * @param undisturbedEqual answers that needed no continuation and are identical in both runs; any
   *     difference is the model's own rounding in batches
   * @param told seams at which the next backend received exactly the delivered text
   * @param exact parts after a seam that are identical to an idle backend's text
   * @param widestGap how much likelier, at most, the model found its own word than the written one
   *     where a part is not exact, in nats
   * @param mostInFlight most simultaneous generations at each backend
   * @param problems the first few answers that failed
   */
  public record Result(
      Plan plan,
      int complete,
      int continued,
      int continuedEqual,
      int undisturbedEqual,
      int seams,
      int told,
      int exact,
      double widestGap,
      int outages,
      List<Integer> mostInFlight,
      List<String> problems) {
    public double continuedEqualShare() {
      return continued == 0 ? 0 : (double) continuedEqual / continued;
    }

    public double undisturbedEqualShare() {
      int others = complete - continued;
      return others == 0 ? 0 : (double) undisturbedEqual / others;
    }

    public boolean isGood() {
      return complete == plan.answers()
          && problems.isEmpty()
          && continued >= plan.leastContinuations()
          && continuedEqualShare() >= EQUAL_BAR
          && told == seams
          && mostInFlight.stream().allMatch(most -> most <= plan.slots());
    }
  }

  private final Plan plan;
  private final Consumer<String> progress;
  private final ThrongConfig config;
  private final List<OllamaProcess> processes = new ArrayList<>();
  private final List<BackendProxy> proxies = new ArrayList<>();

  /**
   * @param progress receives a message when a phase starts
   */
  public BackendsDrill(Plan plan, Consumer<String> progress) {
    this.plan = plan;
    this.progress = progress;
    this.config =
        ConfigLoader.load(
            null,
            Map.of(),
            Map.of(
                "model.name", MODEL,
                "model.context_tokens", "1024",
                "ollama.slots", Integer.toString(plan.slots()),
                "model.first_token_timeout", "10s",
                "model.between_tokens_timeout", "3s"));
  }

  /** Runs the drill to its end. */
  public Result run() throws IOException, InterruptedException {
    try {
      for (int i = 0; i < BACKENDS; i++) {
        processes.add(OllamaProcess.start(plan.slots()));
        proxies.add(new BackendProxy(URI.create(processes.get(i).url())));
      }
      processes.getFirst().nameOneThreaded(MODEL);
      progress.accept("answers without outages, for comparison");
      Map<Integer, String> undisturbed = undisturbed();
      proxies.forEach(BackendProxy::forgetCalls);
      progress.accept("the same with outages");
      return disturbed(undisturbed);
    } finally {
      for (BackendProxy proxy : proxies) {
        proxy.close();
      }
      if (!processes.isEmpty()) {
        processes.getFirst().forget(MODEL);
      }
      for (OllamaProcess process : processes) {
        process.close();
      }
    }
  }

  /**
   * Returns as many texts as requested that are long enough, and that one backend generated from
   * start to end.
   */
  private Map<Integer, String> undisturbed() throws InterruptedException {
    Queue<Integer> numbers = new ConcurrentLinkedQueue<>();
    IntStream.range(0, Explanations.count()).forEach(numbers::add);
    Map<Integer, String> found = new ConcurrentSkipListMap<>();
    try (BackendPool pool = pool()) {
      PoolClients.awaitAllUp(pool);
      PoolClients clients = new PoolClients(pool, plan.clients(), plan.mostTokens());
      clients.ask(
          numbers,
          answer -> {
            int tokens = answer.completion().tokens().generated();
            boolean isFit =
                answer.isEnded() && !answer.isContinued() && tokens >= plan.fewestTokens();
            if (isFit && found.size() < plan.answers()) {
              found.put(answer.number(), answer.text());
            }
            if (found.size() >= plan.answers()) {
              numbers.clear();
            }
          });
      if (found.size() < plan.answers()) {
        throw new IllegalStateException(
            "%d answers of the model are long enough (expected: %d); %s"
                .formatted(found.size(), plan.answers(), clients.problems()));
      }
    }
    return found;
  }

  private Result disturbed(Map<Integer, String> undisturbed)
      throws IOException, InterruptedException {
    try (BackendPool pool = pool()) {
      PoolClients.awaitAllUp(pool);
      PoolClients clients = new PoolClients(pool, plan.clients(), plan.maxTokens());
      Outages outages = new Outages(processes, proxies, pool, plan.interval(), plan.length());
      Thread breaker = outages.start();
      clients.ask(new ConcurrentLinkedQueue<>(undisturbed.keySet()), answer -> {});
      outages.end();
      breaker.join();
      progress.accept("an idle backend's text after each seam");
      return result(undisturbed, clients, outages.count());
    }
  }

  private BackendPool pool() {
    return PoolClients.pool(config, proxies.stream().map(BackendProxy::url).toList());
  }

  private Result result(Map<Integer, String> undisturbed, PoolClients clients, int outages)
      throws IOException, InterruptedException {
    List<Made> made = clients.made();
    List<Made> continued = made.stream().filter(Made::isContinued).toList();
    Predicate<Made> isEqual =
        answer -> answer.text().equals(undisturbed.getOrDefault(answer.number(), ""));
    List<Part> parts = continued.stream().flatMap(answer -> parts(answer).stream()).toList();
    List<Verdict> verdicts = verdicts(parts);
    Set<String> asked =
        proxies.stream()
            .flatMap(proxy -> proxy.calls().stream())
            .map(ProxiedCall::prompt)
            .collect(Collectors.toSet());
    return new Result(
        plan,
        made.size(),
        continued.size(),
        (int) continued.stream().filter(isEqual).count(),
        (int) made.stream().filter(answer -> !answer.isContinued()).filter(isEqual).count(),
        parts.size(),
        (int)
            parts.stream()
                .filter(part -> asked.contains(ChatMl.raw(part.prompt()) + part.before()))
                .count(),
        (int) verdicts.stream().filter(Verdict::isExact).count(),
        verdicts.stream().mapToDouble(Verdict::gap).max().orElse(0),
        outages,
        proxies.stream().map(BackendProxy::mostInFlight).toList(),
        clients.problems().stream().limit(SHOWN).toList());
  }

  private static List<Part> parts(Made answer) {
    List<Integer> seams = answer.completion().seams();
    List<Part> parts = new ArrayList<>();
    for (int i = 0; i < seams.size(); i++) {
      int end = i + 1 < seams.size() ? seams.get(i + 1) : answer.text().length();
      parts.add(
          new Part(
              Explanations.prompt(answer.number()),
              answer.text(),
              seams.get(i),
              end,
              answer.completion().finishReason()));
    }
    return parts;
  }

  /** Uses the first backend, which is otherwise idle now. */
  private List<Verdict> verdicts(List<Part> parts) throws IOException, InterruptedException {
    URI url = URI.create(processes.getFirst().url());
    List<Verdict> verdicts = new ArrayList<>();
    try (Backend idle = new OllamaBackend(url, config.model(), config.ollama())) {
      SeamCheck check = new SeamCheck(idle, url, config.model(), plan.maxTokens());
      for (Part part : parts) {
        verdicts.add(check.check(part));
      }
    }
    return verdicts;
  }
}
