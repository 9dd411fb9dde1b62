using FlowRatio.Tests.Cli;
using FlowRatio.Tests.Support;

namespace FlowRatio.Tests.Commands;

/// <summary>The pages of the four applications in a browser.</summary>
public sealed class ApplicationPageTests
{
    // Three metrics against the level, the plane for four methods and the truth, distributions of four methods.
    [TestCase("abundance", 3 + 5 + 4)]

    // Scores, the plane before and after the correction, scores with either sign.
    [TestCase("batch-effect", 1 + 2 + 1)]

    // Pairs and cells beside the classifiers, the plane.
    [TestCase("combination", 2 + 1)]

    // Strength and transfer of donors, groups, the plane by flow and classifier, distributions of three donors, means and cells.
    [TestCase("response", 2 + 1 + 2 + 3 + 2)]
    public void A_page_is_drawn_whole(string application, int charts)
    {
        using HeadlessBrowser browser = HeadlessBrowser.Start();
        using var folder = new TemporaryFolder();
        string page = folder.File("page.html");
        ToolRun.Of([.. CellClouds.Words(application, CellClouds.Write(folder)), "--report", page]).Succeeds();
        ReportExpectations.Check(browser, page, charts);
    }
}
