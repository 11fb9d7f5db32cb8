package dev.throng.cache;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.zip.CRC32C;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.InflaterInputStream;

/**
 * JSON as bytes that other replicas, of other releases too, read or pass by: two bytes that say
 * what it is, the format's version, whether it is compressed, a CRC-32C of that and the JSON behind
 * it.
 */
final class Frame {
  private static final short MAGIC = 0x7468;
  private static final byte VERSION = 1;
  private static final byte PLAIN = 0;
  private static final byte DEFLATED = 1;
  private static final int HEADER_BYTES = 8;

  /** Below this, compression gains nothing. */
  private static final int COMPRESS_FROM_BYTES = 1_024;

  /** Nothing that was ever kept is longer; a header that lies must not fill the memory. */
  private static final int MAX_JSON_BYTES = 32 << 20;

  private static final JsonFactory FACTORY = new JsonFactory();
  private static final ObjectMapper JSON = new ObjectMapper();

  private Frame() {}

  interface Body {
    void writeTo(JsonGenerator json) throws IOException;
  }

  static byte[] encode(Body body) {
    byte[] plain = json(body);
    boolean isLarge = plain.length >= COMPRESS_FROM_BYTES;
    byte[] payload = isLarge ? deflated(plain) : plain;
    byte form = isLarge ? DEFLATED : PLAIN;
    return ByteBuffer.allocate(HEADER_BYTES + payload.length)
        .putShort(MAGIC)
        .put(VERSION)
        .put(form)
        .putInt(checksum(form, ByteBuffer.wrap(payload)))
        .put(payload)
        .array();
  }

  /**
   * @return empty when it is damaged, or of another version
   */
  static Optional<JsonNode> decode(byte[] bytes) {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    if (bytes.length <= HEADER_BYTES || in.getShort() != MAGIC || in.get() != VERSION) {
      return Optional.empty();
    }
    byte form = in.get();
    int expected = in.getInt();
    if (checksum(form, in.duplicate()) != expected) {
      return Optional.empty();
    }
    try (InputStream payload = new ByteArrayInputStream(bytes, HEADER_BYTES, in.remaining());
        InputStream plain = form == DEFLATED ? new InflaterInputStream(payload) : payload) {
      return Optional.of(JSON.readTree(plain.readNBytes(MAX_JSON_BYTES)));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static int checksum(byte form, ByteBuffer payload) {
    CRC32C checksum = new CRC32C();
    checksum.update(form);
    checksum.update(payload);
    return (int) checksum.getValue();
  }

  private static byte[] json(Body body) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator json = FACTORY.createGenerator(bytes)) {
      body.writeTo(json);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // memory does not fail
    }
    return bytes.toByteArray();
  }

  private static byte[] deflated(byte[] plain) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(plain.length / 2);
    Deflater quick = new Deflater(Deflater.BEST_SPEED);
    try (OutputStream out = new DeflaterOutputStream(bytes, quick)) {
      out.write(plain);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // memory does not fail
    } finally {
      quick.end();
    }
    return bytes.toByteArray();
  }
}
