package io.github.gpfm.encoder.slide;

import io.github.gpfm.encoder.script.ScriptNode;
import io.github.gpfm.encoder.script.ScriptSource;
import java.util.List;

/** The structure of a slide encoder with all its sizes, and how its authors' file names tensors. */
sealed interface SlideNetwork
    permits AttentionPooling, HeadedPooling, CobraNetwork, LongNet, TitanNetwork, PerceiverNetwork {
  /** One line for people. */
  String describe();

  /** The features it gives, the authors' usual one first. */
  List<String> features();

  /** Length of the slide's feature; 0 for that of the tiles. */
  int dimension();

  /** Whether the cells in which the tiles lie count. */
  default boolean needsCells() {
    return false;
  }

  /** Edge of the square of cells that a slide must fit; 0 for any. */
  default int gridEdge() {
    return 0;
  }

  /** Whether cells are counted from the first tile's and tiles that share a cell are summed. */
  default boolean dense() {
    return false;
  }

  /** What stands before the names in files that hold more than the slide encoder. */
  List<String> roots();

  /** Beginnings of the names of tensors that the slide's feature does not need. */
  List<String> ignored(String feature);

  /** Classes and functions of the program. */
  ScriptSource source();

  /** The root module, which answers {@code slide(x, cells)}. */
  ScriptNode root(SlideWeights weights, String feature);
}
