using System.Globalization;
using System.Text;

namespace FlowRatio.Training.Data.Numpy;

/// <summary>Reads the Python dictionary of an npy header: <c>{'descr': '&lt;f4', 'fortran_order': False, 'shape': (4, 3), }</c>.</summary>
/// <param name="text">The header.</param>
internal sealed class NpyDictionary(string text)
{
    private const int MostDimensions = 32;
    private int position;

    /// <summary>Parses the whole header.</summary>
    /// <exception cref="InvalidDataException">It is not such a dictionary.</exception>
    public (string Type, bool IsFortran, long[] Shape) Parse()
    {
        string? type = null;
        bool? isFortran = null;
        long[]? shape = null;
        Expect('{');
        while (!Accept('}'))
        {
            string key = ReadText();
            Expect(':');
            switch (key)
            {
                case "descr" when type is null:
                    if (Peek() == '[')
                    {
                        throw new InvalidDataException("the array holds records of several fields; save each field as an array of its own");
                    }

                    type = ReadText();
                    break;
                case "fortran_order" when isFortran is null:
                    isFortran = ReadWord() switch
                    {
                        "True" => true,
                        "False" => false,
                        var other => throw Damaged($"'{other}' is no truth value"),
                    };
                    break;
                case "shape" when shape is null:
                    shape = ReadShape();
                    break;
                default:
                    throw Damaged($"the key '{key}' is unknown or given twice");
            }

            if (!Accept(','))
            {
                Expect('}');
                break;
            }
        }

        _ = Peek();
        return position == text.Length && type is not null && isFortran is { } order && shape is not null
            ? (type, order, shape)
            : throw Damaged("descr, fortran_order and shape are needed");
    }

    private long[] ReadShape()
    {
        List<long> shape = [];
        Expect('(');
        while (!Accept(')'))
        {
            string word = ReadWord();
            if (shape.Count == MostDimensions || !long.TryParse(word.TrimEnd('L'), NumberStyles.None, CultureInfo.InvariantCulture, out long length))
            {
                throw Damaged($"'{word}' is no length of a dimension, or there are more than {MostDimensions}");
            }

            shape.Add(length);
            if (!Accept(','))
            {
                Expect(')');
                break;
            }
        }

        return [.. shape];
    }

    private string ReadText()
    {
        char quote = Peek();
        if (quote is not ('\'' or '"'))
        {
            throw Damaged("a text is missing");
        }

        int end = text.IndexOf(quote, position + 1);
        if (end < 0)
        {
            throw Damaged("a text is not closed");
        }

        string result = text[(position + 1)..end];
        position = end + 1;
        return result;
    }

    private string ReadWord()
    {
        _ = Peek();
        var word = new StringBuilder();
        while (position < text.Length && char.IsAsciiLetterOrDigit(text[position]))
        {
            word.Append(text[position++]);
        }

        return word.ToString();
    }

    private char Peek()
    {
        while (position < text.Length && text[position] is ' ' or '\t' or '\n' or '\r')
        {
            position++;
        }

        return position < text.Length ? text[position] : '\0';
    }

    private bool Accept(char expected)
    {
        bool isThere = Peek() == expected && position < text.Length;
        position += isThere ? 1 : 0;
        return isThere;
    }

    private void Expect(char expected)
    {
        if (!Accept(expected))
        {
            throw Damaged($"'{expected}' is missing");
        }
    }

    private InvalidDataException Damaged(string cause) => new($"the header is damaged at character {position + 1}: {cause}");
}
