using System.Text;
using System.Text.Encodings.Web;
using System.Text.Unicode;

namespace FlowRatio.Reports.Html;

/// <summary>
/// Writes HTML. Texts and attribute values come from data files and command lines, so they always go through the encoder; only
/// <see cref="Markup"/> is taken as it stands, and only this project's own constants are given to it.
/// </summary>
internal sealed class HtmlText
{
    // Letters of every script stay readable in the source; what HTML gives a meaning to is escaped all the same.
    private static readonly HtmlEncoder Encoder = HtmlEncoder.Create(UnicodeRanges.All);

    private readonly StringBuilder builder = new();

    /// <summary>Appends markup of our own.</summary>
    public HtmlText Markup(string markup)
    {
        builder.Append(markup);
        return this;
    }

    /// <summary>Appends a text, escaped.</summary>
    public HtmlText Text(string text)
    {
        builder.Append(Encoder.Encode(text));
        return this;
    }

    /// <summary>Opens an element.</summary>
    public HtmlText Open(string name, params ReadOnlySpan<(string Name, string? Value)> attributes)
    {
        builder.Append('<').Append(name);
        foreach ((string attribute, string? value) in attributes)
        {
            if (value is not null)
            {
                builder.Append(' ').Append(attribute).Append("=\"").Append(Encoder.Encode(value)).Append('"');
            }
        }

        builder.Append('>');
        return this;
    }

    /// <summary>Closes an element.</summary>
    public HtmlText Close(string name)
    {
        builder.Append("</").Append(name).Append(">\n");
        return this;
    }

    /// <summary>Appends an element with nothing but text in it.</summary>
    public HtmlText Element(string name, string text, params ReadOnlySpan<(string Name, string? Value)> attributes)
    {
        Open(name, attributes).Text(text);
        return Close(name);
    }

    /// <inheritdoc/>
    public override string ToString() => builder.ToString();
}
