/** Embedding models that run inside this process, by ONNX Runtime. */
@NullMarked
package dev.throng.backend.onnx;

import org.jspecify.annotations.NullMarked;
