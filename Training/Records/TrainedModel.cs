using FlowRatio.Engine.Models;
using FlowRatio.Engine.Models.Sections;
using FlowRatio.Training.Trust;

namespace FlowRatio.Training.Records;

/// <summary>A model file with what training adds to it: where its coordinates come from, and how it was trained.</summary>
/// <param name="Model">The model.</param>
/// <param name="Input">Where its coordinates are in a table; null when nothing is known (an imported model).</param>
/// <param name="Training">How it was trained; null when nothing is known.</param>
public sealed record TrainedModel(FlowModel Model, InputRecord? Input, TrainingRecord? Training)
{
    private const string InputKey = "input";
    private const string TrainingKey = "training";

    /// <summary>Projection of the table's coordinates onto the model's; null for none.</summary>
    public PrincipalComponents? Components { get; init; }

    /// <summary>Log-ratios that held-out labels support; null where the model is the flow alone.</summary>
    public RatioStack? Stack { get; init; }

    /// <summary>Number of coordinates that a table must have.</summary>
    public int InputDimension => Components?.InputDimension ?? Model.Dimension;

    /// <summary>Names of tensors and sections of the file that this program does not know and has left out.</summary>
    public IReadOnlyList<string> Unknown { get; init; } = [];

    /// <summary>Whether the file also holds the state to continue the training.</summary>
    public bool IsCheckpoint { get; init; }

    /// <summary>Writes the file; it is complete or as it was before.</summary>
    /// <param name="path">The file.</param>
    /// <param name="sections">More sections; null for none.</param>
    /// <param name="tensors">More tensors; null for none.</param>
    public void Write(string path, IReadOnlyDictionary<string, string>? sections = null, IEnumerable<SafetensorsTensor>? tensors = null)
    {
        Dictionary<string, string> all = new(sections ?? new Dictionary<string, string>(), StringComparer.Ordinal);
        if (Input is not null)
        {
            all.Add(InputKey, SectionJson.Write(Input));
        }

        if (Training is not null)
        {
            all.Add(TrainingKey, SectionJson.Write(Training));
        }

        if (Stack is not null)
        {
            all.Add(StackFile.Key, StackFile.Section(Stack));
        }

        ModelFile.Write(
            path,
            Model,
            all,
            [.. Components is null ? [] : ProjectionTensors.Of(Components), .. Stack is null ? [] : StackFile.Tensors(Stack), .. tensors ?? []]);
    }

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">It is no model, is damaged, or was written by a newer program.</exception>
    public static TrainedModel Read(string path)
    {
        if (!File.Exists(path))
        {
            throw new FileNotFoundException($"{path}: no such file.", path);
        }

        if (!SafetensorsFile.Is(path))
        {
            throw new InvalidDataException($"{path} is no model file.");
        }

        ModelFile file = ModelFile.Read(path);
        try
        {
            InputRecord? input = file.Sections.ContainsKey(InputKey) ? SectionJson.Read<InputRecord>(file.Sections, InputKey) : null;
            input?.ToSelection();
            PrincipalComponents? components = ProjectionTensors.Read(file.Tensors);
            if (components is not null && components.Dimension != file.Model.Dimension)
            {
                throw new InvalidDataException($"The projection has {components.Dimension} components; the network has {file.Model.Dimension} coordinates.");
            }

            TrainingRecord? training = file.Sections.ContainsKey(TrainingKey) ? SectionJson.Read<TrainingRecord>(file.Sections, TrainingKey) : null;
            training?.Roles?.Require(training.Rows, training.RowsLeftOut);
            return new TrainedModel(file.Model, input, training)
            {
                Components = components,
                Stack = StackFile.Read(file.Tensors, file.Sections, file.Model.Dimension),
                Unknown = [.. file.Unknown.Except(ProjectionTensors.Names).Where(name => !StackFile.Owns(name)), .. file.Sections.Keys.Where(name => !IsKnown(name))],
                IsCheckpoint = file.Sections.Keys.Any(name => name.StartsWith(ModelFile.TrainingPrefix, StringComparison.Ordinal)),
            };
        }
        catch (Exception exception) when (exception is InvalidDataException or ArgumentException)
        {
            throw new InvalidDataException($"{path}: {exception.Message}", exception);
        }
    }

    private static bool IsKnown(string section) =>
        section is InputKey or TrainingKey or StackFile.Key || section.StartsWith(ModelFile.TrainingPrefix, StringComparison.Ordinal);
}
