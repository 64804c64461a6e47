using System.Globalization;
using System.Text;

namespace Bellwether.Ingest;

/// <summary>
/// Reads LangSmith's filter language by recursive descent. Throws <see cref="RunFilterException"/> with the place of the first mistake.
/// <code>
/// condition = ("and" | "or") "(" condition { "," condition } ")"  |  "not" "(" condition ")"
///           | ("eq" | "neq" | "gt" | "gte" | "lt" | "lte" | "has" | "search") "(" field "," literal ")"
///           | "in" "(" field "," "[" literal { "," literal } "]" ")"
///           | "search" "(" text ")"
/// literal   = text in " or '  |  number  |  "true"  |  "false"  |  "null"
/// </code>
/// </summary>
internal ref struct RunFilterParser
{
    /// <summary>Of a whole filter; a longer one was not written by hand.</summary>
    public const int LongestFilter = 16_000;
    private const int MostDepth = 40;
    private const int MostConditions = 500;
    private const int MostValues = 1_000;

    private readonly ReadOnlySpan<char> _text;
    private int _at;
    private int _conditions;

    private RunFilterParser(ReadOnlySpan<char> text) => _text = text;

    public static RunFilter Parse(ReadOnlySpan<char> text)
    {
        if (text.Length > LongestFilter)
        {
            throw new RunFilterException(LongestFilter + 1, $"a filter may have at most {LongestFilter} characters");
        }
        var parser = new RunFilterParser(text);
        var filter = parser.Condition(0);
        parser.Blank();
        return parser._at == text.Length ? filter : throw parser.Wrong("nothing may follow the condition");
    }

    private RunFilter Condition(int depth)
    {
        Blank();
        var at = _at;
        if (depth > MostDepth)
        {
            throw Wrong($"conditions may be nested at most {MostDepth} deep");
        }
        if (++_conditions > MostConditions)
        {
            throw Wrong($"a filter may have at most {MostConditions} conditions");
        }
        var name = Word("and, or, not, eq, neq, gt, gte, lt, lte, has, in or search");
        Expect('(');
        RunFilter read = name switch
        {
            "and" => new RunFilter.And(at + 1, Parts(depth)),
            "or" => new RunFilter.Or(at + 1, Parts(depth)),
            "not" => new RunFilter.Not(at + 1, Condition(depth + 1)),
            "search" when Peek() is '"' or '\'' => new RunFilter.Search(at + 1, SearchText()),
            _ => Compare(at, name),
        };
        Expect(')');
        return read;
    }

    private List<RunFilter> Parts(int depth)
    {
        var parts = new List<RunFilter>();
        do
        {
            parts.Add(Condition(depth + 1));
        }
        while (Take(','));
        return parts;
    }

    private RunFilter.Compare Compare(int at, string name)
    {
        RunOperator? known = name switch
        {
            "eq" => RunOperator.Eq,
            "neq" => RunOperator.Neq,
            "gt" => RunOperator.Gt,
            "gte" => RunOperator.Gte,
            "lt" => RunOperator.Lt,
            "lte" => RunOperator.Lte,
            "has" => RunOperator.Has,
            "search" => RunOperator.Search,
            "in" => RunOperator.In,
            _ => null,
        };
        if (known is not { } op)
        {
            throw new RunFilterException(at + 1, $"\"{Shown(name)}\" is not known; and, or, not, eq, neq, gt, gte, lt, lte, has, in and search are");
        }
        Blank();
        var fieldAt = _at;
        var fieldName = Word("the name of a field");
        var field = RunFields.Find(fieldName)
            ?? throw new RunFilterException(fieldAt + 1, $"runs cannot be filtered by \"{Shown(fieldName)}\"; the fields are {string.Join(", ", RunFields.Names)}");
        if (!RunFields.Takes(field, op))
        {
            throw new RunFilterException(at + 1, $"{name} cannot be used on {field.Name}");
        }
        Expect(',');
        var values = new List<RunValue>();
        if (op == RunOperator.In)
        {
            Expect('[');
            do
            {
                values.Add(Literal(field, op));
                if (values.Count > MostValues)
                {
                    throw Wrong($"in takes at most {MostValues} values");
                }
            }
            while (Take(','));
            Expect(']');
        }
        else
        {
            values.Add(Literal(field, op));
        }
        return new RunFilter.Compare(at + 1, field, op, values);
    }

    private RunValue Literal(RunField field, RunOperator op)
    {
        Blank();
        var at = _at;
        var value = Peek() is '"' or '\'' ? new RunValue(Quoted()) : Bare();
        if (value.IsNull && op is not (RunOperator.Eq or RunOperator.Neq))
        {
            throw new RunFilterException(at + 1, "null can be compared with eq and neq only");
        }
        return RunLiterals.Read(field, value) ?? throw new RunFilterException(at + 1, $"{field.Name} takes {RunLiterals.Expected(field)}");
    }

    private RunValue Bare()
    {
        var at = _at;
        while (_at < _text.Length && (char.IsAsciiLetterOrDigit(_text[_at]) || _text[_at] is '_' or '.' or '-' or '+'))
        {
            _at++;
        }
        var word = _text[at.._at];
        return word switch
        {
            "null" or "None" => new RunValue(null),
            "true" or "True" => new RunValue("true", Flag: true),
            "false" or "False" => new RunValue("false", Flag: false),
            _ when double.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) => new RunValue(word.ToString(), number),
            _ => throw new RunFilterException(at + 1, "a text in quotes, a number, true, false or null is expected"),
        };
    }

    private string SearchText()
    {
        var at = _at;
        var text = Quoted();
        return text.Trim().Length > 0 ? text : throw new RunFilterException(at + 1, "search needs a text that is not empty");
    }

    // JSON's escapes; a backslash before anything else stands for what follows it.
    private string Quoted()
    {
        var start = _at;
        var quote = _text[_at++];
        var read = new StringBuilder();
        while (_at < _text.Length && _text[_at] != quote)
        {
            var c = _text[_at++];
            if (c == '\\' && _at < _text.Length)
            {
                c = _text[_at++] switch
                {
                    'n' => '\n',
                    't' => '\t',
                    'r' => '\r',
                    'b' => '\b',
                    'f' => '\f',
                    'u' when _at + 4 <= _text.Length && int.TryParse(_text.Slice(_at, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var unit) => Unit(unit),
                    var other => other,
                };
            }
            // The store's texts end there.
            read.Append(c != '\0' ? c : throw new RunFilterException(_at, "a text cannot hold the character U+0000"));
        }
        if (_at >= _text.Length)
        {
            throw new RunFilterException(start + 1, "the text has no closing quote");
        }
        _at++;
        return read.ToString();
    }

    private char Unit(int unit)
    {
        _at += 4;
        return (char)unit;
    }

    private string Word(string expected)
    {
        Blank();
        var at = _at;
        while (_at < _text.Length && (char.IsAsciiLetterOrDigit(_text[_at]) || _text[_at] == '_'))
        {
            _at++;
        }
        return _at > at ? _text[at.._at].ToString() : throw Wrong($"{expected} is expected");
    }

    private void Expect(char c)
    {
        if (!Take(c))
        {
            throw Wrong($"\"{c}\" is expected");
        }
    }

    private bool Take(char c)
    {
        if (Peek() != c)
        {
            return false;
        }
        _at++;
        return true;
    }

    // Zero at the end, which no filter has in it but at a place where it is a mistake anyway.
    private char Peek()
    {
        Blank();
        return _at < _text.Length ? _text[_at] : '\0';
    }

    private void Blank()
    {
        while (_at < _text.Length && char.IsWhiteSpace(_text[_at]))
        {
            _at++;
        }
    }

    private readonly RunFilterException Wrong(string message) => new(_at + 1, _at < _text.Length ? message : message + ", but the filter ends here");

    private static string Shown(string name) => JsonFields.Short(name, 60);
}
