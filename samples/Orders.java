import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Locale;
import java.util.Random;

/**
 * Writes the 10,000 orders of {@code orders.ndjson}, the same ones every time:
 *
 * <pre>java samples/Orders.java > samples/orders.ndjson</pre>
 *
 * <p>A day in a shop with 200 customers. A few of them order most, hours differ, and orders are told in the order of
 * their times.
 */
public final class Orders {
    private static final long SEED = 20_260_501;
    private static final int ORDERS = 10_000;
    private static final int CUSTOMERS = 200;
    private static final Instant OPENING = Instant.parse("2026-05-01T06:00:00Z");
    private static final double MEAN_GAP_MILLIS = 5_000;
    private static final int MILLIS_PER_HOUR = 3_600_000;

    /** How busy each hour after the opening is. */
    private static final double[] BUSY = {0.4, 0.8, 1.1, 1.2, 1.4, 2.2, 2.0, 1.1, 0.9, 1.0, 1.4, 2.1, 1.6, 0.7};

    private static final String[] ITEMS = {
        "apples", "bread", "butter", "candles", "cheese", "coffee", "eggs", "flour", "honey", "milk", "oats", "olives",
        "onions", "pasta", "rice", "soap", "sugar", "tea", "tomatoes", "walnuts"
    };

    private final Random random = new Random(SEED);
    private final double[] upTo = shares();

    /** Where each customer's share of all orders ends: the second has half the first one's, the third a third of it. */
    private static double[] shares() {
        double[] upTo = new double[CUSTOMERS];
        double sum = 0;
        for (int i = 0; i < CUSTOMERS; i++) {
            sum += 1.0 / (i + 1);
            upTo[i] = sum;
        }
        return upTo;
    }

    private String order(int number, long millis) {
        int lines = 1 + random.nextInt(2);
        StringBuilder items = new StringBuilder();
        long cents = 0;
        for (int i = 0; i < lines; i++) {
            int item = random.nextInt(ITEMS.length);
            int quantity = 1 + random.nextInt(4);
            cents += quantity * (99L + 37L * item);
            items.append(i == 0 ? "" : ",").append("{\"item\":\"").append(ITEMS[item]).append("\",\"quantity\":");
            items.append(quantity).append('}');
        }
        return String.format(
                Locale.ROOT,
                "{\"order\":%d,\"customer\":\"customer-%03d\",\"time\":\"%s\",\"items\":[%s],\"total\":%d.%02d}",
                number,
                customer(),
                Instant.ofEpochMilli(millis),
                items,
                cents / 100,
                cents % 100);
    }

    private int customer() {
        double point = random.nextDouble() * upTo[CUSTOMERS - 1];
        int found = Arrays.binarySearch(upTo, point);
        // Neighbouring numbers should not mean neighbouring shares.
        return 1 + (found < 0 ? -found - 1 : found) * 77 % CUSTOMERS;
    }

    private long gap(long sinceOpening) {
        double busy = BUSY[(int) Math.min(sinceOpening / MILLIS_PER_HOUR, BUSY.length - 1)];
        // StrictMath: the same bits on every machine.
        return 1 + (long) (-StrictMath.log(1 - random.nextDouble()) * MEAN_GAP_MILLIS / busy);
    }

    private void print(PrintStream out) {
        long sinceOpening = 0;
        for (int number = 1; number <= ORDERS; number++) {
            sinceOpening += gap(sinceOpening);
            out.print(order(number, OPENING.toEpochMilli() + sinceOpening) + "\n");
        }
        out.flush();
    }

    public static void main(String[] args) {
        new Orders().print(new PrintStream(System.out, false, StandardCharsets.UTF_8));
    }
}
