package dev.vela.view;

/** Serves the page of a simulated application, for work on the page: arguments are the port, and topics of ten partitions. */
final class Demonstration {

    private static final String CUT = "TimeoutException: broker-1:6650 did not answer the create command within 30 s";

    private Demonstration() {}

    /** Runs until it is ended. */
    public static void main(String[] args) throws Exception {
        int topics = args.length > 1 ? Integer.parseInt(args[1]) : 0;
        Simulation shop = topics == 0 ? Simulation.shop() : Simulation.ofTopics(topics);
        String first = topics == 0 ? "orders" : "topic-0003";
        String second = topics == 0 ? "payments" : "topic-0007";
        if (topics == 0) {
            shop.change(second, 0, 1, "WAITING", null);
        }
        ViewServer server = ViewServer.start(shop, new ViewOptions(null, Integer.parseInt(args[0]), false));
        System.out.println(server.address());
        for (int round = 0; ; round++) {
            Thread.sleep(round == 0 ? 4_000 : 16_000);
            Marks.Mark mark = server.marks().begin("broker-kill broker-1");
            for (int p = 0; p < 8; p += 2) {
                shop.change(first, p, 0, "RECONNECTING", "Connection closed by broker-1:6650");
            }
            Thread.sleep(3_000);
            for (int p = 0; p < 8; p += 2) {
                shop.change(first, p, 0, "RESTARTING", CUT);
            }
            Thread.sleep(5_000);
            mark.end();
            for (int p = 0; p < 8; p += 2) {
                shop.change(first, p, 0, "READY", null);
            }
            Thread.sleep(4_000);
            Marks.Mark fence = server.marks().begin("fence " + second);
            shop.change(second, 1, 0, "FENCED", "ProducerFencedException: another producer took the topic over");
            Thread.sleep(2_000);
            fence.end();
        }
    }
}
