package io.github.gpfm.encoder.weights;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * One network in a file that may hold several, or hold it below names of training code: the teacher
 * of a distillation, a moving average, the model itself. The one rule for prefixes and for blocks
 * in chunks.
 *
 * @param prefix what stands in front of the network's own names, with a dot at its end; empty if
 *     nothing does
 */
public record ModelState(String prefix) {
  /**
   * What a state is by its name, the preferred first: DINOv2 takes the teacher, timm the average.
   */
  public enum Kind {
    /** The teacher of a distillation. */
    TEACHER,
    /** A moving average of the weights. */
    EMA,
    /** The model. */
    MODEL,
    /** The student of a distillation. */
    STUDENT
  }

  /** What a compiler or a sharding library puts anywhere into a name. */
  private static final Pattern INSERTED =
      Pattern.compile("(?<=^|\\.)(_orig_mod|_fsdp_wrapped_module|_checkpoint_wrapped_module)\\.");

  private static final Pattern CHUNKED = Pattern.compile("(?<=^|\\.)blocks\\.\\d+\\.(?=\\d+\\.)");

  private static final Set<String> TEACHERS =
      Set.of(
          "teacher",
          "teacher_model",
          "teacher_state_dict",
          "teacher_backbone",
          "target_encoder",
          "momentum_encoder");

  private static final Set<String> STUDENTS =
      Set.of(
          "student",
          "student_model",
          "student_state_dict",
          "student_backbone",
          "online_encoder",
          "online_network");

  private static final Pattern EMA_NAME = Pattern.compile("(.*_)?ema(_.*)?");

  /** What training code puts in front of a network's names, each any number of times. */
  private static final Set<String> WRAPPERS =
      Set.of(
          "module",
          "model",
          "state_dict",
          "model_state_dict",
          "model_state",
          "model_weights",
          "net",
          "network",
          "backbone",
          "encoder",
          "trunk",
          "vit",
          "base_model",
          "base_encoder",
          "pretrained",
          "feature_extractor",
          "image_encoder",
          "vision_encoder",
          "visual_encoder",
          "tile_encoder",
          "patch_encoder",
          "params",
          "weights",
          "_forward_module");

  /** What training puts on top of a network of any kind: not used, and named as such. */
  private static final Pattern HEAD =
      Pattern.compile(
          "(head|heads|head_dist|fc|classifier|dino_head|ibot_head|mlp_head|cls_head|projector"
              + "|projection_head|predictor|prototypes|decoder_\\w+|criterion|\\w+_loss)(\\..*)?");

  /** What lies beside weights in a training checkpoint. */
  private static final Pattern TRAINING =
      Pattern.compile(
          "(optim\\w*|lr_scheduler\\w*|scheduler\\w*|rng\\w*|\\w+_rng_\\w+|random_state|epoch|step"
              + "|iteration|callbacks|loops|scaler|grad_scaler|amp\\w*|args|config|hyper_parameters"
              + "|metrics)(\\..*)?");

  /** A file's name without what may stand anywhere in it, and with blocks counted through. */
  public static String bare(String name) {
    String plain = INSERTED.matcher(name).replaceAll("");
    return CHUNKED.matcher(plain).replaceAll("blocks.");
  }

  /**
   * The states of a file that have the names of a network, the preferred first.
   *
   * @param fileNames of all tensors
   * @param networkNames the network's own, as its authors write them
   * @param furtherWrappers prefixes that this network's names may have beside the usual ones
   */
  public static List<ModelState> in(
      Collection<String> fileNames, Set<String> networkNames, Collection<String> furtherWrappers) {
    Set<String> further = new HashSet<>();
    furtherWrappers.forEach(wrapper -> further.addAll(Arrays.asList(wrapper.split("\\."))));
    Map<String, Integer> hits = new LinkedHashMap<>();
    for (String name : fileNames) {
      String bare = bare(name);
      for (int from = 0; from >= 0; ) {
        if (networkNames.contains(bare.substring(from))) {
          hits.merge(bare.substring(0, from), 1, Integer::sum);
        }
        int dot = bare.indexOf('.', from);
        boolean wrapped =
            dot > 0
                && (isWrapper(bare.substring(from, dot))
                    || further.contains(bare.substring(from, dot)));
        from = wrapped ? dot + 1 : -1;
      }
    }
    int most = hits.values().stream().mapToInt(Integer::intValue).max().orElse(0);
    List<ModelState> states = new ArrayList<>();
    // A head's norm may share a name with the network's: that is no state.
    hits.forEach(
        (prefix, count) -> {
          if (2 * count >= most) {
            states.add(new ModelState(prefix));
          }
        });
    states.sort(Comparator.comparing(ModelState::kind));
    return states;
  }

  /** Whether a name is of a head on top of a network, or of what training keeps beside weights. */
  public static boolean isBeside(String name) {
    return HEAD.matcher(name).matches() || TRAINING.matcher(name).matches();
  }

  /** What stands in front of the tensors beside a backbone, its heads for instance. */
  public String parent() {
    String backbone = "backbone.";
    return prefix.endsWith(backbone)
        ? prefix.substring(0, prefix.length() - backbone.length())
        : prefix;
  }

  private static boolean isWrapper(String segment) {
    return WRAPPERS.contains(segment)
        || TEACHERS.contains(segment)
        || STUDENTS.contains(segment)
        || EMA_NAME.matcher(segment).matches();
  }

  /** What the prefix says it is. */
  public Kind kind() {
    for (String segment : prefix.split("\\.")) {
      if (TEACHERS.contains(segment)) {
        return Kind.TEACHER;
      } else if (STUDENTS.contains(segment)) {
        return Kind.STUDENT;
      } else if (EMA_NAME.matcher(segment).matches()) {
        return Kind.EMA;
      }
    }
    return Kind.MODEL;
  }

  /** A file's name as the network calls it; empty if it is not below this prefix. */
  public Optional<String> local(String fileName) {
    String bare = bare(fileName);
    return bare.startsWith(prefix)
        ? Optional.of(bare.substring(prefix.length()))
        : Optional.empty();
  }

  /**
   * Whether this is what a user asks for.
   *
   * @param asked a prefix ({@code teacher.backbone}), a part of it ({@code teacher}), or a kind
   */
  public boolean is(String asked) {
    String wanted = asked.endsWith(".") ? asked.substring(0, asked.length() - 1) : asked;
    return prefix.equals(wanted + ".")
        || Arrays.asList(prefix.split("\\.")).contains(wanted)
        || prefix.startsWith(wanted + ".")
        || kind().name().toLowerCase(Locale.ROOT).equals(wanted.toLowerCase(Locale.ROOT));
  }

  /** For messages: {@code 'teacher.backbone' (teacher)}. */
  public String describe() {
    return prefix.isEmpty()
        ? "the tensors without a prefix"
        : "'%s' (%s)"
            .formatted(
                prefix.substring(0, prefix.length() - 1), kind().name().toLowerCase(Locale.ROOT));
  }
}
