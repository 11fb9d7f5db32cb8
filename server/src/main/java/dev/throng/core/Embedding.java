package dev.throng.core;

import java.util.Arrays;

/** A text as a unit vector. The dot product of two embeddings is their cosine. */
public final class Embedding {
  private final float[] values;

  private Embedding(float[] values) {
    this.values = values;
  }

  /**
   * Takes ownership of {@code values} and scales them to length 1. The caller must not change the
   * array afterwards.
   *
   * @throws IllegalArgumentException if the values are all zero or not finite
   */
  public static Embedding normalised(float[] values) {
    double squares = 0;
    for (float value : values) {
      squares += (double) value * value;
    }
    if (!(squares > 0) || Double.isInfinite(squares)) {
      throw new IllegalArgumentException(
          "embedding: squared length " + squares + " (expected: finite and > 0)");
    }
    float scale = (float) (1 / Math.sqrt(squares));
    for (int i = 0; i < values.length; i++) {
      values[i] *= scale;
    }
    return new Embedding(values);
  }

  public int dimension() {
    return values.length;
  }

  public float cosine(Embedding other) {
    float sum = 0;
    for (int i = 0; i < values.length; i++) {
      sum += values[i] * other.values[i];
    }
    return sum;
  }

  /**
   * Returns the internal array, not a copy, for index writers and searchers, which only read it.
   */
  public float[] sharedValues() {
    return values;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Embedding that && Arrays.equals(values, that.values);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(values);
  }
}
