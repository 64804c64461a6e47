using Bellwether.Telemetry;
using Microsoft.Win32.SafeHandles;

namespace Bellwether.Tests.Telemetry;

/// <summary>Real files that fail when told to.</summary>
internal sealed class FaultyFiles : IJournalFiles
{
    private readonly JournalFiles _real = new();
    private int _writes;
    private int _failAt;
    private bool _halfDone;

    public bool Failed { get; private set; }

    public int Flushes { get; private set; }

    public Func<IOException>? FailFlush { get; set; }

    public Func<IOException>? FailCreate { get; set; }

    public (long Free, long Total)? Volume { get; set; }

    public static IOException NoSpace() => new("No space left on device", 28);

    public void FailWriteAt(int number, bool halfDone) => (_failAt, _halfDone, _writes) = (number, halfDone, 0);

    public SafeFileHandle Create(string path, long bytes) => FailCreate is { } fail ? throw fail() : _real.Create(path, bytes);

    public void Write(SafeFileHandle file, ReadOnlySpan<byte> bytes, long offset)
    {
        if (++_writes == _failAt)
        {
            Failed = true;
            if (_halfDone)
            {
                _real.Write(file, bytes[..(bytes.Length / 2)], offset);
            }
            throw NoSpace();
        }
        _real.Write(file, bytes, offset);
    }

    public void Flush(SafeFileHandle file)
    {
        Flushes++;
        if (FailFlush is { } fail)
        {
            throw fail();
        }
        _real.Flush(file);
    }

    public (long Free, long Total) Space(string folder) => Volume ?? _real.Space(folder);
}
