using System.Text.Json.Serialization;

namespace FlowRatio.Benchmarks.Speed.Gpu;

/// <summary>What was measured of one case in one precision.</summary>
/// <param name="Name">The case.</param>
/// <param name="Precision">How products were computed.</param>
/// <param name="Graphs">Whether repeated launches were submitted as graphs.</param>
/// <param name="Clock">"device": the card's events around the work; "wall": from host array to host array.</param>
/// <param name="Repetitions">Repetitions behind the quantiles.</param>
/// <param name="MedianMs">Median time in milliseconds.</param>
/// <param name="P10Ms">A tenth of the repetitions was faster.</param>
/// <param name="P90Ms">A tenth was slower.</param>
/// <param name="Tflops">TFLOP/s at the median; null where operations are not counted.</param>
/// <param name="Fp32Share">Share of the measured float32 ceiling; above 1 is possible on tensor cores.</param>
/// <param name="Launches">Kernel launches per run.</param>
/// <param name="Submissions">Calls of the driver per run that submitted them.</param>
/// <param name="GraphLaunches">Graphs among those per run.</param>
/// <param name="RefusedGraphs">Times that the driver refused a graph.</param>
/// <param name="DeviceMebibytes">Most memory on the device that buffers took during the case.</param>
internal sealed record GpuSpeedRow(
    string Name,
    string Precision,
    bool Graphs,
    string Clock,
    int Repetitions,
    double MedianMs,
    double P10Ms,
    double P90Ms,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] double? Tflops,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] double? Fp32Share,
    double Launches,
    double Submissions,
    double GraphLaunches,
    long RefusedGraphs,
    double DeviceMebibytes);
