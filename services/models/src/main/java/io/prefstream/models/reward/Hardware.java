package io.prefstream.models.reward;

import ai.djl.Device;
import java.util.ArrayList;
import java.util.List;

/**
 * What a model runs on.
 *
 * @param devices one or more, all of one kind; the model is loaded on each
 * @param instances calls at a time on each device
 * @param threads threads of a call on a CPU
 * @param batchTokens most tokens of a batch, padding included; 0 for one row a batch
 */
public record Hardware(List<Device> devices, int instances, int threads, int batchTokens) {

    /** Tokens of a batch on a GPU that keep it busy without filling its memory. */
    public static final int GPU_BATCH_TOKENS = 32_768;

    /** As many calls at a time as cores, one thread and one row each: on a CPU padding costs more than batches give. */
    public static Hardware cpu() {
        return cpu(Runtime.getRuntime().availableProcessors());
    }

    /** A CPU with this many calls at a time. */
    public static Hardware cpu(int instances) {
        return new Hardware(List.of(Device.cpu()), instances, 1, 0);
    }

    /**
     * What a setting names: {@code cpu}, {@code gpu} for all GPUs that the engine sees, or numbers of GPUs such as {@code 0,2}.
     *
     * @param devices the setting
     * @param instances calls at a time on each device; 0 for as many as cores on a CPU and 2 on a GPU, of which one is read in
     *     while the other runs
     * @param batchTokens most tokens of a batch on a GPU
     * @param engine DJL's engine that the model needs, asked for its GPUs
     * @throws ModelRefused when there is no such device, or the engine cannot start
     */
    public static Hardware of(String devices, int instances, int batchTokens, String engine) {
        if (devices.equals("cpu")) {
            return instances == 0 ? cpu() : cpu(instances);
        }
        int there = Engines.start(engine).getGpuCount();
        List<Device> gpus = new ArrayList<>();
        if (devices.equals("gpu")) {
            for (int i = 0; i < there; i++) {
                gpus.add(Device.gpu(i));
            }
        } else {
            for (String number : devices.split(",", -1)) {
                if (!number.strip().matches("\\d{1,3}")) {
                    throw new ModelRefused(
                            "\"" + devices + "\" names no device: write cpu, gpu, or numbers such as 0,1");
                }
                int gpu = Integer.parseInt(number.strip());
                if (gpu >= there) {
                    throw new ModelRefused("GPU " + gpu + " is not there: the " + engine + " engine sees " + there);
                }
                gpus.add(Device.gpu(gpu));
            }
        }
        if (gpus.isEmpty()) {
            throw new ModelRefused("the " + engine + " engine sees no GPU: write cpu, or give it its CUDA libraries");
        }
        return new Hardware(List.copyOf(gpus), instances == 0 ? 2 : instances, 1, batchTokens);
    }
}
