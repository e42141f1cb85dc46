package io.prefstream.trainer.round;

import static org.assertj.core.api.Assertions.assertThat;

import io.prefstream.core.reward.RightnessCalibrator.Input;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class FiguresTest {
    @Test
    void tellsRowsOfCellsThatAReportCanSplit() {
        Map<String, String> told = new TreeMap<>();
        List<Input> inputs = List.of(new Input(2, 1, 0), new Input(1, 2, 0), new Input(-1, 1, 0), new Input(0, 3, 0));
        Figures.tell(told, inputs, new double[] {0.97, 0.9, 0.4, 0.6}, new boolean[] {true, false, false, true});
        assertThat(told.keySet())
                .contains(
                        "figures/1 both",
                        "figures/2 best only",
                        "figures/3 gold only",
                        "coverage/0.50",
                        "coverage/0.95");
        assertThat(told.get("figures/1 both"))
                .startsWith("keep=2 keep_right=1 keep_precision=0.500 keep_interval=")
                .contains("flip=0 flip_right=0 flip_precision=- flip_interval=0.000..1.000");
        assertThat(told.get("figures/2 best only")).contains("keep=2 ", "flip=1 flip_right=1 ");
        assertThat(told.get("coverage/0.50")).startsWith("coverage=1.000 decided=4 decided_right=3 ");
        assertThat(told.get("coverage/0.95")).startsWith("coverage=0.250 decided=1 decided_right=1 ");
        assertThat(told.values())
                .allSatisfy(row -> assertThat(row.split(" ", -1))
                        .allSatisfy(cell -> assertThat(cell).matches("[a-z_]+=\\S+")));
    }
}
