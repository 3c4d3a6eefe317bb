package io.github.gpfm.eval.data;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * Which cases train, select and report.
 *
 * @param name for instance {@code fold 3}
 * @param train case or slide names
 * @param validation names to select by
 * @param test names to report on
 */
public record Split(String name, List<String> train, List<String> validation, List<String> test) {
  /** Copies the lists. */
  public Split {
    train = List.copyOf(train);
    validation = List.copyOf(validation);
    test = List.copyOf(test);
  }

  /**
   * What makes the split unsound: groups (patients) on two sides.
   *
   * @param groupOf patient of a name
   * @return one sentence each, empty if it is sound
   */
  public List<String> leaks(UnaryOperator<String> groupOf) {
    List<String> leaks = new ArrayList<>();
    report(leaks, "train", train, "test", test, groupOf);
    report(leaks, "train", train, "validation", validation, groupOf);
    report(leaks, "validation", validation, "test", test, groupOf);
    return leaks;
  }

  private void report(
      List<String> leaks,
      String first,
      List<String> a,
      String second,
      List<String> b,
      UnaryOperator<String> groupOf) {
    Set<String> both = groups(a, groupOf);
    both.retainAll(groups(b, groupOf));
    if (!both.isEmpty()) {
      leaks.add(
          "split '"
              + name
              + "' has "
              + both.size()
              + " patients in both "
              + first
              + " and "
              + second
              + ", for instance '"
              + both.iterator().next()
              + "'");
    }
  }

  static Set<String> groups(List<String> names, UnaryOperator<String> groupOf) {
    Set<String> groups = new HashSet<>();
    names.forEach(n -> groups.add(groupOf.apply(n)));
    return groups;
  }

  /**
   * The same split without leaks: the test list stays; whoever is in it leaves the other two, and
   * whoever is in validation leaves train. If validation is empty then, a part of train of the
   * given share takes its place, stratified and by patient.
   *
   * @param groupOf patient of a name
   * @param stratumOf class of a name
   * @param share part of train that validates, for instance 0.125
   * @param seed seed of that draw
   */
  public Split withoutLeaks(
      UnaryOperator<String> groupOf, UnaryOperator<String> stratumOf, double share, long seed) {
    Set<String> tested = groups(test, groupOf);
    List<String> keptValidation =
        validation.stream().filter(n -> !tested.contains(groupOf.apply(n))).toList();
    Set<String> validated = groups(keptValidation, groupOf);
    List<String> keptTrain =
        train.stream()
            .filter(n -> !tested.contains(groupOf.apply(n)))
            .filter(n -> !validated.contains(groupOf.apply(n)))
            .toList();
    if (!keptValidation.isEmpty() || keptTrain.isEmpty()) {
      return new Split(name, keptTrain, keptValidation, test);
    }
    List<List<String>> parts =
        Splitter.divide(keptTrain, groupOf, stratumOf, seed, 1 - share, share);
    return new Split(name, parts.get(0), parts.get(1), test);
  }
}
