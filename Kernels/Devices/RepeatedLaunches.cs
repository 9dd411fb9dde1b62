using FlowRatio.Engine.Compute;

namespace FlowRatio.Kernels.Devices;

/// <summary>
/// Launches that repeat. The first repetition runs as it is asked for: it compiles kernels and allocates scratch memory. The second is
/// recorded into a graph of the device. From the third on each launch is compared with the recorded one: where kernel and shape are
/// the same, only changed arguments go to the device, and the end submits the graph. Whatever does not fit, another kernel, another
/// shape, a copy, an allocation, ends this: launches put off so far are submitted one by one, the rest runs as it is asked for, and the
/// next repetition is recorded anew.
/// </summary>
internal sealed class RepeatedLaunches(Device device) : RepeatedWork
{
    /// <summary>Repetitions in a row that did not fit, after which no more are recorded.</summary>
    public const int MostMisfits = 4;

    private readonly List<LaunchRecord> launches = [];
    private ILaunchGraph? graph;
    private State state = State.Direct;
    private int repetitions;
    private int misfits;
    private int position;
    private int changed;

    private enum State
    {
        /// <summary>Launches run as they are asked for.</summary>
        Direct,

        /// <summary>Launches are recorded.</summary>
        Recording,

        /// <summary>Launches are compared with the recorded ones.</summary>
        Comparing,
    }

    /// <inheritdoc/>
    public override void Begin()
    {
        device.Open(this);
        (position, changed) = (0, 0);
        if (graph is not null)
        {
            state = State.Comparing;
        }
        else if (repetitions++ > 0 && misfits < MostMisfits)
        {
            graph = device.KeepsGraphs ? device.CreateGraph() : null;
            state = graph is null ? State.Direct : State.Recording;
        }
    }

    /// <inheritdoc/>
    public override void End()
    {
        if (state == State.Comparing && position < launches.Count)
        {
            Flush();
        }

        if (state == State.Recording && !graph!.TryComplete())
        {
            GiveUp();
        }

        if (state != State.Direct && launches.Count > 0 && !graph!.TryLaunch())
        {
            GiveUp();
        }

        if (state != State.Direct)
        {
            misfits = state == State.Comparing ? 0 : misfits;
            state = State.Direct;
            if (launches.Count > 0)
            {
                device.CountGraph(changed);
            }
        }

        device.Open(null);
    }

    /// <summary>Takes a launch.</summary>
    /// <returns>False where it is to run at once.</returns>
    public bool Take<TKernel>(in TKernel kernel, LaunchShape shape)
        where TKernel : struct, IKernel<TKernel>
    {
        switch (state)
        {
            case State.Recording:
                var record = new LaunchRecord<TKernel>(kernel, shape);
                launches.Add(record);
                if (!graph!.TryRecord(record))
                {
                    GiveUp();
                }

                return true;
            case State.Comparing
                when position < launches.Count && launches[position] is LaunchRecord<TKernel> recorded && recorded.IsLike(kernel, shape):
                bool isChanged = recorded.Change(kernel);
                int index = position++;
                if (isChanged)
                {
                    changed++;
                    if (!graph!.TryChange(index, recorded))
                    {
                        GiveUp();
                    }
                }

                return true;
            default:
                Flush();
                return false;
        }
    }

    /// <summary>Submits one by one what was put off; the rest of this repetition runs as it is asked for.</summary>
    public void Flush()
    {
        if (state == State.Direct)
        {
            return;
        }

        int count = state == State.Recording ? launches.Count : position;
        state = State.Direct;
        misfits++;
        graph!.Dispose();
        graph = null;
        for (int i = 0; i < count; i++)
        {
            device.Submit(launches[i]);
        }

        launches.Clear();
    }

    /// <summary>The device cannot: what was put off runs now, and nothing is recorded again.</summary>
    private void GiveUp()
    {
        Flush();
        misfits = MostMisfits;
        device.CountRefusal();
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            device.Close(this);
            graph?.Dispose();
            graph = null;
            launches.Clear();
            state = State.Direct;
        }

        base.Dispose(disposing);
    }
}
