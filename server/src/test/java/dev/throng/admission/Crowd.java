package dev.throng.admission;

import dev.throng.core.Priority;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/**
 * Tenants that send requests at random times, and generations of random length, in virtual time
 * against an {@link AdmissionQueue}. A run of minutes takes milliseconds, and a seed repeats it
 * exactly.
 */
final class Crowd {
  static final double MEAN_SERVICE_SECONDS = 1;
  private static final double SIGMA = 0.5;
  private static final double WARM_UP_SECONDS = 10;

  /** What one tenant experienced after the warm-up. */
  static final class Experience {
    private final List<Double> waits = new ArrayList<>();
    private int asked;
    private int refused;
    private int expired;
    private int served;

    /** The 95th percentile of the time that admitted requests waited, in seconds. */
    double p95Wait() {
      Collections.sort(waits);
      return waits.isEmpty() ? 0 : waits.get((int) (waits.size() * 0.95));
    }

    int asked() {
      return asked;
    }

    int refused() {
      return refused;
    }

    /** Requests that were queued and then expired. */
    int expired() {
      return expired;
    }

    int served() {
      return served;
    }
  }

  private record Event(double at, Runnable happens) {}

  private final RandomGenerator random;
  private final AdmissionQueue queue;
  private final int slots;
  private final PriorityQueue<Event> events =
      new PriorityQueue<>((a, b) -> Double.compare(a.at(), b.at()));
  private final Map<String, Experience> experiences = new HashMap<>();
  private double now;
  private double busySeconds;

  Crowd(long seed, int slots, Map<String, Integer> weights) {
    this.random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    this.slots = slots;
    QueueLimits limits =
        new QueueLimits(
            "generation",
            2_000,
            Duration.ofSeconds(60),
            Duration.ofSeconds(30),
            weights,
            Duration.ofSeconds(1));
    this.queue = new AdmissionQueue(limits, () -> slots);
  }

  /** A tenant whose requests arrive at random, at this average rate per second. */
  Crowd with(String tenant, double perSecond) {
    experiences.put(tenant, new Experience());
    events.add(new Event(exponential(perSecond), () -> ask(tenant, perSecond)));
    return this;
  }

  void run(double seconds) {
    while (true) {
      Event next = events.remove();
      if (next.at() > seconds) {
        return;
      }
      busySeconds += queue.running() * (next.at() - now);
      now = next.at();
      next.happens().run();
      if (queue.running() > slots) {
        throw new AssertionError(queue.running() + " permits for " + slots + " slots");
      }
    }
  }

  Experience of(String tenant) {
    return experiences.getOrDefault(tenant, new Experience());
  }

  /** The share of the slots' time that was used. */
  double utilisation() {
    return busySeconds / now / slots;
  }

  private void ask(String tenant, double perSecond) {
    double arrived = now;
    boolean counts = arrived > WARM_UP_SECONDS;
    Experience experience = of(tenant);
    Ticket[] ticket = new Ticket[1];
    ticket[0] =
        queue.arrive(
            tenant,
            Priority.INTERACTIVE,
            Duration.ofMinutes(2).toNanos(),
            nanos(),
            () -> {
              // If the decision is immediate, the ticket is not known yet: it is examined below.
              if (ticket[0] != null) {
                decided(ticket[0], experience, arrived, counts);
              }
            });
    if (ticket[0].state() != Ticket.State.WAITING) {
      decided(ticket[0], experience, arrived, counts);
    }
    experience.asked += counts ? 1 : 0;
    events.add(new Event(now + exponential(perSecond), () -> ask(tenant, perSecond)));
  }

  private void decided(Ticket ticket, Experience experience, double arrived, boolean counts) {
    Refusal refusal = ticket.refusal();
    if (refusal != null) {
      experience.expired += counts && refusal.reason() == Refusal.Reason.EXPIRED ? 1 : 0;
      experience.refused += counts ? 1 : 0;
      return;
    }
    if (counts) {
      experience.waits.add(now - arrived);
    }
    events.add(
        new Event(
            now + service(),
            () -> {
              experience.served += counts ? 1 : 0;
              queue.end(ticket, nanos());
            }));
  }

  private long nanos() {
    return (long) (now * 1e9);
  }

  private double exponential(double perSecond) {
    return -Math.log(1 - random.nextDouble()) / perSecond;
  }

  private double service() {
    return MEAN_SERVICE_SECONDS * Math.exp(SIGMA * random.nextGaussian() - SIGMA * SIGMA / 2);
  }
}
