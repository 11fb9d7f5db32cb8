package dev.throng.backend.onnx;

/**
 * An embedding model that consists of two resources in a Maven artifact.
 *
 * @param id identifies model and precision
 * @param modelResource the .onnx file on the class path
 * @param tokenizerResource its tokenizer.json
 * @param dimension length of its vectors
 * @param maxTokens maximum length of the input, including two special tokens
 * @param queryPrefix the text that the model was trained to see before a question
 * @param pooling how the token vectors are combined into one
 */
public record OnnxModel(
    String id,
    String modelResource,
    String tokenizerResource,
    int dimension,
    int maxTokens,
    String queryPrefix,
    Pooling pooling) {
  /** How the token vectors are combined into one. */
  public enum Pooling {
    /** The vector of the first token. */
    CLS,
    /** The mean of all token vectors. */
    MEAN
  }

  /**
   * The default, the best of its size. Published nDCG@10 on SciFact: .713 (fp32); measured here:
   * .709.
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

  /** The fast profile: half the CPU time, and an nDCG@10 that is .010-.015 lower after fusion. */
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
