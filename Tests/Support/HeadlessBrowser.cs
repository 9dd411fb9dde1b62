using System.Diagnostics;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace FlowRatio.Tests.Support;

/// <summary>
/// A headless Chromium that opens pages and tells what happened in them, through the DevTools protocol. Found by the variable
/// CHROMIUM_PATH or by its usual names.
/// </summary>
public sealed partial class HeadlessBrowser : IDisposable
{
    private const int LimitMilliseconds = 180_000;
    private static readonly string[] Names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge"];
    private static readonly string[] Usual =
    [
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
        "/Applications/Chromium.app/Contents/MacOS/Chromium",
        @"C:\Program Files\Google\Chrome\Application\chrome.exe",
        @"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe",
    ];

    private readonly DirectoryInfo profile = Directory.CreateTempSubdirectory("flowratio-browser-");
    private readonly Process process;
    private readonly ClientWebSocket socket = new();
    private readonly CancellationTokenSource limit = new(LimitMilliseconds);
    private int lastCommand;

    private HeadlessBrowser(string path)
    {
        process = Process.Start(new ProcessStartInfo(path,
        [
            "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--hide-scrollbars",
            "--disable-background-networking", "--remote-debugging-port=0", $"--user-data-dir={profile.FullName}", "about:blank",
        ])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        })!;
        socket.ConnectAsync(new Uri(ReadAddress()), limit.Token).GetAwaiter().GetResult();
    }

    /// <summary>Starts the browser; skips the test, with the reason, where there is none.</summary>
    public static HeadlessBrowser Start()
    {
        string? path = Find();
        if (path is null)
        {
            Assert.Ignore("No Chromium found: install one, or name its file in CHROMIUM_PATH.");
        }

        return new HeadlessBrowser(path!);
    }

    /// <summary>Opens a page, waits until its charts are drawn, and returns what a script answers about it.</summary>
    /// <param name="file">The page.</param>
    /// <param name="script">An expression whose value is an object.</param>
    /// <param name="isDark">Whether the reader prefers dark pages.</param>
    /// <param name="width">Width of the window in CSS pixels.</param>
    /// <param name="screenshot">Where to keep a picture of the whole page, or null.</param>
    public BrowserPage Open(string file, string script, bool isDark = false, int width = 1280, string? screenshot = null)
    {
        string target = (string)Send("Target.createTarget", new JsonObject { ["url"] = "about:blank" }, null, null)["targetId"]!;
        string session = (string)Send(
            "Target.attachToTarget", new JsonObject { ["targetId"] = target, ["flatten"] = true }, null, null)["sessionId"]!;
        List<string> messages = [];
        List<string> requests = [];
        JsonNode Command(string method, JsonObject parameters) => Send(method, parameters, session, notice => Note(notice, messages, requests));

        foreach (string domain in (string[])["Page", "Runtime", "Log", "Network"])
        {
            Command($"{domain}.enable", []);
        }

        Command("Emulation.setDeviceMetricsOverride", new JsonObject
        {
            ["width"] = width, ["height"] = 900, ["deviceScaleFactor"] = 1, ["mobile"] = false,
        });
        Command("Emulation.setEmulatedMedia", new JsonObject
        {
            ["features"] = new JsonArray(new JsonObject { ["name"] = "prefers-color-scheme", ["value"] = isDark ? "dark" : "light" }),
        });
        Command("Page.navigate", new JsonObject { ["url"] = new Uri(Path.GetFullPath(file)).AbsoluteUri });
        JsonNode Evaluate(string expression) => Command("Runtime.evaluate", new JsonObject
        {
            ["expression"] = expression, ["awaitPromise"] = true, ["returnByValue"] = true,
        });

        var clock = Stopwatch.StartNew();
        while ((bool?)Evaluate("document.documentElement.dataset.charts === 'drawn'")["result"]?["value"] != true)
        {
            if (clock.ElapsedMilliseconds > LimitMilliseconds / 2)
            {
                Assert.Fail($"The charts of {file} were not drawn in time. Messages: {string.Join(" | ", messages)}");
            }

            Thread.Sleep(50);
        }

        JsonNode answer = Evaluate(script)["result"]?["value"] ?? throw new InvalidOperationException($"No answer to: {script}");
        if (screenshot is not null)
        {
            string picture = (string)Command("Page.captureScreenshot", new JsonObject { ["captureBeyondViewport"] = true })["data"]!;
            File.WriteAllBytes(screenshot, Convert.FromBase64String(picture));
        }

        Send("Target.closeTarget", new JsonObject { ["targetId"] = target }, null, null);
        return new BrowserPage(messages, requests, JsonSerializer.SerializeToElement(answer));
    }

    /// <summary>Ends the browser.</summary>
    public void Dispose()
    {
        if (!process.HasExited)
        {
            process.Kill(entireProcessTree: true);
            process.WaitForExit();
        }

        process.Dispose();
        socket.Dispose();
        limit.Dispose();
        try
        {
            profile.Delete(recursive: true);
        }
        catch (IOException)
        {
            // A helper process of the browser may still hold a file for a moment; the folder is temporary anyway.
        }
    }

    private static string? Find()
    {
        if (Environment.GetEnvironmentVariable("CHROMIUM_PATH") is { Length: > 0 } named)
        {
            return File.Exists(named) ? named : null;
        }

        string[] folders = Environment.GetEnvironmentVariable("PATH")?.Split(Path.PathSeparator) ?? [];
        return Names.SelectMany(name => folders.Select(folder => Path.Combine(folder, name))).Concat(Usual).FirstOrDefault(File.Exists);
    }

    private static void Note(JsonNode notice, List<string> messages, List<string> requests)
    {
        JsonNode parameters = notice["params"]!;
        switch ((string?)notice["method"])
        {
            case "Runtime.consoleAPICalled":
                messages.Add(string.Join(' ', parameters["args"]!.AsArray().Select(
                    argument => (string?)argument!["description"] ?? argument["value"]?.ToString())));
                break;
            case "Runtime.exceptionThrown":
                messages.Add(parameters["exceptionDetails"]!.ToJsonString());
                break;
            case "Log.entryAdded":
                messages.Add((string)parameters["entry"]!["text"]!);
                break;
            case "Network.requestWillBeSent":
                requests.Add((string)parameters["request"]!["url"]!);
                break;
        }
    }

    [GeneratedRegex(@"DevTools listening on (ws://\S+)")]
    private static partial Regex Address();

    private string ReadAddress()
    {
        while (process.StandardError.ReadLine() is { } line)
        {
            if (Address().Match(line) is { Success: true } match)
            {
                // Nobody reads the rest; without a reader the pipe would fill and stop the browser.
                _ = process.StandardError.ReadToEndAsync();
                _ = process.StandardOutput.ReadToEndAsync();
                return match.Groups[1].Value;
            }
        }

        throw new InvalidOperationException("The browser ended before it listened.");
    }

    private JsonNode Send(string method, JsonObject parameters, string? session, Action<JsonNode>? notify)
    {
        int number = ++lastCommand;
        var command = new JsonObject { ["id"] = number, ["method"] = method, ["params"] = parameters };
        if (session is not null)
        {
            command["sessionId"] = session;
        }

        byte[] bytes = Encoding.UTF8.GetBytes(command.ToJsonString());
        socket.SendAsync(bytes, WebSocketMessageType.Text, true, limit.Token).GetAwaiter().GetResult();
        while (true)
        {
            JsonNode message = Receive();
            if ((int?)message["id"] == number)
            {
                return message["result"] ?? throw new InvalidOperationException($"{method}: {message.ToJsonString()}");
            }

            if (message["method"] is not null && (string?)message["sessionId"] == session)
            {
                notify?.Invoke(message);
            }
        }
    }

    private JsonNode Receive()
    {
        using var text = new MemoryStream();
        byte[] buffer = new byte[1 << 16];
        while (true)
        {
            WebSocketReceiveResult part = socket.ReceiveAsync(buffer, limit.Token).GetAwaiter().GetResult();
            text.Write(buffer, 0, part.Count);
            if (part.EndOfMessage)
            {
                return JsonNode.Parse(text.ToArray())!;
            }
        }
    }
}
