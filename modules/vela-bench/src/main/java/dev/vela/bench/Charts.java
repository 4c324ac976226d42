package dev.vela.bench;

import java.awt.Color;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.CategorySeries.CategorySeriesRenderStyle;
import org.knowm.xchart.ChartEncoder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.internal.chartpart.Chart;
import org.knowm.xchart.style.Styler.LegendPosition;

/** Draws the results as charts. */
final class Charts {

    private static final int WIDTH = 1_200;
    private static final int HEIGHT = 600;
    private static final int LABEL_DEGREES = 30;
    private static final double KIB = 1024;

    private Charts() {}

    /** Writes {@code ratios.svg} and, if any throughput was measured, {@code throughput.svg} to a folder. */
    static void write(Plan plan, Results results, Path folder) throws IOException {
        System.setProperty("java.awt.headless", "true");
        save(ratios(plan, results), folder.resolve("ratios.svg"));
        List<Scenario> flooded = results.scenarios().stream()
                .filter(scenario ->
                        !scenario.load().isPaced() && !scenario.load().isIdle())
                .toList();
        if (!flooded.isEmpty()) {
            save(throughput(flooded, results), folder.resolve("throughput.svg"));
        }
        List<Scenario> idle = results.scenarios().stream()
                .filter(scenario -> scenario.load().isIdle())
                .toList();
        if (!idle.isEmpty()) {
            save(growth(idle, results), folder.resolve("growth.svg"));
        }
    }

    private static CategoryChart ratios(Plan plan, Results results) {
        List<String> labels = new ArrayList<>();
        List<Double> measured = new ArrayList<>();
        List<Double> asked = new ArrayList<>();
        for (Ratio key : results.measured(plan.keys())) {
            labels.add(key.label() + (key.asked().least() ? "" : " (at most)"));
            measured.add(results.ratio(key).median());
            asked.add(key.asked().bound());
        }
        double least = Math.min(Collections.min(measured), Collections.min(asked));
        CategoryChart chart = chart("Vela beside the official client: medians of the rounds' ratios", "ratio", least);
        chart.getStyler().setOverlapped(true);
        chart.addSeries("measured", labels, measured);
        chart.addSeries("asked for", labels, asked)
                .setChartCategorySeriesRenderStyle(CategorySeriesRenderStyle.Scatter)
                .setMarkerColor(Color.BLACK);
        return chart;
    }

    private static CategoryChart throughput(List<Scenario> scenarios, Results results) {
        Set<Subject> subjects = new LinkedHashSet<>();
        scenarios.forEach(scenario -> subjects.addAll(scenario.subjects()));
        Map<Subject, List<@Nullable Double>> figures = new LinkedHashMap<>();
        double least = Double.MAX_VALUE;
        for (Subject subject : subjects) {
            List<@Nullable Double> medians = new ArrayList<>();
            for (Scenario scenario : scenarios) {
                if (scenario.subjects().contains(subject)) {
                    double median =
                            results.of(scenario, subject, Figure.THROUGHPUT).median();
                    least = Math.min(least, median);
                    medians.add(median);
                } else {
                    medians.add(null);
                }
            }
            figures.put(subject, medians);
        }
        List<String> labels = scenarios.stream().map(Scenario::label).toList();
        CategoryChart chart = chart("Throughput: medians of the rounds", "messages/s", least);
        figures.forEach((subject, medians) -> chart.addSeries(subject.label(), labels, medians));
        return chart;
    }

    /** The heap of all producers against their number, for handles and for partitions of one handle. */
    private static XYChart growth(List<Scenario> idle, Results results) {
        XYChart chart = new XYChartBuilder()
                .width(WIDTH)
                .height(HEIGHT)
                .title("Heap of idle producers, with their client: medians of the rounds")
                .xAxisTitle("producers")
                .yAxisTitle("KiB")
                .build();
        chart.getStyler().setXAxisLogarithmic(true).setYAxisLogarithmic(true);
        chart.getStyler().setChartBackgroundColor(Color.WHITE).setLegendPosition(LegendPosition.OutsideE);
        for (boolean partitioned : List.of(false, true)) {
            List<Scenario> widths = idle.stream()
                    .filter(scenario -> (scenario.topic().partitions() > 0) == partitioned)
                    .toList();
            if (widths.isEmpty()) {
                continue;
            }
            for (Subject subject : widths.get(0).subjects()) {
                chart.addSeries(
                        subject.label() + (partitioned ? ", partitions" : ", handles"),
                        widths.stream().map(Scenario::width).toList(),
                        widths.stream()
                                .map(scenario -> results.of(scenario, subject, Figure.HEAP)
                                                .median()
                                        / KIB)
                                .toList());
            }
        }
        return chart;
    }

    /** Returns an empty chart with a logarithmic axis that starts below the least figure. */
    private static CategoryChart chart(String title, String axis, double least) {
        CategoryChart chart = new CategoryChartBuilder()
                .width(WIDTH)
                .height(HEIGHT)
                .title(title)
                .yAxisTitle(axis)
                .build();
        // Without an explicit minimum, an axis of bars starts at 0, which a logarithmic axis does not have.
        chart.getStyler().setYAxisLogarithmic(true).setYAxisMin(Math.pow(10, Math.floor(Math.log10(least))));
        // Slanted labels, so that every bar keeps its label however close the bars are.
        chart.getStyler().setXAxisLabelRotation(LABEL_DEGREES).setXAxisTickMarkSpacingHint(1);
        chart.getStyler().setChartBackgroundColor(Color.WHITE).setLegendPosition(LegendPosition.OutsideE);
        return chart;
    }

    private static void save(Chart<?, ?> chart, Path file) throws IOException {
        Files.write(file, ChartEncoder.getBytes(chart, "svg"));
    }
}
