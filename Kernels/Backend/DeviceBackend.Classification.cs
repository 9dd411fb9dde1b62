using FlowRatio.Engine.Compute;
using FlowRatio.Kernels.Devices;
using FlowRatio.Kernels.Training;

namespace FlowRatio.Kernels.Backend;

/// <content>Classifiers.</content>
internal sealed partial class DeviceBackend
{
    /// <inheritdoc/>
    protected override void SoftmaxCrossEntropyCore(Matrix logits, IndexBuffer classes, int series, Accumulator loss, Matrix dLogits)
    {
        int groups = DivideUp(logits.Rows, SoftmaxCrossEntropyKernel.RowsPerGroup);
        ArrayView<double> parts = lossParts.Reserve(groups);
        var kernel = new SoftmaxCrossEntropyKernel
        {
            Logits = Own(logits).View,
            Classes = Own(classes).View,
            Gradient = Own(dLogits).View,
            Rows = logits.Rows,
            Columns = logits.Columns,
            Parts = parts,
        };
        Device.Launch(kernel, LaunchShape.Teams(groups));
        var sum = new SumPartsKernel
        {
            Parts = parts, Count = groups, Factor = 1.0 / logits.Rows, Result = Own(loss).SeriesView(series),
        };
        Device.Launch(sum, LaunchShape.Teams(1));
    }
}
