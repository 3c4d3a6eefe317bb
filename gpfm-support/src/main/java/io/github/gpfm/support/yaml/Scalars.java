package io.github.gpfm.support.yaml;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What plain text means as number, truth value or nothing, in YAML 1.1, YAML 1.2 and JSON. */
final class Scalars {
  private static final Pattern RADIX =
      Pattern.compile("([-+]?)0([xob])([0-9a-fA-F]+(?:_[0-9a-fA-F]+)*)");
  private static final Pattern DECIMAL =
      Pattern.compile(
          "[-+]?(?:\\.[0-9]+(?:_[0-9]+)*|[0-9]+(?:_[0-9]+)*(?:\\.(?:[0-9]+(?:_[0-9]+)*)?)?)(?:[eE][-+]?[0-9]{1,9})?");
  private static final Pattern LEADING_ZERO = Pattern.compile("[-+]?0[0-9_]+");
  private static final Pattern NOT_FINITE =
      Pattern.compile("[-+]?\\.(?:inf|Inf|INF)|\\.(?:nan|NaN|NAN)");
  private static final Set<String> NULLS = Set.of("", "~", "null", "Null", "NULL");
  private static final Set<String> TRUE =
      Set.of("true", "True", "TRUE", "yes", "Yes", "YES", "on", "On", "ON");
  private static final Set<String> FALSE =
      Set.of("false", "False", "FALSE", "no", "No", "NO", "off", "Off", "OFF");

  /** Beyond this a number is no more than an attempt to use up memory. */
  private static final int LONGEST_NUMBER = 400;

  private Scalars() {}

  static boolean isNull(String text) {
    return NULLS.contains(text);
  }

  static Optional<Boolean> truth(String text) {
    if (TRUE.contains(text)) {
      return Optional.of(true);
    }
    return FALSE.contains(text) ? Optional.of(false) : Optional.empty();
  }

  static boolean isNotFinite(String text) {
    return NOT_FINITE.matcher(text).matches();
  }

  /** {@code 010} is 8 to YAML 1.1 and 10 to YAML 1.2. */
  static boolean isAmbiguous(String text) {
    return LEADING_ZERO.matcher(text).matches();
  }

  /** The exact value; empty where the text is not a finite number, or ambiguous. */
  static Optional<BigDecimal> number(String text) {
    if (text.length() > LONGEST_NUMBER || isAmbiguous(text)) {
      return Optional.empty();
    }
    Matcher radix = RADIX.matcher(text);
    if (radix.matches()) {
      return whole(radix).map(BigDecimal::new);
    }
    return DECIMAL.matcher(text).matches()
        ? Optional.of(new BigDecimal(text.replace("_", "")))
        : Optional.empty();
  }

  private static Optional<BigInteger> whole(Matcher radix) {
    int base = radix.group(2).equals("x") ? 16 : radix.group(2).equals("o") ? 8 : 2;
    try {
      return Optional.of(new BigInteger(radix.group(1) + radix.group(3).replace("_", ""), base));
    } catch (NumberFormatException digitOfAnotherBase) {
      return Optional.empty();
    }
  }

  /** The nearest double; empty where the number is too large for one, or so small that it is 0. */
  static Optional<Double> toDouble(BigDecimal number) {
    double value = number.doubleValue();
    boolean lost = Double.isInfinite(value) || (value == 0 && number.signum() != 0);
    return lost ? Optional.empty() : Optional.of(value);
  }

  /** The number if it is whole and in the range; {@code 1e3} and {@code 2.0} are whole. */
  static Optional<Long> toLong(BigDecimal number, long least, long most) {
    if (number.signum() == 0) {
      return least <= 0 && most >= 0 ? Optional.of(0L) : Optional.empty();
    }
    // Looks at the exponent first: the digits of 1e999999999 need not be written out.
    long digits = (long) number.precision() - number.scale();
    if (digits < 1 || digits > 19 || number.stripTrailingZeros().scale() > 0) {
      return Optional.empty();
    }
    BigInteger whole = number.toBigIntegerExact();
    return whole.compareTo(BigInteger.valueOf(least)) >= 0
            && whole.compareTo(BigInteger.valueOf(most)) <= 0
        ? Optional.of(whole.longValueExact())
        : Optional.empty();
  }
}
