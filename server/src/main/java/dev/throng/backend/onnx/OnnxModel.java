package dev.throng.backend.onnx;

/**
 * An embedding model that comes as two resources of a Maven artifact.
 *
 * @param id names model and precision
 * @param modelResource the .onnx on the class path
 * @param tokenizerResource its tokenizer.json
 * @param dimension length of its vectors
 * @param maxTokens longest input, its two special tokens included
 * @param queryPrefix what the model was trained to see before a question
 * @param pooling how the token vectors become one
 */
public record OnnxModel(
    String id,
    String modelResource,
    String tokenizerResource,
    int dimension,
    int maxTokens,
    String queryPrefix,
    Pooling pooling) {
  /** How the token vectors become one. */
  public enum Pooling {
    /** The vector of the first token. */
    CLS,
    /** The mean of all. */
    MEAN
  }

  /**
   * The default: best of its size; published nDCG@10 on SciFact .713 (fp32), .709 measured here.
   */
  public static final OnnxModel BGE_SMALL =
      new OnnxModel(
          "bge-small-en-v1.5-int8",
          "/bge-small-en-v1.5-q.onnx",
          "/bge-small-en-v1.5-q-tokenizer.json",
          384,
          512,
          "Represent this sentence for searching relevant passages: ",
          Pooling.CLS);

  /** The fast profile: half the CPU, .010-.015 nDCG@10 less after fusion. */
  public static final OnnxModel MINILM =
      new OnnxModel(
          "all-minilm-l6-v2-int8",
          "/all-minilm-l6-v2-q.onnx",
          "/all-minilm-l6-v2-q-tokenizer.json",
          384,
          256,
          "",
          Pooling.MEAN);
}
