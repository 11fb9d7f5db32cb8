/** Embedding models that run in this process, with ONNX Runtime. */
@NullMarked
package dev.throng.backend.onnx;

import org.jspecify.annotations.NullMarked;
