using System.Text.Json;

namespace FlowRatio.Tests.Support;

/// <summary>What happened when a browser opened a page.</summary>
/// <param name="Messages">Everything on its console, errors included.</param>
/// <param name="Requests">Addresses that it asked for, the page's own included.</param>
/// <param name="Answer">Value of the script.</param>
public sealed record BrowserPage(IReadOnlyList<string> Messages, IReadOnlyList<string> Requests, JsonElement Answer);
