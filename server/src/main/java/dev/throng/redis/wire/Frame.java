package dev.throng.redis.wire;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.zip.CRC32C;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/**
 * A binary format for values that replicas exchange, also with other releases. A frame consists of
 * two bytes of magic, the version of the format, the kind of value, whether it is compressed, a
 * CRC-32C of the following bytes, the uncompressed length, and the value.
 *
 * <p>JSON is not used because parsing a few kilobytes of it took as long as the network in a Redis
 * hit. The content of a kind changes only together with the version.
 */
final class Frame {
  /** The kind of value in a frame. */
  enum Kind {
    ANSWER(1),
    VALIDATED_ANSWER(2),
    FLIGHT_HEAD(3),
    FLIGHT_END(4),
    STREAM(5),
    ANSWER_MADE_FROM(6);

    private final byte code;

    Kind(int code) {
      this.code = (byte) code;
    }
  }

  private static final short MAGIC = 0x7468;
  private static final byte VERSION = 5;
  private static final byte PLAIN = 0;
  private static final byte DEFLATED = 1;
  private static final int HEADER_BYTES = 13;
  private static final int CHECKED_FROM = 9;
  private static final int FORM_AT = 4;

  /**
   * An answer with its sources is smaller than this, and unpacking it would take longer than
   * sending it.
   */
  private static final int COMPRESS_FROM_BYTES = 16 << 10;

  /** No stored value is longer. A wrong length in a header must not exhaust the memory. */
  private static final int MAX_BYTES = 32 << 20;

  private Frame() {}

  static byte[] encode(Kind kind, Consumer<FrameWriter> value) {
    FrameWriter writer = new FrameWriter();
    value.accept(writer);
    byte[] plain = writer.bytes();
    boolean isLarge = plain.length >= COMPRESS_FROM_BYTES;
    byte[] payload = isLarge ? deflated(plain) : plain;
    ByteBuffer frame =
        ByteBuffer.allocate(HEADER_BYTES + payload.length)
            .putShort(MAGIC)
            .put(VERSION)
            .put(kind.code)
            .put(isLarge ? DEFLATED : PLAIN)
            .putInt(0)
            .putInt(plain.length)
            .put(payload);
    return frame.putInt(CHECKED_FROM - Integer.BYTES, checksum(frame.array())).array();
  }

  /**
   * Decodes a frame.
   *
   * @param value reads the parts that were written
   * @return empty when the frame is damaged, or of another version or kind
   */
  static <T> Optional<T> decode(Kind kind, byte[] bytes, Function<FrameReader, T> value) {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    if (bytes.length < HEADER_BYTES
        || in.getShort() != MAGIC
        || in.get() != VERSION
        || in.get() != kind.code) {
      return Optional.empty();
    }
    byte form = in.get();
    int expected = in.getInt();
    int length = in.getInt();
    boolean isWhole = form == DEFLATED || (form == PLAIN && length == in.remaining());
    if (!isWhole || length < 0 || length > MAX_BYTES || checksum(bytes) != expected) {
      return Optional.empty();
    }
    try {
      ByteBuffer plain = form == DEFLATED ? inflated(in, length) : in;
      return Optional.of(value.apply(new FrameReader(plain)));
    } catch (DataFormatException | BufferUnderflowException | IllegalArgumentException e) {
      return Optional.empty(); // the writer was wrong, because the checksum is right
    }
  }

  /**
   * Returns the unpacked content of a frame of any kind, or the bytes themselves if they are not a
   * frame.
   *
   * @return the same array when nothing is packed
   */
  static byte[] unpacked(byte[] bytes) {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    if (bytes.length < HEADER_BYTES || in.getShort() != MAGIC || bytes[FORM_AT] != DEFLATED) {
      return bytes;
    }
    int length = in.getInt(HEADER_BYTES - Integer.BYTES);
    try {
      return length < 0 || length > MAX_BYTES
          ? bytes
          : inflated(in.position(HEADER_BYTES), length).array();
    } catch (DataFormatException e) {
      return bytes;
    }
  }

  /**
   * Computes the checksum of everything after it. The bytes before it are compared with their
   * expected values.
   */
  private static int checksum(byte[] frame) {
    CRC32C checksum = new CRC32C();
    checksum.update(frame, 0, CHECKED_FROM - Integer.BYTES);
    checksum.update(frame, CHECKED_FROM, frame.length - CHECKED_FROM);
    return (int) checksum.getValue();
  }

  private static byte[] deflated(byte[] plain) {
    try (Deflater quick = new Deflater(Deflater.BEST_SPEED)) {
      quick.setInput(plain);
      quick.finish();
      byte[] packed = new byte[plain.length + HEADER_BYTES];
      int length = quick.deflate(packed);
      while (!quick.finished()) { // rare: incompressible data grows a little
        packed = Arrays.copyOf(packed, 2 * packed.length);
        length += quick.deflate(packed, length, packed.length - length);
      }
      return Arrays.copyOf(packed, length);
    }
  }

  private static ByteBuffer inflated(ByteBuffer payload, int length) throws DataFormatException {
    byte[] plain = new byte[length];
    try (Inflater inflater = new Inflater()) {
      inflater.setInput(payload);
      if (inflater.inflate(plain) != length) {
        throw new DataFormatException("shorter than its declared length");
      }
    }
    return ByteBuffer.wrap(plain);
  }
}
