package dev.throng.sim;

import dev.throng.core.CollectionRef;
import dev.throng.core.Fingerprint;
import dev.throng.core.Hash;
import dev.throng.core.MadeFrom;
import dev.throng.core.QuestionKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The documents of some tenants, reduced to what matters here: the prompt of each question at each
 * epoch. The whole history is kept, so that a checker can look up any past state.
 */
final class World {
  /**
   * Different prompts that a tenant's documents can lead to; few, so that questions share prompts.
   */
  private static final int PROMPTS = 6;

  /** No purge is simulated. */
  static final MadeFrom MADE_FROM =
      new MadeFrom(new CollectionRef("default", "default"), 0, Set.of());

  /** By epoch, the prompt of each question. */
  private final List<List<int[]>> history = new ArrayList<>();

  private final int questions;

  World(int tenants, int questions) {
    this.questions = questions;
    for (int tenant = 0; tenant < tenants; tenant++) {
      int[] prompts = new int[questions];
      for (int question = 0; question < questions; question++) {
        prompts[question] = question % PROMPTS;
      }
      List<int[]> epochs = new ArrayList<>();
      epochs.add(prompts);
      history.add(epochs);
    }
  }

  int tenants() {
    return history.size();
  }

  int questions() {
    return questions;
  }

  long epoch(int tenant) {
    return history.get(tenant).size() - 1L;
  }

  int prompt(int tenant, int question, long epoch) {
    return history.get(tenant).get((int) epoch)[question];
  }

  /** A publish that affects one question, or none if {@code question} is negative. */
  void publish(int tenant, int question, int prompt) {
    int[] next = history.get(tenant).getLast().clone();
    if (question >= 0) {
      next[question] = prompt % PROMPTS;
    }
    history.get(tenant).add(next);
  }

  static QuestionKey key(int tenant, int question) {
    return new QuestionKey(new Hash.Builder().add(tenant).add(question).build());
  }

  static Fingerprint fingerprint(int tenant, int prompt) {
    return new Fingerprint(new Hash.Builder().add("prompt").add(tenant).add(prompt).build());
  }

  /** The start of every text generated from this prompt. */
  static String mark(int tenant, int prompt) {
    return "tenant " + tenant + " prompt " + prompt + " by ";
  }
}
