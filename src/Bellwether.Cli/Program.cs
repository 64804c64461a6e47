using Bellwether.Cli.Detectors;

namespace Bellwether.Cli;

/// <summary>The <c>bellwether</c> tool. Exit codes: 0 done, 1 it failed, 2 it was not called as it must be.</summary>
internal static class Program
{
    public static int Main(string[] args)
    {
        try
        {
            return args switch
            {
                ["detectors", .. var rest] => DetectorsCommand.Run(rest, Console.Out),
                ["--help" or "-h"] => Help(Console.Out, 0),
                _ => Help(Console.Error, 2),
            };
        }
        catch (UsageException mistake)
        {
            Console.Error.WriteLine(mistake.Message);
            return 2;
        }
        catch (Exception error) when (error is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine(error.Message);
            return 1;
        }
    }

    private static int Help(TextWriter writer, int code)
    {
        writer.WriteLine(DetectorsCommand.Usage);
        return code;
    }
}

/// <summary>The tool was not called as it must be; the message says what is wrong.</summary>
internal sealed class UsageException(string message) : Exception(message);
