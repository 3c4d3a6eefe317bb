package io.github.gpfm.tiling.internal;

import java.lang.ref.Reference;
import java.util.List;
import org.opencv.core.Mat;

/**
 * Releases OpenCV's matrices. {@link Mat} has a finalizer that deletes the native object, and its
 * methods hand only the object's address to native code: a matrix whose last use is a call, {@link
 * Mat#release} included, may be finalized, and its native object freed, while that call still runs.
 * Every matrix is therefore released here, which keeps it reachable until the call has returned,
 * and never left to the finalizer.
 */
public final class Mats {
  private Mats() {}

  /** Releases matrices. */
  public static void release(Mat... mats) {
    for (Mat mat : mats) {
      release(mat);
    }
  }

  /** Releases matrices. */
  public static void release(List<? extends Mat> mats) {
    for (Mat mat : mats) {
      release(mat);
    }
  }

  private static void release(Mat mat) {
    mat.release();
    Reference.reachabilityFence(mat);
  }
}
