package dev.vela.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.CategorySeries.CategorySeriesRenderStyle;
import org.knowm.xchart.ChartEncoder;
import org.knowm.xchart.style.Styler.LegendPosition;

/** The results as pictures. */
final class Charts {

    private static final double MILLION = 1_000_000;
    private static final int LABEL_DEGREES = 30;

    private Charts() {}

    /** Writes {@code ratios.svg} and {@code throughput.svg} to a folder. */
    static void write(Plan plan, Results results, Path folder) throws IOException {
        System.setProperty("java.awt.headless", "true");
        save(ratios(plan, results), folder.resolve("ratios.svg"));
        List<Scenario> flooded = results.scenarios().stream()
                .filter(scenario -> !scenario.load().isPaced())
                .toList();
        if (!flooded.isEmpty()) {
            save(throughput(flooded, results), folder.resolve("throughput.svg"));
        }
    }

    private static CategoryChart ratios(Plan plan, Results results) {
        List<String> labels = new ArrayList<>();
        List<Double> measured = new ArrayList<>();
        List<Double> asked = new ArrayList<>();
        for (Key key : plan.keys()) {
            labels.add(key.label() + (key.asked().least() ? "" : " (at most)"));
            measured.add(results.ratio(key).median());
            asked.add(key.asked().bound());
        }
        CategoryChart chart = chart("Vela beside the official client: medians of the rounds' ratios", "ratio");
        chart.getStyler().setYAxisLogarithmic(true);
        chart.addSeries("measured", labels, measured);
        chart.addSeries("asked for", labels, asked)
                .setChartCategorySeriesRenderStyle(CategorySeriesRenderStyle.Scatter);
        return chart;
    }

    private static CategoryChart throughput(List<Scenario> scenarios, Results results) {
        Set<Subject> subjects = new LinkedHashSet<>();
        scenarios.forEach(scenario -> subjects.addAll(scenario.subjects()));
        List<String> labels = scenarios.stream().map(Scenario::label).toList();
        CategoryChart chart = chart("Throughput: medians of the rounds", "million messages/s");
        for (Subject subject : subjects) {
            List<@Nullable Double> millions = new ArrayList<>();
            for (Scenario scenario : scenarios) {
                millions.add(
                        scenario.subjects().contains(subject)
                                ? results.of(scenario, subject, Figure.THROUGHPUT)
                                                .median()
                                        / MILLION
                                : null);
            }
            chart.addSeries(subject.label(), labels, millions);
        }
        return chart;
    }

    private static CategoryChart chart(String title, String axis) {
        CategoryChart chart = new CategoryChartBuilder()
                .width(1_200)
                .height(600)
                .title(title)
                .yAxisTitle(axis)
                .build();
        chart.getStyler().setXAxisLabelRotation(LABEL_DEGREES);
        chart.getStyler().setLegendPosition(LegendPosition.InsideNE);
        return chart;
    }

    private static void save(CategoryChart chart, Path file) throws IOException {
        Files.write(file, ChartEncoder.getBytes(chart, "svg"));
    }
}
