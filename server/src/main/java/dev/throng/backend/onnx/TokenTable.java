package dev.throng.backend.onnx;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * The input embeddings of a model: a vector for each token of its vocabulary. They are read from
 * the .onnx file, a ModelProto of protocol buffers, because ONNX Runtime does not give them out.
 *
 * <p>The mean of all vectors is taken off each of them, so that only unlike tokens have a cosine
 * near 0. Zero point and scale of quantised values cancel out by that and by normalising.
 */
final class TokenTable {
  private static final String NAME = "word_embeddings.weight";

  // Numbers of fields, from onnx.proto.
  private static final int MODEL_GRAPH = 7;
  private static final int GRAPH_INITIALIZER = 5;
  private static final int TENSOR_TYPE = 2;
  private static final int TENSOR_NAME = 8;
  private static final int TENSOR_RAW_DATA = 9;

  // TensorProto.DataType
  private static final long FLOAT = 1;
  private static final long UINT8 = 2;
  private static final long INT8 = 3;

  private static final int WIRE_VARINT = 0;
  private static final int WIRE_FIXED64 = 1;
  private static final int WIRE_BYTES = 2;
  private static final int WIRE_FIXED32 = 5;

  private final ByteBuffer values;
  private final long type;
  private final int dimension;
  private final int tokens;
  private final float[] mean;

  private TokenTable(ByteBuffer values, long type, int dimension) {
    this.values = values;
    this.type = type;
    this.dimension = dimension;
    this.tokens = values.remaining() / dimension / (type == FLOAT ? Float.BYTES : 1);
    this.mean = mean();
  }

  /**
   * Reads the table. It stays a mapped file.
   *
   * @return empty when the model has no such table in a known form
   */
  static Optional<TokenTable> read(Path onnx, int dimension) throws IOException {
    try (FileChannel file = FileChannel.open(onnx, StandardOpenOption.READ)) {
      ByteBuffer model = file.map(MapMode.READ_ONLY, 0, file.size());
      while (model.hasRemaining()) {
        Field field = Field.read(model);
        if (field.number() != MODEL_GRAPH) {
          continue;
        }
        while (field.bytes().hasRemaining()) {
          Field part = Field.read(field.bytes());
          if (part.number() == GRAPH_INITIALIZER) {
            Optional<TokenTable> table = table(part.bytes(), dimension);
            if (table.isPresent()) {
              return table;
            }
          }
        }
      }
    }
    return Optional.empty();
  }

  private static Optional<TokenTable> table(ByteBuffer tensor, int dimension) {
    String name = "";
    long type = 0;
    ByteBuffer values = ByteBuffer.allocate(0);
    while (tensor.hasRemaining()) {
      Field field = Field.read(tensor);
      switch (field.number()) {
        case TENSOR_NAME -> name = StandardCharsets.UTF_8.decode(field.bytes()).toString();
        case TENSOR_TYPE -> type = field.value();
        case TENSOR_RAW_DATA -> values = field.bytes();
        default -> {}
      }
    }
    boolean isKnown = type == FLOAT || type == UINT8 || type == INT8;
    // The scale and the zero point have the same name with another ending, and one value.
    return name.contains(NAME) && isKnown && values.remaining() > dimension * Float.BYTES
        ? Optional.of(new TokenTable(values.order(ByteOrder.LITTLE_ENDIAN), type, dimension))
        : Optional.empty();
  }

  private float[] mean() {
    double[] sum = new double[dimension];
    for (int token = 0; token < tokens; token++) {
      for (int i = 0; i < dimension; i++) {
        sum[i] += value(token, i);
      }
    }
    float[] mean = new float[dimension];
    for (int i = 0; i < dimension; i++) {
      mean[i] = (float) (sum[i] / tokens);
    }
    return mean;
  }

  int dimension() {
    return dimension;
  }

  /** Returns the number of tokens. */
  int tokens() {
    return tokens;
  }

  /** Adds the unit vector of a token to a sum. */
  void add(int token, float[] sum) {
    float[] vector = new float[dimension];
    double squares = 0;
    for (int i = 0; i < dimension; i++) {
      vector[i] = value(token, i) - mean[i];
      squares += (double) vector[i] * vector[i];
    }
    float scale = squares > 0 ? (float) (1 / Math.sqrt(squares)) : 0;
    for (int i = 0; i < dimension; i++) {
      sum[i] += vector[i] * scale;
    }
  }

  private float value(int token, int i) {
    int index = values.position() + (token * dimension + i) * (type == FLOAT ? Float.BYTES : 1);
    if (type == FLOAT) {
      return values.getFloat(index);
    }
    return type == UINT8 ? values.get(index) & 0xff : values.get(index);
  }

  /**
   * A field of a protocol buffer.
   *
   * @param value of a number
   * @param bytes of anything else
   */
  private record Field(int number, long value, ByteBuffer bytes) {
    private static final ByteBuffer NO_BYTES = ByteBuffer.allocate(0);

    static Field read(ByteBuffer in) {
      long tag = varint(in);
      int number = (int) (tag >>> 3);
      int wire = (int) (tag & 7);
      if (wire == WIRE_VARINT) {
        return new Field(number, varint(in), NO_BYTES);
      }
      int length =
          switch (wire) {
            case WIRE_FIXED64 -> Long.BYTES;
            case WIRE_FIXED32 -> Integer.BYTES;
            case WIRE_BYTES -> (int) varint(in);
            default -> throw new IllegalStateException("wire type " + wire + " in an .onnx file");
          };
      ByteBuffer bytes = in.slice(in.position(), length);
      in.position(in.position() + length);
      return new Field(number, 0, bytes);
    }

    private static long varint(ByteBuffer in) {
      long value = 0;
      for (int shift = 0; ; shift += 7) {
        byte part = in.get();
        value |= (long) (part & 0x7f) << shift;
        if (part >= 0) {
          return value;
        }
      }
    }
  }
}
