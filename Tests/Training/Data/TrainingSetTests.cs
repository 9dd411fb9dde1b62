using FlowRatio.Engine.Fields;
using FlowRatio.Engine.Models;
using FlowRatio.Training.Data;

namespace FlowRatio.Tests.Training.Data;

/// <summary>Training data: what is kept, and which message a bad set gets.</summary>
public sealed class TrainingSetTests
{
    private static readonly ConditionVocabulary Vocabulary =
        new(new CovariateVocabulary("dose", ["none", "low", "high"]), new CovariateVocabulary("sex", ["f", "m"]));

    [Test]
    public void Keeps_points_and_categories()
    {
        float[] points = [1, 2, 3, 4, 5, 6];
        var set = new TrainingSet(points, 2, Vocabulary, [2, 0, 1], [1, Condition.Dropped, 0]);
        points[0] = 99;
        Assert.That(set.Rows, Is.EqualTo(3));
        Assert.That(set.Dimension, Is.EqualTo(2));
        Assert.That(set.Points.ToArray(), Is.EqualTo(new float[] { 1, 2, 3, 4, 5, 6 }), "a copy");
        Assert.That(set.Categories(0).ToArray(), Is.EqualTo(new[] { 2, 0, 1 }));
        Assert.That(set.Categories(1).ToArray(), Is.EqualTo(new[] { 1, -1, 0 }));
    }

    [Test]
    public void Selects_rows_in_the_order_asked_for()
    {
        var set = new TrainingSet([1, 2, 3, 4, 5, 6], 2, Vocabulary, [2, 0, 1], [1, -1, 0]);
        TrainingSet selected = set.Select([2, 0]);
        Assert.That(selected.Points.ToArray(), Is.EqualTo(new float[] { 5, 6, 1, 2 }));
        Assert.That(selected.Categories(0).ToArray(), Is.EqualTo(new[] { 1, 2 }));
        Assert.That(selected.Categories(1).ToArray(), Is.EqualTo(new[] { 0, 1 }));
        Assert.That(selected.Vocabulary, Is.SameAs(Vocabulary));
    }

    [Test]
    public void Classes_become_the_categories_of_one_covariate()
    {
        TrainingSet set = TrainingSet.FromClasses("group", 2, ("a", [1, 2, 3, 4]), ("b", [5, 6]));
        Assert.That(set.Rows, Is.EqualTo(3));
        Assert.That(set.Categories(0).ToArray(), Is.EqualTo(new[] { 0, 0, 1 }));
        Assert.That(set.Vocabulary.Covariates.Single().Name, Is.EqualTo("group"));
        Assert.That(set.Vocabulary.Covariates.Single().Categories, Is.EqualTo(new[] { "a", "b" }));
    }

    [TestCase(float.NaN)]
    [TestCase(float.PositiveInfinity)]
    [TestCase(float.NegativeInfinity)]
    public void A_value_that_is_not_finite_is_named_with_row_and_column(float value)
    {
        ArgumentException exception =
            Assert.Throws<ArgumentException>(() => _ = new TrainingSet([1, 2, 3, value, 5, 6], 2, Vocabulary, [0, 0, 0], [0, 0, 0]))!;
        Assert.That(exception.ParamName, Is.EqualTo("points"));
        Assert.That(exception.Message, Does.Contain($"{value}").And.Contain("row 1").And.Contain("column 1"));
    }

    [TestCase(0)]
    [TestCase(1)]
    [TestCase(5)]
    public void Points_that_are_not_whole_rows_are_refused_with_their_number(int length)
    {
        ArgumentException exception =
            Assert.Throws<ArgumentException>(() => _ = new TrainingSet(new float[length], 2, Vocabulary, [0, 0], [0, 0]))!;
        Assert.That(exception.ParamName, Is.EqualTo("points"));
        Assert.That(exception.Message, Does.Contain($"{length} values").And.Contain("dimension 2"));
    }

    [Test]
    public void A_dimension_below_one_is_refused()
    {
        ArgumentOutOfRangeException exception =
            Assert.Throws<ArgumentOutOfRangeException>(() => _ = new TrainingSet([1], 0, Vocabulary, [0], [0]))!;
        Assert.That(exception.ParamName, Is.EqualTo("dimension"));
        Assert.Throws<ArgumentOutOfRangeException>(() => TrainingSet.FromClasses("group", 0, ("a", [1])));
    }

    [Test]
    public void The_number_of_category_columns_must_be_that_of_the_covariates()
    {
        ArgumentException exception = Assert.Throws<ArgumentException>(() => _ = new TrainingSet([1, 2], 1, Vocabulary, [0, 0]))!;
        Assert.That(exception.Message, Does.Contain("1 columns").And.Contain("2 covariates"));
    }

    [Test]
    public void The_number_of_categories_must_be_that_of_the_rows()
    {
        ArgumentException exception =
            Assert.Throws<ArgumentException>(() => _ = new TrainingSet([1, 2], 1, Vocabulary, [0, 0], [0, 0, 0]))!;
        Assert.That(exception.Message, Does.Contain("'sex'").And.Contain("3 rows").And.Contain("2 points"));
    }

    [TestCase(2)]
    [TestCase(-2)]
    public void A_category_out_of_range_is_named_with_covariate_row_and_value(int category)
    {
        ArgumentException exception =
            Assert.Throws<ArgumentException>(() => _ = new TrainingSet([1, 2], 1, Vocabulary, [0, 2], [0, category]))!;
        Assert.That(
            exception.Message, Does.Contain("'sex'").And.Contain($"value {category}").And.Contain("row 1").And.Contain("2 categories"));
    }

    [Test]
    public void Classes_of_unequal_dimensions_are_refused() =>
        Assert.Throws<ArgumentException>(() => TrainingSet.FromClasses("group", 2, ("a", [1, 2, 3]), ("b", [4, 5, 6])));
}
